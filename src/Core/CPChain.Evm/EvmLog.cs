using System.Collections.Immutable;
using CPChain.Types;

namespace CPChain.Evm;

/// <summary>One event left by LOG0 to LOG4.</summary>
/// <param name="Address">Contract that logged.</param>
/// <param name="Topics">At most four topics.</param>
/// <param name="Data">Logged bytes.</param>
public sealed record EvmLog(Address Address, ImmutableArray<Hash256> Topics, ReadOnlyMemory<byte> Data);
