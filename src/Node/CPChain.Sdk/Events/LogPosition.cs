using CPChain.Types;

namespace CPChain.Sdk;

/// <summary>A place in the sequence of all logs. Keep <see cref="Next"/> of the last one handled, and go on there after a restart.</summary>
public readonly record struct LogPosition(ulong BlockNumber, ulong LogIndex = 0) : IComparable<LogPosition>
{
    /// <summary>The place of the log after this one.</summary>
    public LogPosition Next => new(BlockNumber, LogIndex + 1);

    public static implicit operator LogPosition(ulong blockNumber) => new(blockNumber);

    public static LogPosition Of(LogInfo log) => new(log.BlockNumber, log.LogIndex);

    public int CompareTo(LogPosition other) => (BlockNumber, LogIndex).CompareTo((other.BlockNumber, other.LogIndex));

    public static bool operator <(LogPosition a, LogPosition b) => a.CompareTo(b) < 0;

    public static bool operator >(LogPosition a, LogPosition b) => a.CompareTo(b) > 0;

    public static bool operator <=(LogPosition a, LogPosition b) => a.CompareTo(b) <= 0;

    public static bool operator >=(LogPosition a, LogPosition b) => a.CompareTo(b) >= 0;

    public override string ToString() => $"{new BlockNumber(BlockNumber)}/{LogIndex}";
}

/// <summary>Which logs are wanted; a null topic matches any, several in one place match either.</summary>
public sealed record LogWish
{
    public IReadOnlyList<Address> Addresses { get; init; } = [];

    public IReadOnlyList<IReadOnlyList<Hash256>?> Topics { get; init; } = [];
}
