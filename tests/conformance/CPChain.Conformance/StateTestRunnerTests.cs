using System.Collections.Immutable;
using System.Text;
using CPChain.Chain;
using CPChain.Evm;
using CPChain.EvmTools.StateTests;
using CPChain.Execution;
using CPChain.Types;

namespace CPChain.Conformance;

/// <summary>The runner itself: it must see what differs, name what it leaves out, and know the older rules.</summary>
public sealed class StateTestRunnerTests
{
    private const string Root = "ROOT";
    private static readonly Address Sender = Address.Parse("0xa94f5374fce5edbc8e2a8697c15331677e6ebf0b");
    private static readonly Address Contract = Address.Parse("0x00000000000000000000000000000000000c0de1");

    [Fact]
    public void A_wrong_root_is_a_failure_that_names_case_and_root()
    {
        string wrong = Hex.Encode(new byte[32]);
        StateTestReport report = Run(Json("Cancun").Replace(Root, wrong, StringComparison.Ordinal));
        FailedCase failure = Assert.Single(report.Failures);
        Assert.Equal("file.json:transfer:Cancun:0", failure.Name);
        Assert.Contains(wrong, failure.Difference, StringComparison.Ordinal);
        string right = failure.Difference.Split(' ')[2];
        Assert.Equal(1, Run(Json("Cancun").Replace(Root, right, StringComparison.Ordinal)).Passed);
    }

    [Fact]
    public void A_fork_without_rules_is_left_out_by_name()
    {
        StateTestReport report = Run(Json("Frontier").Replace(Root, Hex.Encode(new byte[32]), StringComparison.Ordinal));
        SkippedCase skipped = Assert.Single(report.Skipped);
        Assert.Equal("file.json:transfer:Frontier:0", skipped.Name);
        Assert.Contains("Frontier", skipped.Reason, StringComparison.Ordinal);
        Assert.Equal(0, report.Passed + report.Failures.Count);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{\"a\":{\"post\":{\"Cancun\":[{}]},\"transaction\":{}}}")]
    public void A_file_that_cannot_be_read_is_a_failure(string content)
    {
        FailedCase failure = Assert.Single(Run(content).Failures);
        Assert.Equal("file.json", failure.Name);
    }

    [Theory]
    [InlineData("Berlin", 2)]
    [InlineData("London", 5)]
    public void Eip3529_the_share_of_gas_that_comes_back(string fork, int quotient)
    {
        // Clears slots 0 to 9: refunds beyond any cap.
        const int Slots = 10;
        byte[] code = [.. Enumerable.Range(0, Slots).SelectMany(static slot => new byte[] { 0x60, 0, 0x60, (byte)slot, 0x55 }), 0];
        ImmutableArray<KeyValuePair<UInt256, UInt256>> storage =
            [.. Enumerable.Range(0, Slots).Select(static slot => KeyValuePair.Create((UInt256)slot, UInt256.One))];
        EvmRules rules = EvmRules.All.Single(one => one.Name == fork);
        ulong spent = 21_000 + (Slots * (6 + 5_000));
        Assert.Equal(ValidityFault.None, Execute(rules, code, storage, out TransactionOutcome? outcome));
        Assert.Equal(spent - (spent / (ulong)quotient), outcome!.GasUsed);
    }

    [Theory]
    [InlineData(0, ValidityFault.BlobsRefused)]
    [InlineData(1, ValidityFault.TooManyBlobs)]
    [InlineData(2, ValidityFault.None)]
    public void E4_blobs_run_only_where_the_rules_allow_them(int blobsMax, ValidityFault expected)
    {
        UInt256 hash = UInt256.One << 248;
        UnsignedTransaction blobs = Call() with
        {
            Type = TxType.Blob,
            MaxFeePerBlobGas = UInt256.One,
            BlobHashes = [Hash256.FromUInt256(hash), Hash256.FromUInt256(hash + UInt256.One)],
        };
        // BLOBHASH(1) into slot 0.
        byte[] code = [0x60, 1, 0x49, 0x60, 0, 0x55, 0];
        MemoryStateView pre = State(code, []);
        StateOverlay state = new(pre);
        ValidityFault fault = Executor(EvmRules.Cancun, state, blobsMax).ExecuteAs(blobs, Sender, 1_000_000, out _);
        Assert.Equal(expected, fault);
        Assert.Equal(
            expected == ValidityFault.None ? hash + UInt256.One : UInt256.Zero, state.GetStorage(Contract, UInt256.Zero));
    }

    private static StateTestReport Run(string json) => StateTestReport.Run(
        [("file.json", Encoding.UTF8.GetBytes(json))], fork: null, EvmEngine.Adaptive, TestContext.Current.CancellationToken);

    private static ValidityFault Execute(
        EvmRules rules, byte[] code, ImmutableArray<KeyValuePair<UInt256, UInt256>> storage, out TransactionOutcome? outcome) =>
        Executor(rules, new StateOverlay(State(code, storage)), 0).ExecuteAs(
            Call() with { Type = TxType.Legacy }, Sender, 1_000_000, out outcome);

    private static UnsignedTransaction Call() => UnsignedTransaction.FeeMarket(
        1, 0, UInt256.One, UInt256.One, 500_000) with
    { To = Contract };

    private static MemoryStateView State(byte[] code, ImmutableArray<KeyValuePair<UInt256, UInt256>> storage) => new(
    [
        new GenesisAccount(Sender, UInt256.One << 100, 0, default, []),
        new GenesisAccount(Contract, UInt256.Zero, 1, code, storage),
    ]);

    private static TransactionExecutor Executor(EvmRules rules, StateOverlay state, int blobsMax)
    {
        ChainRules chain = new()
        {
            GenesisHash = Hash256.Zero,
            ChainId = 1,
            PeriodMs = 1000,
            TimeoutMs = 1000,
            GasLimit = 1_000_000,
            BaseFeeFloor = UInt256.Zero,
            Limits = BlockLimits.Default,
            Committees = null!,
            Evm = rules,
            BurnsBaseFee = true,
            TransactionBlobsMax = blobsMax,
        };
        BlockContext block = new()
        {
            Number = 1,
            Timestamp = 1,
            Coinbase = Address.Zero,
            GasLimit = 1_000_000,
            BaseFee = UInt256.Zero,
            PrevRandao = Hash256.Zero,
            ChainId = 1,
        };
        return new TransactionExecutor(chain, block, state);
    }

    private static string Json(string fork) => $$"""
        {"transfer":{
          "env":{"currentCoinbase":"0x2adc25665018aa1fe0e6bc666dac8fc2697ff9ba","currentDifficulty":"0x0",
            "currentGasLimit":"0x5f5e100","currentNumber":"0x1","currentTimestamp":"0x3e8","currentBaseFee":"0x0"},
          "pre":{"{{Sender}}":{"balance":"0xde0b6b3a7640000","nonce":"0x0","code":"0x","storage":{} } },
          "transaction":{"data":["0x"],"gasLimit":["0x5208"],"gasPrice":"0x1","nonce":"0x0","sender":"{{Sender}}",
            "to":"{{Contract}}","value":["0x1"]},
          "post":{"{{fork}}":[{"hash":"{{Root}}","indexes":{"data":0,"gas":0,"value":0},
            "logs":"0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347"}]} } }
        """;
}
