using CPChain.Lbft.Proposer;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;
using static CPChain.Lbft.Proposer.ProposerEvent;

namespace CPChain.Lbft.Tests.Rules;

public sealed class ProposerMachineTests
{
    private static readonly BlockNumber Height = new(5);
    private static readonly Statement Seal = new(StatementKind.Seal, Height, 0, Fixture.Hash("b"));
    private static readonly HeightEntered Turn = new(Height, 1000, CommitteeSize.Of(4), IsOwnTurn: true, WallMs: 1200);

    [Fact]
    public void L7_3_nothing_is_built_before_the_slot_and_the_block_carries_real_time()
    {
        ProposerTransition waiting = Step(ProposerState.Create(Fixture.Times), Turn);
        Assert.Equal([new ProposerEffect.StartTimer(Height, 800)], waiting.Effects);
        Assert.Equal(
            [new ProposerEffect.BuildBlock(Height, 2003)], Step(waiting.State, new TimerExpired(Height, 2003)).Effects);
        Assert.Equal(
            [new ProposerEffect.BuildBlock(Height, 3_600_000)],
            Step(ProposerState.Create(Fixture.Times), Turn with { WallMs = 3_600_000 }).Effects);
    }

    [Fact]
    public void L8_1_the_intent_is_stored_before_the_seal_and_the_block_is_sent_until_all_have_voted()
    {
        ProposerState state = Step(ProposerState.Create(Fixture.Times), Turn with { WallMs = 2000 }).State;
        ProposerTransition promised = Step(state, new BlockBuilt(Height, Fixture.Hash("b")));
        Assert.Equal(
            [new ProposerEffect.StoreIntent(Height, Fixture.Hash("b")), new ProposerEffect.SealBlock(Seal)], promised.Effects);

        ProposerTransition sent = Step(promised.State, new BlockSealed(Seal, Fixture.SignatureOf(9)));
        Assert.Equal(SendTo(0, 1, 2, 3), sent.Effects[0]);
        state = Step(sent.State, new VoteSeen(Height, new Seat(2))).State;
        Assert.Equal(SendTo(0, 1, 3), Step(state, new TimerExpired(Height, 0)).Effects[0]);
    }

    [Fact]
    public void L8_1_a_second_block_is_never_sealed_after_a_restart()
    {
        ProposerTransition promised = Step(ProposerState.Create(Fixture.Times, Seal), Turn with { WallMs = 9000 });
        Assert.Equal([new ProposerEffect.SealBlock(Seal)], promised.Effects);

        ProposerTransition sealedBefore = Step(
            ProposerState.Create(Fixture.Times, Seal, Fixture.SignatureOf(9)), Turn with { WallMs = 9000 });
        Assert.Equal(SendTo(0, 1, 2, 3), sealedBefore.Effects[0]);
        Assert.Empty(Step(sealedBefore.State, new BlockBuilt(Height, Fixture.Hash("c"))).Effects);
    }

    [Fact]
    public void L8_2_nobody_proposes_out_of_turn()
    {
        ProposerTransition none = Step(ProposerState.Create(Fixture.Times), Turn with { IsOwnTurn = false });
        Assert.Empty(none.Effects);
        Assert.Equal(ProposerStage.Waiting, none.State.Stage);
    }

    private static ProposerTransition Step(ProposerState state, ProposerEvent input) => ProposerMachine.Step(state, input);

    private static ProposerEffect.SendBlock SendTo(params int[] seats) =>
        new ProposerEffect.SendBlock(Fixture.Seats(seats), Fixture.Hash("b"), Fixture.SignatureOf(9));
}
