using CPChain.Lbft;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Evidence;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;

namespace CPChain.Simulation.Twins;

/// <summary>What must hold in every scenario; the first thing that does not is kept.</summary>
internal sealed class TwinChecks(TwinScenario scenario, TwinNode[] nodes)
{
    private const int RoundsMax = 64;
    private const int Values = 3;

    // Seats by class, round and value: a bit for every seat that signed such a vote, doubled seats included.
    private readonly uint[] _voters = new uint[2 * RoundsMax * Values];
    private readonly int _quorum = CommitteeSize.Of(scenario.Validators).StrongQuorum;
    private readonly int[] _preparedIn = new int[RoundsMax];
    private int _finalized;
    private int _committed;

    public string? Violation { get; private set; }

    public int DoubleSigners { get; private set; }

    public void Reset()
    {
        Array.Clear(_voters);
        Array.Fill(_preparedIn, -1);
        _finalized = -1;
        _committed = -1;
        DoubleSigners = 0;
        Violation = null;
        IsForked = false;
    }

    /// <summary>Two honest nodes have finalised different values: nothing worse can follow.</summary>
    public bool IsForked { get; private set; }

    public void Violated(string what) => Violation ??= what;

    /// <summary>
    /// No two certificates of one round, no two values with a C-certificate, and nothing that convicts the honest.
    /// </summary>
    public void Signed(TwinNode node, in Statement said)
    {
        if (!said.Kind.IsVote() && said.Kind != StatementKind.Propose) return;

        if (!node.IsDoubled)
            foreach (Statement earlier in node.Signed)
                if (MisconductRules.Judge(earlier, said) is { } kind)
                    Violated($"honest v{node.Seat.Index} is convicted of {kind}: {earlier} and {said}");
        node.Signed.Add(said);
        if (said.Kind.IsVote() && said.Round < RoundsMax) Count(node, said);
    }

    /// <summary>Round 1 begins only after f+1 honest timers, or their own sight of an illicit block.</summary>
    public void Entered(TwinNode node)
    {
        node.Entered.Add((node.State.Round, node.State.Entry));
        int reasons = 0;
        foreach (TwinNode other in nodes)
            if (!other.IsDoubled && (other.HasTimedOut || other.State.Marks.HasFlag(HeightMarks.Illicit))) reasons++;
        if (reasons <= scenario.TwinSeats.Length)
            Violated($"v{node.Seat.Index} entered round {node.State.Round} after {reasons} honest timers");
    }

    /// <summary>
    /// No certificate for the impeach block in a round that f+1 honest entered with a proposal's certificate,
    /// unless the impeach block has a newer one.
    /// </summary>
    public void CheckImpeachment()
    {
        for (int round = 1; round < RoundsMax; round++)
        {
            if (_preparedIn[round] != 0) continue;

            int bound = 0;
            foreach (TwinNode node in nodes)
                if (!node.IsDoubled && IsBound(node, round)) bound++;
            if (bound > scenario.TwinSeats.Length)
                Violated($"the impeach block is certified in round {round}, which {bound} honest nodes entered with another's certificate");
        }
    }

    public void Finalized(TwinNode node)
    {
        if (_finalized >= 0 && _finalized != node.Decided)
        {
            IsForked = true;
            Violation = $"fork: v{node.Seat.Index} finalised value {node.Decided}, another honest node value {_finalized}";
        }

        _finalized = node.Decided;
        if (node.Decided == 1 && scenario.Mode == ProposerMode.TwinsOneIllicit)
            Violated($"v{node.Seat.Index} finalised an illicit block");
    }

    public void Heard(TwinNode node, Seat from, in Statement said)
    {
        if (Array.IndexOf(scenario.TwinSeats, from.Index) >= 0) node.Heard.Add((from.Index, said));
    }

    /// <summary>A node has found two signatures of one key: it must be a doubled one, or the proposer's.</summary>
    public void Accused(TwinNode node, Misconduct misconduct)
    {
        int seat = StubSignatures.SeatOf(misconduct.First.Signature);
        if (seat < scenario.Validators && Array.IndexOf(scenario.TwinSeats, seat) < 0)
            Violated($"v{node.Seat.Index} accuses honest v{seat}: {misconduct.First.Statement} and {misconduct.Second.Statement}");
        if (seat == scenario.Validators && scenario.Proposers == 1) Violated("the only proposer is accused");
        if (seat < scenario.Validators) node.Convicted = node.Convicted.With(new Seat(seat));
    }

    /// <summary>
    /// Every contradiction of a doubled seat proves its guilt, and every honest node that was told both halves knows.
    /// </summary>
    public void CheckDoubled()
    {
        for (int twin = 0; twin < scenario.TwinSeats.Length; twin++)
        {
            TwinNode one = nodes[scenario.TwinSeats[twin]];
            TwinNode other = nodes[scenario.Validators + twin];
            bool contradicts = false;
            foreach (Statement a in one.Signed)
                foreach (Statement b in other.Signed)
                {
                    bool isSecond = a.Round == b.Round && a != b
                        && (a.Kind == b.Kind || (a.Kind.IsVote() && b.Kind.IsVote() && a.Class == b.Class));
                    contradicts |= isSecond;
                    if (isSecond && MisconductRules.Judge(a, b) is null)
                        Violated($"no evidence against doubled v{one.Seat.Index}: {a} and {b}");
                }

            if (contradicts) DoubleSigners++;
        }

        foreach (TwinNode node in nodes)
            if (!node.IsDoubled) CheckHeard(node);
    }

    private bool IsBound(TwinNode node, int round)
    {
        foreach ((int entered, Certificate? entry) in node.Entered)
        {
            if (entered != round || entry is null || TwinHost.ValueOf(entry.Hash) == 0) continue;

            bool isNewer = false;
            for (int between = entry.Round + 1; between < round; between++) isNewer |= _preparedIn[between] == 0;
            return !isNewer;
        }

        return false;
    }

    private void CheckHeard(TwinNode node)
    {
        for (int first = 0; first < node.Heard.Count; first++)
        {
            (int seat, Statement said) = node.Heard[first];
            if (node.Convicted.Contains(new Seat(seat))) continue;

            for (int second = 0; second < first; second++)
                if (node.Heard[second].Seat == seat && MisconductRules.Judge(node.Heard[second].Said, said) is not null)
                    Violated($"v{node.Seat.Index} overlooked v{seat}: {node.Heard[second].Said} and {said}");
        }
    }

    private void Count(TwinNode node, in Statement said)
    {
        int value = TwinHost.ValueOf(said.Hash);
        bool isPrepare = said.Class == VoteClass.Prepare;
        ref uint voters = ref _voters[(((isPrepare ? 0 : RoundsMax) + said.Round) * Values) + value];
        voters |= 1u << node.Seat.Index;
        if (uint.PopCount(voters) < _quorum) return;

        ref int certified = ref (isPrepare ? ref _preparedIn[said.Round] : ref _committed);
        if (certified >= 0 && certified != value)
            Violated(isPrepare
                ? $"two P-certificates in round {said.Round}: values {certified} and {value}"
                : $"two C-certificates, of values {certified} and {value}");
        certified = value;
    }
}
