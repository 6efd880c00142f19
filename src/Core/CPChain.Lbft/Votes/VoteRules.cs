using CPChain.Lbft.Blocks;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Evidence;
using CPChain.Lbft.Journal;
using CPChain.Lbft.Synchroniser;
using CPChain.Lbft.Values;
using CPChain.Types;

namespace CPChain.Lbft.Votes;

/// <summary>Collecting votes of every round in every state (L4.4, L24) and casting the own ones (L17.1).</summary>
internal static class VoteRules
{
    public static void Receive(ref Turn turn, LbftEvent.VoteReceived e)
    {
        if (e.Attached is { } attached) CertificateRules.Learn(ref turn, attached, e.Voter);
        if (turn.State.Stage != HeightStage.Open) return;

        Collect(ref turn, e.Voter, e.Vote);
    }

    /// <summary>
    /// L4.4, L24: one vote per member, round and class; Q of them make a certificate whatever the own state.
    /// </summary>
    public static void Collect(ref Turn turn, Seat voter, SignedStatement vote)
    {
        Statement said = vote.Statement;
        LbftState state = turn.State;
        bool counts = said.Round <= (long)state.Round + state.Parameters.RoundWindow
            && voter.Index < state.Committee.Validators
            && !(said.Round == 0 && said.Hash == state.Facts.ImpeachHash) // L4.3
            && !(state.Rules.ImpeachmentIgnoresNormalVotes && said.Round == 0 && state.Round > 0);
        bool isAdded = counts && Add(ref turn, voter, vote);
        if (isAdded)
        {
            if (Tally.Certify(turn.State, said.Class, said.Round, said.Hash) is { } certificate)
                CertificateRules.Learn(ref turn, certificate, voter);
            if (said.Kind == StatementKind.Prepare && turn.State.Stage == HeightStage.Open)
                ProposalRules.PrepareCollected(ref turn, said.Hash); // L9.2
        }

        if (isAdded) WishRules.Evaluate(ref turn); // L12.2: noted together with the vote
        else WishRules.Note(ref turn, voter, said.Round);
    }

    /// <summary>Makes an own vote: durable first, signed then (L17.1). The caller has checked its rule.</summary>
    public static void Cast(
        ref Turn turn, VoteClass voteClass, int round, Hash256 hash, int validRound = Statement.NoRound)
    {
        LbftState state = turn.State;
        Statement vote = Statement.Vote(voteClass, state.Height, round, hash, validRound);
        OwnRound own = state.OwnIn(round);
        Invariant.Check(own.Of(voteClass) is null, "L10.3: a second vote of one class in a round.");
        Invariant.Check(
            voteClass == VoteClass.Commit || state.MayPrepare,
            "L10.3: a P-class vote after the C-class vote of its round.");

        turn.SetOwn(voteClass == VoteClass.Prepare
            ? own with { Prepare = new OwnStatement(vote) }
            : own with { Commit = new OwnStatement(vote) });
        if (!state.Rules.BodyNotDurable) BodyRules.Store(ref turn, hash); // L9.3, L10.2
        if (state.Rules.SignsBeforeJournal)
        {
            turn.Sign(vote);
            turn.Record(new JournalRecord.VoteIntended(vote));
            return;
        }

        turn.Record(new JournalRecord.VoteIntended(vote));
        turn.Sign(vote);
    }

    /// <summary>The signature of an own vote has come: keep it, send it, count it.</summary>
    public static void Signed(ref Turn turn, SignedStatement own)
    {
        LbftState state = turn.State;
        Statement vote = own.Statement;
        OwnRound round = state.OwnIn(vote.Round);
        if (vote.Height != state.Height || round.Of(vote.Class) is not { Signature: null } intended) return;
        if (intended.Statement != vote || state.Facts.Self is not { } self) return;

        OwnStatement kept = intended with { Signature = own.Signature };
        turn.SetOwn(vote.Class == VoteClass.Prepare ? round with { Prepare = kept } : round with { Commit = kept });
        turn.Record(new JournalRecord.StatementSigned(own));
        Send(ref turn, own);
        if (vote.Kind == StatementKind.Prepare) ProposalRules.Forward(ref turn, vote.Hash); // L9.3
        Collect(ref turn, self, own);
    }

    /// <summary>
    /// Sends an own vote with the certificate that justifies it to those not known to hold it (L10.2, L13).
    /// </summary>
    public static void Send(ref Turn turn, SignedStatement own)
    {
        LbftState state = turn.State;
        Statement vote = own.Statement;
        if (vote.Class == VoteClass.Commit)
        {
            SeatSet holders = Voters(state, VoteClass.Commit, vote.Round);
            turn.Send(state.Peers.Except(holders), own, state.PreparedIn(vote.Round));
            SeatSet informed = state.Peers.Except(state.Peers.Except(holders));
            turn.Send(informed, own, null);
            return;
        }

        turn.Send(state.Peers, own, vote.Round == 1 && state.Round == 1 ? state.Entry : null);
    }

    public static SeatSet Voters(LbftState state, VoteClass voteClass, int round)
    {
        SeatSet voters = SeatSet.Empty;
        if (state.VotesIn(round) is not { } votes) return voters;

        ValueArray<SignedStatement?> seats = votes.Of(voteClass);
        for (int index = 0; index < seats.Length; index++)
            if (seats[index] is not null) voters = voters.With(new Seat(index));
        return voters;
    }

    private static bool Add(ref Turn turn, Seat voter, SignedStatement vote)
    {
        LbftState state = turn.State;
        Statement said = vote.Statement;
        int index = 0;
        while (index < state.Votes.Length && state.Votes[index].Round < said.Round) index++;
        bool exists = index < state.Votes.Length && state.Votes[index].Round == said.Round;
        RoundVotes round = exists ? state.Votes[index] : RoundVotes.Empty(said.Round, state.Committee);

        MisconductWatch.VoteSeen(ref turn, voter, vote);
        Seat place = state.Rules.DuplicateSignerCounts ? FreePlace(round.Of(said.Class), voter) : voter;
        if (round.Of(said.Class)[place.Index] is not null) return false;

        round = round.With(place, vote);
        turn.State = turn.State with
        {
            Votes = exists ? state.Votes.With(index, round) : state.Votes.Insert(index, round),
            MaxWishes = said.Round > state.MaxWishes[voter.Index]
                ? state.MaxWishes.With(voter.Index, said.Round)
                : state.MaxWishes,
        };
        return true;
    }

    // For a weakening only: where a second vote of one member would be counted again.
    private static Seat FreePlace(ValueArray<SignedStatement?> votes, Seat voter)
    {
        if (votes[voter.Index] is null) return voter;

        for (int index = 0; index < votes.Length; index++)
            if (votes[index] is null) return new Seat(index);
        return voter;
    }
}
