using System.Collections.Immutable;
using System.Numerics;
using CPChain.Simulation;
using CPChain.Types;

namespace CPChain.Dpor.Tests.Elections;

/// <summary>D6.</summary>
public sealed class ReputationTests
{
    private static readonly DporParameters Main = DporParameters.Main;

    [Fact]
    public void Nobody_has_points_where_all_are_at_0() => Assert.Equal([0, 0, 0], Reputation.ByRank([0, 0, 0]));

    [Fact]
    public void Equals_share_the_better_place_and_0_is_0() =>
        Assert.Equal([100, 100, 60, 0, 40], Reputation.ByRank([9, 9, 4, 0, 1]));

    [Fact]
    public void With_100_accounts_rank_i_has_101_minus_i_points()
    {
        ulong[] values = [.. Enumerable.Range(1, 100).Select(static i => (ulong)i)];
        Assert.Equal(Enumerable.Range(1, 100), Reputation.ByRank(values));
    }

    [Fact]
    public void Ranks_equal_a_count_of_who_is_better()
    {
        SeededRandom random = new(3);
        for (int round = 0; round < 500; round++)
        {
            ulong[] values = [.. Enumerable.Range(0, 1 + random.Below(40)).Select(_ => (ulong)random.Below(12))];
            int[] slow = [.. values.Select(mine => mine == 0
                ? 0 : (int)(new BigInteger(100) * (values.Length - values.Count(other => other > mine)) / values.Length))];
            Assert.Equal(slow, Reputation.ByRank(values));
        }
    }

    [Fact]
    public void Rpt_is_the_papers_sum()
    {
        HandView view = new HandView().List(19, 4, Main);
        // Account 3 is first in balance and blocks, with full points for all deeds.
        view.Deeds[(Fixture.Of(3), 8)] = new Deeds(36, 3, 0, 10, 14, 20);
        for (ulong term = 9; term <= 19; term++)
            view.Deeds[(Fixture.Of(3), term)] = new Deeds(36, 0, 0, 0, 0, 0);
        ReputationScore first = Reputation.Of(Main, view, 19, [Fixture.Of(0), Fixture.Of(1), Fixture.Of(2), Fixture.Of(3)])[3];
        Assert.Equal((100, 100, 100, 100, 100), (first.Balance, first.Transactions, first.Proxy, first.Data, first.Maintenance));
        Assert.Equal(10_000, first.Rpt);
        ReputationScore last = Reputation.Of(Main, view, 19, [Fixture.Of(0), Fixture.Of(1), Fixture.Of(2), Fixture.Of(3)])[0];
        Assert.Equal((25, 0, 0, 0, 0), (last.Balance, last.Transactions, last.Proxy, last.Data, last.Maintenance));
        Assert.Equal(50 * 25, last.Rpt);
    }

    [Theory]
    [InlineData(10, 0, 0, 0, 0, 500)]
    [InlineData(0, 10, 0, 0, 0, 150)]
    [InlineData(0, 0, 10, 0, 0, 100)]
    [InlineData(0, 0, 0, 10, 0, 150)]
    [InlineData(0, 0, 0, 0, 10, 100)]
    [InlineData(100, 40, 20, 60, 80, 7_500)]
    public void Weights_are_50_15_10_15_10(int ab, int tx, int pr, int dc, int bm, int rpt)
    {
        ReputationWeights weights = ReputationWeights.Paper;
        Assert.Equal(
            rpt, weights.Balance * ab + weights.Transactions * tx + weights.Proxy * pr + weights.Data * dc + weights.Maintenance * bm);
    }

    [Theory]
    [InlineData(1, 0, 3)]
    [InlineData(10, 0, 30)]
    [InlineData(11, 0, 30)]
    [InlineData(0, 1, 5)]
    [InlineData(0, 14, 70)]
    [InlineData(0, 15, 70)]
    [InlineData(11, 15, 100)]
    public void Data_has_3_an_upload_to_30_and_5_a_sale_to_70(uint uploads, uint sales, int points)
    {
        HandView view = new HandView().List(5, 1, Main);
        view.Deeds[(Fixture.Of(0), 5)] = new Deeds(0, 0, 0, uploads, sales, 0);
        Assert.Equal(points, Scores(view, 1)[0].Data);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(19, 95)]
    [InlineData(20, 100)]
    [InlineData(21, 100)]
    public void Proxy_has_5_a_receipt_to_100(uint receipts, int points)
    {
        HandView view = new HandView().List(5, 1, Main);
        view.Deeds[(Fixture.Of(0), 5)] = new Deeds(0, 0, 0, 0, 0, receipts);
        Assert.Equal(points, Scores(view, 1)[0].Proxy);
    }

    [Theory]
    [InlineData(7, false)]
    [InlineData(8, true)]
    [InlineData(19, true)]
    [InlineData(20, false)]
    public void The_window_is_the_12_terms_to_the_checkpoint(ulong term, bool counts)
    {
        HandView view = new HandView().List(5, 1, Main);
        view.Deeds[(Fixture.Of(0), term)] = new Deeds(36, 1, 0, 1, 1, 1);
        ReputationScore score = Reputation.Of(Main, view, 19, [Fixture.Of(0)])[0];
        Assert.Equal(counts, score.Transactions > 0);
        Assert.Equal(counts, score.Maintenance > 0);
        Assert.Equal(counts, score.Data > 0);
        Assert.Equal(counts, score.Proxy > 0);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(4, 0)]
    [InlineData(5, 1)]
    [InlineData(35, 8)]
    [InlineData(36, 8)]
    [InlineData(37, 8)]
    [InlineData(5_000, 8)]
    public void Sends_beyond_36_of_a_term_do_not_count(uint sends, int points)
    {
        HandView view = new HandView().List(5, 1, Main);
        view.Deeds[(Fixture.Of(0), 5)] = new Deeds(sends, 0, 0, 0, 0, 0);
        Assert.Equal(points, Scores(view, 1)[0].Transactions);
    }

    [Fact]
    public void Nobodys_deeds_take_from_anothers_activity()
    {
        HandView view = new HandView().List(5, 6, Main);
        for (int i = 0; i < 6; i++)
            view.Deeds[(Fixture.Of(i), 5)] = new Deeds(20, 0, 0, 2, 2, 2);
        ImmutableArray<ReputationScore> before = Scores(view, 6);
        view.Deeds[(Fixture.Of(0), 5)] = new Deeds(36, 0, 0, 50, 50, 50);
        Assert.Equal(before.Skip(1), Scores(view, 6).Skip(1));
    }

    [Fact]
    public void A_borrowed_balance_counts_only_when_it_was_there_all_the_window()
    {
        HandView view = new HandView().List(19, 2, Main);
        view.Balances[Fixture.Of(0)] = Fixture.Cpc(1_000_000);
        view.Money[(Fixture.Of(0), 8)] = new Money(Fixture.Cpc(1), 0);
        Assert.Equal([50, 100], Reputation.Of(Main, view, 19, [Fixture.Of(0), Fixture.Of(1)]).Select(static s => s.Balance));
        Assert.Equal([100, 50], Reputation.Of(Main, view, 20, [Fixture.Of(0), Fixture.Of(1)]).Select(static s => s.Balance));
    }

    [Theory]
    [InlineData(0, 1000)]
    [InlineData(1, 888)]
    [InlineData(6, 333)]
    [InlineData(7, 222)]
    [InlineData(8, 111)]
    [InlineData(9, 0)]
    [InlineData(10, 0)]
    public void Each_impeached_slot_takes_a_ninth_of_the_floor_too(int impeached, int standing)
    {
        HandView view = new();
        view.Penalties[Fixture.Of(0)] = Impeached(impeached, 5);
        ReputationScore score = Scores(view, 1)[0];
        Assert.Equal(0, score.Rpt);
        Assert.Equal(standing, score.Standing(Main));
        Assert.Equal(standing, score.Weight(Main, 1));
    }

    [Fact]
    public void Points_and_rpt_stay_in_range_and_more_of_a_deed_never_harms_its_doer()
    {
        SeededRandom random = new(5);
        for (int round = 0; round < 300; round++)
        {
            HandView view = new HandView().List(5, 12, Main);
            for (int i = 0; i < 12; i++)
            {
                view.Balances[Fixture.Of(i)] = Fixture.Cpc((ulong)random.Below(5));
                view.Deeds[(Fixture.Of(i), 5)] = Few(random);
            }
            ImmutableArray<ReputationScore> before = Scores(view, 12);
            Assert.All(before, static score => Assert.All(
                (int[])[score.Balance, score.Transactions, score.Proxy, score.Data, score.Maintenance, score.Rpt / 100],
                static points => Assert.InRange(points, 0, 100)));
            Deeds more = view.Deeds[(Fixture.Of(0), 5)];
            view.Deeds[(Fixture.Of(0), 5)] = new Deeds(
                more.Sends + 1, (ushort)(more.Blocks + 1), 0, more.Uploads + 1, more.Sales + 1, more.Receipts + 1);
            view.Balances[Fixture.Of(0)] += Units.Cpc;
            ReputationScore after = Scores(view, 12)[0];
            Assert.True(after.Rpt >= before[0].Rpt && after.Balance >= before[0].Balance && after.Data >= before[0].Data);
        }
    }

    [Fact]
    public void Activity_weighs_what_it_has_paid_and_no_more()
    {
        ReputationScore score = new(Fixture.Of(0), 40, 100, 100, 100, 0, 6_000, 2_000, 4_000, 1_000, 0);
        Assert.Equal(2_000, score.Weight(Main, 1_001));
        Assert.Equal(2_001, score.Weight(Main, 1_000));
        Assert.Equal(3_000, score.Weight(Main, 1));
        Assert.Equal(6_000, (score with { Spent = 1_000_000 }).Weight(Main, 1));
        Assert.Equal(6_000, score.Weight(Main, 0));
        Assert.Equal(2_000, (score with { Spent = 0 }).Weight(Main, 1));
    }

    private static ImmutableArray<ReputationScore> Scores(HandView view, int count) =>
        Reputation.Of(Main, view, 5, [.. Enumerable.Range(0, count).Select(Fixture.Of)]);

    private static PenaltyQueue Impeached(int count, ulong term)
    {
        PenaltyQueue queue = default;
        for (int i = 0; i < count; i++)
            queue = queue.With(term);
        return queue;
    }

    private static Deeds Few(SeededRandom random) => new(
        (uint)random.Below(4), (ushort)random.Below(4), 0, (uint)random.Below(4), (uint)random.Below(4), (uint)random.Below(4));
}
