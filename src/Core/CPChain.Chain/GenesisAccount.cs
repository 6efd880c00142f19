using System.Collections.Immutable;
using CPChain.Types;

namespace CPChain.Chain;

/// <summary>An account that exists from block 0.</summary>
public sealed record GenesisAccount(
    Address Address,
    UInt256 Balance,
    ulong Nonce,
    ReadOnlyMemory<byte> Code,
    ImmutableArray<KeyValuePair<UInt256, UInt256>> Storage);
