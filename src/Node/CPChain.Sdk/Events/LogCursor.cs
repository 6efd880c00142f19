using CPChain.Types;

namespace CPChain.Sdk.Events;

/// <summary>How far the logs have been read, and how many blocks the next query covers.</summary>
internal sealed class LogCursor(LogPosition from, ulong blocksMax)
{
    private readonly ulong _blocksMax = Math.Max(blocksMax, 1);
    private ulong _blocks = Math.Max(blocksMax, 1);
    private LogPosition _next = from;

    public ulong NextBlock => _next.BlockNumber;

    public ulong PieceEnd(ulong last) => last - NextBlock < _blocks ? last : NextBlock + _blocks - 1;

    /// <summary>False when a single block is too much already.</summary>
    public bool TryAskForLess(ulong to)
    {
        ulong asked = to - NextBlock + 1;
        _blocks = asked / 2;
        return _blocks > 0;
    }

    /// <summary>
    /// The logs at or after the cursor, which then stands behind the piece. A log that was not asked for or out of order is
    /// a <see cref="BadAnswerException"/>.
    /// </summary>
    public IReadOnlyList<LogInfo> Take(IReadOnlyList<LogInfo> logs, LogWish wish, ulong to)
    {
        LogPosition? before = null;
        foreach (LogInfo log in logs)
        {
            LogPosition at = LogPosition.Of(log);
            if (log.BlockNumber < NextBlock || log.BlockNumber > to || at <= before || !Matches(wish, log))
                throw new BadAnswerException("eth_getLogs", "a log is out of order or was not asked for");
            before = at;
        }
        LogInfo[] fresh = [.. logs.Where(l => LogPosition.Of(l) >= _next)];
        _next = new LogPosition(to + 1);
        _blocks = Math.Min(_blocksMax, _blocks * 2);
        return fresh;
    }

    private static bool Matches(LogWish wish, LogInfo log)
    {
        if (wish.Addresses.Count > 0 && !wish.Addresses.Contains(log.Address)) return false;
        for (int i = 0; i < wish.Topics.Count; i++)
        {
            if (wish.Topics[i] is { Count: > 0 } either && (i >= log.Topics.Count || !either.Contains(log.Topics[i]))) return false;
        }
        return true;
    }
}
