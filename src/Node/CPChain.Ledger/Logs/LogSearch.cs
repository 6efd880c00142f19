using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Ledger.Rows;
using CPChain.Types;

namespace CPChain.Ledger.Logs;

/// <summary>A log and its place: block, transaction, and index within the block.</summary>
public sealed record FoundLog(
    LogEntry Log, ulong Number, Hash256 BlockHash, Hash256 TransactionHash, int TransactionIndex, int LogIndex, ulong TimestampMs);

/// <summary>Why a search returned nothing.</summary>
public enum LogSearchFault
{
    /// <summary>It returned all that matches.</summary>
    None = 0,

    /// <summary>The first block is above the last.</summary>
    EmptyRange,

    /// <summary>More blocks than one search may walk over.</summary>
    RangeTooLong,

    /// <summary>More logs than one search may return.</summary>
    TooManyLogs,
}

/// <summary>Outcome of a bounded search for logs.</summary>
public sealed record LogSearch(LogSearchFault Fault, ImmutableArray<FoundLog> Logs)
{
    /// <summary>The logs of one block that match.</summary>
    public static IEnumerable<FoundLog> InBlock(Block block, ImmutableArray<Receipt> receipts, LogFilter filter)
    {
        ArgumentNullException.ThrowIfNull(block);
        ArgumentNullException.ThrowIfNull(filter);
        int logIndex = 0;
        for (int i = 0; i < receipts.Length; i++)
        {
            foreach (LogEntry log in receipts[i].Logs)
            {
                if (filter.Matches(log))
                {
                    yield return new FoundLog(
                        log, block.Header.Number, block.Hash, block.Transactions[i].Hash, i, logIndex, block.Header.TimestampMs);
                }

                logIndex++;
            }
        }
    }

    /// <summary>Looks through blocks for logs that match, within the filter's bounds.</summary>
    /// <param name="head">The newest block.</param>
    /// <param name="filter">What is wanted.</param>
    /// <param name="header">A header by number; null where there is none.</param>
    /// <param name="body">Block and receipts of a number that has a header.</param>
    public static LogSearch Run(
        ulong head, LogFilter filter, Func<ulong, BlockHeader?> header,
        Func<ulong, (Block Block, ImmutableArray<Receipt> Receipts)> body)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ulong last = Math.Min(filter.ToNumber, head);
        if (filter.FromNumber > filter.ToNumber)
        {
            return new LogSearch(LogSearchFault.EmptyRange, []);
        }

        if (filter.FromNumber > last)
        {
            return new LogSearch(LogSearchFault.None, []);
        }

        if (last - filter.FromNumber >= filter.BlocksMax)
        {
            return new LogSearch(LogSearchFault.RangeTooLong, []);
        }

        ImmutableArray<FoundLog>.Builder found = ImmutableArray.CreateBuilder<FoundLog>();
        for (ulong number = filter.FromNumber; number <= last; number++)
        {
            if (header(number) is not { GasUsed: > 0 } one || !filter.MayMatch(one.LogsBloom))
            {
                continue;
            }

            (Block block, ImmutableArray<Receipt> receipts) = body(number);
            found.AddRange(InBlock(block, receipts, filter));
            if (found.Count > filter.LogsMax)
            {
                return new LogSearch(LogSearchFault.TooManyLogs, []);
            }
        }

        return new LogSearch(LogSearchFault.None, found.ToImmutable());
    }

    internal static LogSearch Run(LedgerReader reader, ulong head, LogFilter filter) => Run(
        head, filter, reader.Header,
        number => (reader.Block(number) ?? throw reader.Damaged($"block {number}"), reader.Receipts(number)));
}
