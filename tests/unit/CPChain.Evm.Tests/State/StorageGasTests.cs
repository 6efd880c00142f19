using CPChain.Types;

namespace CPChain.Evm.Tests;

/// <summary>SSTORE against the table of EIP-2200 as repriced by EIP-2929 and EIP-3529.</summary>
public sealed class StorageGasTests
{
    /// <summary>Original value, values stored one after another, gas, refund; the slot starts cold.</summary>
    public static TheoryData<int, int[], ulong, long> Sequences => new()
    {
        { 0, [0, 0], 2300, 0 },
        { 0, [0, 1], 22_200, 0 },
        { 0, [1, 0], 22_200, 19_900 },
        { 0, [1, 2], 22_200, 0 },
        { 0, [1, 1], 22_200, 0 },
        { 1, [0, 0], 5100, 4800 },
        { 1, [0, 1], 5100, 2800 },
        { 1, [0, 2], 5100, 0 },
        { 1, [2, 0], 5100, 4800 },
        { 1, [2, 3], 5100, 0 },
        { 1, [2, 1], 5100, 2800 },
        { 1, [2, 2], 5100, 0 },
        { 1, [1, 0], 5100, 4800 },
        { 1, [1, 2], 5100, 0 },
        { 1, [1, 1], 2300, 0 },
        { 0, [1, 0, 1], 42_200, 19_900 },
        { 1, [0, 1, 0], 8000, 7600 },
    };

    [Theory]
    [MemberData(nameof(Sequences))]
    public void Sequence_costs_and_refunds_as_the_eip_says(int original, int[] values, ulong gas, long refund)
    {
        TestChain chain = new();
        byte[] code = Code.Join([.. values.Select(static value => new byte[] { 0x60, (byte)value, 0x60, 0, 0x55 })]);
        chain.State.Set(TestChain.Contract, TestChain.Rich, code, 1);
        if (original != 0) chain.State.SetStorage(TestChain.Contract, 0, (ulong)original);
        EvmResult result = chain.Call(TestChain.Contract);
        Assert.Equal(gas + (6 * (ulong)values.Length), 10_000_000 - result.GasLeft);
        Assert.Equal((ulong)refund, chain.Refund);
    }

    [Fact]
    public void Stipend_cannot_store()
    {
        TestChain chain = new();
        byte[] code = [0x60, 1, 0x60, 0, 0x55];
        Assert.Equal(EvmStatus.OutOfGas, chain.Run([0x60, 0, 0x60, 0, 0x55], gas: 2306).Status);
        Assert.Equal(EvmStatus.Success, chain.Run([0x60, 0, 0x60, 0, 0x55], gas: 2307).Status);
        Assert.Equal(EvmStatus.OutOfGas, chain.Run(code, gas: 22_105).Status);
        Assert.Equal(EvmStatus.Success, chain.Run(code, gas: 22_106).Status);
    }

    [Fact]
    public void Sload_costs_2100_cold_and_100_warm()
    {
        TestChain chain = new();
        Assert.Equal(2 + 2100UL, chain.Evaluate([0x5f, 0x54]).Gas);
        Assert.Equal(2 + 2100 + 2 + 2 + 100UL, chain.Evaluate([0x5f, 0x54, 0x50, 0x5f, 0x54]).Gas);
    }

    [Fact]
    public void Transient_storage_ends_with_the_transaction()
    {
        TestChain chain = new();
        byte[] code = Code.Join([0x5f, 0x5c], Code.Push(7), [0x5f, 0x5d], Code.Return1);
        chain.State.Set(TestChain.Contract, 0, code, 1);
        EvmResult first = chain.Call(TestChain.Contract);
        EvmResult second = chain.Call(TestChain.Contract, keep: true);
        Assert.Equal(UInt256.Zero, UInt256.FromBigEndian(first.Output.Span));
        Assert.Equal(UInt256.Zero, UInt256.FromBigEndian(second.Output.Span));
        Assert.Equal(7U, chain.Evaluate(Code.Push(7), [0x5f, 0x5d, 0x5f, 0x5c]).Word);
    }
}
