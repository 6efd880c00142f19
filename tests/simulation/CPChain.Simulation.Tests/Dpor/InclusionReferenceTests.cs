using CPChain.Simulation.Dpor;

namespace CPChain.Simulation.Tests.Dpor;

/// <summary>The integral against an enumeration of all orders.</summary>
public sealed class InclusionReferenceTests
{
    [Theory]
    [InlineData(new[] { 1, 1, 1, 1 }, 2)]
    [InlineData(new[] { 1, 2, 3, 4, 5, 6 }, 1)]
    [InlineData(new[] { 1, 2, 3, 4, 5, 6 }, 3)]
    [InlineData(new[] { 1, 2, 3, 4, 5, 6 }, 5)]
    [InlineData(new[] { 1, 1000, 1000, 9000 }, 2)]
    public void Chances_are_the_sum_over_all_orders(int[] weights, int seats)
    {
        double[] slow = new double[weights.Length];
        Walk([], 1);
        double[] chances = InclusionReference.Chances(weights, seats);
        for (int i = 0; i < weights.Length; i++)
            Assert.Equal(slow[i], chances[i], 6);

        void Walk(int[] seated, double chance)
        {
            if (seated.Length == seats)
            {
                foreach (int i in seated)
                    slow[i] += chance;
                return;
            }
            double left = weights.Where((_, i) => !seated.Contains(i)).Sum();
            for (int i = 0; i < weights.Length; i++)
            {
                if (!seated.Contains(i))
                    Walk([.. seated, i], chance * weights[i] / left);
            }
        }
    }

    [Fact]
    public void With_a_seat_for_everybody_all_are_seated() => Assert.Equal([1, 1], InclusionReference.Chances([3, 4], 2));
}
