using CPChain.Lbft;
using CPChain.Lbft.Evidence;
using CPChain.Lbft.Journal;
using CPChain.Lbft.Signing;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.ModelChecking.Counterexamples;

/// <summary>A message that a step delivers: what was said, by whom, and in which step it was said (-1: Byzantine).</summary>
public sealed record Delivery(int From, int SaidAt, Statement Statement);

/// <summary>One step as it happened.</summary>
/// <param name="Step">The move.</param>
/// <param name="Delivered">The single messages that were delivered.</param>
/// <param name="Said">What the validator signed.</param>
/// <param name="Phase">Where it stands then.</param>
/// <param name="Round">Its round then.</param>
/// <param name="Decision">The value it has decided, if it has.</param>
public sealed record ReplayedStep(
    TraceStep Step, IReadOnlyList<Delivery> Delivered, IReadOnlyList<Statement> Said, Phase Phase, int Round, int? Decision)
{
    /// <summary>Where the validator stands and what it has said, for a person.</summary>
    public string Outcome
    {
        get
        {
            IEnumerable<string> votes = Said.Select(said =>
                $"{said.Kind}({said.Round},{Move.Name(Vocabulary.ValueOf(said.Hash))})");
            string standing = Decision is { } decision ? $"decides {Move.Name(decision)}" : $"{Phase} r{Round}";
            return Said.Count == 0 ? standing : $"{standing}, says {string.Join(" and ", votes)}";
        }
    }
}

/// <summary>
/// Runs a counterexample through whole, unreduced machines, message by message: each vote that a step delivers must have
/// been signed before, or be a Byzantine member's.
/// </summary>
public sealed class Replay
{
    private readonly Model _model;
    private readonly Vocabulary _vocabulary;
    private readonly ReplayedNode[] _nodes;
    private readonly List<ReplayedStep> _steps = [];
    private readonly List<(int From, int SaidAt, Statement Statement)> _said = [];

    private Replay(Model model)
    {
        _model = model;
        _vocabulary = new Vocabulary(model);
        _nodes = [.. Enumerable.Range(0, model.Honest).Select(seat => new ReplayedNode(model, _vocabulary, new Seat(seat)))];
    }

    /// <summary>What happened, step by step.</summary>
    public IReadOnlyList<ReplayedStep> Steps => _steps;

    /// <summary>The guarantee that the replayed run breaks; null when it breaks none.</summary>
    public string? Violation { get; private set; }

    /// <summary>Why the schedule cannot happen; null when it did.</summary>
    public string? Impossible { get; private set; }

    public static Replay Run(Model model, IReadOnlyList<TraceStep> steps)
    {
        Replay replay = new(model);
        foreach (TraceStep step in steps)
            if (!replay.TryTake(step)) return replay;
        replay.Violation = replay.Judge();
        return replay;
    }

    /// <summary>
    /// The steps followed by the two decisions that a fork makes possible, where there is one: commits shown to two
    /// validators that can still take them.
    /// </summary>
    public static IReadOnlyList<TraceStep> WithDecisions(Model model, IReadOnlyList<TraceStep> steps)
    {
        ulong decided = Run(model, steps).Decidable();
        List<(int Round, int Value)> certificates = [];
        for (int round = 0; round <= model.RoundMax; round++)
            for (int value = 0; value <= model.Blocks; value++)
                if (Vocabulary.IsIn(decided, round, value)) certificates.Add((round, value));

        foreach ((int Round, int Value) first in certificates)
            foreach ((int Round, int Value) second in certificates.Where(other => other.Value != first.Value))
                for (int pair = 0; pair < model.Honest * model.Honest; pair++)
                {
                    TraceStep one = new(pair / model.Honest, new Move(MoveKind.Commits, first.Round, first.Value), "");
                    TraceStep two = new(pair % model.Honest, new Move(MoveKind.Commits, second.Round, second.Value), "");
                    if (one.Validator == two.Validator) continue;

                    Replay replay = Run(model, [.. steps, one, two]);
                    if (replay.Fork() is null) continue;

                    return
                    [
                        .. steps,
                        one with { Outcome = $"decides {Move.Name(first.Value)}" },
                        two with { Outcome = $"decides {Move.Name(second.Value)}" },
                    ];
                }

        return steps;
    }

    private bool TryTake(TraceStep step)
    {
        ReplayedNode node = _nodes[step.Validator];
        if (DeliveriesOf(step) is not { } delivered) return false;

        int known = node.Said.Count;
        node.Take(step.Move, delivered);
        Statement[] said = [.. node.Said.Skip(known)];
        foreach (Statement statement in said) _said.Add((step.Validator, _steps.Count, statement));
        int? decision = node.State.Decision is { } decided ? Vocabulary.ValueOf(decided.Hash) : null;
        _steps.Add(new ReplayedStep(step, delivered, said, node.State.Phase, node.State.Round, decision));
        return true;
    }

    // The single messages of a group; null when not enough of them have been said.
    private List<Delivery>? DeliveriesOf(TraceStep step)
    {
        Move move = step.Move;
        switch (move.Kind)
        {
            case MoveKind.Prepares:
                return Votes(step.Validator, VoteClass.Prepare, move.Round, move.Value);
            case MoveKind.Commits:
                return Votes(step.Validator, VoteClass.Commit, move.Round, move.Value);
            case MoveKind.Wishes:
                return Wishes(step.Validator, move.Round, move.Count);
            case MoveKind.Propose:
                bool isBacked = move.ValidRound < 0
                    || Votes(step.Validator, VoteClass.Prepare, move.ValidRound, move.Value) is not null;
                return isBacked ? [] : null;
            default:
                return [];
        }
    }

    // A quorum of distinct members' votes, the own one first and Byzantine ones last.
    private List<Delivery>? Votes(int to, VoteClass voteClass, int round, int value)
    {
        int quorum = _vocabulary.QuorumOf(round);
        List<Delivery> votes = [];
        foreach ((int from, int saidAt, Statement said) in _said.OrderBy(said => said.From == to ? 0 : 1))
            if (said.Kind.IsVote() && said.Hash == Vocabulary.HashOf(value) && Passes(said, voteClass, round)
                && !votes.Exists(vote => vote.From == from))
                votes.Add(new Delivery(from, saidAt, said));
        for (int seat = _model.Honest; seat < _model.Committee.Validators; seat++)
            votes.Add(new Delivery(seat, -1, Vocabulary.Vote(voteClass, round, value).Statement));
        while (_model.Rules.DuplicateSignerCounts && votes.Count > 0 && votes.Count < quorum) votes.Add(votes[^1]);
        if (votes.Count >= quorum) return votes[..quorum];

        Impossible = $"step {_steps.Count + 1}: only {votes.Count} votes of round {round} for {Move.Name(value)} have been said";
        return null;
    }

    private bool Passes(in Statement vote, VoteClass voteClass, int round)
    {
        LbftRules rules = _model.Rules;
        bool isClass = vote.Class == voteClass || (rules.ClassNotSigned && voteClass == VoteClass.Commit);
        bool isRound = vote.Round == round
            || rules.CountsAllRounds
            || (rules.CountsCommitsOfAllRounds && voteClass == VoteClass.Commit)
            || (rules.RoundNotSigned && vote.Round > 0 && round > 0);
        return isClass && isRound;
    }

    // With free entry a round is entered at any time: the wishes of all others are granted, said or not.
    private List<Delivery>? Wishes(int to, int round, int count)
    {
        List<Delivery> wishes = [];
        for (int seat = 0; seat < _model.Committee.Validators && wishes.Count < count; seat++)
        {
            bool isByzantine = seat >= _model.Honest;
            bool isSaid = isByzantine || _model.Entry == RoundEntry.Free || _nodes[seat].State.Wish >= round;
            if (seat != to && isSaid) wishes.Add(new Delivery(seat, isByzantine ? -1 : _steps.Count, Vocabulary.Wish(round).Statement));
        }

        if (wishes.Count == count) return wishes;

        Impossible = $"step {_steps.Count + 1}: only {wishes.Count} members wish for round {round}";
        return null;
    }

    private ulong Decidable() => new Ballots(_model).Decided([.. _nodes.Select(node => node.Votes)]);

    private string? Fork()
    {
        List<string> decisions = [];
        List<int> values = [];
        foreach (ReplayedStep step in _steps)
            if (step.Decision is { } value && !values.Contains(value))
            {
                values.Add(value);
                decisions.Add($"v{step.Step.Validator} decides {Move.Name(value)}");
            }

        return values.Count > 1 ? $"fork: {string.Join(", ", decisions)}" : null;
    }

    private string? Judge()
    {
        if (Fork() is { } fork) return fork;
        if (_nodes.Select(node => node.Fault).FirstOrDefault(fault => fault is not null) is { } fault) return fault;

        ulong certified = new Ballots(_model).Certified([.. _nodes.Select(node => node.Votes)]);
        for (int round = 0; round <= _model.RoundMax; round++)
        {
            int[] values = [.. Enumerable.Range(0, _model.Blocks + 1).Where(value => Vocabulary.IsIn(certified, round, value))];
            if (values.Length > 1) return $"two prepare certificates in round {round}";
            if (values is [> 0 and var value] && _nodes.Count(node => node.Holds(value)) < _model.Committee.WeakQuorum)
                return $"{Move.Name(value)} is certified and fewer than f+1 honest validators hold it executed";
        }

        bool isEntered = Array.Exists(_nodes, node => node.State.Round >= 1);
        if (_model.Entry != RoundEntry.Free && isEntered
            && _nodes.Count(node => node.IsImpatient) < _model.Committee.WeakQuorum)
            return "impeached on demand: round 1 was entered without f+1 honest timers";

        return new Liveness(_model).StuckFrom([.. _nodes.Select(node => node.State)], certified);
    }
}
