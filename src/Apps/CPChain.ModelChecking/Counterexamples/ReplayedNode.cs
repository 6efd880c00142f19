using CPChain.Lbft;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Evidence;
using CPChain.Lbft.Journal;
using CPChain.Lbft.Messages;
using CPChain.Lbft.Signing;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.ModelChecking.Counterexamples;

/// <summary>One honest validator of a replay: its machine, journal, store and signer.</summary>
internal sealed class ReplayedNode
{
    private readonly Model _model;
    private readonly Vocabulary _vocabulary;
    private readonly Seat _seat;
    private readonly List<JournalRecord> _journal = [];
    private SignerRecord _signer = SignerRecord.Empty;
    private ulong _stored;
    private bool _isLost;

    public ReplayedNode(Model model, Vocabulary vocabulary, Seat seat)
    {
        _model = model;
        _vocabulary = vocabulary;
        _seat = seat;
        State = LbftState.Create(Vocabulary.Times, model.Rules, new BlockNumber(0));
        Feed([Entered()], 0);
    }

    public LbftState State { get; private set; }

    /// <summary>Every vote and PROPOSE in the order of signing, each once.</summary>
    public List<Statement> Said { get; } = [];

    public SaidVotes Votes { get; private set; }

    public bool IsImpatient { get; private set; }

    public string? Fault { get; private set; }

    public bool Holds(int value) =>
        (_stored & (1UL << value)) != 0 || (value > 0 && State.IsExecuted(Vocabulary.HashOf(value)));

    public void Take(Move move, IReadOnlyList<Delivery> delivered)
    {
        Hash256 hash = Vocabulary.HashOf(move.Value);
        switch (move.Kind)
        {
            case MoveKind.Proposal:
                Feed([new LbftEvent.ProposalReceived(
                    Vocabulary.Height, null, hash, Vocabulary.OpensAtMs, Vocabulary.AnySignature, Vocabulary.OpensAtMs)], move.PowerLossAt);
                break;
            case MoveKind.Body:
                Feed([new LbftEvent.BodyReceived(Vocabulary.Height, hash)], move.PowerLossAt);
                break;
            case MoveKind.Timer:
                if (move.Round == 0) IsImpatient = true;
                Feed([new LbftEvent.TimerExpired(TimerKind.Round, Vocabulary.Height, move.Round, 0)], move.PowerLossAt);
                break;
            case MoveKind.Propose:
                Certificate? backing = move.ValidRound < 0
                    ? null : _vocabulary.CertificateOf(VoteClass.Prepare, move.ValidRound, move.Value);
                Statement propose = new(StatementKind.Propose, Vocabulary.Height, move.Round, hash, move.ValidRound);
                Feed([new LbftEvent.ProposeReceived(
                    State.Facts.CoordinatorOf(move.Round), Vocabulary.Sign(propose), backing)], move.PowerLossAt);
                break;
            case MoveKind.Restart:
                Restart();
                break;
            case MoveKind.LoseJournal:
                _journal.Clear();
                _isLost = true;
                Restart();
                break;
            default:
                Feed([.. delivered.Select(EventOf)], move.PowerLossAt);
                break;
        }
    }

    private static LbftEvent EventOf(Delivery message) =>
        MessageVerifier.EventOf(new Seat(message.From), Vocabulary.Sign(message.Statement), attached: null)!;

    private LbftEvent.HeightEntered Entered() => new(_vocabulary.FactsOf(_seat), Vocabulary.OpensAtMs);

    private void Restart()
    {
        State = LbftRecovery.Restore(Vocabulary.Times, _model.Rules, new BlockNumber(0), _journal);
        Feed(_isLost ? [new LbftEvent.JournalLost(Vocabulary.MakeHash(7)), Entered()] : [Entered()], 0);
    }

    private void Feed(IReadOnlyList<LbftEvent> events, int powerLossAt)
    {
        Queue<LbftEvent> inbox = new(events);
        int votes = 0;
        while (inbox.TryDequeue(out LbftEvent? input))
        {
            (State, var effects) = LbftMachine.Step(State, input);
            if (State.Marks.HasFlag(HeightMarks.Illicit)) IsImpatient = true;
            foreach (LbftEffect effect in effects)
            {
                if (effect is LbftEffect.Sign { Statement: var statement })
                {
                    Record(statement);
                    bool binds = statement.Kind.IsVote() || statement.Kind == StatementKind.Propose;
                    if (binds && ++votes == powerLossAt)
                    {
                        Restart();
                        return;
                    }

                    inbox.Enqueue(new LbftEvent.Signed(Vocabulary.Sign(statement)));
                }
                else
                {
                    Perform(effect, inbox);
                }
            }
        }
    }

    private void Perform(LbftEffect effect, Queue<LbftEvent> inbox)
    {
        switch (effect)
        {
            case LbftEffect.Journal { Record: var record }:
                _journal.Add(record);
                break;
            case LbftEffect.StoreBody { Hash: var hash }:
                _stored |= 1UL << Vocabulary.ValueOf(hash);
                break;
            case LbftEffect.RequestBody { Hash: var hash } when (_stored & (1UL << Vocabulary.ValueOf(hash))) != 0:
                inbox.Enqueue(new LbftEvent.BodyReceived(Vocabulary.Height, hash));
                break;
            case LbftEffect.ExecuteBlock { Hash: var hash }:
                inbox.Enqueue(new LbftEvent.BlockExecuted(Vocabulary.Height, hash, !_model.IsIllicit(Vocabulary.ValueOf(hash))));
                break;
            case LbftEffect.Alarm alarm:
                Fault ??= $"an honest validator stops with an alarm: {alarm.Reason}";
                break;
        }
    }

    private void Record(in Statement statement)
    {
        bool binds = statement.Kind.IsVote() || statement.Kind == StatementKind.Propose;
        if (!binds || Said.Contains(statement)) return;

        if (_model.Guarantees.HasFlag(Guarantees.Innocence))
            foreach (Statement earlier in Said)
                if (MisconductRules.Judge(earlier, statement) is { } kind)
                    Fault ??= $"an honest validator is convicted: {kind} by {earlier.Kind}({earlier.Round}) "
                        + $"and {statement.Kind}({statement.Round})";
        SigningFault refusal = _signer.TryAuthorize(statement, out _signer);
        if (refusal != SigningFault.None && _model.Guarantees.HasFlag(Guarantees.SignerAgrees))
            Fault ??= $"the signer refuses an honest validator's {statement.Kind}({statement.Round}): {refusal}";
        Said.Add(statement);
        if (statement.Kind.IsVote()) Votes = Votes.With(statement);
    }
}
