using System.Numerics;
using CPChain.Chain;
using CPChain.Types;
using FsCheck;
using FsCheck.Fluent;

namespace CPChain.Execution.Tests.Rules;

/// <summary>Rule C9: EIP-1559 with a floor.</summary>
public sealed class BaseFeeTests
{
    private static readonly UInt256 Floor = Units.Gwei;

    [Theory]
    [InlineData(1_000_000_000, 10_000_000, 1_000_000_000)]
    [InlineData(1_000_000_000, 20_000_000, 1_125_000_000)]
    [InlineData(1_125_000_000, 0, 1_000_000_000)]
    [InlineData(2_000_000_000, 0, 1_750_000_000)]
    [InlineData(2_000_000_000, 10_000_001, 2_000_000_025)]
    public void C9_it_moves_by_an_eighth_at_most(ulong fee, ulong used, ulong expected) =>
        Assert.Equal((UInt256)expected, BaseFee.After(Parent(fee, used), Floor));

    [Fact]
    public void C9_it_rises_by_one_at_least_above_the_target() =>
        Assert.Equal((UInt256)8UL, BaseFee.After(Parent(7, 10_000_001), UInt256.One));

    [Fact]
    public void C9_it_equals_the_formula_of_the_eip_and_never_falls_below_the_floor()
    {
        Prop.ForAll(
            Gen.Choose(0, int.MaxValue).Zip(Gen.Choose(0, 20_000_000)).ToArbitrary(),
            pair =>
            {
                ulong fee = (ulong)pair.Item1 + 1_000_000_000;
                BigInteger target = 10_000_000;
                BigInteger used = pair.Item2;
                BigInteger slow = used > target
                    ? fee + BigInteger.Max(fee * (used - target) / target / 8, 1)
                    : fee - fee * (target - used) / target / 8;
                slow = BigInteger.Max(slow, 1_000_000_000);
                return BaseFee.After(Parent(fee, (ulong)pair.Item2), Floor) == UInt256.FromBigInteger(slow);
            }).QuickCheckThrowOnFailure();
    }

    private static BlockHeader Parent(ulong fee, ulong used) =>
        new() { GasLimit = 20_000_000, GasUsed = used, BaseFeePerGas = fee };
}
