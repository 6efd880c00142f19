namespace CPChain.Dpor.Tests;

/// <summary>D2.</summary>
public sealed class TermsTests
{
    private static readonly Terms Main = DporParameters.Main.Terms;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(36, 0)]
    [InlineData(37, 1)]
    [InlineData(72, 1)]
    [InlineData(73, 2)]
    [InlineData(252, 6)]
    [InlineData(253, 7)]
    public void A_term_has_36_numbers(ulong number, ulong term) => Assert.Equal(term, Main.TermOf(number));

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(12, 0, 11)]
    [InlineData(13, 1, 0)]
    [InlineData(24, 1, 11)]
    [InlineData(25, 2, 0)]
    [InlineData(36, 2, 11)]
    [InlineData(37, 0, 0)]
    public void Each_seat_comes_up_once_a_view(ulong number, int view, int seat)
    {
        Assert.Equal(view, Main.ViewOf(number));
        Assert.Equal(seat, Main.SeatOf(number));
        Assert.Equal(seat == 0, Main.BeginsView(number));
    }

    [Fact]
    public void Every_seat_of_every_committee_size_has_an_equal_share_of_a_term()
    {
        foreach (Terms terms in (Terms[])[Main, new(4, 2), new(1, 1), new(64, 16), new(7, 3)])
        {
            for (ulong term = 0; term < 3; term++)
            {
                int[] turns = new int[terms.Seats];
                for (ulong n = terms.FirstOf(term); n <= terms.CheckpointOf(term); n++)
                {
                    Assert.Equal(term, terms.TermOf(n));
                    Assert.Equal(n - terms.FirstOf(term), terms.OffsetOf(n));
                    Assert.Equal(n == terms.CheckpointOf(term), terms.IsCheckpoint(n));
                    turns[terms.SeatOf(n)]++;
                }
                Assert.All(turns, count => Assert.Equal(terms.Views, count));
            }
        }
    }

    [Fact]
    public void Block_0_is_no_checkpoint_and_has_no_place_in_its_term()
    {
        Assert.False(Main.IsCheckpoint(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Main.OffsetOf(0));
        Assert.Equal(36UL, Main.CheckpointOf(0));
        Assert.Equal(37UL, Main.FirstOf(1));
    }
}
