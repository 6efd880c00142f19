namespace CPChain.Ledger;

/// <summary>Where a final transaction lies: block number and index in the block.</summary>
public readonly record struct TransactionLocation(ulong Number, int Index);
