using CPChain.Chain;
using CPChain.Types;

namespace CPChain.Fuzzing.Machine;

/// <summary>What one side says that became of a transaction.</summary>
/// <param name="IsIncluded">False where it was refused; then the rest says nothing.</param>
/// <param name="IsSuccess">The receipt's status.</param>
/// <param name="GasUsed">Gas paid for.</param>
/// <param name="Output">Return data or reason of a revert; empty for a creation that succeeded.</param>
/// <param name="Logs">Its events.</param>
public sealed record CaseOutcome(
    bool IsIncluded, bool IsSuccess, ulong GasUsed, ReadOnlyMemory<byte> Output, IReadOnlyList<LogEntry> Logs)
{
    /// <summary>The transaction was refused.</summary>
    public static CaseOutcome Refused { get; } = new(false, false, 0, default, []);

    /// <summary>Null where both say the same, else what differs, this side first.</summary>
    public string? DifferenceFrom(CaseOutcome other)
    {
        if (IsIncluded != other.IsIncluded) return $"included: {IsIncluded}, peer {other.IsIncluded}";
        if (IsSuccess != other.IsSuccess) return $"success: {IsSuccess}, peer {other.IsSuccess}";
        if (GasUsed != other.GasUsed) return $"gas: {GasUsed}, peer {other.GasUsed}";
        if (!Output.Span.SequenceEqual(other.Output.Span))
            return $"output: {Hex.Encode(Output.Span)}, peer {Hex.Encode(other.Output.Span)}";
        return Logs.SequenceEqual(other.Logs) ? null : $"logs: {Text(Logs)}, peer {Text(other.Logs)}";
    }

    private static string Text(IReadOnlyList<LogEntry> logs) => string.Join("; ", logs.Select(static log =>
        $"{log.Address} [{string.Join(",", log.Topics)}] {Hex.Encode(log.Data.Span)}"));
}
