namespace CPChain.Ledger;

/// <summary>What a full check of a ledger read, and the first thing that was wrong; null when all is well.</summary>
public sealed record LedgerCheck(ulong Blocks, ulong Transactions, ulong Accounts, ulong Slots, string? Problem);
