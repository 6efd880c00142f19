namespace CPChain.Dpor.Tests.Counters;

/// <summary>D6.5.</summary>
public sealed class PenaltyQueueTests
{
    [Theory]
    [InlineData(100, 1)]
    [InlineData(377, 1)]
    [InlineData(378, 0)]
    public void A_slot_counts_from_its_term_on_for_278_terms(ulong at, int count) =>
        Assert.Equal(count, default(PenaltyQueue).With(100).CountIn(at, 278));

    [Fact]
    public void The_eleventh_falls_out_and_all_ten_are_remembered()
    {
        PenaltyQueue queue = default;
        for (ulong term = 0; term < 25; term++)
        {
            queue = queue.With(term);
            Assert.Equal((int)Math.Min(term + 1, 10), queue.CountIn(term, 1_000));
        }
        // Terms 15 to 24 are left: of the window 20 to 24 five.
        Assert.Equal(5, queue.CountIn(24, 5));
        Assert.Equal(1, queue.CountIn(24, 1));
        Assert.Equal(0, queue.CountIn(25, 1));
    }

    [Fact]
    public void Term_0_and_the_last_term_count()
    {
        Assert.Equal(1, default(PenaltyQueue).With(0).CountIn(0, 1));
        Assert.Equal(2, default(PenaltyQueue).With(Terms.Last).With(Terms.Last).CountIn(Terms.Last, 1));
        Assert.Throws<Types.InvariantViolation>(() => default(PenaltyQueue).With(Terms.Last + 1));
    }

    [Fact]
    public void A_queue_equals_a_list_of_the_last_ten()
    {
        Simulation.SeededRandom random = new(11);
        PenaltyQueue queue = default;
        List<ulong> list = [];
        ulong term = 0;
        for (int i = 0; i < 3_000; i++)
        {
            term += (ulong)random.Below(20);
            if (random.Chance(40))
            {
                queue = queue.With(term);
                list.Add(term);
            }
            int window = 1 + random.Below(300);
            Assert.Equal(list.TakeLast(10).Count(t => t + (ulong)window > term), queue.CountIn(term, window));
        }
    }
}
