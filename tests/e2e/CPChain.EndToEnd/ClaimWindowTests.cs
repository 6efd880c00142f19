using CPChain.App.Proposing;
using CPChain.Dpor;

namespace CPChain.EndToEnd;

/// <summary>A claim is sent only where the blocks that may take it in are all of the term that its commitments are made for (D12).</summary>
public sealed class ClaimWindowTests
{
    [Theory]
    [InlineData(8)]
    [InlineData(36)]
    [InlineData(2)]
    [InlineData(1)]
    public void Every_block_that_may_take_a_claim_in_is_of_the_term_that_is_told(int length)
    {
        Terms terms = new(length, 1);
        int open = 0;
        for (ulong head = 0; head < (ulong)length * 5; head++)
        {
            if (ClaimWindow.TermAfter(terms, head) is not { } term) continue;
            open++;
            for (ulong after = 1; after <= Math.Min(ClaimWindow.Blocks, Math.Max(1, (ulong)length / 2)); after++)
                Assert.Equal(term, terms.TermOf(head + after));
        }

        // It never stays shut: each term has its window.
        Assert.True(open >= 5);
    }

    [Fact]
    public void Near_the_end_of_a_term_it_waits_for_the_next()
    {
        Terms terms = new(8, 1);
        Assert.Equal(0UL, ClaimWindow.TermAfter(terms, 5));
        Assert.Null(ClaimWindow.TermAfter(terms, 6));
        Assert.Null(ClaimWindow.TermAfter(terms, 7));
        Assert.Equal(1UL, ClaimWindow.TermAfter(terms, 8));
        Assert.Equal(5UL, ClaimWindow.FirstServed(1));
    }
}
