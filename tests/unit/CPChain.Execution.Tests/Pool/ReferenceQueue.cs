using CPChain.Chain;
using CPChain.Execution.TxOrder;
using CPChain.Types;

namespace CPChain.Execution.Tests.Pool;

/// <summary>
/// Rule C17 in the slowest obvious way: one list, everything counted again at every step. What the real queue keeps in
/// indexes is here a search.
/// </summary>
internal sealed class ReferenceQueue(QueueLimits limits, UInt256 baseFee, Func<Address, Account> accountOf)
{
    private readonly List<Waiting> _all = [];
    private UInt256 _baseFee = baseFee;
    private int _arrivals;

    private sealed record Waiting(Transaction Transaction, Address Sender, int Arrival);

    public bool Add(Transaction transaction, Address sender)
    {
        Account account = accountOf(sender);
        Waiting? old = Of(sender).SingleOrDefault(one => one.Transaction.Nonce == transaction.Nonce);
        if (_all.Any(one => one.Transaction.Hash == transaction.Hash) || transaction.Nonce < account.Nonce)
            return false;
        ulong next = NextNonce(sender);
        if (transaction.Nonce > next + limits.NonceAheadMax)
            return false;
        UInt256 cost = Of(sender).Where(one => one != old)
            .Aggregate(CostOf(transaction), (sum, one) => sum + CostOf(one.Transaction));
        if (cost > account.Balance)
            return false;
        if (old is not null && !(Outbids(transaction.MaxFeePerGas, old.Transaction.MaxFeePerGas)
            && Outbids(transaction.MaxPriorityFeePerGas, old.Transaction.MaxPriorityFeePerGas)))
            return false;
        if (old is null && Of(sender).Count() == limits.AccountCountMax)
            return false;
        Waiting entry = new(transaction, sender, _arrivals++);
        if (old is null && _all.Count == limits.CountMax && !TryDropWorst(entry, isPending: transaction.Nonce <= next))
            return false;
        if (old is not null)
            _all.Remove(old);
        _all.Add(entry);
        return true;
    }

    public void Settle(UInt256 baseFee)
    {
        _baseFee = baseFee;
        _all.RemoveAll(one => one.Transaction.Nonce < accountOf(one.Sender).Nonce);
    }

    public List<Hash256> Content() =>
        [.. _all.OrderBy(one => one.Sender).ThenBy(one => one.Transaction.Nonce).Select(one => one.Transaction.Hash)];

    public List<Hash256> Best()
    {
        List<Hash256> best = [];
        Dictionary<Address, ulong> next = [];
        while (true)
        {
            Waiting? head = _all
                .Where(one => one.Transaction.Nonce == next.GetValueOrDefault(one.Sender, accountOf(one.Sender).Nonce)
                    && one.Transaction.Nonce < NextNonce(one.Sender)
                    && one.Transaction.MaxFeePerGas >= _baseFee)
                .OrderByDescending(one => TipOf(one.Transaction)).ThenBy(one => one.Arrival).FirstOrDefault();
            if (head is null)
                return best;
            best.Add(head.Transaction.Hash);
            next[head.Sender] = head.Transaction.Nonce + 1;
        }
    }

    private bool TryDropWorst(Waiting entry, bool isPending)
    {
        Waiting worst = _all.GroupBy(one => one.Sender).Select(group => group.MaxBy(one => one.Transaction.Nonce)!)
            .OrderBy(one => one.Transaction.Nonce < NextNonce(one.Sender))
            .ThenBy(one => one.Transaction.MaxFeePerGas >= _baseFee)
            .ThenBy(one => TipOf(one.Transaction))
            .ThenByDescending(one => one.Arrival)
            .First();
        bool worstIsPending = worst.Transaction.Nonce < NextNonce(worst.Sender);
        bool worstIsPayable = worst.Transaction.MaxFeePerGas >= _baseFee;
        bool isPayable = entry.Transaction.MaxFeePerGas >= _baseFee;
        bool isBetter = (isPending, isPayable) == (worstIsPending, worstIsPayable)
            ? TipOf(entry.Transaction) > TipOf(worst.Transaction)
            : isPending == worstIsPending ? isPayable : isPending;
        return worst.Sender != entry.Sender && isBetter && _all.Remove(worst);
    }

    private IEnumerable<Waiting> Of(Address sender) => _all.Where(one => one.Sender == sender);

    private ulong NextNonce(Address sender)
    {
        ulong next = accountOf(sender).Nonce;
        UInt256 cost = UInt256.Zero;
        while (Of(sender).SingleOrDefault(one => one.Transaction.Nonce == next) is { } one
            && cost + CostOf(one.Transaction) <= accountOf(sender).Balance)
        {
            cost += CostOf(one.Transaction);
            next++;
        }
        return next;
    }

    private UInt256 TipOf(Transaction one) => one.MaxFeePerGas < _baseFee
        ? UInt256.Zero
        : UInt256.Min(one.MaxFeePerGas - _baseFee, one.MaxPriorityFeePerGas);

    private static UInt256 CostOf(Transaction one) => one.MaxFeePerGas * one.GasLimit + one.Value;

    private static bool Outbids(in UInt256 offer, in UInt256 old) => offer > old && offer * 10UL >= old * 11UL;
}
