using System.Collections.Immutable;
using System.Text.Json;
using CPChain.Chain;
using CPChain.Execution;
using CPChain.Execution.Simulation;
using CPChain.Rpc.Protocol;
using CPChain.Types;

namespace CPChain.Rpc.Methods;

/// <summary>What eth_simulateV1 is asked for.</summary>
internal sealed record SimulateRequest(
    ImmutableArray<SimulatedBlockRequest> Blocks, bool Validates, bool TracesTransfers, bool ReturnsTransactions);

/// <summary>Reads the payload of eth_simulateV1; a fault stays in the arguments.</summary>
internal static class SimulateArguments
{
    /// <summary>Blocks of one request.</summary>
    public const int BlocksMax = 256;

    private const ulong TimeMax = ulong.MaxValue / 1_000;
    private static readonly SimulateRequest s_nothing = new([], false, false, false);

    public static SimulateRequest Read(RpcArguments a, int index, ChainRules rules)
    {
        JsonElement json = a.Required(index);
        if (a.Fault is not null) return s_nothing;
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("blockStateCalls", out JsonElement list)
            || list.ValueKind != JsonValueKind.Array)
        {
            a.Fail(index, "an object with blockStateCalls is expected");
            return s_nothing;
        }
        if (list.GetArrayLength() == 0) a.Fail(index, "empty input");
        ObjectFields fields = new(a, index, json);
        ImmutableArray<SimulatedBlockRequest>.Builder blocks = ImmutableArray.CreateBuilder<SimulatedBlockRequest>();
        foreach (JsonElement block in list.EnumerateArray().Take(BlocksMax + 1))
        {
            if (a.Fault is not null) return s_nothing;
            blocks.Add(Block(a, index, block, rules));
        }
        return new SimulateRequest(
            blocks.ToImmutable(), fields.Flag("validation"), fields.Flag("traceTransfers"), fields.Flag("returnFullTransactions"));
    }

    private static SimulatedBlockRequest Block(RpcArguments a, int index, JsonElement json, ChainRules rules)
    {
        SimulatedBlockRequest request = new(new BlockOverride(), [], []);
        if (json.ValueKind != JsonValueKind.Object)
        {
            a.Fail(index, "a block of blockStateCalls is no object");
            return request;
        }
        ObjectFields fields = new(a, index, json);
        if (fields.Object("blockOverrides") is { } overrides) request = request with { Block = Override(new(a, index, overrides)) };
        if (fields.Object("stateOverrides") is { } accounts)
            request = request with { Accounts = OverrideArguments.ReadOrdered(a, index, accounts) };
        if (fields.Array("calls") is { } calls)
        {
            ImmutableArray<SimulatedCall>.Builder all = ImmutableArray.CreateBuilder<SimulatedCall>();
            foreach (JsonElement call in calls.EnumerateArray())
            {
                if (a.Fault is not null) break;
                all.Add(Call(a, index, call, rules));
            }
            request = request with { Calls = all.ToImmutable() };
        }
        return request;
    }

    private static BlockOverride Override(ObjectFields fields)
    {
        ulong? time = fields.Ulong("time");
        if (time > TimeMax) fields.Fail("time is out of range");
        return new BlockOverride
        {
            Number = fields.Ulong("number"),
            TimestampMs = time <= TimeMax ? time * 1_000 : null,
            GasLimit = fields.Ulong("gasLimit"),
            Coinbase = fields.Address("feeRecipient"),
            PrevRandao = fields.Hash("prevRandao"),
            BaseFee = fields.Quantity("baseFeePerGas"),
            BlobBaseFee = fields.Quantity("blobBaseFee"),
        };
    }

    private static SimulatedCall Call(RpcArguments a, int index, JsonElement json, ChainRules rules)
    {
        CallRequest request = CallArguments.Read(a, index, json, rules, ulong.MaxValue);
        if (a.Fault is not null) return new SimulatedCall();
        ObjectFields fields = new(a, index, json);
        UInt256? price = fields.Quantity("gasPrice");
        UInt256? cap = fields.Quantity("maxFeePerGas");
        UInt256? tip = fields.Quantity("maxPriorityFeePerGas");
        if (price is not null && (cap is not null || tip is not null))
            fields.Fail("both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified");
        return new SimulatedCall(request)
        {
            Type = price is not null ? TxType.Legacy
                : !request.BlobHashes.IsEmpty ? TxType.Blob
                : !request.Authorizations.IsEmpty ? TxType.SetCode
                : TxType.FeeMarket,
            Nonce = fields.Ulong("nonce"),
            GasLimit = fields.Ulong("gas"),
            MaxFeePerGas = price ?? cap,
            MaxPriorityFeePerGas = price ?? tip,
        };
    }
}
