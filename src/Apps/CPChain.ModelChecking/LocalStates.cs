using CPChain.Lbft;
using CPChain.Lbft.Blocks;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.ModelChecking;

/// <summary>What the explorer needs to know of one validator.</summary>
/// <param name="State">The production state, reduced to what binds it.</param>
/// <param name="Said">What has left it in signatures.</param>
/// <param name="Held">Bit per block that is executed here or in the store.</param>
/// <param name="IsImpatient">Its own T0 has expired, or it has seen an illicit block.</param>
/// <param name="Entries">Per round four bits: 1 + round of the proposal's certificate that it entered with; else 0.</param>
/// <param name="Durable">What a restart would find.</param>
/// <param name="Fault">A violation that this validator alone shows.</param>
internal sealed record LocalState(
    LbftState State, SaidVotes Said, ulong Held, bool IsImpatient, ulong Entries, Durable Durable, string? Fault)
{
    /// <summary>What others can notice of it now or later, bodies apart: those are to be had at any time.</summary>
    public LocalState Voice => this with { State = State with { Blocks = default, Marks = HeightMarks.None }, Held = 0 };
}

/// <summary>Votes that have left a validator, as bits of (round, value); they stay said whatever it forgets.</summary>
internal readonly record struct SaidVotes(ulong Prepares, ulong Commits)
{
    public SaidVotes With(in Statement vote)
    {
        ulong bit = 1UL << Vocabulary.Bit(vote.Round, Vocabulary.ValueOf(vote.Hash));
        return vote.Class == VoteClass.Prepare ? new(Prepares | bit, Commits) : new(Prepares, Commits | bit);
    }
}

/// <summary>
/// All states that one honest validator can be in, numbered, with the production machine's steps between them.
/// </summary>
/// <remarks>
/// Honest validators are interchangeable, so one table serves all of them and a cluster is a sorted tuple.
/// </remarks>
internal sealed class LocalStates
{
    private static readonly Seat Self = new(0);

    private readonly Model _model;
    private readonly Vocabulary _vocabulary;
    private readonly Conduct _conduct;
    private readonly List<LocalState> _states = [];
    private readonly Dictionary<LocalState, int> _numbers = [];
    private readonly Dictionary<(int Local, Move Move), (int Next, int Votes)> _steps = [];

    public LocalStates(Model model)
    {
        _model = model;
        _vocabulary = new Vocabulary(model);
        _conduct = new Conduct(model);
        LocalState none = new(LbftState.Create(Vocabulary.Times, model.Rules, new BlockNumber(0)), default, 0, false, 0, Durable.Nothing, null);
        Initial = NumberOf(Run(none, none.State, [Entered()], 0, out _));
    }

    public int Initial { get; }

    public int Count => _states.Count;

    public LocalState this[int local] => _states[local];

    /// <summary>The validator after the move; the same number when nothing that binds has changed.</summary>
    public int Step(int local, Move move) => Play(local, move).Next;

    /// <summary>How many votes and PROPOSEs are signed in this move.</summary>
    public int VotesIn(int local, Move move) => Play(local, move).Votes;

    /// <summary>One message to a validator whose state is kept whole: that state then, and what it reduces to.</summary>
    public (LbftState Full, LocalState Reduced) Deliver(LbftState full, LocalState before, LbftEvent message)
    {
        bool isImpatient = before.IsImpatient || message is LbftEvent.TimerExpired { Kind: TimerKind.Round, Round: 0 };
        LocalState next = Run(before with { IsImpatient = isImpatient }, full, [message], 0, out _);
        return (next.State, Reduced(next));
    }

    private (int Next, int Votes) Play(int local, Move move)
    {
        if (_steps.TryGetValue((local, move), out (int, int) known)) return known;

        LocalState before = _states[local];
        LocalState start = move.Kind switch
        {
            MoveKind.Timer when move.Round == 0 => before with { IsImpatient = true },
            MoveKind.LoseJournal => before with { Durable = before.Durable with { Height = null, IsLost = true } },
            _ => before,
        };
        LocalState next = Run(start, StateFor(start, move), EventsOf(start, move), move.PowerLossAt, out int votes);
        return _steps[(local, move)] = (NumberOf(next), votes);
    }

    private LbftState StateFor(LocalState local, Move move) => move.Kind switch
    {
        MoveKind.Restart => local.Durable.Restore(_model.Rules),
        MoveKind.LoseJournal => LbftState.Create(Vocabulary.Times, _model.Rules, new BlockNumber(0)),
        _ => local.State,
    };

    // The signer and the executor answer at once; what the machine asks of its host otherwise is a move of the adversary.
    private LocalState Run(LocalState local, LbftState state, List<LbftEvent> events, int powerLossAt, out int votes)
    {
        votes = 0;
        Queue<LbftEvent> inbox = new(events);
        List<CPChain.Lbft.Journal.JournalRecord> records = [];
        ulong stored = 0;
        SaidVotes said = local.Said;
        string? fault = local.Fault;
        ulong entries = local.Entries;
        while (inbox.TryDequeue(out LbftEvent? input))
        {
            int round = state.Round;
            (state, var effects) = LbftMachine.Step(state, input);
            if (state.Round > round) entries |= EntryOf(state);
            foreach (LbftEffect effect in effects)
            {
                switch (effect)
                {
                    case LbftEffect.Sign { Statement: var statement }:
                        if (statement.Kind.IsVote())
                        {
                            fault ??= _conduct.FaultOf(said, statement);
                            said = said.With(statement);
                        }

                        if (!statement.Kind.IsVote() && statement.Kind != StatementKind.Propose)
                        {
                            inbox.Enqueue(new LbftEvent.Signed(Vocabulary.Sign(statement)));
                            break;
                        }

                        if (++votes == powerLossAt)
                        {
                            Durable left = local.Durable.With(_model.Rules, records, stored);
                            LocalState off = local with { Said = said, Fault = fault, Durable = left, Entries = entries };
                            return Run(off, left.Restore(_model.Rules), Restarted(left), 0, out _);
                        }

                        inbox.Enqueue(new LbftEvent.Signed(Vocabulary.Sign(statement)));
                        break;
                    case LbftEffect.Journal { Record: var record }:
                        records.Add(record);
                        break;
                    case LbftEffect.StoreBody { Hash: var hash }:
                        stored |= 1UL << Vocabulary.ValueOf(hash);
                        break;
                    case LbftEffect.RequestBody { Hash: var hash } when (local.Durable.Stored & (1UL << Vocabulary.ValueOf(hash))) != 0:
                        inbox.Enqueue(new LbftEvent.BodyReceived(Vocabulary.Height, hash));
                        break;
                    case LbftEffect.ExecuteBlock { Hash: var hash }:
                        inbox.Enqueue(new LbftEvent.BlockExecuted(
                            Vocabulary.Height, hash, !_model.IsIllicit(Vocabulary.ValueOf(hash))));
                        break;
                    case LbftEffect.Alarm alarm when _model.Guarantees.HasFlag(Guarantees.OneCertificate):
                        fault ??= $"an honest validator stops with an alarm: {alarm.Reason}";
                        break;
                }
            }
        }

        return local with
        {
            State = state,
            Said = said,
            IsImpatient = local.IsImpatient || state.Marks.HasFlag(HeightMarks.Illicit),
            Entries = entries,
            Durable = (_model.Mishaps & (Mishaps.PowerLoss | Mishaps.LostJournal)) != 0
                ? local.Durable.With(_model.Rules, records, stored)
                : Durable.Nothing,
            Fault = fault,
        };
    }

    private ulong EntryOf(LbftState state) =>
        _model.Guarantees.HasFlag(Guarantees.NotDiscarded) && state.Entry is { } entry && entry.Hash != state.Facts.ImpeachHash
            ? (ulong)(entry.Round + 1) << (4 * state.Round)
            : 0;

    private LbftEvent.HeightEntered Entered() => new(_vocabulary.FactsOf(Self), Vocabulary.OpensAtMs);

    private List<LbftEvent> Restarted(Durable durable) => durable.IsLost
        ? [new LbftEvent.JournalLost(Vocabulary.MakeHash(7)), Entered()]
        : [Entered()];

    private List<LbftEvent> EventsOf(LocalState start, Move move)
    {
        Hash256 hash = Vocabulary.HashOf(move.Value);
        List<LbftEvent> events = [];
        switch (move.Kind)
        {
            case MoveKind.Proposal:
                events.Add(new LbftEvent.ProposalReceived(
                    Vocabulary.Height, null, hash, Vocabulary.OpensAtMs, Vocabulary.AnySignature, Vocabulary.OpensAtMs));
                break;
            case MoveKind.Body:
                events.Add(new LbftEvent.BodyReceived(Vocabulary.Height, hash));
                break;
            case MoveKind.Prepares:
                for (int vote = 0; vote < _vocabulary.QuorumOf(move.Round); vote++)
                    events.Add(new LbftEvent.VoteReceived(
                        _model.Rules.DuplicateSignerCounts ? new Seat(_model.Committee.Validators - 1) : new Seat(vote),
                        Vocabulary.Vote(VoteClass.Prepare, move.Round, move.Value)));
                break;
            case MoveKind.Wishes:
                for (int seat = 1; seat <= move.Count; seat++)
                    events.Add(new LbftEvent.WishReceived(new Seat(seat), Vocabulary.Wish(move.Round)));
                break;
            case MoveKind.Timer:
                events.Add(new LbftEvent.TimerExpired(TimerKind.Round, Vocabulary.Height, move.Round, 0));
                break;
            case MoveKind.Propose:
                Certificate? backing = move.ValidRound < 0
                    ? null : _vocabulary.CertificateOf(VoteClass.Prepare, move.ValidRound, move.Value);
                Statement propose = new(StatementKind.Propose, Vocabulary.Height, move.Round, hash, move.ValidRound);
                events.Add(new LbftEvent.ProposeReceived(
                    _vocabulary.FactsOf(Self).CoordinatorOf(move.Round), Vocabulary.Sign(propose), backing));
                break;
            case MoveKind.Restart or MoveKind.LoseJournal:
                return Restarted(start.Durable);
        }

        return events;
    }

    private LocalState Reduced(LocalState local)
    {
        ulong held = local.Durable.Stored;
        foreach (BlockEntry block in local.State.Blocks)
            if (block.Stage == BlockStage.Executed) held |= 1UL << Vocabulary.ValueOf(block.Hash);
        return local with
        {
            State = Reduction.Of(local.State, _model),
            Held = held,
            Durable = local.Durable.Reduce(),
        };
    }

    private int NumberOf(LocalState local)
    {
        LocalState reduced = Reduced(local);
        if (_numbers.TryGetValue(reduced, out int number)) return number;

        _states.Add(reduced);
        return _numbers[reduced] = _states.Count - 1;
    }
}
