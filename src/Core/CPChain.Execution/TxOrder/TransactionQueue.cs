using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Evm;
using CPChain.Types;

namespace CPChain.Execution.TxOrder;

/// <summary>
/// The transactions that wait for a block (rule C17): which may wait, in which order they go, and which leave when room
/// is short. Deterministic: the same calls give the same content. Not thread-safe.
/// </summary>
public sealed class TransactionQueue
{
    private readonly ChainRules _rules;
    private readonly QueueLimits _limits;
    private readonly Dictionary<Hash256, QueueEntry> _byHash = [];
    private readonly Dictionary<Address, AccountQueue> _accounts = [];

    // Each account by its last transaction: taking from the end never opens a gap.
    private readonly SortedSet<AccountQueue> _tails = new(
        Comparer<AccountQueue>.Create(static (left, right) => left.TailRank.CompareTo(right.TailRank)));

    private ulong _arrivals;

    /// <summary>An empty queue before a block with this base fee.</summary>
    public TransactionQueue(ChainRules rules, QueueLimits limits, in UInt256 nextBaseFee)
    {
        _rules = rules;
        _limits = limits;
        NextBaseFee = nextBaseFee;
    }

    /// <summary>Base fee of the next block.</summary>
    public UInt256 NextBaseFee { get; private set; }

    /// <summary>Transactions that wait.</summary>
    public int Count => _byHash.Count;

    /// <summary>Bytes of their envelopes.</summary>
    public long Bytes { get; private set; }

    /// <summary>Transactions whose predecessors are all here.</summary>
    public int PendingCount => _accounts.Values.Sum(static account => account.PendingCount);

    /// <summary>
    /// Lets a transaction wait, or says why not. <paramref name="state"/> is the final state; the transaction's sender
    /// is recovered here unless it is known. <paramref name="dropped"/> are those that left for it.
    /// </summary>
    public QueueFault Add(Transaction transaction, IStateReader state, out ImmutableArray<Transaction> dropped) =>
        Add(transaction, state, isRestored: false, out dropped);

    /// <summary>
    /// The same for one that waited before a restart, however far behind a gap it now is and whatever its sender now owns: its
    /// predecessors may have come from peers and come again, and so may the money.
    /// </summary>
    public QueueFault Restore(Transaction transaction, IStateReader state) =>
        Add(transaction, state, isRestored: true, out _);

    private QueueFault Add(
        Transaction transaction, IStateReader state, bool isRestored, out ImmutableArray<Transaction> dropped)
    {
        dropped = [];
        if (_byHash.ContainsKey(transaction.Hash))
            return QueueFault.Of(QueueFaultKind.AlreadyKnown);
        QueueFault fault = CheckForm(transaction);
        if (!fault.IsNone)
            return fault;
        ValidityFault senderFault = TransactionRules.CheckSender(transaction, _rules.ChainId, out Address sender);
        if (senderFault != ValidityFault.None)
            return QueueFault.Of(senderFault);
        AccountQueue account = _accounts.TryGetValue(sender, out AccountQueue? known) ? known : Open(sender, state);
        fault = CheckAccount(transaction, account, isRestored, state);
        if (!fault.IsNone)
            return fault;
        return Place(account, transaction, out dropped);
    }

    /// <summary>The waiting transaction with this hash.</summary>
    public Transaction? Find(in Hash256 hash) => _byHash.GetValueOrDefault(hash)?.Transaction;

    /// <summary>The nonce after the sender's pending transactions; null when none of its transactions waits.</summary>
    public ulong? NextNonce(in Address sender) => _accounts.GetValueOrDefault(sender)?.PendingEnd;

    /// <summary>
    /// The best transactions for the next block, in the order to run them: by effective tip, then arrival, each
    /// sender's by nonce. Ends at either bound.
    /// </summary>
    public ImmutableArray<Transaction> Best(int countMax, long bytesMax)
    {
        PriorityQueue<QueueEntry, QueueRank> heads = new(Comparer<QueueRank>.Create(static (x, y) => y.CompareTo(x)));
        foreach (AccountQueue account in _accounts.Values)
            Offer(heads, account, account.Nonce);
        ImmutableArray<Transaction>.Builder best = ImmutableArray.CreateBuilder<Transaction>();
        long bytes = 0;
        while (best.Count < countMax && heads.TryDequeue(out QueueEntry? entry, out _))
        {
            if (bytes + entry.Bytes > bytesMax)
                continue;
            bytes += entry.Bytes;
            best.Add(entry.Transaction);
            if (entry.Transaction.TryRecoverSender(out Address sender))
                Offer(heads, _accounts[sender], entry.Nonce + 1);
        }
        return best.ToImmutable();
    }

    /// <summary>All that wait, by sender and nonce; true marks those that are pending.</summary>
    public ImmutableArray<(Address Sender, Transaction Transaction, bool IsPending)> Content() =>
    [
        .. _accounts.Values.OrderBy(static account => account.Address).SelectMany(static account =>
            account.InOrder().Select(entry => (account.Address, entry.Transaction, account.IsPending(entry.Nonce)))),
    ];

    /// <summary>
    /// Takes over a final block: accounts as they are after it, and the base fee of the next. What was included or can
    /// never run leaves.
    /// </summary>
    public void Settle(ImmutableArray<AccountChange> changes, in UInt256 nextBaseFee)
    {
        // After a block that touched most of them, ranking all that are left is less than taking out one by one.
        bool ranksAgain = nextBaseFee != NextBaseFee || changes.Length > _tails.Count;
        NextBaseFee = nextBaseFee;
        if (ranksAgain)
            _tails.Clear();
        foreach (AccountChange change in changes)
        {
            if (!_accounts.TryGetValue(change.Address, out AccountQueue? account))
                continue;
            Account after = change.After ?? Account.Empty;
            if (!ranksAgain)
                _tails.Remove(account);
            foreach (QueueEntry gone in account.Settle(after.Nonce, after.Balance))
                Forget(gone);
            if (account.Count == 0)
                _accounts.Remove(account.Address);
            else if (!ranksAgain)
                Attach(account);
        }
        if (ranksAgain)
            RankAgain();
    }

    private QueueFault CheckForm(Transaction transaction)
    {
        QueueFault fault = QueueFault.Of(
            TransactionRules.CheckForm(transaction.Content, _rules.ChainId, _rules.Evm));
        if (!fault.IsNone)
            return fault;
        if (transaction.GasLimit > _rules.GasLimit)
            return QueueFault.Of(QueueFaultKind.ExceedsBlockGas);
        // Below the floor it could never run; between floor and base fee it may wait for cheaper times.
        return transaction.MaxFeePerGas < _rules.BaseFeeFloor
            ? QueueFault.Of(ValidityFault.FeeCapBelowBaseFee)
            : QueueFault.None;
    }

    private QueueFault CheckAccount(
        Transaction transaction, AccountQueue account, bool isRestored, IStateReader state)
    {
        if (transaction.Nonce < account.Nonce)
            return QueueFault.Of(ValidityFault.NonceTooLow);
        if (!isRestored && transaction.Nonce > account.PendingEnd && transaction.Nonce - account.PendingEnd > _limits.NonceAheadMax)
            return QueueFault.Of(QueueFaultKind.NonceTooFarAhead);
        if (state.TryGetAccount(account.Address, out Account stored) && stored.HasCode
            && !TransactionRules.IsDesignator(state.GetCode(stored.CodeHash).Span))
            return QueueFault.Of(ValidityFault.SenderHasCode);
        if (!TransactionRules.TryGetCost(transaction.Content, out UInt256 cost))
            return QueueFault.Of(ValidityFault.CostOverflow);
        UInt256 others = account.Cost - (account.Find(transaction.Nonce)?.Cost ?? UInt256.Zero);
        return UInt256.TryAdd(others, cost, out UInt256 all) && (isRestored || all <= account.Balance)
            ? QueueFault.None
            : QueueFault.Of(ValidityFault.InsufficientFunds);
    }

    private QueueFault Place(AccountQueue account, Transaction transaction, out ImmutableArray<Transaction> dropped)
    {
        dropped = [];
        QueueEntry? replaced = account.Find(transaction.Nonce);
        if (replaced is not null && !Outbids(transaction, replaced.Transaction))
            return QueueFault.Of(QueueFaultKind.ReplacementUnderpriced);
        int countAfter = account.Count + (replaced is null ? 1 : 0);
        long bytesAfter = account.Bytes + transaction.Encoded.Length - (replaced?.Bytes ?? 0);
        if (countAfter > _limits.AccountCountMax || bytesAfter > _limits.AccountBytesMax)
            return QueueFault.Of(QueueFaultKind.AccountLimit);
        TransactionRules.TryGetCost(transaction.Content, out UInt256 cost);
        QueueEntry entry = new(transaction, cost, _arrivals++);
        ImmutableArray<Transaction>.Builder gone = ImmutableArray.CreateBuilder<Transaction>();
        if (!MakeRoom(account, entry, replaced, gone))
        {
            dropped = gone.ToImmutable();
            return QueueFault.Of(QueueFaultKind.Underpriced);
        }
        // A newcomer has no rank yet; removing it would remove whoever ranks like nothing.
        if (!_accounts.TryAdd(account.Address, account))
            _tails.Remove(account);
        if (replaced is not null)
        {
            account.Remove(replaced);
            Forget(replaced);
            gone.Add(replaced.Transaction);
        }
        account.Add(entry);
        _byHash.Add(transaction.Hash, entry);
        Bytes += entry.Bytes;
        Attach(account);
        dropped = gone.ToImmutable();
        return QueueFault.None;
    }

    private bool MakeRoom(
        AccountQueue account, QueueEntry entry, QueueEntry? replaced, ImmutableArray<Transaction>.Builder gone)
    {
        QueueRank rank = entry.RankAt(NextBaseFee, entry.Nonce <= account.PendingEnd);
        while (Count + (replaced is null ? 1 : 0) > _limits.CountMax
            || Bytes + entry.Bytes - (replaced?.Bytes ?? 0) > _limits.BytesMax)
        {
            AccountQueue? cheapest = _tails.Min;
            // Taking the sender's own tail would only put the newcomer behind a gap.
            if (cheapest is null || cheapest.Address == account.Address || cheapest.TailRank.CompareTo(rank) >= 0)
                return false;
            QueueEntry victim = cheapest.Tail;
            _tails.Remove(cheapest);
            cheapest.Remove(victim);
            Forget(victim);
            gone.Add(victim.Transaction);
            Attach(cheapest);
        }
        return true;
    }

    private void Offer(PriorityQueue<QueueEntry, QueueRank> heads, AccountQueue account, ulong nonce)
    {
        if (!account.IsPending(nonce) || account.Find(nonce) is not QueueEntry entry)
            return;
        QueueRank rank = entry.RankAt(NextBaseFee, isPending: true);
        if (rank.IsPayable)
            heads.Enqueue(entry, rank);
    }

    private void Attach(AccountQueue account)
    {
        if (account.Count == 0)
        {
            _accounts.Remove(account.Address);
            return;
        }
        QueueEntry tail = account.Tail;
        account.TailRank = tail.RankAt(NextBaseFee, account.IsPending(tail.Nonce));
        _tails.Add(account);
    }

    private void RankAgain()
    {
        _tails.Clear();
        foreach (AccountQueue account in _accounts.Values)
        {
            QueueEntry tail = account.Tail;
            account.TailRank = tail.RankAt(NextBaseFee, account.IsPending(tail.Nonce));
            _tails.Add(account);
        }
    }

    private void Forget(QueueEntry entry)
    {
        _byHash.Remove(entry.Transaction.Hash);
        Bytes -= entry.Bytes;
    }

    private static AccountQueue Open(in Address sender, IStateReader state) =>
        state.TryGetAccount(sender, out Account account)
            ? new AccountQueue(sender, account.Nonce, account.Balance)
            : new AccountQueue(sender, 0, UInt256.Zero);

    // At least 10 % more, in both the cap and the tip.
    private static bool Outbids(Transaction offer, Transaction standing) =>
        IsTenPercentMore(offer.MaxFeePerGas, standing.MaxFeePerGas)
        && IsTenPercentMore(offer.MaxPriorityFeePerGas, standing.MaxPriorityFeePerGas);

    private static bool IsTenPercentMore(in UInt256 offer, in UInt256 standing)
    {
        // Zero would outbid zero for ever.
        UInt256 step = UInt256.Max((standing + 9UL) / 10UL, UInt256.One);
        return UInt256.TryAdd(standing, step, out UInt256 least) && offer >= least;
    }
}
