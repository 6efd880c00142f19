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
    public async Task Authorizations_of_a_call_count_and_are_read_strictly()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        const string Plain = """{"from":"0x00000000000000000000000000000000000000aa","to":"0x00000000000000000000000000000000000000bb"}""";
        string Setting(string nonce) => Plain[..^1]
            + ",\"authorizationList\":[{\"chainId\":\"0x1\",\"address\":\"0x00000000000000000000000000000000000000cc\",\"nonce\":" + nonce
            + ",\"yParity\":\"0x0\",\"r\":\"0x1\",\"s\":\"0x1\"}]}";
        Assert.Equal("0x5208", (await fixture.ResultAsync("eth_estimateGas", $"[{Plain}]")).GetString());
        // 25,000 gas for each, whether or not it holds (EIP-7702).
        Assert.Equal("0xb3b0", (await fixture.ResultAsync("eth_estimateGas", $"[{Setting("\"0x0\"")}]")).GetString());
        Assert.Equal(-32602, (await fixture.RefusalAsync("eth_estimateGas", $"[{Setting("5")}]")).Code);
        Assert.Equal(-32602, (await fixture.RefusalAsync("eth_call", $"[{Plain[..^1]},\"authorizationList\":7}}]")).Code);
        Assert.Equal(-32602, (await fixture.RefusalAsync("eth_call", $"[{Plain[..^1]},\"blobVersionedHashes\":[]}}]")).Code);
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
        Assert.Equal(-32602, (await fixture.RefusalAsync("eth_getLogs", "[{\"fromBlock\":\"0x3\",\"toBlock\":\"0x2\"}]")).Code);
        await fixture.ResultAsync("eth_newBlockFilter");
        await fixture.ResultAsync("eth_newBlockFilter");
        Assert.Equal(-32005, (await fixture.RefusalAsync("eth_newBlockFilter")).Code);
    }

    // As the execution API has it: no bound is cut down to the head in silence, since a client would take that for "nothing there".
    [Theory]
    [InlineData("\"fromBlock\":\"0x3\",\"toBlock\":\"0x3\"", "block range extends beyond current head block")]
    [InlineData("\"fromBlock\":\"0x0\",\"toBlock\":\"0xffffffff\"", "block range extends beyond current head block")]
    [InlineData("\"fromBlock\":\"0x3\"", "invalid block range params")]
    [InlineData("\"fromBlock\":\"0x3\",\"toBlock\":\"latest\"", "invalid block range params")]
    [InlineData("\"fromBlock\":\"0x9\",\"toBlock\":\"0x8\"", "invalid block range params")]
    public async Task Logs_of_blocks_that_are_not_there_yet_are_refused(string range, string message)
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(sealsAtOnce: false);
        for (int i = 0; i < 2; i++) fixture.Chain.Seal();
        Assert.Equal((-32602, message), await fixture.RefusalAsync("eth_getLogs", $"[{{{range}}}]"));
        // A filter may wait for blocks to come, and has no changes until then; the search that it stands for is refused alike.
        string filter = (await fixture.ResultAsync("eth_newFilter", $"[{{{range}}}]")).GetString()!;
        Assert.Equal(0, (await fixture.ResultAsync("eth_getFilterChanges", $"[\"{filter}\"]")).GetArrayLength());
        Assert.Equal((-32602, message), await fixture.RefusalAsync("eth_getFilterLogs", $"[\"{filter}\"]"));
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

    [Fact]
    public async Task State_and_proofs_at_an_older_block_are_those_of_then_until_they_are_pruned()
    {
        const int kept = 256;
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        // Stores the number of the block at slot 1.
        Address contract = await DeployAsync(fixture, "0x43600155");
        using AccountSender sender = fixture.Sender(3);
        ReceiptInfo first = await sender.SendAndWaitAsync(contract, default);
        await sender.SendAndWaitAsync(contract, default);
        string then = $"\"0x{first.BlockNumber:x}\"";
        JsonElement proof = await fixture.ResultAsync("eth_getProof", $"[\"{contract}\",[\"0x1\"],{then}]");
        Hash256 root = fixture.Chain.Ledger.HeaderByNumber(first.BlockNumber)!.StateRoot;
        Assert.NotEqual(root, fixture.Chain.Ledger.Head.StateRoot);
        Assert.Equal(ProofVerdict.Present, TrieProof.Verify(
            root, StateTrieKeys.OfAddress(contract).ToArray(), Nodes(proof.GetProperty("accountProof")), out _));
        JsonElement slot = proof.GetProperty("storageProof").EnumerateArray().Single();
        Assert.Equal($"0x{first.BlockNumber:x}", slot.GetProperty("value").GetString());
        Assert.Equal(ProofVerdict.Present, TrieProof.Verify(
            Hash256.Parse(proof.GetProperty("storageHash").GetString()!), StateTrieKeys.OfSlot(1UL).ToArray(),
            Nodes(slot.GetProperty("proof")), out _));
        while (fixture.Chain.Ledger.Head.Number <= first.BlockNumber + kept) fixture.Chain.SealExactly();
        foreach (string method in (string[])["eth_getBalance", "eth_getCode", "eth_getTransactionCount"])
        {
            (int code, string message) = await fixture.RefusalAsync(method, $"[\"{contract}\",{then}]");
            Assert.Equal(-32000, code);
            Assert.StartsWith("missing trie node", message, StringComparison.Ordinal);
        }

        Assert.StartsWith(
            "missing trie node", (await fixture.RefusalAsync("eth_getProof", $"[\"{contract}\",[],{then}]")).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "missing trie node", (await fixture.RefusalAsync("eth_call", $"[{{\"to\":\"{contract}\"}},{then}]")).Message, StringComparison.Ordinal);
    }

    private static List<ReadOnlyMemory<byte>> Nodes(JsonElement list) =>
        [.. list.EnumerateArray().Select(n => (ReadOnlyMemory<byte>)Hex.Decode(n.GetString()!))];

    /// <summary>Deploys runtime code of at most 255 bytes behind a constructor that returns it.</summary>
    [Fact]
    public async Task A_call_sees_the_overridden_state_and_the_chain_does_not()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        // Returns slot 1.
        Address contract = await DeployAsync(fixture, "0x60015460005260206000f3");
        string call = $$"""{"to":"{{contract}}"}""";
        string key = "0x" + new string('0', 63) + "1", word = "0x" + new string('0', 62) + "2a", zero = "0x" + new string('0', 64);
        Assert.Equal(word, await Called($$$$"""{"{{{{contract}}}}":{"stateDiff":{"{{{{key}}}}":"{{{{word}}}}"}}}"""));
        Assert.Equal(zero, await Called($$$$"""{"{{{{contract}}}}":{"state":{"{{{{word}}}}":"{{{{word}}}}"}}}"""));
        // Returns the balance of itself.
        Assert.Equal(word, await Called($$$"""{"{{{contract}}}":{"code":"0x4760005260206000f3","balance":"0x2a"}}"""));
        Assert.Equal(zero, (await fixture.ResultAsync("eth_call", $"[{call}]")).GetString());

        const string poor = "0x00000000000000000000000000000000000000bb";
        string sent = $$"""{"from":"{{poor}}","to":"{{contract}}","value":"0x5"}""";
        Assert.Contains("insufficient funds", (await fixture.RefusalAsync("eth_call", $"[{sent},\"latest\"]")).Message, StringComparison.Ordinal);
        await fixture.ResultAsync("eth_estimateGas", $$$"""[{{{sent}}},"latest",{"{{{poor}}}":{"balance":"0x6"}}]""");

        async Task<string?> Called(string overrides) => (await fixture.ResultAsync("eth_call", $"[{call},\"latest\",{overrides}]")).GetString();
    }

    [Theory]
    [InlineData("[]", "state overrides are an object")]
    [InlineData("""{"0x1":{}}""", "not under an address")]
    [InlineData("""{"0x00000000000000000000000000000000000000bb":{"colour":"0x1"}}""", "colour is not something")]
    [InlineData("""{"0x00000000000000000000000000000000000000bb":{"stateDiff":{"0x1":"0x2"}}}""", "not 32 bytes")]
    [InlineData("""{"0x00000000000000000000000000000000000000bb":{"state":{},"stateDiff":{}}}""", "exclude each other")]
    public async Task An_override_that_cannot_be_read_is_refused_with_the_reason(string overrides, string reason)
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        (int code, string message) = await fixture.RefusalAsync("eth_call", $$"""[{"to":null,"data":"0x"},"latest",{{overrides}}]""");
        Assert.Equal(-32602, code);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_access_list_names_what_a_call_looks_at_and_makes_it_warm()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        // Loads slots 1 and 2, and asks for the balance of 0xbb.
        Address contract = await DeployAsync(fixture, "0x60015460025460bb3100");
        string call = $$"""{"from":"{{fixture.Sender(1).Address}}","to":"{{contract}}"}""";
        JsonElement made = await fixture.ResultAsync("eth_createAccessList", $"[{call}]");
        JsonElement[] list = [.. made.GetProperty("accessList").EnumerateArray()];
        Assert.Equal(2, list.Length);
        JsonElement own = list.Single(entry => entry.GetProperty("address").GetString() == contract.ToString());
        Assert.Equal(["0x" + new string('0', 63) + "1", "0x" + new string('0', 63) + "2"],
            own.GetProperty("storageKeys").EnumerateArray().Select(key => key.GetString()!));
        JsonElement other = list.Single(entry => entry.GetProperty("address").GetString() != contract.ToString());
        Assert.Equal("0x00000000000000000000000000000000000000bb", other.GetProperty("address").GetString());
        Assert.Equal(0, other.GetProperty("storageKeys").GetArrayLength());
        // 21000 + two entries of 2400 + two keys of 1900 + four pushes and two warm loads, a warm balance (EIP-2929, EIP-2930).
        Assert.Equal($"0x{21_000 + (2 * 2_400) + (2 * 1_900) + (3 * 3) + (3 * 100):x}", made.GetProperty("gasUsed").GetString());

        JsonElement failing = await fixture.ResultAsync("eth_createAccessList", $$"""[{"to":"{{await DeployAsync(fixture, "0x60015460006000fd")}}"}]""");
        Assert.Equal("execution reverted", failing.GetProperty("error").GetString());
    }

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
