using CPChain.Types;

namespace CPChain.Evm.Tests;

/// <summary>What the machine does under the rule sets before Berlin, against the numbers of the Yellow Paper and the EIPs.</summary>
public sealed class OldForkTests
{
    private static readonly byte[] Store = [0x60, 1, 0x60, 0, 0x55];

    /// <summary>Fork, original word, words stored one after another, gas of the stores alone, refund.</summary>
    public static TheoryData<string, int, int[], ulong, ulong> Stores => new()
    {
        { "Homestead", 0, [1], 20_000, 0 },
        { "Homestead", 0, [1, 0], 25_000, 15_000 },
        { "Byzantium", 1, [0, 2], 25_000, 15_000 },
        // The table of EIP-1283.
        { "Constantinople", 0, [1, 0], 20_200, 19_800 },
        { "Constantinople", 1, [0, 1], 5200, 4800 },
        { "Constantinople", 1, [2, 0], 5200, 15_000 },
        { "Constantinople", 1, [1, 1], 400, 0 },
        { "ConstantinopleFix", 0, [1, 0], 25_000, 15_000 },
        // The table of EIP-2200.
        { "Istanbul", 0, [0, 0], 1600, 0 },
        { "Istanbul", 0, [1, 0], 20_800, 19_200 },
        { "Istanbul", 1, [0, 1], 5800, 4200 },
        { "Istanbul", 1, [2, 0], 5800, 15_000 },
        { "Istanbul", 1, [0, 1, 0], 10_800, 19_200 },
    };

    [Theory]
    [MemberData(nameof(Stores))]
    public void Sstore_costs_and_refunds_as_the_fork_says(string fork, int original, int[] values, ulong gas, ulong refund)
    {
        TestChain chain = new(Rules(fork));
        byte[] code = Code.Join([.. values.Select(static value => new byte[] { 0x60, (byte)value, 0x60, 0, 0x55 })]);
        chain.State.Set(TestChain.Contract, TestChain.Rich, code, 1);
        if (original != 0) chain.State.SetStorage(TestChain.Contract, 0, (ulong)original);
        EvmResult result = chain.Call(TestChain.Contract);
        Assert.Equal((gas + (6 * (ulong)values.Length), refund), (10_000_000 - result.GasLeft, chain.Refund));
    }

    [Fact]
    public void The_stipend_can_store_until_istanbul()
    {
        Assert.Equal(EvmStatus.Success, new TestChain(EvmRules.Constantinople).Run([0x60, 0, 0x60, 0, 0x55], gas: 206).Status);
        Assert.Equal(EvmStatus.OutOfGas, new TestChain(EvmRules.Istanbul).Run([0x60, 0, 0x60, 0, 0x55], gas: 2306).Status);
        Assert.Equal(EvmStatus.Success, new TestChain(EvmRules.Istanbul).Run([0x60, 0, 0x60, 0, 0x55], gas: 2307).Status);
    }

    [Theory]
    [InlineData("Homestead", 50, 20, 20)]
    [InlineData("EIP150", 200, 400, 700)]
    [InlineData("Byzantium", 200, 400, 700)]
    [InlineData("Istanbul", 800, 700, 700)]
    public void Reads_of_state_have_one_price_each(string fork, ulong slot, ulong balance, ulong size)
    {
        TestChain chain = new(Rules(fork));
        Assert.Equal(
            (3 + slot, 3 + balance, 3 + size),
            (GasOf(chain, 0x60, 0, 0x54), GasOf(chain, 0x60, 0, 0x31), GasOf(chain, 0x60, 0, 0x3b)));
    }

    [Theory]
    [InlineData("EIP150", 20)]
    [InlineData("EIP158", 60)]
    public void A_byte_of_an_exponent_is_dearer_since_eip_160(string fork, ulong gas) =>
        Assert.Equal(6 + gas, GasOf(new TestChain(Rules(fork)), 0x60, 2, 0x60, 3, 0x0a));

    [Fact]
    public void Before_eip_150_a_call_gets_what_it_asks_for_or_fails()
    {
        // CALL of an existing account without code with 5,000 gas, which come back.
        byte[] code = [0x60, 0, 0x60, 0, 0x60, 0, 0x60, 0, 0x60, 0, 0x60, 0x5e, 0x61, 0x13, 0x88, 0xf1, 0x00];
        const ulong Enough = (7 * 3) + 40 + 5000;
        Assert.Equal(EvmStatus.Success, new TestChain(EvmRules.Homestead).Run(code, gas: Enough).Status);
        Assert.Equal(EvmStatus.OutOfGas, new TestChain(EvmRules.Homestead).Run(code, gas: Enough - 1).Status);
        Assert.Equal(EvmStatus.Success, new TestChain(EvmRules.TangerineWhistle).Run(code, gas: (7 * 3) + 700 + 1).Status);
    }

    [Theory]
    [InlineData("EIP150", 25_000, true)]
    [InlineData("EIP158", 0, false)]
    public void Before_eip_161_a_call_makes_an_account_and_pays_for_it(string fork, ulong extra, bool exists)
    {
        byte[] code = [0x60, 0, 0x60, 0, 0x60, 0, 0x60, 0, 0x60, 0, 0x61, 0x99, 0x99, 0x60, 0, 0xf1, 0x00];
        EvmRules rules = Rules(fork);
        MemoryState state = new();
        state.Set(TestChain.Contract, TestChain.Rich, code, 1);
        StateOverlay overlay = new(state);
        overlay.BeginTransaction();
        TestChain chain = new(rules);
        EvmResult result = new EvmMachine(rules).Execute(
            EvmMessage.Call(TestChain.Sender, TestChain.Contract, UInt256.Zero, default, 100_000), overlay, chain.Block, chain.Transaction);
        overlay.EndTransaction(clearsEmpty: rules.ClearsEmptyAccounts);
        Assert.Equal((7 * 3) + 700 + extra, 100_000 - result.GasLeft);
        Assert.Equal(exists, overlay.TryGetAccount(TestChain.At(0x9999), out _));
    }

    [Theory]
    [InlineData("EIP150", 0)]
    [InlineData("EIP158", 1)]
    public void New_contracts_begin_with_nonce_1_since_eip_161(string fork, ulong nonce)
    {
        TestChain chain = new(Rules(fork));
        Assert.Equal(EvmStatus.Success, chain.Create([.. Store, 0x00], TestChain.At(0xabc)).Status);
        Assert.Equal(nonce, chain.Overlay!.GetNonce(TestChain.At(0xabc)));
    }

    [Theory]
    [InlineData("EIP150", EvmStatus.Success)]
    [InlineData("EIP158", EvmStatus.CodeTooLong)]
    public void Code_is_bounded_since_eip_170(string fork, EvmStatus status) =>
        // Returns 24,577 zero bytes.
        Assert.Equal(status, new TestChain(Rules(fork)).Create([0x61, 0x60, 0x01, 0x60, 0, 0xf3], TestChain.At(0xabc)).Status);

    [Theory]
    [InlineData("EIP150", 0, 5000)]
    [InlineData("EIP150", 1, 30_000)]
    [InlineData("Homestead", 1, 0)]
    public void Selfdestruct_is_free_until_eip_150(string fork, int isNewHeir, ulong gas)
    {
        byte[] code = isNewHeir == 1 ? [0x61, 0x77, 0x77, 0xff] : [0x60, 0x5e, 0xff];
        EvmResult result = new TestChain(Rules(fork)).Run(code);
        Assert.Equal(3 + gas, 10_000_000 - result.GasLeft);
    }

    private static ulong GasOf(TestChain chain, params byte[] code)
    {
        EvmResult result = chain.Run(code);
        Assert.Equal(EvmStatus.Success, result.Status);
        return 10_000_000 - result.GasLeft;
    }

    private static EvmRules Rules(string fork) => EvmRules.All.Single(rules => rules.Name == fork);
}
