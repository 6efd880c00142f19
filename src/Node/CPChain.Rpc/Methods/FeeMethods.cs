using System.Globalization;
using System.Text.Json;
using CPChain.Chain;
using CPChain.Execution;
using CPChain.Rpc.Json;
using CPChain.Rpc.Protocol;
using CPChain.Types;

namespace CPChain.Rpc.Methods;

/// <summary>eth_gasPrice, eth_maxPriorityFeePerGas and eth_feeHistory (EIP-1559).</summary>
internal sealed class FeeMethods(RpcNode node, RpcOptions options)
{
    private const ulong HistoryBlocksMax = 1_024;
    private const int PercentilesMax = 100;
    private const int SampleBlocks = 20;

    public void Add(MethodTable table)
    {
        table.Add("eth_gasPrice", _ => RpcAnswer.Quantity(NextBaseFee(node.Chain.Head) + SuggestTip()));
        table.Add("eth_maxPriorityFeePerGas", _ => RpcAnswer.Quantity(SuggestTip()));
        table.Add("eth_baseFee", _ => RpcAnswer.Quantity(NextBaseFee(node.Chain.Head)));
        table.Add("eth_blobBaseFee", _ => RpcAnswer.Quantity(node.Chain.Source.BlobsOf(node.Chain.Head).Fee));
        table.Add("eth_feeHistory", History);
    }

    /// <summary>While blocks have room the default tip does; when they are full, the middle of what was paid lately.</summary>
    private UInt256 SuggestTip()
    {
        BlockHeader head = node.Chain.Head;
        if (head.GasUsed * 10 < head.GasLimit * 9) return options.SuggestedTip;
        List<UInt256> tips = [];
        for (ulong i = 0; i < SampleBlocks && i <= head.Number; i++)
        {
            if (node.Chain.Source.BlockByNumber(head.Number - i) is { } block)
                tips.AddRange(block.Transactions.Select(t => TipOf(t, block.Header)));
        }
        if (tips.Count == 0) return options.SuggestedTip;
        tips.Sort();
        return UInt256.Max(tips[tips.Count / 2], options.SuggestedTip);
    }

    private UInt256 NextBaseFee(BlockHeader header) => node.Chain.Source.BaseFeeAfter(header);

    private RpcAnswer History(RpcArguments a)
    {
        ulong count = Math.Min(CountOf(a), HistoryBlocksMax);
        BlockSelector newest = a.Block(1);
        double[] percentiles = PercentilesOf(a);
        if (a.Fault is { } fault) return fault;
        if (node.Chain.HeaderOf(newest) is not { } last) return RpcFault.NoSuchBlock;
        count = Math.Min(count, last.Number + 1);
        if (count == 0) return RpcFault.Server("blockCount must be at least 1");
        ulong oldest = last.Number + 1 - count;
        List<Block> blocks = [];
        for (ulong number = oldest; number <= last.Number; number++)
            if (node.Chain.Source.BlockByNumber(number) is { } block) blocks.Add(block);
        return RpcAnswer.Of(json => Write(json, oldest, blocks, percentiles));
    }

    private void Write(Utf8JsonWriter json, ulong oldest, List<Block> blocks, double[] percentiles)
    {
        json.WriteStartObject();
        json.Quantity("oldestBlock", oldest);
        json.WriteStartArray("baseFeePerGas");
        foreach (Block block in blocks) json.WriteStringValue(block.Header.BaseFeePerGas.ToHexQuantity());
        json.WriteStringValue(NextBaseFee(blocks[^1].Header).ToHexQuantity());
        json.WriteEndArray();
        json.WriteStartArray("gasUsedRatio");
        foreach (Block block in blocks) json.WriteNumberValue((double)block.Header.GasUsed / block.Header.GasLimit);
        json.WriteEndArray();
        WriteBlobs(json, blocks);
        if (percentiles.Length > 0)
        {
            json.WriteStartArray("reward");
            foreach (Block block in blocks) WriteRewards(json, block, percentiles);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private void WriteBlobs(Utf8JsonWriter json, List<Block> blocks)
    {
        List<BlobFacts> facts = blocks.ConvertAll(block => node.Chain.Source.BlobsOf(block.Header));
        json.WriteStartArray("baseFeePerBlobGas");
        foreach (BlobFacts one in facts) json.WriteStringValue(one.Fee.ToHexQuantity());
        json.WriteStringValue(facts[^1].NextFee.ToHexQuantity());
        json.WriteEndArray();
        json.WriteStartArray("blobGasUsedRatio");
        foreach (BlobFacts one in facts) json.WriteNumberValue(one.UsedRatio);
        json.WriteEndArray();
    }

    /// <summary>Tips at percentiles of the block's gas, as geth weighs them.</summary>
    private void WriteRewards(Utf8JsonWriter json, Block block, double[] percentiles)
    {
        (UInt256 Tip, ulong Gas)[] paid = [.. node.Chain.ReceiptsOf(block)
            .Select((receipt, i) => (TipOf(block.Transactions[i], block.Header), receipt.GasUsed)).OrderBy(p => p.Item1)];
        json.WriteStartArray();
        int next = 0;
        ulong gas = paid.Length > 0 ? paid[0].Gas : 0;
        foreach (double percentile in percentiles)
        {
            double threshold = block.Header.GasUsed * percentile / 100;
            while (next < paid.Length - 1 && gas < threshold) gas += paid[++next].Gas;
            json.WriteStringValue((paid.Length > 0 ? paid[next].Tip : UInt256.Zero).ToHexQuantity());
        }
        json.WriteEndArray();
    }

    private static UInt256 TipOf(Transaction transaction, BlockHeader header) =>
        BaseFee.EffectivePrice(transaction.Content, header.BaseFeePerGas) - header.BaseFeePerGas;

    /// <summary>The block count comes as a quantity or, from some tools, as a plain number.</summary>
    private static ulong CountOf(RpcArguments a)
    {
        JsonElement value = a.Required(0);
        if (value.ValueKind == JsonValueKind.Number && value.TryGetUInt64(out ulong plain)) return plain;
        if (JsonFields.TryText(value, 20, out string text)
            && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out plain))
            return plain;
        return a.Quantity(0);
    }

    private static double[] PercentilesOf(RpcArguments a)
    {
        if (a.Optional(2) is not { } list) return [];
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > PercentilesMax) return Refuse(a);
        List<double> percentiles = [];
        foreach (JsonElement item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetDouble(out double value) || value is < 0 or > 100
                || (percentiles.Count > 0 && value < percentiles[^1])) return Refuse(a);
            percentiles.Add(value);
        }
        return [.. percentiles];
    }

    private static double[] Refuse(RpcArguments a)
    {
        a.Fail(2, "rising percentiles between 0 and 100 are expected");
        return [];
    }
}
