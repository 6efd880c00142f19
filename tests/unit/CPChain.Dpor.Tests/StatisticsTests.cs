using CPChain.Simulation.Dpor;

namespace CPChain.Dpor.Tests;

/// <summary>The measuring rods against published tables.</summary>
public sealed class StatisticsTests
{
    [Theory]
    [InlineData(3.841, 1, 0.05)]
    [InlineData(10.828, 1, 0.001)]
    [InlineData(18.307, 10, 0.05)]
    [InlineData(29.588, 10, 0.001)]
    [InlineData(124.342, 100, 0.05)]
    [InlineData(149.449, 100, 0.001)]
    [InlineData(77.929, 100, 0.95)]
    public void Chi_square_has_its_tabled_chances(double chiSquare, int degrees, double p) =>
        Assert.Equal(p, Statistics.ChiSquareP(chiSquare, degrees), 4);

    [Fact]
    public void Counts_as_expected_are_no_deviation()
    {
        Assert.Equal(0, Statistics.ChiSquare([10, 20, 30], [1, 2, 3]));
        Assert.Equal(1, Statistics.ChiSquareP(0, 2));
    }

    [Fact]
    public void The_best_of_two_is_half_a_range_away() => Assert.Equal(1 / Math.Sqrt(3), Statistics.BestOf(2), 12);
}
