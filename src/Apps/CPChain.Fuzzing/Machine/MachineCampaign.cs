using System.Diagnostics;

namespace CPChain.Fuzzing.Machine;

/// <summary>
/// Runs seeds in blocks on both sides: while the peer mines one block, our side runs the one before. A difference is looked at alone, made
/// small and kept.
/// </summary>
/// <param name="own">Our side.</param>
/// <param name="peer">The other.</param>
/// <param name="rules">Name of the rule set, for files.</param>
public sealed class MachineCampaign(OwnSide own, PeerSide peer, string rules)
{
    /// <summary>Cases of a block.</summary>
    public const int BlockCases = 250;

    private const int ShrinkTriesMax = 400;
    private const int DifferencesMax = 20;

    private readonly SideBySide _sides = new(own, peer);

    /// <summary>Where reproductions go; null writes none.</summary>
    public string? Folder { get; init; }

    /// <summary>Runs this many seeds from <paramref name="from"/> on; ends early where there are too many differences.</summary>
    /// <param name="from">First seed.</param>
    /// <param name="count">How many.</param>
    /// <param name="before">What earlier seeds have shown.</param>
    /// <param name="progress">Told after each block: the next seed, and the totals.</param>
    /// <param name="cancel">Ends the campaign after a block.</param>
    public async Task<MachineTotals> RunAsync(
        ulong from, ulong count, MachineTotals before, Action<ulong, MachineTotals> progress, CancellationToken cancel)
    {
        MachineTotals totals = before;
        ulong next = from, end = from + count;
        (MachineCase[] Cases, Task<PeerBlock> Mined)? running = Begin(next, end, cancel);
        while (running is { } now)
        {
            long start = Stopwatch.GetTimestamp();
            TimeSpan ownTime = Own(), peerTime = peer.ProcessorTime;
            PeerBlock mined = await now.Mined;
            next += (ulong)now.Cases.Length;
            running = cancel.IsCancellationRequested ? null : Begin(next, end, cancel);
            (MachineCase? Case, string What)? difference = _sides.Compare(now.Cases, mined);
            List<MachineDifference> found = [.. totals.Differences];
            if (difference is { } first)
            {
                if (running is { } ahead) await ahead.Mined;
                found.AddRange(await IsolateAsync(now.Cases, first, DifferencesMax - found.Count, cancel));
                if (running is not null) running = Begin(next, end, cancel);
            }

            totals = totals with
            {
                Cases = totals.Cases + now.Cases.Length,
                Refused = totals.Refused + mined.Outcomes.Count(static outcome => !outcome.IsIncluded),
                Succeeded = totals.Succeeded + mined.Outcomes.Count(static outcome => outcome.IsSuccess),
                Gas = totals.Gas + mined.Outcomes.Sum(static outcome => (long)outcome.GasUsed),
                Logs = totals.Logs + mined.Outcomes.Sum(static outcome => outcome.Logs.Count),
                OwnSeconds = totals.OwnSeconds + (Own() - ownTime).TotalSeconds,
                PeerSeconds = totals.PeerSeconds + (peer.ProcessorTime - peerTime).TotalSeconds,
                WallSeconds = totals.WallSeconds + Stopwatch.GetElapsedTime(start).TotalSeconds,
                Differences = found,
            };
            progress(next, totals);
            if (found.Count >= DifferencesMax) break;
        }

        if (running is { } left) await left.Mined;
        return totals;
    }

    /// <summary>Runs one case alone. Null where nothing differs.</summary>
    public Task<string?> CheckAloneAsync(MachineCase one, CancellationToken cancel) => _sides.CheckAloneAsync(one, cancel);

    private (MachineCase[] Cases, Task<PeerBlock> Mined)? Begin(ulong next, ulong end, CancellationToken cancel)
    {
        // Blocks end at round seeds, so that a campaign that goes on makes the same blocks.
        ulong stop = Math.Min(end, ((next / BlockCases) + 1) * BlockCases);
        if (next >= end) return null;
        MachineCase[] cases = new MachineCase[stop - next];
        for (int index = 0; index < cases.Length; index++) cases[index] = CaseMaker.Make(next + (ulong)index);
        return (cases, peer.RunAsync(cases, cancel));
    }

    /// <summary>Takes out of a block one case after the other that differs, until the rest agrees.</summary>
    private async Task<List<MachineDifference>> IsolateAsync(
        IReadOnlyList<MachineCase> cases, (MachineCase? Case, string What) first, int most, CancellationToken cancel)
    {
        List<MachineDifference> found = [];
        List<MachineCase> left = [.. cases];
        (MachineCase? Case, string What)? difference = first;
        while (difference is { } now && found.Count < most)
        {
            if (now.Case is not { } one || await _sides.CheckAloneAsync(one, cancel) is not { } alone)
            {
                // Nobody's account, or a case that needs its neighbours: the block is the reproduction.
                found.Add(new MachineDifference(now.Case?.Seed ?? left[0].Seed, left.Count, now.What));
                break;
            }

            found.Add(new MachineDifference(one.Seed, 1, alone, Folder is null ? null : await KeepAsync(one, alone, cancel)));
            left.Remove(one);
            difference = left.Count == 0 ? null : await _sides.CheckAsync(left, cancel);
        }

        return found;
    }

    private async Task<string> KeepAsync(MachineCase one, string what, CancellationToken cancel)
    {
        MachineCase small = await CaseShrinker.ShrinkAsync(
            one, async smaller => await _sides.CheckAloneAsync(smaller, cancel) is not null, ShrinkTriesMax);
        string file = Path.Combine(Folder!, $"machine-{one.Seed}.json");
        Directory.CreateDirectory(Folder!);
        CaseFile.Of(small, rules, await _sides.CheckAloneAsync(small, cancel) ?? what).Save(file);
        return file;
    }

    private static TimeSpan Own()
    {
        using Process self = Process.GetCurrentProcess();
        return self.TotalProcessorTime;
    }
}
