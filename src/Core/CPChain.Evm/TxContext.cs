using System.Collections.Immutable;
using CPChain.Types;

namespace CPChain.Evm;

/// <summary>What a transaction tells the code that runs in it.</summary>
/// <param name="Origin">Sender of the transaction (ORIGIN).</param>
/// <param name="GasPrice">Effective gas price in base units (GASPRICE).</param>
public sealed record TxContext(Address Origin, UInt256 GasPrice)
{
    /// <summary>Versioned hashes of the transaction's blobs (BLOBHASH, EIP-4844); empty on this chain, rule E4.</summary>
    public ImmutableArray<Hash256> BlobHashes { get; init; } = [];
}
