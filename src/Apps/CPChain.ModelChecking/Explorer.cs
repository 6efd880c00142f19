using CPChain.Lbft;
using CPChain.Lbft.Blocks;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;

namespace CPChain.ModelChecking;

/// <summary>Visits every reachable cluster, shortest schedules first, so that a counterexample is minimal.</summary>
/// <remarks>
/// The validators are the production machine; a cluster is the sorted tuple of their states' numbers, since everything
/// ever said may be shown to anybody at any time and the Byzantine members have said everything.
/// </remarks>
public sealed class Explorer
{
    private const int ProgressEvery = 1 << 16;

    private readonly Model _model;
    private readonly LocalStates _locals;
    private readonly Invariants _invariants;
    private readonly Moves _moves;
    private readonly Liveness _liveness;
    private readonly Action<SearchProgress> _onProgress;
    private readonly CancellationToken _cancel;
    private readonly List<UInt128> _clusters = [];
    private readonly List<(int Parent, byte Slot, ushort Move)> _origins = [];
    private readonly Dictionary<UInt128, int> _seen = [];
    private readonly Dictionary<Move, ushort> _moveNumbers = [];
    private readonly List<Move> _movesMade = [];
    private readonly List<int> _stateNumbers = [];
    private readonly List<LbftState> _states = [];
    private readonly Dictionary<LbftState, int> _numbersOfStates = [];
    private readonly HashSet<(UInt128 States, ulong Shown)> _healed = [];

    private Explorer(Model model, Action<SearchProgress> onProgress, CancellationToken cancel)
    {
        _model = model;
        _locals = new LocalStates(model);
        _invariants = new Invariants(model, _locals);
        _moves = new Moves(model, _locals);
        _liveness = new Liveness(model);
        _onProgress = onProgress;
        _cancel = cancel;
    }

    /// <summary>Searches within the model's bounds until the end or the first violation.</summary>
    /// <param name="model">What to explore.</param>
    /// <param name="onProgress">Told now and then how far the search is.</param>
    /// <param name="cancel">Stops the search.</param>
    public static Report Explore(
        Model model, Action<SearchProgress>? onProgress = null, CancellationToken cancel = default) =>
        new Explorer(model, onProgress ?? (_ => { }), cancel).Run();

    /// <summary>The reachable clusters as far as <paramref name="project"/> tells their validators apart, sorted.</summary>
    /// <param name="model">What to explore; a violation ends it with what was reached until then.</param>
    /// <param name="project">A number of less than 128 / honest validators bits for a local state.</param>
    internal static HashSet<UInt128> Projected(Model model, Func<LocalState, int> project)
    {
        Explorer explorer = new(model, _ => { }, CancellationToken.None);
        explorer.Run();
        int[] projected = [.. Enumerable.Range(0, explorer._locals.Count).Select(local => project(explorer._locals[local]))];
        HashSet<UInt128> seen = [];
        int[] cluster = new int[model.Honest];
        foreach (UInt128 packed in explorer._clusters)
        {
            explorer.Unpack(packed, cluster);
            for (int slot = 0; slot < cluster.Length; slot++) cluster[slot] = projected[cluster[slot]];
            Array.Sort(cluster);
            seen.Add(Pack(cluster));
        }

        return seen;
    }

    private Report Run()
    {
        int[] cluster = new int[_model.Honest];
        Array.Fill(cluster, _locals.Initial);
        Visit(cluster, -1, 0, default);
        int depth = 0, levelEnd = 1;
        for (int index = 0; index < _clusters.Count; index++)
        {
            if (index == levelEnd)
            {
                depth++;
                levelEnd = _clusters.Count;
            }

            if (index % ProgressEvery == 0)
            {
                _cancel.ThrowIfCancellationRequested();
                _onProgress(new SearchProgress(_clusters.Count, index, depth));
            }

            Unpack(_clusters[index], cluster);
            if (_invariants.FaultOf(cluster) is { } violation)
                return ReportOf(depth, isComplete: false, violation, null, TraceTo(index));
            if (StuckIn(cluster) is { } stuck)
                return ReportOf(depth, isComplete: false, null, stuck, TraceTo(index));
            if (_clusters.Count > _model.StatesMax) return ReportOf(depth, isComplete: false, null, null, []);

            Expand(index, cluster);
        }

        return ReportOf(depth, isComplete: true, null, null, []);
    }

    // Whether a cluster decides follows from its validators' states alone, which many clusters have in common.
    private string? StuckIn(int[] cluster)
    {
        if (_model.Progress == Progress.Unchecked) return null;

        int[] numbers = Array.ConvertAll(cluster, StateNumberOf);
        Array.Sort(numbers);
        ulong certified = _invariants.CertifiedIn(cluster);
        ulong shown = _model.Progress == Progress.DecidesDespiteHiddenCertificates ? certified : 0;
        return _healed.Add((Pack(numbers), shown))
            ? _liveness.StuckFrom(Array.ConvertAll(numbers, number => _states[number]), certified)
            : null;
    }

    private int StateNumberOf(int local)
    {
        for (int next = _stateNumbers.Count; next <= local; next++)
        {
            LbftState state = _locals[next].State;
            if (!_numbersOfStates.TryGetValue(state, out int number))
            {
                _numbersOfStates[state] = number = _states.Count;
                _states.Add(state);
            }

            _stateNumbers.Add(number);
        }

        return _stateNumbers[local];
    }

    private Report ReportOf(
        int depth, bool isComplete, string? violation, string? stuck, IReadOnlyList<TraceStep> trace) =>
        new(_clusters.Count, _locals.Count, depth, isComplete, violation, stuck, trace);

    private void Expand(int index, int[] cluster)
    {
        ulong certified = _invariants.CertifiedIn(cluster);
        Span<int> moved = stackalloc int[cluster.Length];
        for (int slot = 0; slot < cluster.Length; slot++)
        {
            // Interchangeable validators in one state have the same next steps.
            if (slot > 0 && cluster[slot] == cluster[slot - 1]) continue;

            foreach ((int next, Move move) in _moves.From(cluster, slot, certified))
            {
                cluster.CopyTo(moved);
                moved[slot] = next;
                moved.Sort();
                Visit(moved, index, slot, move);
            }
        }
    }

    private void Visit(ReadOnlySpan<int> cluster, int parent, int slot, Move move)
    {
        UInt128 packed = Pack(cluster);
        if (!_seen.TryAdd(packed, _clusters.Count)) return;

        if (!_moveNumbers.TryGetValue(move, out ushort number))
        {
            _moveNumbers[move] = number = (ushort)_movesMade.Count;
            _movesMade.Add(move);
        }

        _clusters.Add(packed);
        _origins.Add((parent, (byte)slot, number));
    }

    private int BitsPerValidator => 128 / _model.Honest;

    internal static UInt128 Pack(ReadOnlySpan<int> cluster)
    {
        UInt128 packed = UInt128.Zero;
        int bits = 128 / cluster.Length;
        foreach (int local in cluster) packed = (packed << bits) | (UInt128)(uint)local;
        return packed;
    }

    private void Unpack(UInt128 packed, int[] cluster)
    {
        UInt128 mask = (UInt128.One << Math.Min(BitsPerValidator, 31)) - UInt128.One;
        for (int slot = cluster.Length - 1; slot >= 0; slot--)
        {
            cluster[slot] = (int)(packed & mask);
            packed >>= BitsPerValidator;
        }
    }

    // Sorting has moved validators between places; following their states names them again.
    private List<TraceStep> TraceTo(int index)
    {
        Stack<(int From, Move Move)> steps = [];
        int[] parent = new int[_model.Honest];
        for (int at = index; _origins[at].Parent >= 0; at = _origins[at].Parent)
        {
            Unpack(_clusters[_origins[at].Parent], parent);
            steps.Push((parent[_origins[at].Slot], _movesMade[_origins[at].Move]));
        }

        int[] validators = new int[_model.Honest];
        Array.Fill(validators, _locals.Initial);
        List<TraceStep> trace = [];
        foreach ((int from, Move move) in steps)
        {
            int seat = Array.IndexOf(validators, from);
            validators[seat] = _locals.Step(from, move);
            LocalState now = _locals[validators[seat]];
            trace.Add(new TraceStep(
                seat, move, $"{now.State.Phase} r{now.State.Round}{Said(_locals[from].Said, now.Said)}"));
        }

        return trace;
    }

    private string Said(SaidVotes before, SaidVotes after)
    {
        List<string> votes = [];
        foreach (VoteClass voteClass in (ReadOnlySpan<VoteClass>)[VoteClass.Prepare, VoteClass.Commit])
            for (int round = 0; round <= _model.RoundMax; round++)
                for (int value = 0; value <= _model.Blocks; value++)
                {
                    (ulong earlier, ulong now) = voteClass == VoteClass.Prepare
                        ? (before.Prepares, after.Prepares) : (before.Commits, after.Commits);
                    if (Vocabulary.IsIn(now & ~earlier, round, value))
                        votes.Add($"{StatementKinds.VoteKind(voteClass, round)}({round},{Move.Name(value)})");
                }

        return votes.Count == 0 ? "" : ", says " + string.Join(" and ", votes);
    }
}
