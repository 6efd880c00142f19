using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Tests.Cases;

/// <summary>Seats at the boundary of two validator sets: the same number is another member (L18, L19.1, L21).</summary>
public sealed class SetBoundaryCases
{
    private static readonly BlockNumber Last = new(9);
    private static readonly Hash256 Nonce = Fixture.Hash("nonce");

    [Fact]
    public void Case_Set_4_a_word_from_the_next_set_takes_nobody_of_this_one_for_gone()
    {
        LbftState state = Enter(Last, from: 1, through: 9, self: 0);
        state = LbftMachine.Step(state, Wish(10, seat: 2)).State;
        Assert.True(state.Peers.Contains(new Seat(2)));

        // The same set goes on: then seat 2 has left this height.
        LbftState within = LbftMachine.Step(Enter(Last, from: 1, through: 20, self: 0), Wish(10, seat: 2)).State;
        Assert.False(within.Peers.Contains(new Seat(2)));
    }

    [Fact]
    public void Case_Set_5_a_member_of_the_former_set_in_the_own_seat_is_answered()
    {
        LbftState state = Enter(new BlockNumber(10), from: 10, through: 20, self: 2);
        Assert.Equal(
            [new LbftEffect.ReplyCertificate(new Seat(2), Last)], LbftMachine.Step(state, Wish(9, seat: 2)).Effects);
        LbftState within = Enter(new BlockNumber(10), from: 1, through: 20, self: 2);
        Assert.Empty(LbftMachine.Step(within, Wish(9, seat: 2)).Effects);
    }

    // Heads of Q members of V(h) bound votes in that set only.
    [Theory]
    [InlineData(5, 20UL, null, 7UL)]      // answered well before the next set: voting from M + 3 on, in whatever set
    [InlineData(18, 20UL, null, 20UL)]
    [InlineData(19, 20UL, null, null)]    // M + 2 is beyond this set: the next one is asked
    [InlineData(30, 20UL, null, null)]    // they are far ahead in other sets
    [InlineData(5, 20UL, 1, 7UL)]         // a member asks the others of its own set in the same way
    [InlineData(2, 20UL, null, 6UL)]      // laggards answer: the own head counts too
    public void Case_Set_6_a_validator_without_a_seat_asks_before_its_first_height(int head, ulong through, int? self, ulong? mute)
    {
        LbftState state = Enter(new BlockNumber(5), from: 3, through, self);
        state = LbftMachine.Step(state, new LbftEvent.JournalLost(Nonce)).State;
        for (int seat = 0; seat < 4; seat++)
        {
            if (seat == self) continue;
            state = LbftMachine.Step(state, new LbftEvent.HeadReceived(new Seat(seat), Nonce, new BlockNumber((ulong)head))).State;
        }

        Assert.Equal(mute ?? ulong.MaxValue, state.MuteThrough.Value);
        Assert.Equal(mute is null, state.Inquiry is not null);
        if (mute is not null) return;

        // In the next set the counting begins anew, by the seats of that set.
        state = Enter(state, new BlockNumber(21), from: 21, through: 90, self: 0);
        Assert.True(state.Inquiry!.Answered.IsEmpty);
        for (int seat = 1; seat < 4; seat++)
            state = LbftMachine.Step(state, new LbftEvent.HeadReceived(new Seat(seat), Nonce, new BlockNumber(40))).State;
        Assert.Equal(42UL, state.MuteThrough.Value);
    }

    [Fact]
    public void Case_Set_7_while_it_imports_no_answer_counts()
    {
        LbftState state = Enter(new BlockNumber(5), from: 3, through: 20, self: null, isFollowing: true);
        state = LbftMachine.Step(state, new LbftEvent.JournalLost(Nonce)).State;
        for (int seat = 0; seat < 4; seat++)
            state = LbftMachine.Step(state, new LbftEvent.HeadReceived(new Seat(seat), Nonce, new BlockNumber(5))).State;
        Assert.Equal(ulong.MaxValue, state.MuteThrough.Value);
    }

    private static LbftEvent.WishReceived Wish(ulong height, int seat) => new(
        new Seat(seat), Fixture.Signed(seat, new Statement(StatementKind.Wish, new BlockNumber(height), 1, Hash256.Zero)));

    private static LbftState Enter(BlockNumber height, ulong from, ulong through, int? self, bool isFollowing = false) => Enter(
        LbftState.Create(Fixture.Times, LbftRules.Certified, height.Previous), height, from, through, self, isFollowing);

    private static LbftState Enter(
        LbftState state, BlockNumber height, ulong from, ulong through, int? self, bool isFollowing = false) => LbftMachine.Step(
            state,
            new LbftEvent.HeightEntered(
                new HeightFacts(
                    height, Fixture.Hash("parent"), 0, CommitteeSize.Of(4), self is { } seat ? new Seat(seat) : null,
                    Fixture.Hash("I"), isFollowing, new BlockNumber(from), new BlockNumber(through)),
                1000)).State;
}
