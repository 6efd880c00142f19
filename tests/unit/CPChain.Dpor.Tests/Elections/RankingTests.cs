using System.Collections.Immutable;
using CPChain.Types;

namespace CPChain.Dpor.Tests.Elections;

/// <summary>Who does not stand is worth what it would be worth if it alone stood beside the others (D6.1).</summary>
public sealed class RankingTests
{
    [Fact]
    public void D6_1_a_score_beside_the_list_is_the_score_on_a_list_with_one_more()
    {
        DporParameters parameters = DporParameters.Main;
        for (ulong own = 0; own <= 4; own++)
        {
            HandView view = ViewOf(3, 0, 2, 2, own);
            ImmutableArray<Address> all = [.. Enumerable.Range(0, 5).Select(Fixture.Of)];
            Ranking four = new(parameters, view, 19, all[..4]);
            Assert.Equal(Reputation.Of(parameters, view, 19, all)[4], four.ScoreOf(all[4]));
            Assert.Equal(Reputation.Of(parameters, view, 19, all[..4]), [.. all[..4].Select(account => four.ScoreOf(account))]);
        }
    }

    [Fact]
    public void Beside_nobody_the_score_is_that_of_the_only_one()
    {
        HandView view = ViewOf(7);
        Assert.Equal(100, new Ranking(DporParameters.Main, view, 3, []).ScoreOf(Fixture.Of(0)).Balance);
    }

    [Fact]
    public void D6_5_a_queue_tells_its_terms_newest_first()
    {
        PenaltyQueue queue = default;
        Assert.Empty(queue.Terms());
        for (ulong term = 0; term < 12; term++) queue = queue.With(term);
        Assert.Equal([11UL, 10, 9, 8, 7, 6, 5, 4, 3, 2], queue.Terms());
    }

    [Theory]
    [InlineData(0UL, false, 0UL, 2UL, false)]
    [InlineData(7UL, false, 0UL, 2UL, false)]
    [InlineData(8UL, true, 0UL, 2UL, true)]
    [InlineData(16UL, true, 0UL, 3UL, true)]
    [InlineData(144UL, true, 4UL, 19UL, true)]
    public void D5_the_state_tells_of_sixteen_terms(ulong number, bool seeds, ulong first, ulong last, bool rolls)
    {
        StoredElections stored = new(DporParameters.Short, Fixture.Defaults, number, new NoWords());
        Assert.Equal(new TermRange(first, last), stored.Committees);
        Assert.Equal((seeds, rolls), (!stored.Seeds.IsEmpty, !stored.Rolls.IsEmpty));
        Assert.Null(stored.CommitteeOf(last + 1));
        if (first > 0) Assert.Null(stored.CommitteeOf(first - 1));
        Assert.NotNull(stored.CommitteeOf(last));
    }

    [Fact]
    public void D11_1_an_era_ends_with_its_last_number()
    {
        DporParameters parameters = DporParameters.Short;
        Assert.Equal(0, Eras.IndexOf(parameters, 100));
        Assert.Equal(1, Eras.IndexOf(parameters, 101));
        Assert.Null(Eras.IndexOf(parameters, 301));
    }

    private static HandView ViewOf(params ulong[] values)
    {
        HandView view = new();
        for (int i = 0; i < values.Length; i++)
        {
            view.Balances[Fixture.Of(i)] = Units.Cpc * values[i];
            view.Deeds[(Fixture.Of(i), 15)] = new Deeds(3, (ushort)values[i], 0, 1, 0, 2);
        }
        return view;
    }

    private sealed class NoWords : IWordView
    {
        public UInt256 Load(Address contract, UInt256 slot) => UInt256.Zero;

        public UInt256 BalanceOf(Address account) => UInt256.Zero;
    }
}
