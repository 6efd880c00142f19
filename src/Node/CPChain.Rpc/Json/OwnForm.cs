using System.Collections.Immutable;
using System.Text.Json;
using CPChain.Chain;
using CPChain.Execution;
using CPChain.Types;

namespace CPChain.Rpc.Json;

/// <summary>This chain's blocks as Ethereum tools read them: the constants of a chain without work and uncles.</summary>
internal sealed class OwnForm : IBlockForm
{
    /// <summary>Keccak-256 of the RLP of an empty list.</summary>
    private const string NoUncles = "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347";

    private OwnForm()
    {
    }

    public static OwnForm Instance { get; } = new();

    /// <inheritdoc/>
    public byte[] Encode(Block block) => block.Encode();

    /// <inheritdoc/>
    public byte[] Encode(BlockHeader header) => header.Encode();

    /// <inheritdoc/>
    public byte[] EncodeReceipt(Block block, ImmutableArray<Receipt> receipts, int index) => receipts[index].EncodeConsensus();

    /// <inheritdoc/>
    public void WriteHeader(Utf8JsonWriter json, Block block, Hash256? prevRandao)
    {
        BlockHeader header = block.Header;
        json.WriteString("nonce", "0x0000000000000000");
        json.WriteString("sha3Uncles", NoUncles);
        json.WriteString("difficulty", "0x0");
        json.Quantity("baseFeePerGas", header.BaseFeePerGas);
        json.Hash("mixHash", prevRandao ?? PrevRandao.Of(header.ParentHash, header.Number));
    }

    /// <inheritdoc/>
    public void WriteBody(Utf8JsonWriter json, Block block)
    {
        json.WriteStartArray("uncles");
        json.WriteEndArray();
    }

    /// <inheritdoc/>
    public void WriteReceipt(Utf8JsonWriter json, Block block, ImmutableArray<Receipt> receipts, int index) =>
        json.Quantity("status", receipts[index].Success ? 1UL : 0UL);

    /// <inheritdoc/>
    public int UnclesOf(Block block) => 0;
}
