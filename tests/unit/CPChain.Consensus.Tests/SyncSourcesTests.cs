using CPChain.Consensus.Sync;
using CPChain.Types;

namespace CPChain.Consensus.Tests;

public sealed class SyncSourcesTests
{
    private static readonly Address Liar = Address.FromBytes([.. Enumerable.Repeat((byte)1, 20)]);
    private static readonly Address Honest = Address.FromBytes([.. Enumerable.Repeat((byte)2, 20)]);

    private readonly SyncSources sources = new();

    [Fact]
    public void H2_who_renews_a_claim_and_never_gives_is_asked_last()
    {
        sources.Stated(Liar, 1_000);
        sources.Stated(Honest, 500);
        Assert.Equal([Liar, Honest], sources.InOrder(100));

        sources.Missed(Liar, 100);
        Assert.Equal([Honest], sources.InOrder(100));

        sources.Stated(Liar, 2_000);
        sources.Gave(Honest);
        Assert.Equal([Honest, Liar], sources.InOrder(200));
    }

    [Fact]
    public void H2_a_claim_that_was_not_made_good_does_not_count_until_it_is_renewed()
    {
        sources.Notice(Liar, 1_000);
        sources.Missed(Liar, 100);
        Assert.Equal(99u, sources.Highest(_ => true));

        sources.Notice(Liar, 1_001);
        Assert.Equal(1_001u, sources.Highest(_ => true));
        Assert.Equal(0u, sources.Highest(peer => peer == Honest));
    }

    [Fact]
    public void H2_who_gave_again_is_trusted_again_and_who_is_gone_is_not_asked()
    {
        sources.Stated(Liar, 10);
        sources.Stated(Honest, 10);
        sources.Missed(Liar, 5);
        sources.Stated(Liar, 10);
        sources.Gave(Liar);
        Assert.Equal([Liar, Honest], sources.InOrder(5));

        sources.Gone(Liar);
        Assert.Equal([Honest], sources.InOrder(5));
        Assert.Null(sources.ClaimOf(Liar));
    }

    [Fact]
    public void H2_a_head_may_be_stated_lower_and_is_never_noticed_lower()
    {
        sources.Stated(Honest, 10);
        sources.Notice(Honest, 7);
        Assert.Equal(10u, sources.ClaimOf(Honest));

        sources.Stated(Honest, 3);
        Assert.Equal(3u, sources.ClaimOf(Honest));
    }
}
