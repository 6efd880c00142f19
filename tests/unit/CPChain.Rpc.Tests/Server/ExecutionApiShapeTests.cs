using System.Text;
using System.Text.Json;
using CPChain.Chain;
using CPChain.Rpc.Tests.Chain;
using CPChain.Types;

namespace CPChain.Rpc.Tests.Server;

/// <summary>Answers have the members that the Ethereum execution API's own cases have.</summary>
public sealed class ExecutionApiShapeTests
{
    // Blobs, withdrawals and the beacon chain do not exist here.
    private static readonly string[] s_foreign =
    [
        "withdrawals", "withdrawalsRoot", "blobGasUsed", "excessBlobGas", "parentBeaconBlockRoot", "requestsHash",
        "blockAccessListHash", "slotNumber",
    ];

    [Fact]
    public async Task Blocks_transactions_receipts_and_logs_have_the_members_of_the_API()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(sealsAtOnce: false);
        Address registry = Sdk.Contracts.SystemContracts.DataRegistry.Address;
        byte[] note = Sdk.Contracts.SystemContracts.DataRegistry.Abi.Function("note").EncodeCall(new byte[32], new byte[32], new byte[32]);
        Transaction dynamic = Transaction.Sign(UnsignedTransaction.FeeMarket(InstantChain.ChainId, 0, Units.Gwei * 3UL, Units.Gwei, 100_000)
            with
        { To = registry, Data = note }, InstantChain.Rich[0]);
        Transaction legacy = Transaction.Sign(UnsignedTransaction.Legacy(InstantChain.ChainId, 1, Units.Gwei * 3UL, 100_000)
            with
        { To = registry }, InstantChain.Rich[0]);
        fixture.Chain.SealExactly(dynamic, legacy);

        await Compare("eth_getBlockByNumber/get-latest.io", fixture, "eth_getBlockByNumber", "[\"latest\",false]");
        await Compare("eth_getTransactionByHash/get-dynamic-fee.io", fixture, "eth_getTransactionByHash", $"[\"{dynamic.Hash}\"]");
        await Compare("eth_getTransactionByHash/get-legacy-tx.io", fixture, "eth_getTransactionByHash", $"[\"{legacy.Hash}\"]");
        await Compare("eth_getTransactionReceipt/get-dynamic-fee.io", fixture, "eth_getTransactionReceipt", $"[\"{dynamic.Hash}\"]");
        await Compare("eth_getLogs/topic-exact-match.io", fixture, "eth_getLogs", "[{\"fromBlock\":\"0x1\"}]");
        await Compare("eth_getProof/get-account-proof-with-storage.io", fixture, "eth_getProof", $"[\"{registry}\",[\"0x0\"],\"latest\"]");
        await Compare("txpool_status/get-status.io", fixture, "txpool_status", "[]");
    }

    private static async Task Compare(string file, RpcFixture fixture, string method, string parameters)
    {
        string text = Encoding.UTF8.GetString(Vectors.ReadFromArchive("execution-apis/rpc-tests.tar.xz", $"tests/{file}"));
        string expected = text.Split('\n').First(l => l.StartsWith("<< ", StringComparison.Ordinal))[3..];
        using JsonDocument document = JsonDocument.Parse(expected);
        JsonElement theirs = document.RootElement.GetProperty("result");
        JsonElement ours = await fixture.ResultAsync(method, parameters);
        if (theirs.ValueKind == JsonValueKind.Array) (theirs, ours) = (theirs[0], ours[0]);
        string[] missing = [.. theirs.EnumerateObject().Select(p => p.Name).Except(ours.EnumerateObject().Select(p => p.Name)).Except(s_foreign)];
        Assert.True(missing.Length == 0, $"{method} lacks {string.Join(", ", missing)}.");
        foreach (JsonProperty member in theirs.EnumerateObject().Where(m => !s_foreign.Contains(m.Name)))
        {
            JsonValueKind kind = ours.GetProperty(member.Name).ValueKind;
            Assert.True(kind == member.Value.ValueKind || kind == JsonValueKind.Null || member.Value.ValueKind == JsonValueKind.Null,
                $"{method}: {member.Name} is {kind}, theirs is {member.Value.ValueKind}.");
        }
    }
}
