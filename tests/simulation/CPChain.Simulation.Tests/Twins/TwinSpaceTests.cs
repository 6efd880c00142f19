using CPChain.Simulation.Twins;

namespace CPChain.Simulation.Tests.Twins;

public sealed class TwinSpaceTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 5)]
    [InlineData(5, 52)]
    [InlineData(6, 203)]
    [InlineData(7, 877)]
    [InlineData(11, 678_570)]
    public void Partitions_are_as_many_as_the_Bell_number_says(int nodes, ulong count) =>
        Assert.Equal(count, new SetPartitions(nodes).Count);

    [Fact]
    public void Every_number_is_another_partition_in_canonical_form()
    {
        SetPartitions partitions = new(6);
        HashSet<string> seen = [];
        byte[] groups = new byte[6];
        for (ulong number = 0; number < partitions.Count; number++)
        {
            partitions.Write(number, groups);
            int open = 0;
            foreach (byte group in groups)
            {
                Assert.InRange(group, 0, open);
                if (group == open) open++;
            }

            seen.Add(string.Join(',', groups));
        }

        Assert.Equal((int)partitions.Count, seen.Count);
    }

    [Theory]
    [InlineData(1, 7UL)]
    [InlineData(1000, 1UL)]
    [InlineData(1025, 99UL)]
    [InlineData(1025, 0UL)]
    public void A_seed_orders_all_numbers_and_repeats_none(int count, ulong seed)
    {
        Sampling sampling = new((ulong)count, seed);
        SortedSet<UInt128> seen = [];
        for (int position = 0; position < count; position++) seen.Add(sampling.At((ulong)position));

        Assert.Equal(count, seen.Count);
        Assert.Equal((UInt128)(ulong)(count - 1), seen.Max);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(7)]
    public void Different_numbers_are_different_scenarios(int validators)
    {
        TwinSpace space = new(validators);
        Sampling sampling = new(space.Count, 5);
        TwinScenario scenario = space.NewScenario();
        HashSet<string> seen = [];
        for (ulong position = 0; position < 500; position++)
        {
            foreach (UInt128 number in new[] { position, space.Count - 1 - position, sampling.At(position) })
            {
                space.Read(number, scenario);
                string text = scenario.ToString();
                seen.Add(text[text.IndexOf(':', StringComparison.Ordinal)..]);
            }
        }

        Assert.Equal(1500, seen.Count);
    }
}
