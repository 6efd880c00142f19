namespace CPChain.Simulation.Disks;

/// <summary>A request and the place in it where the power goes.</summary>
public readonly record struct CrashPoint(DiskOperation Operation, DiskVerdict Verdict)
{
    public override string ToString() => Verdict.Kind switch
    {
        DiskVerdictKind.LosePowerAfter => $"after {Operation}",
        DiskVerdictKind.LosePowerTorn => $"in {Operation}, any sectors of it",
        _ when Verdict.Sectors > 0 => $"in {Operation}, after {Verdict.Sectors} of {Operation.Sectors} sectors",
        _ => $"before {Operation}",
    };
}

/// <summary>All places where the power can go in a run: before and after each request, and within a write at each boundary of sectors.</summary>
public static class CrashPoints
{
    /// <summary>
    /// The places in the given requests. Of a write of more than <paramref name="boundariesMax"/> boundaries (files are filled with zeros
    /// when they are made) so many are taken, evenly, the first and the last among them.
    /// </summary>
    public static IEnumerable<CrashPoint> Of(IEnumerable<DiskOperation> operations, int boundariesMax)
    {
        ArgumentNullException.ThrowIfNull(operations);
        foreach (DiskOperation operation in operations)
        {
            yield return new CrashPoint(operation, DiskVerdict.LosePowerBefore);
            foreach (int sectors in Boundaries(operation.Sectors, boundariesMax))
                yield return new CrashPoint(operation, new DiskVerdict(DiskVerdictKind.LosePowerWithin, sectors));
            if (operation.Sectors > 1)
                yield return new CrashPoint(operation, DiskVerdict.LosePowerTorn);
            yield return new CrashPoint(operation, DiskVerdict.LosePowerAfter);
        }
    }

    /// <summary>Has the disk lose its power at the point, once.</summary>
    public static void Arm(SimulatedDisk disk, CrashPoint point)
    {
        ArgumentNullException.ThrowIfNull(disk);
        disk.Judge = operation => operation.Ordinal == point.Operation.Ordinal ? point.Verdict : DiskVerdict.Proceed;
    }

    private static IEnumerable<int> Boundaries(int sectors, int boundariesMax)
    {
        int inner = sectors - 1;
        if (inner <= boundariesMax)
            return Enumerable.Range(1, Math.Max(0, inner));
        return Enumerable.Range(0, boundariesMax).Select(i => 1 + (int)((long)i * (inner - 1) / (boundariesMax - 1)));
    }
}
