using System.Diagnostics;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Tests.Rules;

public sealed class StepBudgetTests
{
    private const int BytesPerVoteMax = 500;

    [Fact]
    public void A_vote_costs_at_most_500_bytes_at_seven_validators()
    {
        LbftState idle = LbftMachine.Step(
            LbftState.Create(Fixture.Times, LbftRules.Certified, new BlockNumber(4)),
            new LbftEvent.HeightEntered(
                new HeightFacts(new BlockNumber(5), Fixture.Hash("p"), 0, CommitteeSize.Of(7), new Seat(0), Fixture.Hash("I")),
                1000)).State;
        LbftEvent[] votes =
        [
            .. Enumerable.Range(1, 4).Select(seat => Vote(seat, VoteClass.Prepare)),
            .. Enumerable.Range(1, 4).Select(seat => Vote(seat, VoteClass.Commit)),
        ];
        LbftState warm = LbftMachine.Step(idle, votes[0]).State;
        (long bytes, long nanoseconds) = Measure(warm, votes[1..2], rounds: 100_000);

        TestContext.Current.TestOutputHelper?.WriteLine($"step-vote n=7: {bytes} B, {nanoseconds} ns");
        Assert.InRange(bytes, 1, BytesPerVoteMax);
        Assert.All(votes, vote => Assert.InRange(Measure(warm, [vote], rounds: 100).Bytes, 0, BytesPerVoteMax));
    }

    private static (long Bytes, long Nanoseconds) Measure(LbftState state, LbftEvent[] votes, int rounds)
    {
        foreach (LbftEvent vote in votes) LbftMachine.Step(state, vote);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Stopwatch watch = Stopwatch.StartNew();
        for (int round = 0; round < rounds; round++)
            foreach (LbftEvent vote in votes)
                LbftMachine.Step(state, vote);
        long steps = (long)rounds * votes.Length;
        return ((GC.GetAllocatedBytesForCurrentThread() - before) / steps, (long)watch.Elapsed.TotalNanoseconds / steps);
    }

    private static LbftEvent.VoteReceived Vote(int seat, VoteClass voteClass) => new LbftEvent.VoteReceived(
        new Seat(seat),
        Fixture.Signed(seat, Statement.Vote(voteClass, new BlockNumber(5), 0, Fixture.Hash("b"))));
}
