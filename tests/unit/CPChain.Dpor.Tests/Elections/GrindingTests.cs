using CPChain.Types;

namespace CPChain.Dpor.Tests.Elections;

/// <summary>D9.4: the game that a coalition with the last k seats of a term plays, over the real schedule.</summary>
public sealed class GrindingTests
{
    private const double P = 0.01;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(8)]
    public void With_honest_default_proposers_a_tail_of_k_chooses_among_k_plus_1_seeds(int k)
    {
        double best = new Game(k, HandOver: 64, Loyal: true).Best();
        Assert.Equal(1 - Math.Pow(1 - P, k + 1), best, 12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    public void Handing_over_after_two_only_takes_choices_away(int k)
    {
        double best = new Game(k, HandOver: 2, Loyal: true).Best();
        Assert.True(best <= 1 - Math.Pow(1 - P, k + 1) + 1e-12);
        Assert.True(best >= 1 - Math.Pow(1 - P, Math.Min(k, 1) + 1) - 1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(6)]
    public void With_default_proposers_in_the_coalition_a_tail_of_k_chooses_among_2_to_the_k(int k)
    {
        double best = new Game(k, HandOver: 64, Loyal: false).Best();
        Assert.Equal(1 - Math.Pow(1 - P, 1 << k), best, 12);
    }

    // The chance that the coalition reaches an event of chance P under each seed, all seeds independent.
    private sealed record Game(int K, int HandOver, bool Loyal)
    {
        private readonly DporParameters _parameters = DporParameters.Main with { HandOverAfter = HandOver };

        private ProposerSchedule Schedule => new(_parameters, Fixture.Defaults);

        public double Best() => Reach(37UL - (ulong)K, default);

        // Before number n, after an honest reveal: what the coalition knows of all seeds up to the next honest one is now fixed.
        private double Reach(ulong n, ScheduleState state)
        {
            int known = 0;
            double gamble = 0;
            Walk(n, state, ref known, ref gamble);
            return 1 - Math.Pow(1 - P, known) * (1 - gamble);
        }

        private void Walk(ulong n, ScheduleState state, ref int known, ref double gamble)
        {
            if (n > 36)
            {
                known++;
                return;
            }
            Slot slot = Schedule.SlotOf(n, state, Committee());
            if (Loyal && !slot.Elected)
            {
                gamble = Math.Max(gamble, Reach(n + 1, Schedule.After(n, state, slot, impeached: false)));
                return;
            }
            foreach (bool withheld in (bool[])[false, true])
                Walk(n + 1, Schedule.After(n, state, slot, withheld), ref known, ref gamble);
        }

        private static Committee Committee() => new(
            0, [.. Enumerable.Range(0, 12).Select(static seat => new CommitteeSeat(Fixture.Of(seat), true, Hash256.Zero))]);
    }
}
