using CPChain.Simulation.Nodes.Checks;

namespace CPChain.Simulation.Nodes;

/// <summary>What a range of seeds has shown.</summary>
public sealed record NodesTotals
{
    /// <summary>Bad outcomes of each kind that are kept word for word.</summary>
    public const int FailuresKept = 16;

    public long Seeds { get; init; }

    /// <summary>Blocks that were final everywhere, over all worlds.</summary>
    public long Heights { get; init; }

    public long Violations { get; init; }

    public long Undecided { get; init; }

    public ulong? FirstFailingSeed { get; init; }

    public long ImpeachBlocks { get; init; }

    public long Starts { get; init; }

    public long ElectedBlocks { get; init; }

    public CheckpointCounts Checkpoints { get; init; } = new(0, 0, 0);

    public long Transactions { get; init; }

    public long Events { get; init; }

    public double ElapsedMs { get; init; }

    public long VirtualMs { get; init; }

    /// <summary>The longest wait for the first block after healing, virtual milliseconds.</summary>
    public long FirstBlockMsMax { get; init; }

    public IReadOnlyList<NodesOutcome> Failures { get; init; } = [];

    public NodesTotals Plus(NodesOutcome outcome) => new()
    {
        Seeds = Seeds + 1,
        Heights = Heights + (long)outcome.Heights,
        Violations = Violations + (outcome.Violations.Count > 0 ? 1 : 0),
        Undecided = Undecided + (outcome.IsUndecided ? 1 : 0),
        FirstFailingSeed = FirstFailingSeed ?? (outcome.IsGood ? null : outcome.Seed),
        ImpeachBlocks = ImpeachBlocks + outcome.ImpeachBlocks,
        Starts = Starts + outcome.Starts,
        ElectedBlocks = ElectedBlocks + outcome.ElectedBlocks,
        Checkpoints = Checkpoints.Plus(outcome.Checkpoints),
        Transactions = Transactions + outcome.Transactions,
        Events = Events + outcome.Events,
        ElapsedMs = ElapsedMs + outcome.ElapsedMs,
        VirtualMs = VirtualMs + outcome.VirtualMs,
        FirstBlockMsMax = Math.Max(FirstBlockMsMax, outcome.FirstBlockMs),
        Failures = outcome.IsGood || Failures.Count(bad => bad.IsUndecided == outcome.IsUndecided) == FailuresKept
            ? Failures
            : [.. Failures, outcome],
    };
}

/// <summary>Plays the worlds of a range of seeds on several threads, one world on one thread.</summary>
public static class NodesCampaign
{
    /// <summary>
    /// Plays seeds first..last. <paramref name="progress"/> is told in the order of the seeds; when it returns false the campaign ends early.
    /// </summary>
    public static NodesTotals Run(
        ulong first, ulong last, NodesSettings settings, int jobs, Func<NodesOutcome, NodesTotals, bool>? progress, CancellationToken cancel)
    {
        NodesTotals totals = new();
        ulong count = last < first ? 0 : checked(last - first + 1);
        OrderedJobs.Run("world", jobs, count, piece => NodesRun.Play(first + piece, settings), Tell, cancel);
        return totals;

        bool Tell(NodesOutcome outcome)
        {
            totals = totals.Plus(outcome);
            return progress is null || progress(outcome, totals);
        }
    }
}
