using CPChain.Lbft;
using CPChain.Lbft.Blocks;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Values;

namespace CPChain.ModelChecking;

/// <summary>Visits every reachable cluster, shortest schedules first, so that a counterexample is minimal.</summary>
/// <remarks>
/// The validators are the production machine; a cluster is the sorted tuple of their states' numbers, since everything
/// ever said may be shown to anybody at any time and the Byzantine members have said everything.
/// </remarks>
public sealed class Explorer
{
    private readonly Model _model;
    private readonly LocalStates _locals;
    private readonly Invariants _invariants;
    private readonly List<UInt128> _clusters = [];
    private readonly List<(int Parent, byte Slot, ushort Move)> _origins = [];
    private readonly Dictionary<UInt128, int> _seen = [];
    private readonly Dictionary<(int Local, ulong Certified, ulong Wishing), (int Next, Move Move)[]> _successors = [];
    private readonly Dictionary<Move, ushort> _moveNumbers = [];
    private readonly List<Move> _moves = [];

    private Explorer(Model model)
    {
        _model = model;
        _locals = new LocalStates(model);
        _invariants = new Invariants(model, _locals);
    }

    public static Report Explore(Model model) => new Explorer(model).Run();

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

            Unpack(_clusters[index], cluster);
            if ((_invariants.FaultOf(cluster) ?? StuckIn(cluster)) is { } violation)
                return ReportOf(depth, isComplete: false, violation, TraceTo(index));
            if (_clusters.Count > _model.StatesMax) return ReportOf(depth, isComplete: false, null, []);

            Expand(index, cluster);
        }

        return ReportOf(depth, isComplete: true, null, []);
    }

    private string? StuckIn(int[] cluster)
    {
        if (_model.Progress == Progress.Unchecked) return null;

        LbftState[] nodes = [.. cluster.Select(local => _locals[local].State)];
        if (_model.Progress == Progress.Decides)
            return Healing.Decides(_model, nodes) ? null : "stuck: no decision within f+2 further rounds of a timely network";

        ulong certified = _invariants.CertifiedIn(cluster);
        for (int round = 0; round <= _model.RoundMax; round++)
            for (int value = 0; value <= _model.Blocks; value++)
                if (IsIn(certified, round, value) && BlockedBy(nodes, round, value) is { } stuck) return stuck;
        return null;
    }

    private string? BlockedBy(LbftState[] nodes, int round, int value)
    {
        Certificate hidden = _locals.PrepareCertificate(round, value);
        int choices = 1 << nodes.Length;
        for (int choice = 0; choice < choices * choices; choice++)
        {
            SeatSet before = new((UInt128)(choice % choices)), after = new((UInt128)(choice / choices));
            if (!Healing.DecidesDespite(_model, nodes, hidden, before, after))
                return $"stuck: the certificate of {Move.Name(value)} in round {round}, shown to {before} before they enter "
                    + $"and to {after} before the PROPOSE arrives, blocks an honest coordinator";
        }

        return null;
    }

    private Report ReportOf(int depth, bool isComplete, string? violation, IReadOnlyList<string> trace) =>
        new(_clusters.Count, _locals.Count, depth, isComplete, violation, trace);

    private void Expand(int index, int[] cluster)
    {
        ulong certified = _invariants.CertifiedIn(cluster);
        Span<int> moved = stackalloc int[cluster.Length];
        for (int slot = 0; slot < cluster.Length; slot++)
        {
            // Interchangeable validators in one state have the same next steps.
            if (slot > 0 && cluster[slot] == cluster[slot - 1]) continue;

            foreach ((int next, Move move) in SuccessorsOf(cluster, slot, certified))
            {
                cluster.CopyTo(moved);
                moved[slot] = next;
                moved.Sort();
                Visit(moved, index, slot, move);
            }
        }
    }

    private (int Next, Move Move)[] SuccessorsOf(int[] cluster, int slot, ulong certified)
    {
        ulong wishing = _model.Entry == RoundEntry.Free ? 0 : WishingBeside(cluster, slot);
        (int, ulong, ulong) key = (cluster[slot], certified, wishing);
        if (_successors.TryGetValue(key, out (int, Move)[]? known)) return known;

        List<(int, Move)> successors = [];
        foreach (Move move in MovesOf(_locals[cluster[slot]], certified, wishing))
        {
            int next = _locals.Step(cluster[slot], move);
            if (next != cluster[slot]) successors.Add((next, move));
        }

        return _successors[key] = [.. successors];
    }

    // A byte per round: how many other members may be shown to wish for it, the Byzantine ones always.
    private ulong WishingBeside(int[] cluster, int slot)
    {
        ulong wishing = 0;
        for (int round = 1; round <= _model.RoundMax; round++)
        {
            int count = _model.Committee.Faulty;
            for (int other = 0; other < cluster.Length; other++)
                if (other != slot && _locals[cluster[other]].State.Wish >= round) count++;
            wishing |= (ulong)count << (8 * round);
        }

        return wishing;
    }

    private IEnumerable<Move> MovesOf(LocalState local, ulong certified, ulong wishing)
    {
        LbftState state = local.State;
        if (state.Phase == Phase.Halted) yield break;

        if (state.Phase == Phase.Idle)
            for (int value = 1; value <= _model.Blocks; value++) yield return new Move(MoveKind.Proposal, Value: value);
        for (int block = 0; block < state.Blocks.Length; block++)
            if (state.Blocks[block].Stage == BlockStage.Wanted)
                yield return new Move(MoveKind.Body, Value: LocalStates.ValueOf(state.Blocks[block].Hash));

        int quorum = _model.Rules.QuorumOf(_model.Committee);
        for (int round = 0; round <= _model.RoundMax; round++)
            for (int value = 0; value <= _model.Blocks; value++)
                if (IsIn(certified, round, value)) yield return new Move(MoveKind.Prepares, round, value, Count: quorum);

        for (int round = state.Round + 1; round <= _model.RoundMax; round++)
            foreach (Move move in EntriesOf(local, round, wishing)) yield return move;

        if (state.Round < 2 || state.OwnIn(state.Round).Prepare is not null) yield break;

        yield return new Move(MoveKind.Propose, state.Round, Value: 0);
        for (int round = 0; round < state.Round; round++)
            for (int value = 0; value <= _model.Blocks; value++)
                if (IsIn(certified, round, value)) yield return new Move(MoveKind.Propose, state.Round, value, ValidRound: round);
    }

    private IEnumerable<Move> EntriesOf(LocalState local, int round, ulong wishing)
    {
        if (_model.Entry == RoundEntry.Free)
        {
            yield return new Move(MoveKind.Wishes, round, Count: _model.Committee.Validators - 1);
            yield break;
        }

        // A timer of round 0 counts even if its wish is an old one: it is what makes impeachment earned.
        LbftState state = local.State;
        bool isDue = state.Wish == state.Round || (state.Round == 0 && !local.HasTimedOut);
        if (round == state.Round + 1 && isDue) yield return new Move(MoveKind.Timer, state.Round);

        int count = (int)((wishing >> (8 * round)) & 0xff);
        if (count >= _model.Committee.WeakQuorum)
            yield return new Move(MoveKind.Wishes, round, Count: _model.Committee.WeakQuorum);
        if (count > _model.Committee.WeakQuorum) yield return new Move(MoveKind.Wishes, round, Count: count);
    }

    private static bool IsIn(ulong votes, int round, int value) => (votes & (1UL << LocalStates.Bit(round, value))) != 0;

    private void Visit(ReadOnlySpan<int> cluster, int parent, int slot, Move move)
    {
        if (!_seen.TryAdd(Pack(cluster), _clusters.Count)) return;

        if (!_moveNumbers.TryGetValue(move, out ushort number))
        {
            _moveNumbers[move] = number = (ushort)_moves.Count;
            _moves.Add(move);
        }

        _clusters.Add(Pack(cluster));
        _origins.Add((parent, (byte)slot, number));
    }

    private int BitsPerValidator => 128 / _model.Honest;

    private UInt128 Pack(ReadOnlySpan<int> cluster)
    {
        UInt128 packed = UInt128.Zero;
        foreach (int local in cluster) packed = (packed << BitsPerValidator) | (UInt128)(uint)local;
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
    private List<string> TraceTo(int index)
    {
        Stack<(int From, Move Move)> steps = [];
        int[] parent = new int[_model.Honest];
        for (int at = index; _origins[at].Parent >= 0; at = _origins[at].Parent)
        {
            Unpack(_clusters[_origins[at].Parent], parent);
            steps.Push((parent[_origins[at].Slot], _moves[_origins[at].Move]));
        }

        int[] validators = new int[_model.Honest];
        Array.Fill(validators, _locals.Initial);
        List<string> trace = [];
        foreach ((int from, Move move) in steps)
        {
            int seat = Array.IndexOf(validators, from);
            validators[seat] = _locals.Step(from, move);
            LbftState now = _locals[validators[seat]].State;
            trace.Add($"v{seat} {move} -> {now.Phase} r{now.Round}{Said(_locals[from].State, now)}");
        }

        return trace;
    }

    private static string Said(LbftState before, LbftState after)
    {
        List<string> votes = [];
        foreach (OwnRound own in after.Own)
        {
            OwnRound earlier = before.OwnIn(own.Round);
            if (earlier.Prepare is null && own.Prepare is { } prepare) votes.Add(Name(prepare));
            if (earlier.Commit is null && own.Commit is { } commit) votes.Add(Name(commit));
        }

        return votes.Count == 0 ? "" : ", says " + string.Join(" and ", votes);
    }

    private static string Name(OwnStatement own) =>
        $"{own.Statement.Kind}({own.Statement.Round},{Move.Name(LocalStates.ValueOf(own.Statement.Hash))})";
}
