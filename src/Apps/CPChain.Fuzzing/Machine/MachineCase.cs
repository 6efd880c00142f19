using System.Collections.Immutable;
using CPChain.Chain;

namespace CPChain.Fuzzing.Machine;

/// <summary>One transaction and the accounts that it may find. No other case names any of these accounts.</summary>
/// <param name="Seed">All that the case was made from.</param>
/// <param name="Accounts">State before, beside what every case finds (<see cref="CommonState"/>).</param>
/// <param name="Encoded">The signed envelope; a part of the cases must be refused.</param>
public sealed record MachineCase(ulong Seed, ImmutableArray<GenesisAccount> Accounts, ReadOnlyMemory<byte> Encoded);
