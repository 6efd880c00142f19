using CPChain.Types;

namespace CPChain.Evm;

/// <summary>A precompiled contract that is not where its rule set has it: what a simulation may ask for.</summary>
/// <param name="From">Its own address, where ordinary code may now lie; it stays warm.</param>
/// <param name="To">Where it answers instead; null for nowhere.</param>
public readonly record struct PrecompileMove(Address From, Address? To);
