namespace CPChain.Simulation.Disks;

/// <summary>What a program asks of a disk that a loss of power can meet.</summary>
public enum DiskOperationKind
{
    /// <summary>A new, empty file.</summary>
    Create,
    Write,

    /// <summary>A new length.</summary>
    Cut,
    Sync,
    Rename,
    Delete,
    CreateDirectory,
    SyncDirectory,

    /// <summary>All rows of a store into its tables.</summary>
    FlushTables,
}

/// <summary>One such request.</summary>
/// <param name="Ordinal">From 1, in the life of the disk.</param>
/// <param name="Kind">What is asked.</param>
/// <param name="Path">The file or directory.</param>
/// <param name="Offset">Of a write, bytes.</param>
/// <param name="Bytes">Of a write.</param>
public readonly record struct DiskOperation(long Ordinal, DiskOperationKind Kind, string Path, long Offset, int Bytes)
{
    /// <summary>Sectors of 512 bytes that a write touches; 0 for anything else.</summary>
    public int Sectors => Bytes == 0 ? 0 : (int)(((Offset + Bytes + SectorMath.Bytes - 1) / SectorMath.Bytes) - (Offset / SectorMath.Bytes));

    public override string ToString() => Kind == DiskOperationKind.Write
        ? $"{Ordinal} {Kind} {Path} at {Offset}, {Bytes} bytes"
        : $"{Ordinal} {Kind} {Path}";
}

/// <summary>What becomes of a request.</summary>
public enum DiskVerdictKind
{
    Proceed,

    /// <summary>The power goes after the given number of sectors of a write; after none of anything else.</summary>
    LosePowerWithin,

    /// <summary>The power goes within a write of which any sectors were transferred, drawn from the disk's seed.</summary>
    LosePowerTorn,

    /// <summary>The power goes when all is done and before the program hears of it.</summary>
    LosePowerAfter,

    /// <summary>The device refuses with EIO; of a write or sync any part was transferred.</summary>
    Fail,

    /// <summary>A write is done at other sectors of the same file, drawn from the disk's seed, and nobody hears of it.</summary>
    Astray,
}

/// <summary>What becomes of a request.</summary>
/// <param name="Kind">What.</param>
/// <param name="Sectors">For a loss of power within a write: sectors that it has transferred.</param>
public readonly record struct DiskVerdict(DiskVerdictKind Kind, int Sectors = 0)
{
    public static DiskVerdict Proceed => default;
    public static DiskVerdict LosePowerBefore => new(DiskVerdictKind.LosePowerWithin);
    public static DiskVerdict LosePowerTorn => new(DiskVerdictKind.LosePowerTorn);
    public static DiskVerdict LosePowerAfter => new(DiskVerdictKind.LosePowerAfter);
    public static DiskVerdict Astray => new(DiskVerdictKind.Astray);
    public static DiskVerdict Fail => new(DiskVerdictKind.Fail);
}

/// <summary>What the cache of the operating system loses with the power.</summary>
public enum CacheLoss
{
    /// <summary>Everything that was not made durable.</summary>
    All,

    /// <summary>Nothing: the power went late enough.</summary>
    None,

    /// <summary>Any subset, sector by sector and name by name, drawn from a seed.</summary>
    Some,
}

/// <summary>The power is gone: nothing more reaches the disk, and the program is no more.</summary>
public sealed class PowerLossException(string message) : Exception(message);

internal static class SectorMath
{
    internal const int Bytes = Storage.Sectors.SectorFile.SectorBytes;
}
