using CPChain.Types;

namespace CPChain.Evm.Tests;

/// <summary>The CALL family: gas, value, static mode, return data, depth.</summary>
public sealed class CallTests
{
    private static readonly Address Callee = TestChain.At(0xca11);

    /// <summary>What CALL with four zero areas, a value and a PUSH20 costs before its own gas.</summary>
    private const ulong Pushes = (4 * 2) + 2 + 3 + 3;

    [Fact]
    public void Cold_call_costs_2600_and_warm_100()
    {
        TestChain chain = new();
        chain.State.Set(Callee, 0, [0x00]);
        (UInt256 success, ulong gas) = chain.Evaluate(Code.Call(0xf1, Callee));
        Assert.Equal((UInt256.One, Pushes + 2600), (success, gas));
        (_, gas) = chain.Evaluate(Code.Call(0xf1, Callee), [0x50], Code.Call(0xf1, Callee));
        Assert.Equal((2 * Pushes) + 2600 + 2 + 100, gas);
    }

    [Fact]
    public void Value_costs_9000_less_the_unused_stipend_and_a_new_account_25000()
    {
        TestChain chain = new();
        chain.State.Set(Callee, 1, [0x00]);
        (_, ulong gas) = chain.Evaluate(Code.Call(0xf1, Callee, 1));
        Assert.Equal(Pushes + 1 + 2600 + 9000 - 2300, gas);
        Assert.Equal(2U, chain.Overlay!.GetBalance(Callee));
        (_, gas) = chain.Evaluate(Code.Call(0xf1, TestChain.At(0x999), 1));
        Assert.Equal(Pushes + 1 + 2600 + 9000 + 25_000 - 2300, gas);
    }

    [Fact]
    public void Callee_gets_all_but_one_64th()
    {
        TestChain chain = new();
        chain.State.Set(Callee, 0, Code.Join([0x5a], Code.Return1));
        byte[] code = Code.Join(
            Code.Operands(0, 0, 0, 32), Code.Push(0U), Code.Push(Callee), Code.Push(UInt256.MaxValue), [0xf1, 0x00]);
        code = Code.Join(
            Code.Operands(0, 0, 0, 32), Code.Push(Callee), Code.Push(UInt256.MaxValue), [0xfa, 0x50, 0x5f, 0x51], Code.Return1);
        EvmResult result = chain.Run(code, gas: 100_000);
        ulong before = 100_000 - (3 * 2) - 3 - 3 - 3 - 3 - 2600;
        Assert.Equal(before - (before / 64) - 2, (ulong)UInt256.FromBigEndian(result.Output.Span));
    }

    [Fact]
    public void Delegatecall_keeps_self_caller_and_value_and_callcode_keeps_self()
    {
        TestChain chain = new();
        foreach ((byte op, byte probe, UInt256 expected) in new (byte, byte, UInt256)[]
        {
            (0xf4, 0x30, 0xc0deU), (0xf4, 0x33, 0x5eU), (0xf4, 0x34, 5U),
            (0xf2, 0x30, 0xc0deU), (0xf2, 0x33, 0xc0deU), (0xf2, 0x34, 0U),
            (0xf1, 0x30, 0xca11U), (0xf1, 0x33, 0xc0deU), (0xfa, 0x34, 0U),
        })
        {
            chain.State.Set(Callee, 0, Code.Join([probe], Code.Return1));
            byte[] code = Code.Join(Code.Call(op, Callee), Code.Operands(0, 0, 32), [0x3e, 0x60, 32, 0x5f, 0xf3]);
            EvmResult result = chain.Run(code, value: 5);
            Assert.Equal(expected, UInt256.FromBigEndian(result.Output.Span));
        }
    }

    [Theory]
    [InlineData("5f5f55")]
    [InlineData("5f5f5d")]
    [InlineData("5f5fa0")]
    [InlineData("5f5f5ff0")]
    [InlineData("5f5f5f5ff5")]
    [InlineData("5fff")]
    [InlineData("5f5f5f5f60015f5ff1")]
    public void Static_call_forbids_every_change(string hex)
    {
        TestChain chain = new();
        chain.State.Set(Callee, 10, Convert.FromHexString(hex));
        Assert.Equal(UInt256.Zero, chain.Evaluate(Code.Call(0xfa, Callee, gas: 100_000)).Word);
        Assert.Equal(UInt256.One, chain.Evaluate(Code.Call(0xf1, Callee, gas: 100_000)).Word);
    }

    [Fact]
    public void Static_mode_is_inherited_by_every_kind_of_call()
    {
        TestChain chain = new();
        Address inner = TestChain.At(0x1111);
        chain.State.Set(inner, 0, [0x5f, 0x5f, 0x55]);
        foreach (byte op in new byte[] { 0xf1, 0xf2, 0xf4, 0xfa })
        {
            chain.State.Set(Callee, 0, Code.Join(Code.Call(op, inner, gas: 100_000), Code.Return1));
            byte[] code = Code.Join(
                Code.Call(0xfa, Callee, gas: 300_000), [0x50], Code.Operands(0, 0, 32), [0x3e, 0x5f, 0x51]);
            Assert.Equal(UInt256.Zero, chain.Evaluate(code).Word);
        }
    }

    [Fact]
    public void Revert_undoes_state_and_keeps_output_and_gas()
    {
        TestChain chain = new();
        chain.State.Set(Callee, 0, Code.Join([0x60, 1, 0x5f, 0x55], Code.Push(0xbadU), [0x5f, 0x52, 0x60, 32, 0x5f, 0xfd]));
        byte[] code = Code.Join(Code.Call(0xf1, Callee), Code.Operands(0, 0, 32), [0x3e, 0x5f, 0x51]);
        (UInt256 word, ulong gas) = chain.Evaluate(Code.Join(code));
        Assert.Equal(0xbadU, word);
        Assert.True(gas < 50_000);
        Assert.Equal(UInt256.Zero, chain.Overlay!.GetStorage(Callee, 0));
        EvmResult direct = chain.Call(Callee);
        Assert.Equal((EvmStatus.Revert, 32), (direct.Status, direct.Output.Length));
    }

    [Fact]
    public void Failure_of_the_callee_takes_its_gas_and_its_logs_and_refunds()
    {
        TestChain chain = new();
        chain.State.Set(Callee, 0, [0x5f, 0x5f, 0xa0, 0x60, 1, 0x5f, 0x55, 0x5f, 0x5f, 0x55, 0xfe]);
        EvmResult result = chain.Run(Code.Join(Code.Call(0xf1, Callee, gas: 100_000), Code.Return1));
        Assert.Equal(UInt256.Zero, UInt256.FromBigEndian(result.Output.Span));
        Assert.True(10_000_000 - result.GasLeft > 100_000);
        Assert.Empty(chain.Logs);
        Assert.Equal(0UL, chain.Refund);
    }

    [Fact]
    public void Call_of_more_than_the_balance_fails_and_gives_the_gas_back()
    {
        TestChain chain = new();
        (UInt256 success, ulong gas) = chain.Evaluate(Code.Call(0xf1, TestChain.Sender, TestChain.Rich + 1));
        Assert.Equal(UInt256.Zero, success);
        Assert.Equal(Pushes + 1 + 100 + 9000 - 2300, gas);
    }

    [Fact]
    public void Calls_nest_to_1024_and_no_deeper()
    {
        TestChain chain = new();

        // Counts in storage how often it ran, then calls itself with what is left.
        byte[] code = Code.Join([0x5f, 0x5c, 0x60, 1, 0x01, 0x5f, 0x5d], Code.Call(0xf1, TestChain.Contract));
        byte[] top = Code.Join(code, [0x5f, 0x5c], Code.Return1);
        EvmResult result = chain.Run(top, gas: 10_000_000_000_000);
        Assert.Equal(1025U, UInt256.FromBigEndian(result.Output.Span));
    }
}
