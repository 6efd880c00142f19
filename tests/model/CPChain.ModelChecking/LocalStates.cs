using System.Buffers.Binary;
using CPChain.Crypto;
using CPChain.Lbft;
using CPChain.Lbft.Blocks;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Evidence;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.ModelChecking;

/// <summary>What the explorer needs to know of a validator's state, computed once.</summary>
/// <param name="State">The production state, reduced to what binds it.</param>
/// <param name="Prepares">Bit (round, value) for each own P-class vote.</param>
/// <param name="Commits">Bit (round, value) for each own C-class vote.</param>
/// <param name="Executed">Bit per block that is executed here.</param>
/// <param name="HasTimedOut">Its own T0 has expired.</param>
/// <param name="Fault">A violation that this validator alone shows.</param>
internal sealed record LocalState(LbftState State, ulong Prepares, ulong Commits, ulong Executed, bool HasTimedOut, string? Fault);

/// <summary>
/// All states that one honest validator can be in, numbered, with the production machine's steps between them.
/// </summary>
/// <remarks>
/// Honest validators are interchangeable, so one table serves all of them and a cluster is a sorted tuple.
/// </remarks>
internal sealed class LocalStates
{
    public const int ValuesMax = 3;

    private static readonly BlockNumber Height = new(1);
    private static readonly Seat Self = new(0);
    private static readonly LbftParameters Times = LbftParameters.ForPeriod(1000);
    private static readonly Signature AnySignature = MakeSignature();
    private static readonly Hash256[] Values = [MakeHash(1), MakeHash(2), MakeHash(3)];

    private readonly Model _model;
    private readonly List<LocalState> _states = [];
    private readonly Dictionary<(LbftState State, bool HasTimedOut, string? Fault), int> _numbers = [];
    private readonly Dictionary<(int Local, Move Move), int> _steps = [];
    private readonly HeightFacts _facts;

    public LocalStates(Model model)
    {
        _model = model;
        _facts = new HeightFacts(Height, MakeHash(9), 0, model.Committee, Self, Values[0]);
        Transition entered = Play(
            LbftState.Create(Times, model.Rules, new BlockNumber(0)),
            [new LbftEvent.HeightEntered(_facts, (ulong)Times.PeriodMs)], out string? fault);
        Initial = NumberOf(entered.State, hasTimedOut: false, fault);
    }

    public int Initial { get; }

    public int Count => _states.Count;

    public LocalState this[int local] => _states[local];

    public static int Bit(int round, int value) => (round * ValuesMax) + value;

    /// <summary>The validator after the move; the same number when nothing that binds has changed.</summary>
    public int Step(int local, Move move)
    {
        if (_steps.TryGetValue((local, move), out int known)) return known;

        Transition next = Play(_states[local].State, EventsOf(move), out string? fault);
        fault ??= Convicts(_states[local].State, next.State);
        bool hasTimedOut = _states[local].HasTimedOut || move.Kind == MoveKind.Timer;
        return _steps[(local, move)] = NumberOf(next.State, hasTimedOut, fault ?? _states[local].Fault);
    }

    private List<LbftEvent> EventsOf(Move move)
    {
        Hash256 hash = Values[move.Value];
        List<LbftEvent> events = [];
        switch (move.Kind)
        {
            case MoveKind.Proposal:
                ulong timeMs = (ulong)Times.PeriodMs;
                events.Add(new LbftEvent.ProposalReceived(Height, null, hash, timeMs, AnySignature, timeMs));
                events.Add(new LbftEvent.BlockExecuted(Height, hash, IsValid: true));
                break;
            case MoveKind.Body:
                events.Add(new LbftEvent.BodyReceived(Height, hash));
                events.Add(new LbftEvent.BlockExecuted(Height, hash, IsValid: true));
                break;
            case MoveKind.Prepares:
                for (int seat = 0; seat < move.Count; seat++)
                    events.Add(new LbftEvent.VoteReceived(
                        new Seat(seat), Sign(Statement.Vote(VoteClass.Prepare, Height, move.Round, hash))));
                break;
            case MoveKind.Wishes:
                for (int seat = 1; seat <= move.Count; seat++)
                    events.Add(new LbftEvent.WishReceived(
                        new Seat(seat), Sign(new Statement(StatementKind.Wish, Height, move.Round, Hash256.Zero))));
                break;
            case MoveKind.Timer:
                events.Add(new LbftEvent.TimerExpired(TimerKind.Round, Height, move.Round, 0));
                break;
            case MoveKind.Propose:
                Certificate? backing = move.ValidRound < 0 ? null : PrepareCertificate(move.ValidRound, move.Value);
                Statement propose = new(StatementKind.Propose, Height, move.Round, hash, move.ValidRound);
                events.Add(new LbftEvent.ProposeReceived(_facts.CoordinatorOf(move.Round), Sign(propose), backing));
                break;
        }

        return events;
    }

    /// <summary>A P-certificate; which members signed makes no difference to the machine.</summary>
    public Certificate PrepareCertificate(int round, int value)
    {
        Hash256 hash = Values[value];
        int quorum = _model.Rules.QuorumOf(_model.Committee);
        SeatSet signers = SeatSet.Empty;
        for (int seat = 0; seat < quorum; seat++) signers = signers.With(new Seat(seat));
        return new Certificate(
            VoteClass.Prepare, Height, round, hash, _model.Committee, signers,
            ValueArray<int>.Repeat(Statement.NoRound, quorum), ValueArray<Signature>.Repeat(AnySignature, quorum));
    }

    // The signer answers at once; what the machine asks of its host otherwise is a move of the adversary.
    private static Transition Play(LbftState state, List<LbftEvent> events, out string? fault)
    {
        fault = null;
        Queue<LbftEvent> inbox = new(events);
        while (inbox.TryDequeue(out LbftEvent? input))
        {
            (state, var effects) = LbftMachine.Step(state, input);
            foreach (LbftEffect effect in effects)
            {
                if (effect is LbftEffect.Sign sign) inbox.Enqueue(new LbftEvent.Signed(Sign(sign.Statement)));
                if (effect is LbftEffect.Alarm alarm) fault ??= $"alarm {alarm.Reason}";
            }
        }

        return new Transition(state, []);
    }

    private int NumberOf(LbftState state, bool hasTimedOut, string? fault)
    {
        LbftState reduced = Reduce(state);
        if (_numbers.TryGetValue((reduced, hasTimedOut, fault), out int number)) return number;

        ulong prepares = 0, commits = 0, executed = 0;
        foreach (OwnRound own in reduced.Own)
        {
            if (own.Prepare is { Statement: var prepare }) prepares |= 1UL << Bit(own.Round, ValueOf(prepare.Hash));
            if (own.Commit is { Statement: var commit }) commits |= 1UL << Bit(own.Round, ValueOf(commit.Hash));
        }

        foreach (BlockEntry block in reduced.Blocks)
            if (block.Stage == BlockStage.Executed) executed |= 1UL << ValueOf(block.Hash);
        _states.Add(new LocalState(reduced, prepares, commits, executed, hasTimedOut, fault));
        return _numbers[(reduced, hasTimedOut, fault)] = _states.Count - 1;
    }

    // What was just said against what was said before. Older valid rounds are forgotten by then: E3 needs only the new one.
    private static string? Convicts(LbftState before, LbftState after)
    {
        foreach (Statement said in Statements(after))
            foreach (Statement earlier in Statements(before))
                if (!Statements(before).Exists(s => s.Round == said.Round && s.Class == said.Class)
                    && (earlier.Class == VoteClass.Commit || earlier.Round == said.Round)
                    && MisconductRules.Judge(earlier, said) is { } kind)
                    return $"an honest validator is convicted: {kind} by {earlier.Kind} {earlier.Round} and {said.Kind} {said.Round}";
        return null;
    }

    private static List<Statement> Statements(LbftState state)
    {
        List<Statement> said = [];
        foreach (OwnRound own in state.Own)
        {
            if (own.Prepare is { Statement: var prepare }) said.Add(prepare);
            if (own.Commit is { Statement: var commit }) said.Add(commit);
        }

        return said;
    }

    // What can no longer change what this validator does, nor what can be made of its votes, is dropped:
    // counts below a quorum (they may be delivered again), notes and re-sends; P-certificates below hc, since hc.round <= r
    // and a later ec is at least hc; ec once the round's P-class vote is past; valid rounds of votes already judged.
    private LbftState Reduce(LbftState state)
    {
        OwnRound current = state.OwnIn(state.Round);
        bool isEntryPast = state.Round < 2 || current.Prepare is not null || current.Commit is not null;
        return state with
        {
            Votes = default,
            MaxWishes = ValueArray<int>.Repeat(0, _model.Committee.Validators),
            Members = MemberNotes.None,
            Proposes = default,
            OwnWish = null,
            OwnStatus = null,
            Buffered = default,
            Wish = _model.Entry == RoundEntry.Free ? state.Round : state.Wish,
            Marks = state.Marks & ~HeightMarks.CoordinatorWaited,
            Entry = isEntryPast ? null : state.Entry,
            Prepared = state.High is { } high && !_model.Rules.EntryFollowsHighest
                ? ValueArray<Certificate>.Of(Plain(high))
                : state.Prepared,
            Own = Reduce(state.Own),
            Blocks = Reduce(state.Blocks, state.Phase == Phase.Idle),
        };
    }

    private static ValueArray<OwnRound> Reduce(ValueArray<OwnRound> rounds)
    {
        OwnRound[] reduced = new OwnRound[rounds.Length];
        for (int index = 0; index < reduced.Length; index++)
        {
            OwnRound own = rounds[index];
            reduced[index] = own.Prepare is { } prepare
                ? own with { Prepare = prepare with { Statement = prepare.Statement with { ValidRound = Statement.NoRound } } }
                : own;
        }

        return ValueArray<OwnRound>.Of(reduced);
    }

    private static ValueArray<BlockEntry> Reduce(ValueArray<BlockEntry> blocks, bool isIdle)
    {
        BlockEntry[] reduced = blocks.Span.ToArray();
        for (int index = 0; index < reduced.Length; index++)
            reduced[index] = isIdle ? reduced[index] : new BlockEntry(reduced[index].Hash, 0, null, reduced[index].Stage);
        Array.Sort(reduced, (a, b) => a.Hash.CompareTo(b.Hash));
        return ValueArray<BlockEntry>.Of(reduced);
    }

    // The machine looks at neither signers nor valid rounds of a certificate.
    private static Certificate Plain(Certificate certificate) => certificate with
    {
        ValidRounds = ValueArray<int>.Repeat(Statement.NoRound, certificate.ValidRounds.Length),
    };

    public static int ValueOf(Hash256 hash) => Array.IndexOf(Values, hash);

    public static SignedStatement Sign(Statement statement) => new(statement, AnySignature);

    private static Hash256 MakeHash(byte number)
    {
        byte[] bytes = new byte[Hash256.Length];
        bytes[0] = number;
        return Hash256.FromBytes(bytes);
    }

    private static Signature MakeSignature()
    {
        Span<byte> bytes = stackalloc byte[Signature.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes[28..], 1);
        bytes[63] = 1;
        return Signature.TryFromBytes(bytes, out Signature signature)
            ? signature
            : throw new InvariantViolation("r = s = 1 is a canonical signature.");
    }
}
