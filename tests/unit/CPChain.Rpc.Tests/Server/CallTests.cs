using System.Text.Json;
using CPChain.Crypto;
using CPChain.Rpc.Tests.Chain;
using CPChain.Sdk;
using CPChain.Trie;
using CPChain.Trie.Proofs;
using CPChain.Types;

namespace CPChain.Rpc.Tests.Server;

/// <summary>Calls, estimates, logs, filters, storage and proofs against small hand-written code.</summary>
public sealed class CallTests
{
    // Reverts with Error("no").
    private const string Reverts =
        "0x08c379a0" + "0000000000000000000000000000000000000000000000000000000000000020"
        + "0000000000000000000000000000000000000000000000000000000000000002"
        + "6e6f000000000000000000000000000000000000000000000000000000000000";

    [Fact]
    public async Task A_revert_is_told_with_its_reason_and_data()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        // Copies the call data to memory and reverts with it.
        Address contract = await DeployAsync(fixture, "0x3660006000373660" + "00fd");
        RpcException error = await Assert.ThrowsAsync<RpcException>(() => fixture.Client.CallAsync(new CPChain.Sdk.CallRequest(contract, Hex.Decode(Reverts))));
        Assert.Equal(3, error.Code);
        Assert.Equal("execution reverted: no", error.NodeMessage);
        Assert.Equal(Reverts, Hex.Encode(error.ErrorData));
        error = await Assert.ThrowsAsync<RpcException>(() => fixture.Client.EstimateGasAsync(new CPChain.Sdk.CallRequest(contract, Hex.Decode(Reverts))));
        Assert.Equal(3, error.Code);
    }

    [Fact]
    public async Task A_call_without_end_runs_out_of_the_servers_gas()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(change: o => o with { CallGasMax = 1_000_000 });
        Address contract = await DeployAsync(fixture, "0x5b600056");
        RpcException error = await Assert.ThrowsAsync<RpcException>(() => fixture.Client.CallAsync(new CPChain.Sdk.CallRequest(contract, default)));
        Assert.Equal("out of gas", error.NodeMessage);
        error = await Assert.ThrowsAsync<RpcException>(() => fixture.Client.EstimateGasAsync(new CPChain.Sdk.CallRequest(contract, default)));
        Assert.Contains("gas required exceeds allowance", error.NodeMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_estimate_suffices_and_one_less_does_not()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        // Stores 1 at slot 0.
        Address contract = await DeployAsync(fixture, "0x6001600055");
        using AccountSender sender = fixture.Sender(1);
        ulong gas = await fixture.Client.EstimateGasAsync(new CPChain.Sdk.CallRequest(contract, default) { From = sender.Address });
        await Assert.ThrowsAsync<RpcException>(() => fixture.Client.CallAsync(
            new CPChain.Sdk.CallRequest(contract, default) { From = sender.Address, GasLimit = gas - 1 }));
        ReceiptInfo receipt = await sender.SendAndWaitAsync(contract, default, gasLimit: gas);
        Assert.True(receipt.Success);
        Assert.Equal("0x" + new string('0', 63) + "1", (await fixture.ResultAsync("eth_getStorageAt", $"[\"{contract}\",\"0x0\",\"latest\"]")).GetString());
    }

    [Fact]
    public async Task Logs_are_found_by_address_topic_and_range_and_by_filters_as_they_come()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        // LOG1 with the call data's first word as topic, no data.
        Address contract = await DeployAsync(fixture, "0x60003560006000a1");
        using AccountSender sender = fixture.Sender(2);
        string filter = (await fixture.ResultAsync("eth_newFilter", $"[{{\"address\":\"{contract}\"}}]")).GetString()!;
        string blocks = (await fixture.ResultAsync("eth_newBlockFilter")).GetString()!;
        Hash256[] topics = [Keccak256.Hash([1]), Keccak256.Hash([2]), Keccak256.Hash([1])];
        List<ReceiptInfo> receipts = [];
        foreach (Hash256 topic in topics) receipts.Add(await sender.SendAndWaitAsync(contract, topic.ToArray()));

        IReadOnlyList<LogInfo> all = await fixture.Client.GetLogsAsync(new LogQuery(0, BlockTag.Latest) { Addresses = [contract] });
        Assert.Equal(topics, all.Select(l => l.Topics[0]));
        IReadOnlyList<LogInfo> ones = await fixture.Client.GetLogsAsync(new LogQuery(0, BlockTag.Latest) { Topics = [[topics[0]]] });
        Assert.Equal([receipts[0].BlockNumber, receipts[2].BlockNumber], ones.Select(l => l.BlockNumber));
        IReadOnlyList<LogInfo> either = await fixture.Client.GetLogsAsync(
            new LogQuery(receipts[1].BlockNumber, receipts[1].BlockNumber) { Topics = [[topics[0], topics[1]]] });
        Assert.Equal(receipts[1].TransactionHash, Assert.Single(either).TransactionHash);

        Assert.Equal(3, (await fixture.ResultAsync("eth_getFilterChanges", $"[\"{filter}\"]")).GetArrayLength());
        Assert.Equal(0, (await fixture.ResultAsync("eth_getFilterChanges", $"[\"{filter}\"]")).GetArrayLength());
        Assert.Equal(3, (await fixture.ResultAsync("eth_getFilterChanges", $"[\"{blocks}\"]")).GetArrayLength());
        Assert.True((await fixture.ResultAsync("eth_uninstallFilter", $"[\"{filter}\"]")).GetBoolean());
        Assert.Equal((-32000, "filter not found"), await fixture.RefusalAsync("eth_getFilterChanges", $"[\"{filter}\"]"));
    }

    [Fact]
    public async Task Searches_for_logs_and_filters_are_bounded()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(change: o => o with { LogsBlocksMax = 2, LogsMax = 1, FiltersMax = 2 });
        for (int i = 0; i < 4; i++) fixture.Chain.Seal();
        Assert.Equal(-32005, (await fixture.RefusalAsync("eth_getLogs", "[{\"fromBlock\":\"0x0\",\"toBlock\":\"latest\"}]")).Code);
        Assert.Equal(-32000, (await fixture.RefusalAsync("eth_getLogs", "[{\"fromBlock\":\"0x3\",\"toBlock\":\"0x2\"}]")).Code);
        await fixture.ResultAsync("eth_newBlockFilter");
        await fixture.ResultAsync("eth_newBlockFilter");
        Assert.Equal(-32005, (await fixture.RefusalAsync("eth_newBlockFilter")).Code);
    }

    [Fact]
    public async Task Proofs_verify_against_the_state_root()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        Address contract = await DeployAsync(fixture, "0x602a600155");
        using AccountSender sender = fixture.Sender(3);
        await sender.SendAndWaitAsync(contract, default);
        JsonElement proof = await fixture.ResultAsync("eth_getProof", $"[\"{contract}\",[\"0x1\",\"0x2\"],\"latest\"]");
        BlockInfo head = (await fixture.Client.GetBlockAsync())!;

        Assert.Equal(ProofVerdict.Present, TrieProof.Verify(
            head.StateRoot, StateTrieKeys.OfAddress(contract).ToArray(), Nodes(proof.GetProperty("accountProof")), out _));
        Hash256 storageRoot = Hash256.Parse(proof.GetProperty("storageHash").GetString()!);
        JsonElement[] slots = [.. proof.GetProperty("storageProof").EnumerateArray()];
        Assert.Equal("0x2a", slots[0].GetProperty("value").GetString());
        Assert.Equal(ProofVerdict.Present, TrieProof.Verify(storageRoot, StateTrieKeys.OfSlot(1UL).ToArray(), Nodes(slots[0].GetProperty("proof")), out _));
        Assert.Equal(ProofVerdict.Absent, TrieProof.Verify(storageRoot, StateTrieKeys.OfSlot(2UL).ToArray(), Nodes(slots[1].GetProperty("proof")), out _));
    }

    private static List<ReadOnlyMemory<byte>> Nodes(JsonElement list) =>
        [.. list.EnumerateArray().Select(n => (ReadOnlyMemory<byte>)Hex.Decode(n.GetString()!))];

    /// <summary>Deploys runtime code of at most 255 bytes behind a constructor that returns it.</summary>
    private static async Task<Address> DeployAsync(RpcFixture fixture, string runtime)
    {
        byte[] code = Hex.Decode(runtime);
        byte[] creation = [0x60, (byte)code.Length, 0x60, 0x0b, 0x5f, 0x39, 0x60, (byte)code.Length, 0x5f, 0xf3, 0x00, .. code];
        using AccountSender sender = fixture.Sender(0);
        ReceiptInfo receipt = await sender.SendAndWaitAsync(null, creation);
        Assert.Equal(runtime, Hex.Encode(await fixture.Client.GetCodeAsync(receipt.ContractAddress!.Value)));
        return receipt.ContractAddress!.Value;
    }
}
