using System.Collections.Immutable;
using CPChain.Types;

namespace CPChain.Evm.Tests;

/// <summary>E12: precompiled contracts that a chain has of its own.</summary>
public sealed class PlatformPrecompileTests
{
    private const ulong Gas = 1_000_000;
    private static readonly Address Here = TestChain.At(Doubling.Place);
    private static readonly Address There = TestChain.At(0xbeef);

    public static TheoryData<EvmEngine> Engines => [EvmEngine.Adaptive, EvmEngine.Plain, EvmEngine.Decoded];

    [Theory]
    [MemberData(nameof(Engines))]
    public void E12_a_transaction_and_code_may_call_it(EvmEngine engine)
    {
        EvmResult direct = Run(engine, EvmMessage.Call(TestChain.Sender, Here, UInt256.Zero, new byte[] { 21 }, Gas));
        Assert.Equal((EvmStatus.Success, Gas - Doubling.Price), (direct.Status, direct.GasLeft));
        Assert.Equal(42, Assert.Single(direct.Output.ToArray()));

        // MSTORE8(0, 21); STATICCALL(gas, Here, 0, 1, 31, 1); RETURN(0, 32): byte 0 is the input, byte 31 the answer.
        byte[] code = Code.Join(
            Code.Operands(0, 21), Code.Op(0x53), Code.Operands(UInt256.MaxValue, Doubling.Place, 0, 1, 31, 1),
            Code.Op(0xfa, 0x50), Code.Operands(0, 32), Code.Op(0xf3));
        EvmResult inner = Run(engine, Call(code));
        Assert.Equal(EvmStatus.Success, inner.Status);
        Assert.Equal((21, 42), (inner.Output.Span[0], inner.Output.Span[31]));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void E12_a_refused_input_and_too_little_gas_take_all_of_it(EvmEngine engine)
    {
        EvmResult refused = Run(engine, EvmMessage.Call(TestChain.Sender, Here, UInt256.Zero, default, Gas));
        Assert.Equal((EvmStatus.PrecompileFailure, 0UL, 0), (refused.Status, refused.GasLeft, refused.Output.Length));
        EvmResult poor = Run(engine, EvmMessage.Call(TestChain.Sender, Here, UInt256.Zero, new byte[] { 1 }, Doubling.Price - 1));
        Assert.Equal((EvmStatus.PrecompileFailure, 0UL), (poor.Status, poor.GasLeft));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void E12_it_is_warm(EvmEngine engine)
    {
        byte[] code = Code.Join(Code.Push(Here), Code.Op(0x31, 0x00)); // BALANCE, STOP
        Assert.Equal(3UL + 100, Gas - Run(engine, Call(code), code).GasLeft);
        Assert.Equal(3UL + 2600, Gas - Run(engine, Call(code), code, []).GasLeft);
    }

    [Fact]
    public void E12_its_gas_is_heavy()
    {
        EvmMachine machine = new(EvmRules.Osaka, EvmEngine.Adaptive, [new Doubling()], []);
        machine.BoundHeavyGas(Doubling.Price);
        Run(machine, EvmMessage.Call(TestChain.Sender, Here, UInt256.Zero, new byte[] { 1 }, Gas));
        Assert.Equal((0UL, false), (machine.HeavyGasLeft, machine.HasOverrunHeavyGas));
        EvmResult more = Run(machine, EvmMessage.Call(TestChain.Sender, Here, UInt256.Zero, new byte[] { 1 }, Gas));
        Assert.Equal(EvmStatus.PrecompileFailure, more.Status);
        Assert.True(machine.HasOverrunHeavyGas);
    }

    [Fact]
    public void E12_no_rule_set_has_it()
    {
        foreach (EvmRules rules in EvmRules.All)
        {
            Assert.False(new EvmMachine(rules).IsPrecompile(Here));
            Assert.True(new EvmMachine(rules, EvmEngine.Adaptive, [new Doubling()], []).IsPrecompile(Here));
            Assert.False(new EvmMachine(rules, EvmEngine.Adaptive, [new Doubling()], []).IsPrecompile(TestChain.At(Doubling.Place + 1)));
        }
    }

    [Fact]
    public void E12_a_simulation_may_move_it_and_it_stays_warm()
    {
        EvmMachine moved = new(EvmRules.Osaka, EvmEngine.Adaptive, [new Doubling()], [new PrecompileMove(Here, There)]);
        Assert.Equal((false, true, true), (moved.IsPrecompile(Here), moved.IsPrecompile(There), moved.IsPrecompile(TestChain.At(1))));
        EvmResult result = Run(moved, EvmMessage.Call(TestChain.Sender, There, UInt256.Zero, new byte[] { 4 }, Gas));
        Assert.Equal(8, Assert.Single(result.Output.ToArray()));
        Assert.Throws<InvariantViolation>(() =>
            new EvmMachine(EvmRules.Osaka, EvmEngine.Adaptive, [], [new PrecompileMove(Here, There)]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0x50)]
    [InlineData(0x100)]
    public void E12_the_numbers_of_Ethereum_are_not_for_it(int number) => Assert.Throws<InvariantViolation>(() =>
        new EvmMachine(EvmRules.Osaka, EvmEngine.Adaptive, [new Doubling { Number = number }], []));

    private static EvmMessage Call(byte[] code) =>
        EvmMessage.Call(TestChain.Sender, TestChain.Contract, UInt256.Zero, code, Gas);

    private static EvmResult Run(
        EvmEngine engine, in EvmMessage message, byte[]? code = null, ImmutableArray<IPlatformPrecompile>? platform = null) =>
        Run(new EvmMachine(EvmRules.Osaka, engine, platform ?? [new Doubling()], []), message, code ?? message.Input.ToArray());

    private static EvmResult Run(EvmMachine machine, in EvmMessage message, byte[]? code = null)
    {
        TestChain chain = new();
        if (code is not null) chain.State.Set(TestChain.Contract, UInt256.Zero, code, 1);
        StateOverlay overlay = new(chain.State);
        overlay.BeginTransaction();
        overlay.WarmAccount(message.Recipient);
        return machine.Execute(message, overlay, chain.Block, chain.Transaction);
    }

    /// <summary>Doubles one byte below 128.</summary>
    private sealed class Doubling : IPlatformPrecompile
    {
        public const int Place = 0x0c0e01;
        public const ulong Price = 70;

        public int Number { get; init; } = Place;

        public ulong Gas => Price;

        public int OutputBytes => 1;

        public bool TryAnswer(ReadOnlySpan<byte> input, Span<byte> output)
        {
            if (input is not [< 128]) return false;
            output[0] = (byte)(2 * input[0]);
            return true;
        }
    }
}
