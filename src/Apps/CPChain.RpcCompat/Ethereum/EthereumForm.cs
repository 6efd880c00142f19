using System.Collections.Immutable;
using System.Text.Json;
using CPChain.Chain;
using CPChain.Execution;
using CPChain.Rpc;
using CPChain.Types;

namespace CPChain.RpcCompat.Ethereum;

/// <summary>Ethereum's blocks as its clients show them: the fields of every fork.</summary>
internal sealed class EthereumForm(EthereumCustoms customs, Func<ulong, ImmutableArray<Hash256>> rootsOf) : IBlockForm
{
    /// <inheritdoc/>
    public byte[] Encode(Block block) => customs.Of(block).Encode();

    /// <inheritdoc/>
    public byte[] Encode(BlockHeader header) => customs.Of(header).Encode();

    /// <inheritdoc/>
    public byte[] EncodeReceipt(Block block, ImmutableArray<Receipt> receipts, int index) =>
        EthereumRun.EncodeReceipt(receipts[index], RootOf(block, index));

    /// <inheritdoc/>
    public void WriteHeader(Utf8JsonWriter json, Block block, Hash256? prevRandao)
    {
        EthereumHeader header = customs.Of(block.Header);
        json.WriteString("nonce", Hex.Encode(new UInt256(header.Nonce).ToBigEndian().AsSpan(24)));
        json.WriteString("sha3Uncles", header.UnclesHash.ToString());
        json.WriteString("difficulty", header.Difficulty.ToHexQuantity());
        json.WriteString("mixHash", header.MixHash.ToString());
        if (header.BaseFee is { } baseFee) json.WriteString("baseFeePerGas", baseFee.ToHexQuantity());
        if (header.WithdrawalsRoot is { } withdrawals) json.WriteString("withdrawalsRoot", withdrawals.ToString());
        if (header.BlobGasUsed is { } used) Quantity(json, "blobGasUsed", used);
        if (header.ExcessBlobGas is { } excess) Quantity(json, "excessBlobGas", excess);
        if (header.ParentBeaconRoot is { } beacon) json.WriteString("parentBeaconBlockRoot", beacon.ToString());
        if (header.RequestsHash is { } requests) json.WriteString("requestsHash", requests.ToString());
    }

    /// <inheritdoc/>
    public void WriteBody(Utf8JsonWriter json, Block block)
    {
        EthereumBlock whole = customs.Of(block);
        json.WriteStartArray("uncles");
        foreach (EthereumHeader uncle in whole.Uncles) json.WriteStringValue(uncle.Hash.ToString());
        json.WriteEndArray();
        if (whole.Withdrawals is not { } withdrawals) return;
        json.WriteStartArray("withdrawals");
        foreach (Withdrawal withdrawal in withdrawals)
        {
            json.WriteStartObject();
            Quantity(json, "index", withdrawal.Index);
            Quantity(json, "validatorIndex", withdrawal.ValidatorIndex);
            json.WriteString("address", withdrawal.Address.ToString());
            Quantity(json, "amount", withdrawal.AmountGwei);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <inheritdoc/>
    public void WriteReceipt(Utf8JsonWriter json, Block block, ImmutableArray<Receipt> receipts, int index)
    {
        if (RootOf(block, index) is { } root) json.WriteString("root", root.ToString());
        else Quantity(json, "status", receipts[index].Success ? 1UL : 0UL);
        if (block.Transactions[index].Type != TxType.Blob) return;
        EthereumHeader header = customs.Of(block.Header);
        Quantity(json, "blobGasUsed", Blobs.GasOf(block.Transactions[index].Content));
        BlobSchedule blobs = customs.Forks.At(header).Blobs
            ?? throw new InvalidOperationException($"block {header.Number} has blobs before its fork does");
        json.WriteString("blobGasPrice", BlobFees.Of(header.ExcessBlobGas ?? 0, blobs).ToHexQuantity());
    }

    /// <inheritdoc/>
    public int UnclesOf(Block block) => customs.Of(block).Uncles.Length;

    private Hash256? RootOf(Block block, int index) =>
        rootsOf(block.Header.Number) is { IsEmpty: false } roots ? roots[index] : null;

    private static void Quantity(Utf8JsonWriter json, string name, ulong number) =>
        json.WriteString(name, new UInt256(number).ToHexQuantity());
}
