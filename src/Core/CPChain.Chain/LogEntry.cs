using System.Collections.Immutable;
using CPChain.Types;

namespace CPChain.Chain;

/// <summary>One event that a contract left in its transaction's receipt; up to four topics.</summary>
public sealed record LogEntry(Address Address, ImmutableArray<Hash256> Topics, ReadOnlyMemory<byte> Data)
{
    /// <summary>Topics of one log, at most (LOG0 to LOG4).</summary>
    public const int TopicsMax = 4;

    /// <inheritdoc/>
    public bool Equals(LogEntry? other) =>
        other is not null && Address == other.Address && Topics.AsSpan().SequenceEqual(other.Topics.AsSpan())
        && Data.Span.SequenceEqual(other.Data.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Address, Topics.Length, Data.Length);
}
