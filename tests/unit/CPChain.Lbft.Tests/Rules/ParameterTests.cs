namespace CPChain.Lbft.Tests.Rules;

public sealed class ParameterTests
{
    [Fact]
    public void L1_the_defaults_are_those_of_the_rule()
    {
        LbftParameters expected = new(10_000, 10_000, 5000, 500, 1000, 2000, 500, 15_000, 5000, 60_000, 64);
        Assert.Equal(expected, LbftParameters.Default);
        Assert.Equal(15_000, expected.RoundMs(1));
        Assert.Equal(25_000, expected.RoundMs(3));
        Assert.Equal(60_000, expected.RoundMs(int.MaxValue));
    }

    [Fact]
    public void L1_every_period_from_100_ms_keeps_all_constraints()
    {
        for (int period = LbftParameters.PeriodMsMin; period <= 600_000; period += period < 2000 ? 1 : 997)
            Assert.Equal(ParameterFault.None, LbftParameters.ForPeriod(period).Check());
    }

    [Fact]
    public void L1_a_broken_constraint_is_named()
    {
        LbftParameters good = LbftParameters.Default;
        Assert.Equal(ParameterFault.PeriodOutOfRange, (good with { PeriodMs = 99 }).Check());
        Assert.Equal(ParameterFault.TimeoutTooShort, (good with { TimeoutMs = 9999 }).Check());
        Assert.Equal(ParameterFault.RoundBaseTooShort, (good with { RoundBaseMs = 14_999 }).Check());
        Assert.Equal(ParameterFault.RoundMaxBelowBase, (good with { RoundMaxMs = 14_999 }).Check());
        Assert.Equal(ParameterFault.DriftTooLarge, (good with { DriftMs = 2500 }).Check());
        Assert.Equal(ParameterFault.TimeOutOfRange, (good with { ResendMs = 0 }).Check());
        Assert.Equal(ParameterFault.RoundWindowOutOfRange, (good with { RoundWindow = 0 }).Check());
    }
}
