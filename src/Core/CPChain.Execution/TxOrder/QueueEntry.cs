using CPChain.Chain;
using CPChain.Types;

namespace CPChain.Execution.TxOrder;

/// <summary>A waiting transaction with what ordering asks of it.</summary>
internal sealed record QueueEntry(Transaction Transaction, UInt256 Cost, ulong Arrival)
{
    public ulong Nonce => Transaction.Nonce;

    public int Bytes => Transaction.Encoded.Length;

    /// <summary>What it offers at a base fee.</summary>
    public QueueRank RankAt(in UInt256 baseFee, bool isPending)
    {
        bool payable = Transaction.MaxFeePerGas >= baseFee;
        UInt256 tip = payable
            ? UInt256.Min(Transaction.MaxFeePerGas - baseFee, Transaction.MaxPriorityFeePerGas)
            : UInt256.Zero;
        return new QueueRank(isPending, payable, tip, Arrival);
    }
}

/// <summary>
/// How much a transaction is worth keeping: one that can run before one behind a gap, then one that covers the base
/// fee, then the higher effective tip, then the earlier one. Greater is better.
/// </summary>
internal readonly record struct QueueRank(bool IsPending, bool IsPayable, UInt256 Tip, ulong Arrival)
    : IComparable<QueueRank>
{
    public int CompareTo(QueueRank other)
    {
        int order = IsPending.CompareTo(other.IsPending);
        if (order == 0)
            order = IsPayable.CompareTo(other.IsPayable);
        if (order == 0)
            order = Tip.CompareTo(other.Tip);
        return order != 0 ? order : other.Arrival.CompareTo(Arrival);
    }
}
