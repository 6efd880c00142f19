using CPChain.Lbft;
using CPChain.Lbft.Votes;

namespace CPChain.ModelChecking;

/// <summary>What came out of comparing single deliveries with the explorer's groups.</summary>
/// <param name="States">States with one validator that receives single messages.</param>
/// <param name="Deliveries">Single messages that were delivered.</param>
/// <param name="Changes">Those that changed what others can notice.</param>
/// <param name="Clusters">Clusters met, told apart by votes, rounds, certificates and wishes.</param>
/// <param name="GroupedClusters">The explorer's, told apart in the same way.</param>
/// <param name="IsEqual">Both met the same ones.</param>
/// <param name="Missing">The first change that no sequence of groups makes; null when there is none.</param>
public sealed record GroupingReport(
    int States, long Deliveries, long Changes, int Clusters, int GroupedClusters, bool IsEqual, string? Missing);

/// <summary>
/// Delivers every message by itself to one validator, in every order, while the others take every step of the explorer, and
/// checks that whatever the single messages bring about is brought about by the explorer's groups too.
/// </summary>
/// <remarks>
/// Beside the validator with single deliveries goes a twin in the explorer's terms, which must be able to follow in all
/// that others can notice: votes, round, certificates and wish. It may lack a body that the other has fetched early.
/// One validator is enough: validators meet only in what they have said, and what they have said is in the explorer's
/// state. By induction over a run with single deliveries to all of them, each change at one of them is a change that the
/// explorer makes at the same cluster.
/// </remarks>
public sealed class GroupingCheck
{
    private const int Bits = 24;

    private readonly Model _model;
    private readonly LocalStates _locals;
    private readonly Invariants _invariants;
    private readonly Ballots _ballots;
    private readonly Moves _moves;
    private readonly Predicate<Move> _isOffered;
    private readonly SingleDeliveries _singles;
    private readonly HashSet<UInt128> _seen = [];
    private readonly Queue<UInt128> _agenda = new();
    private readonly Dictionary<(UInt128 Cluster, int Face), int?> _followed = [];
    private readonly Dictionary<LocalState, int> _voiceNumbers = [];
    private readonly HashSet<UInt128> _voices = [];
    private long _deliveries;
    private long _changes;
    private string? _missing;

    private GroupingCheck(Model model, VoteClass votes, Predicate<Move> isOffered)
    {
        _model = model;
        _isOffered = isOffered;
        _locals = new LocalStates(model);
        _invariants = new Invariants(model, _locals);
        _ballots = new Ballots(model);
        _moves = new Moves(model, _locals);
        _singles = new SingleDeliveries(model, _locals, votes);
    }

    /// <param name="model">What to explore.</param>
    /// <param name="votes">
    /// Of which class votes are delivered one by one. The machine counts the classes apart, so each is checked by itself;
    /// wishes, timers, proposals, bodies and certificates come one by one in both.
    /// </param>
    /// <param name="isOffered">Which groups are offered; a test leaves some out to see that the check notices.</param>
    public static GroupingReport Run(Model model, VoteClass votes, Predicate<Move>? isOffered = null) =>
        new GroupingCheck(model, votes, isOffered ?? (_ => true)).Run();

    private GroupingReport Run()
    {
        int[] cluster = new int[_model.Honest];
        Array.Fill(cluster, _locals.Initial);
        Visit(_singles.Initial, cluster);
        while (_missing is null && _agenda.TryDequeue(out UInt128 packed))
        {
            int face = Unpack(packed, cluster);
            ulong certified = _invariants.CertifiedIn(cluster);
            for (int slot = 1; slot < cluster.Length; slot++)
            {
                int before = cluster[slot];
                foreach ((int moved, Move _) in _moves.From(cluster, slot, certified))
                {
                    cluster[slot] = moved;
                    Visit(face, cluster);
                    cluster[slot] = before;
                }
            }

            if (_singles[face].Full.Stage != HeightStage.Open) continue; // decided: nothing follows at this validator

            for (int message = 0; message < _singles.Count; message++)
                if (_singles.IsAvailable(message, _singles[face].Full, cluster, certified)) Deliver(face, message, cluster);
        }

        HashSet<UInt128> grouped = Explorer.Projected(_model, local => NumberOf(local.Voice));
        return new GroupingReport(
            _seen.Count, _deliveries, _changes, _voices.Count, grouped.Count, grouped.SetEquals(_voices), _missing);
    }

    private void Deliver(int face, int message, int[] cluster)
    {
        _deliveries++;
        int next = _singles.After(face, message);
        if (next == face) return;

        Face now = _singles[next];
        bool isDecided = now.Full.Stage != HeightStage.Open;
        if (isDecided) CheckDecision(now, cluster, message);
        if (now.Reduced.Voice != _locals[cluster[0]].Voice) _changes++;
        if (FollowOnce(cluster, next, isDecided) is not { } followed)
        {
            _missing ??= $"{_singles.Name(message)} in {_singles[face].Full.Phase} r{_singles[face].Full.Round}";
            return;
        }

        int twin = cluster[0];
        cluster[0] = followed;
        Visit(next, cluster);
        cluster[0] = twin;
    }

    // A decision is a C-certificate that the explorer knows of.
    private void CheckDecision(Face now, int[] cluster, int message)
    {
        SaidVotes[] said = [now.Reduced.Said, .. cluster.Skip(1).Select(other => _locals[other].Said)];
        int value = Vocabulary.ValueOf(now.Full.Decision!.Hash);
        if (!Vocabulary.IsIn(_ballots.Decided(said), now.Full.Decision.Round, value))
            _missing ??= $"a decision for {Move.Name(value)} by {_singles.Name(message)}";
    }

    private int? FollowOnce(int[] cluster, int face, bool isDecided)
    {
        (UInt128, int) key = (Pack(face, cluster), face);
        if (_followed.TryGetValue(key, out int? known)) return known;

        LocalState target = _singles[face].Reduced;
        LocalState voice = target.Voice;
        return _followed[key] = isDecided
            ? Follow(cluster, local => local.Said == target.Said)
            : Follow(cluster, local => local.Voice == voice);
    }

    // A single message may complete two groups, as an own vote on entering a round may complete its certificate.
    private int? Follow(int[] cluster, Predicate<LocalState> isReached)
    {
        if (isReached(_locals[cluster[0]])) return cluster[0];

        HashSet<int> reached = [cluster[0]];
        Queue<int> agenda = new(reached);
        while (agenda.TryDequeue(out int local))
        {
            int[] at = [local, .. cluster[1..]];
            foreach ((int next, Move move) in _moves.From(at, 0, _invariants.CertifiedIn(at)))
            {
                if (!_isOffered(move)) continue;
                if (isReached(_locals[next])) return next;
                if (reached.Add(next)) agenda.Enqueue(next);
            }
        }

        return null;
    }

    private void Visit(int face, int[] cluster)
    {
        UInt128 packed = Pack(face, cluster);
        if (!_seen.Add(packed)) return;

        Span<int> voices = stackalloc int[cluster.Length];
        for (int slot = 0; slot < voices.Length; slot++) voices[slot] = NumberOf(_locals[cluster[slot]].Voice);
        voices.Sort();
        _voices.Add(Explorer.Pack(voices));
        _agenda.Enqueue(packed);
    }

    private static UInt128 Pack(int face, int[] cluster)
    {
        UInt128 packed = (UInt128)(uint)face;
        foreach (int local in cluster) packed = (packed << Bits) | (UInt128)(uint)local;
        return packed;
    }

    private static int Unpack(UInt128 packed, int[] cluster)
    {
        for (int slot = cluster.Length - 1; slot >= 0; slot--)
        {
            cluster[slot] = (int)(packed & ((UInt128.One << Bits) - UInt128.One));
            packed >>= Bits;
        }

        return (int)packed;
    }

    private int NumberOf(LocalState voice)
    {
        if (!_voiceNumbers.TryGetValue(voice, out int number)) _voiceNumbers[voice] = number = _voiceNumbers.Count;
        return number;
    }
}
