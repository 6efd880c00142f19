namespace CPChain.Simulation.Tests;

public sealed class SeededRandomTests
{
    // The published first outputs of SplitMix64 for the seed 1234567.
    [Fact]
    public void Draws_are_those_of_SplitMix64()
    {
        SeededRandom random = new(1234567);

        Assert.Equal(
            [6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL],
            new[] { random.Next(), random.Next(), random.Next() });
    }
}
