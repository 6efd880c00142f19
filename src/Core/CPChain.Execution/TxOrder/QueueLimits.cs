namespace CPChain.Execution.TxOrder;

/// <summary>Upper bounds of the waiting transactions, all together and for one sender (rule C17).</summary>
/// <param name="CountMax">Transactions.</param>
/// <param name="BytesMax">Bytes of their envelopes.</param>
/// <param name="AccountCountMax">Transactions of one sender.</param>
/// <param name="AccountBytesMax">Bytes of one sender's envelopes.</param>
/// <param name="NonceAheadMax">How far behind a missing nonce a transaction may wait.</param>
public sealed record QueueLimits(
    int CountMax, long BytesMax, int AccountCountMax, long AccountBytesMax, ulong NonceAheadMax)
{
    /// <summary>100,000 transactions, 256 MiB; 16,384 and 16 MiB a sender, 1,024 behind a gap.</summary>
    public static QueueLimits Default { get; } = new(100_000, 256L << 20, 16_384, 16L << 20, 1_024);
}
