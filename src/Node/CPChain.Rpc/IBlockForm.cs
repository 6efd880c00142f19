using System.Collections.Immutable;
using System.Text.Json;
using CPChain.Chain;
using CPChain.Types;

namespace CPChain.Rpc;

/// <summary>
/// How the blocks of a chain look from outside: their bytes, and the members of JSON that differ from chain to chain. What all have in
/// common is written by the methods.
/// </summary>
public interface IBlockForm
{
    /// <summary>The bytes of a block.</summary>
    byte[] Encode(Block block);

    /// <summary>The bytes of a header, whose hash is the block's.</summary>
    byte[] Encode(BlockHeader header);

    /// <summary>The bytes of a receipt that its block's root covers.</summary>
    byte[] EncodeReceipt(Block block, ImmutableArray<Receipt> receipts, int index);

    /// <summary>Further members of a header; a simulated block names its own randomness.</summary>
    void WriteHeader(Utf8JsonWriter json, Block block, Hash256? prevRandao);

    /// <summary>Further members of a block beside its header and transactions.</summary>
    void WriteBody(Utf8JsonWriter json, Block block);

    /// <summary>Further members of a receipt: how the transaction ended, what its blobs cost.</summary>
    void WriteReceipt(Utf8JsonWriter json, Block block, ImmutableArray<Receipt> receipts, int index);

    /// <summary>Uncles of a block.</summary>
    int UnclesOf(Block block);
}
