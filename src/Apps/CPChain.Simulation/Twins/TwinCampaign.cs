using System.Text.Json.Serialization;
using CPChain.Lbft;

namespace CPChain.Simulation.Twins;

/// <summary>What a part of a campaign has shown; parts add up.</summary>
public sealed record TwinTotals
{
    /// <summary>Violations that are kept word for word.</summary>
    public const int FailuresKept = 8;

    public long Scenarios { get; init; }

    public long DecidedBefore { get; init; }

    public long DecidedAfter { get; init; }

    /// <summary>Scenarios in which an honest node was left without a decision.</summary>
    public long Stuck { get; init; }

    /// <summary>Scenarios that broke an invariant.</summary>
    public long Violations { get; init; }

    /// <summary>Doubled seats that contradicted themselves, all of them convicted.</summary>
    public long DoubleSigners { get; init; }

    /// <summary>Steps of the machine.</summary>
    public long Steps { get; init; }

    public int RoundMax { get; init; }

    /// <summary>Processor time of the process meanwhile, collection of garbage included.</summary>
    public double ProcessorSeconds { get; init; }

    public IReadOnlyList<TwinFailure> Failures { get; init; } = [];

    public TwinTotals Plus(TwinTotals other) => new()
    {
        Scenarios = Scenarios + other.Scenarios,
        DecidedBefore = DecidedBefore + other.DecidedBefore,
        DecidedAfter = DecidedAfter + other.DecidedAfter,
        Stuck = Stuck + other.Stuck,
        Violations = Violations + other.Violations,
        DoubleSigners = DoubleSigners + other.DoubleSigners,
        Steps = Steps + other.Steps,
        RoundMax = Math.Max(RoundMax, other.RoundMax),
        ProcessorSeconds = ProcessorSeconds + other.ProcessorSeconds,
        Failures = [.. Failures.Concat(other.Failures)
            .OrderBy(failure => !failure.IsFork).ThenBy(failure => failure.Position).Take(FailuresKept)],
    };
}

/// <summary>A scenario that failed: where in the campaign, which one it is, and why.</summary>
public sealed record TwinFailure(long Position, string Number, string What)
{
    /// <summary>Nothing is worse, so forks come first among the failures that are kept.</summary>
    [JsonIgnore]
    public bool IsFork => What.StartsWith("fork", StringComparison.Ordinal);
}

/// <summary>Plays many scenarios on several threads; the same positions always are the same scenarios.</summary>
public sealed class TwinCampaign(int validators, ulong seed, LbftRules rules)
{
    /// <summary>Positions that one worker takes at a time.</summary>
    public const int PartLength = 2_000;

    private readonly TwinSpace _space = new(validators);

    /// <summary>Scenarios in the space.</summary>
    public UInt128 Count => _space.Count;

    /// <summary>
    /// Plays positions from..from+count-1. <paramref name="progress"/> is told, in order, how far everything is done.
    /// </summary>
    public TwinTotals Run(long from, long count, int jobs, Action<long, TwinTotals>? progress, CancellationToken cancel)
    {
        Sampling sampling = new(_space.Count, seed);
        TwinTotals done = new();
        TimeSpan usedBefore = Environment.CpuUsage.TotalTime;
        OrderedJobs.Run("twins", jobs, (ulong)((count + PartLength - 1) / PartLength), () => new TwinRun(_space, rules), PlayPart, Tell, cancel);
        return done;

        TwinTotals PlayPart(TwinRun run, ulong part)
        {
            long start = from + ((long)part * PartLength);
            return Play(run, sampling, start, Math.Min(PartLength, from + count - start));
        }

        bool Tell(TwinTotals part)
        {
            TimeSpan used = Environment.CpuUsage.TotalTime - usedBefore;
            done = done.Plus(part) with { ProcessorSeconds = used.TotalSeconds };
            progress?.Invoke(from + done.Scenarios, done);
            return true;
        }
    }

    private static TwinTotals Play(TwinRun run, Sampling sampling, long start, long count)
    {
        Span<long> outcomes = stackalloc long[4];
        long doubleSigners = 0, steps = 0;
        int roundMax = 0, forks = 0;
        List<TwinFailure> failures = [];
        for (long position = start; position < start + count; position++)
        {
            TwinVerdict verdict = run.Play(sampling.At((ulong)position));
            outcomes[(int)verdict.Outcome]++;
            doubleSigners += verdict.DoubleSigners;
            steps += verdict.Steps;
            roundMax = Math.Max(roundMax, verdict.RoundMax);
            if (verdict.What is not { } what) continue;

            TwinFailure failure = new(position, run.Scenario.Number.ToString(), $"{what} ({run.Scenario})");
            if (failure.IsFork ? forks++ < TwinTotals.FailuresKept : failures.Count < TwinTotals.FailuresKept)
                failures.Add(failure);
        }

        return new TwinTotals
        {
            Scenarios = count,
            DecidedBefore = outcomes[(int)TwinOutcome.DecidedBefore],
            DecidedAfter = outcomes[(int)TwinOutcome.DecidedAfter],
            Stuck = outcomes[(int)TwinOutcome.Stuck],
            Violations = outcomes[(int)TwinOutcome.Violated],
            DoubleSigners = doubleSigners,
            Steps = steps,
            RoundMax = roundMax,
            Failures = failures,
        };
    }
}
