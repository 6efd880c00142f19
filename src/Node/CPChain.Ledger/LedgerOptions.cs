namespace CPChain.Ledger;

/// <summary>Bounds of a ledger.</summary>
/// <param name="HistoryBlocks">Blocks below the head whose state can still be read; at least 1.</param>
public sealed record LedgerOptions(ulong HistoryBlocks = 256);
