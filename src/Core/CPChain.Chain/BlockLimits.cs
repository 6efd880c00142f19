namespace CPChain.Chain;

/// <summary>Upper bounds of one block (rule C4); a decoder refuses what is larger before it reads it.</summary>
/// <param name="TransactionsMax">Transactions in a block.</param>
/// <param name="GasMax">Largest gas limit that a header may state.</param>
/// <param name="BytesMax">Bytes of the encoded block.</param>
/// <param name="TransactionBytesMax">Bytes of one encoded transaction.</param>
public sealed record BlockLimits(int TransactionsMax, ulong GasMax, int BytesMax, int TransactionBytesMax)
{
    /// <summary>10,000 transactions, 250 M gas, 4 MiB a block; 128 KiB a transaction.</summary>
    public static BlockLimits Default { get; } = new(10_000, 250_000_000, 4 * 1024 * 1024, 128 * 1024);

    /// <summary>Bytes of a block beside its transactions, at most: version, header, seal, list heads.</summary>
    public const int OverheadBytesMax = 1024;

    /// <summary>A header's extra field, bytes at most.</summary>
    public const int ExtraBytesMax = 32;
}
