using CPChain.Simulation.Disks;

namespace CPChain.Simulation.Crashes;

/// <summary>Which crash points are played.</summary>
public sealed record CrashSettings
{
    public IReadOnlyList<CrashScenario> Scenarios { get; init; } = CrashScenario.All;

    /// <summary>Of all runs every so many-th, spread over all scenarios; 1 for all.</summary>
    public int Every { get; init; } = 1;

    /// <summary>Boundaries of sectors tried within one write; longer writes (files filled with zeros) get so many, evenly.</summary>
    public int BoundariesMax { get; init; } = 16;

    /// <summary>Runs at a time.</summary>
    public int Jobs { get; init; } = 1;
}

/// <summary>What the crash points of one scenario have shown.</summary>
/// <param name="Scenario">Which.</param>
/// <param name="Writes">Writes of the run without a crash.</param>
/// <param name="Syncs">Syncs of files, directories and tables in it.</param>
/// <param name="Others">Creations, renames, deletions and cuts in it.</param>
/// <param name="Points">Places where the power can go in it.</param>
/// <param name="Runs">Runs played: a point with a way in which the cache is lost.</param>
/// <param name="RecoveryMsMax">Longest time from a restart until the node took part again, virtual milliseconds.</param>
/// <param name="Failures">Runs with a violation, the first of each word for word.</param>
public sealed record CrashTotals(
    CrashScenario Scenario, int Writes, int Syncs, int Others, int Points, int Runs, long RecoveryMsMax, IReadOnlyList<string> Failures);

/// <summary>Plays every crash point of the scenarios, each in a world of its own.</summary>
public static class CrashCampaign
{
    private static readonly CacheLoss[] Losses = [CacheLoss.All, CacheLoss.Some];

    /// <summary>Plays them; <paramref name="progress"/> is told of each scenario when it is done.</summary>
    public static IReadOnlyList<CrashTotals> Run(CrashSettings settings, Action<CrashTotals>? progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(settings);
        List<CrashTotals> all = [];
        int skipped = 0;
        foreach (CrashScenario scenario in settings.Scenarios)
        {
            CrashTotals totals = Play(scenario, settings, ref skipped, cancel);
            all.Add(totals);
            progress?.Invoke(totals);
            if (cancel.IsCancellationRequested)
                break;
        }
        return all;
    }

    /// <summary>Plays one run again and tells every event.</summary>
    public static CrashOutcome Replay(CrashScenario scenario, int run, CrashSettings settings, Action<string> line)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(settings);
        (CrashPoint point, CacheLoss loss) = CasesOf(scenario, Requests(scenario), settings.BoundariesMax)[run];
        return CrashRun.Play(scenario, point, loss, line);
    }

    private static CrashTotals Play(CrashScenario scenario, CrashSettings settings, ref int skipped, CancellationToken cancel)
    {
        IReadOnlyList<DiskOperation> requests = Requests(scenario);
        List<(CrashPoint Point, CacheLoss Loss)> cases = CasesOf(scenario, requests, settings.BoundariesMax);
        List<int> chosen = [];
        for (int i = 0; i < cases.Count; i++)
        {
            if (skipped++ % settings.Every == 0)
                chosen.Add(i);
        }
        List<string> failures = [];
        long recoveryMsMax = 0;
        int played = 0;
        OrderedJobs.Run("crash", settings.Jobs, (ulong)chosen.Count, PlayOne, Tell, cancel);
        return new CrashTotals(
            scenario, requests.Count(static request => request.Kind == DiskOperationKind.Write),
            requests.Count(static request => request.Kind is DiskOperationKind.Sync or DiskOperationKind.SyncDirectory or DiskOperationKind.FlushTables),
            requests.Count(static request => request.Kind is DiskOperationKind.Create or DiskOperationKind.Rename or DiskOperationKind.Delete
                or DiskOperationKind.Cut or DiskOperationKind.CreateDirectory),
            cases.Select(static one => one.Point).Distinct().Count(), played, recoveryMsMax, failures);

        (int Run, CrashOutcome Outcome) PlayOne(ulong at)
        {
            int run = chosen[(int)at];
            return (run, CrashRun.Play(scenario, cases[run].Point, cases[run].Loss));
        }

        bool Tell((int Run, CrashOutcome Outcome) one)
        {
            (CrashPoint point, CacheLoss loss) = cases[one.Run];
            played++;
            recoveryMsMax = Math.Max(recoveryMsMax, one.Outcome.RecoveryMs);
            if (one.Outcome.Violations.Count > 0)
                failures.Add($"run {one.Run}, {point}, cache loss {loss}: {one.Outcome.Violations[0]}");
            else if (!one.Outcome.HasCrashed)
                failures.Add($"run {one.Run}, {point}: was not met");
            return true;
        }
    }

    private static IReadOnlyList<DiskOperation> Requests(CrashScenario scenario)
    {
        CrashOutcome calm = CrashRun.Play(scenario, null, CacheLoss.All);
        Types.Invariant.Check(calm.Violations.Count == 0, $"without a crash: {string.Join("; ", calm.Violations)}");
        return calm.Requests;
    }

    private static List<(CrashPoint Point, CacheLoss Loss)> CasesOf(
        CrashScenario scenario, IReadOnlyList<DiskOperation> requests, int boundariesMax) => scenario.Reach == CrashReach.Refusal
        ? [.. requests.Select(static request => (new CrashPoint(request, DiskVerdict.Fail), CacheLoss.All))]
        : [.. CrashPoints.Of(requests, boundariesMax).SelectMany(static point => Losses.Select(loss => (point, loss)))];
}
