namespace CPChain.Ledger;

/// <summary>Bounds of a ledger.</summary>
/// <param name="HistoryBlocks">Blocks below the head whose state can still be read and proven; at least 1.</param>
/// <param name="IsArchive">Keeps the state of every block from now on, whatever <paramref name="HistoryBlocks"/> says.</param>
/// <param name="CacheBytes">Memory for accounts and trie nodes that were read or written last; about so much, and only when there is so much state.</param>
/// <param name="UnwrittenNodesBytesMax">Trie nodes that may be in memory alone; a restart works them out again.</param>
/// <param name="ProofKeysMax">Accounts and slots that a proof at an older block may have to set back; bounds its time and memory.</param>
public sealed record LedgerOptions(
    ulong HistoryBlocks = 256,
    bool IsArchive = false,
    long CacheBytes = 1L << 30,
    long UnwrittenNodesBytesMax = 32L << 20,
    int ProofKeysMax = 200_000)
{
    /// <summary>Where trie nodes are written beside the appending of blocks; the thread pool by default.</summary>
    public TaskScheduler Scheduler { get; init; } = TaskScheduler.Default;
}
