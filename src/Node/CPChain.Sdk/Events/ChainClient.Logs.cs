using System.Runtime.CompilerServices;
using CPChain.Sdk.Events;
using CPChain.Types;

namespace CPChain.Sdk;

/// <summary>
/// Logs in order, each once: over a range, or from a block on for ever. Every block is final, so nothing is ever taken back.
/// </summary>
public sealed partial class ChainClient
{
    private const int LimitExceededCode = -32005;

    /// <summary>The logs from a position through a block, asked for in bounded pieces; all there are now when it is null.</summary>
    public async IAsyncEnumerable<LogInfo> ReadLogsAsync(
        LogWish wish, LogPosition from, ulong? through = null, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        LogCursor cursor = new(from, Options.LogBlocksPerQuery);
        ulong last = through ?? await GetBlockNumberAsync(cancel).ConfigureAwait(false);
        while (cursor.NextBlock <= last)
            foreach (LogInfo log in await ReadPieceAsync(wish, cursor, last, cancel).ConfigureAwait(false)) yield return log;
    }

    /// <summary>
    /// The logs from a position on, for ever: those that there are, then those of each new block. It outlives restarts of the
    /// node and of the connection; to go on in another process keep the position after the last log that was handled.
    /// </summary>
    public async IAsyncEnumerable<LogInfo> FollowLogsAsync(
        LogWish wish, LogPosition from, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        await using HeadWatch heads = new(this);
        LogCursor cursor = new(from, Options.LogBlocksPerQuery);
        while (true)
        {
            ulong head = await heads.WaitForAsync(cursor.NextBlock, cancel).ConfigureAwait(false);
            while (cursor.NextBlock <= head)
            {
                IReadOnlyList<LogInfo>? piece = null;
                try
                {
                    piece = await ReadPieceAsync(wish, cursor, head, cancel).ConfigureAwait(false);
                }
                catch (NodeUnreachableException)
                {
                    // The watch waits until the node is back; the cursor has not moved.
                }
                if (piece is null) break;
                foreach (LogInfo log in piece) yield return log;
            }
        }
    }

    /// <summary>Each block from a number on, for ever, as it becomes final.</summary>
    public async IAsyncEnumerable<BlockInfo> FollowBlocksAsync(
        ulong from, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        await using HeadWatch heads = new(this);
        ulong next = from;
        while (true)
        {
            ulong head = await heads.WaitForAsync(next, cancel).ConfigureAwait(false);
            while (next <= head)
            {
                BlockInfo? block = null;
                try
                {
                    block = await GetBlockAsync(next, cancel).ConfigureAwait(false);
                }
                catch (NodeUnreachableException)
                {
                    // As above.
                }
                if (block is null) break;
                yield return block;
                next++;
            }
        }
    }

    /// <summary>One query at the cursor, which moves behind it; it asks for less when the node finds it too much.</summary>
    private async Task<IReadOnlyList<LogInfo>> ReadPieceAsync(LogWish wish, LogCursor cursor, ulong last, CancellationToken cancel)
    {
        while (true)
        {
            ulong to = cursor.PieceEnd(last);
            try
            {
                LogQuery query = new(cursor.NextBlock, to) { Addresses = wish.Addresses, Topics = wish.Topics };
                IReadOnlyList<LogInfo> logs = await GetLogsAsync(query, cancel).ConfigureAwait(false);
                return cursor.Take(logs, wish, to);
            }
            catch (RpcException refusal) when (refusal.Code == LimitExceededCode && cursor.TryAskForLess(to))
            {
                // A shorter piece follows.
            }
        }
    }
}
