using CPChain.Contracts.Tests.Election;
using CPChain.Contracts.Tests.Pools;
using CPChain.Contracts.Tests.World;
using CPChain.Crypto;
using CPChain.Types;
using static CPChain.Contracts.Tests.World.EconomyWorld;

namespace CPChain.Contracts.Tests.Governing;

/// <summary>
/// Congress and proposals: the original's cases (20.9 Congress and Proposal) and the defects of its contracts (iot-identity-applications
/// 6.2: congress, proposal).
/// </summary>
public sealed class GovernanceTests
{
    private const ulong Delay = 2 * Day;
    private static readonly Hash256 s_text = Keccak256.Hash([0x7e]);
    private static readonly Address s_proposer = Actor(200);
    private static readonly UInt256 s_deposit = Cpc(100);

    private enum State { None, Deposited, Approved, Successful, Executed, Rejected, Timeout }

    [Fact]
    public void Congress_20_9_joins_with_200_000_once_and_quits_after_90_days()
    {
        using EconomyWorld world = new();
        world.Fund(Actor(1), Cpc(400_000));
        Assert.Equal($"DepositTooSmall({Cpc(200_000)})", world.Pay(Actor(1), Cpc(200_000) - UInt256.One, Sys.Congress, "join").Reason);
        ulong joined = world.Now;
        Assert.True(world.Pay(Actor(1), Cpc(200_000), Sys.Congress, "join").Success);
        Assert.Equal("AlreadyJoined()", world.Pay(Actor(1), Cpc(200_000), Sys.Congress, "join").Reason);
        Assert.Equal("NotJoined()", world.Send(Actor(2), Sys.Congress, "quit").Reason);
        world.At(joined + 90 * Day - 1);
        Assert.Equal($"StayNotOver({joined + 90 * Day})", world.Send(Actor(1), Sys.Congress, "quit").Reason);
        world.At(joined + 90 * Day);
        Assert.True(world.Send(Actor(1), Sys.Congress, "quit").Success);
        Assert.True(world.Send(Actor(1), Sys.Congress, "withdraw").Success);
        Assert.Equal(Cpc(400_000), world.Balance(Actor(1)));
        Assert.Equal(UInt256.Zero, world.Uint(Sys.Congress, "count"));
    }

    [Fact]
    public void Defect_6_2_congress_nobody_changes_its_period_or_refunds_its_members()
    {
        string[] changing = [.. Sys.Congress.Abi.Functions.Where(f => !f.IsView).Select(f => f.Name).Order(StringComparer.Ordinal)];
        Assert.Equal(["join", "quit", "withdraw", "withdrawTo"], changing);
        using EconomyWorld world = new();
        Assert.Equal((UInt256)(90 * Day), world.Uint(Sys.Congress, "STAY"));
    }

    [Fact]
    public void Proposal_20_9_a_wrong_period_text_deposit_or_target_is_refused()
    {
        using EconomyWorld world = Ready();
        world.Fund(s_proposer, Cpc(1_000));
        Assert.Equal("NoText()", Submit(world, text: Hash256.Zero).Reason);
        Assert.Equal($"WrongPeriod({Day}, {30 * Day})", Submit(world, period: Day - 1).Reason);
        Assert.Equal($"WrongPeriod({Day}, {30 * Day})", Submit(world, period: 30 * Day + 1).Reason);
        Assert.Equal($"DepositTooSmall({s_deposit})", Submit(world, deposit: s_deposit - UInt256.One).Reason);
        Assert.StartsWith("TargetNotGoverned", Submit(world, target: Sys.RNodePool.Address).Reason, StringComparison.Ordinal);
        Assert.StartsWith("TargetNotGoverned", Submit(world, target: Sys.Reserve.Address).Reason, StringComparison.Ordinal);
        Assert.StartsWith("TargetNotGoverned", Submit(world, target: Address.Zero).Reason, StringComparison.Ordinal);
        Assert.Equal("CallTooLong(8192)", Submit(world, call: new byte[8_193]).Reason);
        Done submitted = Submit(world, period: 30 * Day);
        Assert.True(submitted.Success, submitted.Reason);
        Assert.StartsWith("SubmittedAlready", Submit(world).Reason, StringComparison.Ordinal);
        Assert.True(Submit(world, text: Keccak256.Hash([1]), target: Address.Zero, call: []).Success);
    }

    [Fact]
    public void Proposal_20_9_a_congress_of_less_than_eleven_takes_none()
    {
        using EconomyWorld world = Ready(members: 10);
        world.Fund(s_proposer, Cpc(1_000));
        Assert.Equal("CongressTooSmall(11)", Submit(world).Reason);
        JoinCongress(world, Actor(10));
        Assert.True(Submit(world).Success);
    }

    [Fact]
    public void Proposal_20_9_a_congress_that_shrinks_below_eleven_still_decides_what_it_has_begun()
    {
        using EconomyWorld world = Ready(supporters: 1);
        world.At(Origin + 100 * Day);
        byte[] id = Submitted(world);
        Assert.True(world.Send(Actor(100), Sys.Governance, "support", id).Success);
        for (int i = 0; i < 3; i++) Assert.True(world.Send(Actor(i), Sys.Congress, "quit").Success);
        Assert.Equal("NotMember()", Vote(world, 0, id).Reason);
        for (int i = 3; i < 11; i++) Assert.True(Vote(world, i, id).Success);
        Assert.Equal(State.Successful, StateOf(world, id));
        world.Fund(Actor(201), s_deposit);
        Assert.Equal("CongressTooSmall(11)", world.Pay(Actor(201), s_deposit, Sys.Governance, "submit", s_text, Day, Address.Zero, Array.Empty<byte>()).Reason);
    }

    [Fact]
    public void Proposal_20_9_supporters_up_to_the_threshold_bring_it_before_the_congress()
    {
        // A large deposit beside them, so that none of them is a hundredth of all.
        using EconomyWorld world = Ready(supporters: 12, change: w => w.Write(Sys.Parameters.Address, (ulong)Parameter.ProposalSupporters, 10UL), whale: true);
        byte[] id = Submitted(world);
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(State.Deposited, StateOf(world, id));
            Assert.StartsWith("WrongState(1)", Vote(world, 0, id).Reason, StringComparison.Ordinal);
            Assert.True(world.Send(Actor(100 + i), Sys.Governance, "support", id).Success);
            Assert.Equal(i == 9 ? "WrongState(2)" : "SupportedAlready()", world.Send(Actor(100 + i), Sys.Governance, "support", id).Reason);
        }
        Assert.Equal(State.Approved, StateOf(world, id));
    }

    [Fact]
    public void Proposal_a_hundredth_of_all_deposits_is_support_enough_and_a_unit_less_is_not()
    {
        foreach (int less in new[] { 0, 1 })
        {
            using EconomyWorld world = Ready();
            EconomyPoolTests.Deposit(world, Actor(100), Cpc(30_000) - new UInt256((ulong)less));
            EconomyPoolTests.Deposit(world, Actor(101), Cpc(30_000 * 99));
            byte[] id = Submitted(world);
            Assert.True(world.Send(Actor(100), Sys.Governance, "support", id).Success);
            Assert.Equal(less == 0 ? State.Approved : State.Deposited, StateOf(world, id));
        }
    }

    [Fact]
    public void Defect_6_2_proposal_addresses_without_a_deposit_or_with_a_later_one_support_nothing()
    {
        using EconomyWorld world = Ready();
        EconomyPoolTests.Deposit(world, Actor(100), Cpc(20_000));
        EconomyPoolTests.Deposit(world, Actor(103), Cpc(20_000));
        byte[] id = Submitted(world);
        for (int sybil = 300; sybil < 310; sybil++)
            Assert.Equal("NotEconomyNode()", world.Send(Actor(sybil), Sys.Governance, "support", id).Reason);
        EconomyPoolTests.Deposit(world, Actor(101), Cpc(20_000));
        Assert.Equal("CameAfterProposal()", world.Send(Actor(101), Sys.Governance, "support", id).Reason);
        // Who has added to an old deposit would lend the proposal more than there was.
        EconomyPoolTests.Deposit(world, Actor(103), UInt256.One);
        Assert.Equal("CameAfterProposal()", world.Send(Actor(103), Sys.Governance, "support", id).Reason);
        // The same coins under another name: the deposit is a new one.
        Assert.True(world.Send(Actor(100), Sys.EconomyPool, "withdraw", Cpc(20_000), Actor(102)).Success);
        Assert.True(world.Pay(Actor(102), Cpc(20_000), Sys.EconomyPool, "deposit").Success);
        Assert.Equal("CameAfterProposal()", world.Send(Actor(102), Sys.Governance, "support", id).Reason);
        Assert.Equal("NotEconomyNode()", world.Send(Actor(100), Sys.Governance, "support", id).Reason);
    }

    [Fact]
    public void Defect_6_2_proposal_the_share_is_of_the_congress_at_submission_and_who_joins_later_has_no_vote()
    {
        using EconomyWorld world = Approved(out byte[] id);
        for (int i = 11; i < 15; i++)
        {
            JoinCongress(world, Actor(i));
            Assert.Equal("CameAfterProposal()", Vote(world, i, id).Reason);
        }
        // 67 % of 11 is 7.37: seven are not enough, eight are.
        for (int i = 0; i < 7; i++) Assert.True(Vote(world, i, id).Success);
        Assert.Equal(State.Approved, StateOf(world, id));
        Assert.True(Vote(world, 7, id).Success);
        Assert.Equal(State.Successful, StateOf(world, id));
    }

    [Fact]
    public void Proposal_20_9_a_member_votes_once_and_nobody_else_votes()
    {
        using EconomyWorld world = Approved(out byte[] id);
        Assert.True(Vote(world, 0, id).Success);
        Assert.Equal("VotedAlready()", Vote(world, 0, id).Reason);
        Assert.Equal("VotedAlready()", Vote(world, 0, id, inFavour: false).Reason);
        Assert.Equal("NotMember()", Vote(world, 100, id).Reason);
        Assert.Equal("NotMember()", world.Send(s_proposer, Sys.Governance, "vote", id, true).Reason);
    }

    [Fact]
    public void Defect_6_2_proposal_votes_against_count_and_end_what_cannot_succeed()
    {
        using EconomyWorld world = Approved(out byte[] id);
        for (int i = 0; i < 7; i++) Assert.True(Vote(world, i, id).Success);
        for (int i = 7; i < 10; i++) Assert.True(Vote(world, i, id, inFavour: false).Success);
        Assert.Equal(State.Approved, StateOf(world, id));
        Assert.True(Vote(world, 10, id, inFavour: false).Success);
        Assert.Equal(State.Rejected, StateOf(world, id));
        Assert.StartsWith("WrongState(5)", world.Send(Actor(1), Sys.Governance, "execute", id, Call()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Defect_6_2_proposal_a_success_is_carried_out_after_the_delay_by_anybody_and_once()
    {
        using EconomyWorld world = Approved(out byte[] id);
        ulong decided = Succeed(world, id);
        world.At(decided + Delay - 1);
        Assert.Equal($"NotYet({decided + Delay})", world.Send(Actor(50), Sys.Governance, "execute", id, Call()).Reason);
        world.At(decided + Delay);
        Assert.Equal("CallDiffers()", world.Send(Actor(50), Sys.Governance, "execute", id, Call(21)).Reason);
        Assert.Equal((UInt256)12UL, world.Uint(Sys.Admission, "difficulties"));
        Assert.True(world.Send(Actor(50), Sys.Governance, "execute", id, Call()).Success);
        Assert.Equal((UInt256)20UL, world.Uint(Sys.Admission, "difficulties"));
        Assert.StartsWith("WrongState(4)", world.Send(Actor(50), Sys.Governance, "execute", id, Call()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_success_that_nobody_carries_out_in_a_month_is_void()
    {
        using EconomyWorld world = Approved(out byte[] id);
        ulong decided = Succeed(world, id);
        world.At(decided + Delay + 30 * Day);
        Assert.Equal("", world.Peek(Actor(50), Sys.Governance, "execute", id, Call()));
        world.At(decided + Delay + 30 * Day + 1);
        Assert.StartsWith("WrongState(6)", world.Send(Actor(50), Sys.Governance, "execute", id, Call()).Reason, StringComparison.Ordinal);
        Assert.True(world.Send(Actor(50), Sys.Governance, "refund", id).Success);
    }

    [Fact]
    public void A_call_that_fails_says_why_leaves_the_proposal_and_can_be_made_when_it_would_pass()
    {
        using EconomyWorld world = Ready(supporters: 1);
        byte[] call = Sys.ValidatorSet.Abi.Function("schedule").EncodeCall(
            3_000UL, ValidatorSetTests.Members(4).Select(m => (object)m).ToArray(), new object[] { 1, 2, 3, 1 });
        byte[] id = Submitted(world, target: Sys.ValidatorSet.Address, call: call);
        Assert.True(world.Send(Actor(100), Sys.Governance, "support", id).Success);
        ulong decided = Succeed(world, id);
        RNodePoolTests.Join(world, ValidatorSetTests.Members(4)[1]);
        world.At(decided + Delay);
        Done failed = world.Send(Actor(50), Sys.Governance, "execute", id, call);
        Assert.StartsWith("CallFailed(", failed.Reason, StringComparison.Ordinal);
        string inner = failed.Reason["CallFailed(".Length..^1];
        Assert.StartsWith("RNodeCannotValidate", Sys.ValidatorSet.ReasonOf(Hex.Decode(inner)), StringComparison.Ordinal);
        Assert.Equal(State.Successful, StateOf(world, id));
        Assert.True(world.Send(ValidatorSetTests.Members(4)[1], Sys.RNodePool, "quit").Success);
        Assert.True(world.Send(Actor(50), Sys.Governance, "execute", id, call).Success);
        Assert.Equal(ValidatorSetTests.Members(4), ValidatorSetTests.SetOf(world, 3_000));
    }

    [Fact]
    public void Proposal_20_9_a_deposit_comes_back_in_every_state_that_is_final_and_in_no_other_and_once()
    {
        using EconomyWorld world = Approved(out byte[] approved);
        Assert.StartsWith("WrongState(2)", world.Send(s_proposer, Sys.Governance, "refund", approved).Reason, StringComparison.Ordinal);
        byte[] deposited = Submitted(world, text: Keccak256.Hash([9]));
        Assert.StartsWith("WrongState(1)", world.Send(s_proposer, Sys.Governance, "refund", deposited).Reason, StringComparison.Ordinal);
        Assert.StartsWith("WrongState(0)", world.Send(s_proposer, Sys.Governance, "refund", Hash256.Zero).Reason, StringComparison.Ordinal);
        ulong submittedAt = world.Now - PeriodSeconds * 3;
        Succeed(world, approved);
        Assert.True(world.Send(Actor(50), Sys.Governance, "refund", approved).Success);
        Assert.Equal("RefundedAlready()", world.Send(Actor(50), Sys.Governance, "refund", approved).Reason);
        world.At(submittedAt + 8 * Day);
        Assert.Equal(State.Timeout, StateOf(world, deposited));
        Assert.True(world.Send(Actor(50), Sys.Governance, "refund", deposited).Success);
        Assert.Equal(s_deposit * 2UL, world.Uint(Sys.Governance, "owed", s_proposer));
        Assert.Equal(UInt256.Zero, world.Uint(Sys.Governance, "totalDeposits"));
        Assert.True(world.Send(s_proposer, Sys.Governance, "withdraw").Success);
        Assert.Equal(UInt256.Zero, world.Balance(Sys.Governance.Address));
    }

    [Fact]
    public void Proposal_20_9_time_ends_it_without_support_and_without_votes_at_the_second_after_the_deadline()
    {
        using EconomyWorld world = Ready(supporters: 1);
        ulong submittedAt = world.Now + PeriodSeconds;
        byte[] id = Submitted(world);
        Assert.True(world.Send(Actor(100), Sys.Governance, "support", id).Success);
        world.At(submittedAt + 7 * Day);
        Assert.Equal(State.Approved, StateOf(world, id));
        Assert.Equal("", world.Peek(Actor(0), Sys.Governance, "vote", id, true));
        world.At(submittedAt + 7 * Day + 1);
        Assert.Equal(State.Timeout, StateOf(world, id));
        Assert.StartsWith("WrongState(6)", Vote(world, 0, id).Reason, StringComparison.Ordinal);
        Assert.StartsWith("WrongState(6)", world.Send(Actor(100), Sys.Governance, "support", id).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Proposal_20_9_its_thresholds_are_parameters_within_bounds()
    {
        using EconomyWorld world = new();
        foreach ((int id, UInt256 least, UInt256 most) in new[]
        {
            (Parameter.ProposalSupporters, (UInt256)10UL, (UInt256)10_000UL), (Parameter.ProposalYesPercent, 51UL, 100UL),
            (Parameter.CongressMembersMin, 11UL, 1_000UL), (Parameter.ProposalDelay, 60 * Minute, 30 * Day),
        })
        {
            RNodePoolTests.Set(world, id, least);
            RNodePoolTests.Set(world, id, most);
            string reason = $"OutOfRange({id}, {least}, {most})";
            Assert.Equal(reason, world.Send(Sys.Governance.Address, Sys.Parameters, "change", id, least - UInt256.One).Reason);
            Assert.Equal(reason, world.Send(Sys.Governance.Address, Sys.Parameters, "change", id, most + UInt256.One).Reason);
        }
    }

    [Fact]
    public void W22_no_owner_governance_itself_decides_only_by_proposals()
    {
        string[] changing = [.. Sys.Governance.Abi.Functions.Where(f => !f.IsView).Select(f => f.Name).Order(StringComparer.Ordinal)];
        Assert.Equal(["execute", "refund", "submit", "support", "vote", "withdraw", "withdrawTo"], changing);
    }

    /// <summary>A congress, and economy nodes from actor 100 on; their deposits are older than any proposal.</summary>
    private static EconomyWorld Ready(int members = 11, int supporters = 0, Action<EconomyWorld>? change = null, bool whale = false)
    {
        EconomyWorld world = new(change);
        for (int i = 0; i < members; i++) JoinCongress(world, Actor(i));
        for (int i = 0; i < supporters; i++) EconomyPoolTests.Deposit(world, Actor(100 + i), Cpc(20_000));
        if (whale) EconomyPoolTests.Deposit(world, Actor(199), Cpc(90_000_000));
        return world;
    }

    private static EconomyWorld Approved(out byte[] id)
    {
        EconomyWorld world = Ready(supporters: 1);
        id = Submitted(world);
        Assert.True(world.Send(Actor(100), Sys.Governance, "support", id).Success);
        return world;
    }

    private static void JoinCongress(EconomyWorld world, Address member)
    {
        world.Fund(member, Cpc(200_000));
        Assert.True(world.Pay(member, Cpc(200_000), Sys.Congress, "join").Success);
    }

    private static byte[] Submitted(EconomyWorld world, Hash256? text = null, Address? target = null, byte[]? call = null)
    {
        world.Fund(s_proposer, s_deposit);
        Done done = Submit(world, text, target: target, call: call);
        Assert.True(done.Success, done.Reason);
        return (byte[])done.Values[0];
    }

    private static Done Submit(
        EconomyWorld world, Hash256? text = null, ulong period = 7 * Day, Address? target = null, byte[]? call = null, UInt256? deposit = null) =>
        world.Pay(s_proposer, deposit ?? s_deposit, Sys.Governance, "submit", text ?? s_text, period, target ?? Sys.Parameters.Address, call ?? Call());

    /// <summary>Raises the difficulty of processor proofs.</summary>
    private static byte[] Call(ulong difficulty = 20) => Sys.Parameters.Abi.Function("change").EncodeCall(Parameter.CpuDifficulty, difficulty);

    private static Done Vote(EconomyWorld world, int member, byte[] id, bool inFavour = true) =>
        world.Send(Actor(member), Sys.Governance, "vote", id, inFavour);

    /// <summary>Eight of eleven vote for it; the time at which it was decided.</summary>
    private static ulong Succeed(EconomyWorld world, byte[] id)
    {
        for (int i = 0; i < 7; i++) Assert.True(Vote(world, i, id).Success);
        ulong now = world.Now;
        Assert.True(Vote(world, 7, id).Success);
        Assert.Equal(State.Successful, StateOf(world, id));
        return now;
    }

    private static State StateOf(EconomyWorld world, byte[] id) => (State)(int)world.Uint(Sys.Governance, "stateOf", id);
}
