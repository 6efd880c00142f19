using CPChain.Lbft;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Evidence;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Simulation.Rules;

/// <summary>What must hold in every run; the first thing that does not is kept.</summary>
public sealed class RulesChecks(RulesWorld world)
{
    private readonly Dictionary<ulong, Height> _heights = [];
    private readonly SeatSet _byzantine = world.Scenario.Byzantine;
    private readonly int _weakQuorum = world.Scenario.Committee.WeakQuorum;

    // Byzantine seats may add their votes to anything, so this many honest ones make a certificate possible.
    private readonly int _enough = world.Scenario.Committee.StrongQuorum - world.Scenario.Byzantine.Count;

    public string? Violation { get; private set; }

    /// <summary>Votes that honest validators signed.</summary>
    public long Votes { get; private set; }

    /// <summary>Seats and proposers that honest validators proved guilty.</summary>
    public HashSet<int> Convicted { get; } = [];

    /// <summary>Final heights of impeach blocks.</summary>
    public List<ulong> Impeached { get; } = [];

    /// <summary>Highest round of a certificate that decided a height.</summary>
    public int RoundMax { get; private set; }

    public void Violated(string what) =>
        Violation ??= $"seed {world.Scenario.Seed} n={world.Scenario.Committee.Validators} at {world.NowMs} ms: {what}";

    /// <summary>The final block of a height; null while there is none.</summary>
    public Hash256? FinalAt(ulong height) => _heights.TryGetValue(height, out Height? known) ? known.Final : null;

    /// <summary>
    /// An honest validator signs nothing that convicts it, and never do the honest make two certificates of one round,
    /// or C-certificates of two values, possible.
    /// </summary>
    public void Signed(RulesNode node, in Statement said)
    {
        if (!node.IsHonest || (!said.Kind.IsVote() && said.Kind != StatementKind.Propose)) return;

        Votes++;
        Height height = At(said.Height.Value);
        List<Statement> earlier = height.Said[node.Seat.Index] ??= new List<Statement>(4);
        foreach (Statement other in earlier)
        {
            if (other == said) return; // the same signature again, after a restart
            if (MisconductRules.Judge(other, said) is { } kind)
                Violated($"honest v{node.Seat.Index} is convicted of {kind}: {other} and {said}");
        }

        earlier.Add(said);
        if (said.Kind.IsVote()) Count(height, said);
    }

    /// <summary>Round 1 begins only after f+1 honest timers, or their own sight of an illicit block.</summary>
    public void Stepped(RulesNode node, LbftState before)
    {
        LbftState state = node.State;
        Height height = At(state.Height.Value);
        if (state.Marks.HasFlag(HeightMarks.Illicit)) height.Reasons = height.Reasons.With(node.Seat);
        if (before.Round > 0 || state.Round == 0 || before.Height != state.Height) return;
        if (height.Reasons.Count < _weakQuorum)
            Violated($"v{node.Seat.Index} entered round {state.Round} of {state.Height} after {height.Reasons.Count} honest timers");
    }

    public void TimerRanOut(RulesNode node, LbftEvent.TimerExpired timer)
    {
        if (timer.Kind != TimerKind.Round || !node.IsHonest || timer.Height != node.State.Height) return;
        Height height = At(timer.Height.Value);
        height.Reasons = height.Reasons.With(node.Seat);
    }

    /// <summary>One value at each height, and never an invalid one.</summary>
    public void Finalized(RulesNode node, Certificate certificate)
    {
        SimulatedBlock block = world.Blocks[certificate.Hash];
        Height height = At(block.Height.Value);
        if (!block.IsValid) Violated($"v{node.Seat.Index} finalised an invalid block at {block.Height}");
        if (block.Height.Value != node.Head) Violated($"v{node.Seat.Index} finalised {block.Height} at head {node.Head}");
        if (height.Final is { } final)
        {
            if (final != block.Hash) Violated($"fork at {block.Height}: v{node.Seat.Index} has {certificate}");
            return;
        }

        height.Final = block.Hash;
        RoundMax = Math.Max(RoundMax, certificate.Round);
        if (block.IsImpeach) Impeached.Add(block.Height.Value);
        if (block.Height.Value > 64) _heights.Remove(block.Height.Value - 64);
    }

    /// <summary>Evidence that a node records must name somebody guilty.</summary>
    public void Accused(RulesNode node, Misconduct misconduct)
    {
        int key = StubSignatures.SeatOf(misconduct.First.Signature);
        if (!node.IsHonest) return;

        bool isGuilty = key < world.Scenario.Committee.Validators
            ? _byzantine.Contains(new Seat(key)) || world.Scenario.Amnesiac.Contains(new Seat(key))
            : misconduct.Kind == MisconductKind.TwoSeals && world.HasTwoSeals(misconduct.First.Statement.Height.Value);
        if (!isGuilty) Violated($"v{node.Seat.Index} accuses honest key {key}: {misconduct}");
        Convicted.Add(key);
    }

    private void Count(Height height, in Statement said)
    {
        for (int index = 0; index < height.Support.Count; index++)
        {
            Support support = height.Support[index];
            if (support.Round != said.Round || support.Class != said.Class || support.Hash != said.Hash) continue;

            height.Support[index] = support with { Honest = support.Honest + 1 };
            if (support.Honest + 1 == _enough) CheckRivals(height, said);
            return;
        }

        height.Support.Add(new Support(said.Class, said.Round, said.Hash, 1));
        if (_enough == 1) CheckRivals(height, said);
    }

    private void CheckRivals(Height height, in Statement said)
    {
        foreach (Support rival in height.Support)
        {
            if (rival.Honest < _enough || rival.Class != said.Class || rival.Hash == said.Hash) continue;
            if (said.Class == VoteClass.Commit)
                Violated($"COMMITs of {_enough} honest for two values at {said.Height}, rounds {rival.Round} and {said.Round}");
            else if (rival.Round == said.Round)
                Violated($"two P-certificates are possible in round {said.Round} of {said.Height}");
        }
    }

    private Height At(ulong number)
    {
        if (_heights.TryGetValue(number, out Height? height)) return height;

        height = new Height(world.Scenario.Committee.Validators);
        _heights[number] = height;
        return height;
    }

    private readonly record struct Support(VoteClass Class, int Round, Hash256 Hash, int Honest);

    private sealed class Height(int validators)
    {
        public List<Statement>?[] Said { get; } = new List<Statement>?[validators];

        public List<Support> Support { get; } = new(4);

        /// <summary>Honest seats that have a reason of their own to leave round 0.</summary>
        public SeatSet Reasons { get; set; }

        public Hash256? Final { get; set; }
    }
}
