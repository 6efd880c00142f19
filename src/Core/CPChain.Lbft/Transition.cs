using System.Collections.Immutable;

namespace CPChain.Lbft;

/// <summary>The outcome of a step: what the validator knows now and what it asks for, in order.</summary>
public readonly record struct Transition(LbftState State, ImmutableArray<LbftEffect> Effects);
