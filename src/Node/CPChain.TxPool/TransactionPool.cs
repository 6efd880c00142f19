using System.Collections.Immutable;
using System.Runtime.InteropServices;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Evm;
using CPChain.Execution;
using CPChain.Execution.TxOrder;
using CPChain.Storage.Disks;
using CPChain.Storage.Journals;
using CPChain.Types;

namespace CPChain.TxPool;

/// <summary>
/// The transactions that wait for a block, on a node: admission, durability, what the proposer takes, what gossip
/// sends. Safe for many threads. A submission is answered only when a crash can no longer lose it (rule C18).
/// </summary>
public sealed class TransactionPool : IAsyncDisposable
{
    // Two full blocks; beyond, what is remembered is forgotten at once, and recovered again where it is needed.
    private const int RecoveredMax = 20_000;

    private static readonly JournalFormat Format = new("txpool", 1);

    private readonly Lock _lock = new();
    private readonly ChainRules _rules;
    private readonly PoolOptions _options;
    private readonly TransactionQueue _queue;
    private readonly HashSet<Hash256> _journaled = [];
    private readonly Dictionary<Hash256, Transaction> _recovered = [];
    private readonly AppendJournal _journal;
    private readonly GroupCommit _commit;
    private IStateReader _state;

    private TransactionPool(
        AppendJournal journal, PoolOptions options, ChainRules rules, BlockHeader head, IStateReader state)
    {
        _rules = rules;
        _options = options;
        _journal = journal;
        _state = state;
        _queue = new TransactionQueue(rules, options.Limits, BaseFee.After(head, rules.BaseFeeFloor));
        _commit = new GroupCommit(journal, Compact, OnDurable, options.Scheduler);
    }

    /// <summary>Tells of accepted transactions; called on no lock, local ones only once they are durable.</summary>
    public event Action<NewTransactions>? Accepted;

    /// <summary>Bytes of an envelope, at most.</summary>
    public int EnvelopeBytesMax => _rules.Limits.TransactionBytesMax;

    /// <summary>Completes when the pool is disposed; faulted when the disk failed, then the node must stop.</summary>
    public Task Completion => _commit.Completion;

    /// <summary>
    /// Opens the pool over the final head and brings back what its journal holds and is still valid; the journal is on the
    /// file system unless another <paramref name="disk"/> is given. Throws <see cref="Storage.StorageFailure"/> when the journal
    /// cannot be read.
    /// </summary>
    public static TransactionPool Open(
        string journalPath, PoolOptions options, ChainRules rules, BlockHeader head, IStateReader state, IDisk? disk = null)
    {
        List<byte[]> records = [];
        AppendJournal journal = AppendJournal.Open(journalPath, Format, record => records.Add(record.ToArray()), disk: disk);
        TransactionPool pool = new(journal, options, rules, head, state);
        pool.Reload(records);
        return pool;
    }

    /// <summary>
    /// Finds the senders of what is going to be submitted, many at a time, which costs a third of one by one. Of what is known already or
    /// will be refused for its form none is found.
    /// </summary>
    public void RecoverSenders(IReadOnlyList<Transaction> transactions)
    {
        List<Transaction> fresh = new(transactions.Count);
        lock (_lock)
        {
            foreach (Transaction transaction in transactions)
            {
                if (Known(transaction.Hash) is null)
                    fresh.Add(transaction);
            }
        }
        fresh.RemoveAll(transaction => TransactionRules.CheckForm(transaction.Content, _rules.ChainId, _rules.Evm) != ValidityFault.None);
        Transaction.RecoverSenders(CollectionsMarshal.AsSpan(fresh));
    }

    /// <summary>Takes an envelope as eth_sendRawTransaction does.</summary>
    public async ValueTask<PoolAnswer> SubmitAsync(ReadOnlyMemory<byte> envelope, CancellationToken cancellation)
    {
        if (!Transaction.TryDecode(
            envelope.Span, out Transaction? transaction, out TransactionFault fault, EnvelopeBytesMax))
            return new PoolAnswer(default, new QueueFault(QueueFaultKind.Malformed, Decoding: fault));
        return await SubmitAsync(transaction, cancellation).ConfigureAwait(false);
    }

    /// <summary>Takes a transaction; the answer comes when it is refused or durable.</summary>
    public async ValueTask<PoolAnswer> SubmitAsync(Transaction transaction, CancellationToken cancellation)
    {
        (QueueFault fault, Task? durable) = Admit(transaction);
        if (durable is not null)
            await durable.WaitAsync(cancellation).ConfigureAwait(false);
        return new PoolAnswer(transaction.Hash, fault);
    }

    /// <summary>Takes many; they share flushes, and the answers stand in the order of the transactions.</summary>
    public async ValueTask<ImmutableArray<PoolAnswer>> SubmitManyAsync(
        IReadOnlyList<Transaction> transactions, CancellationToken cancellation)
    {
        ImmutableArray<PoolAnswer>.Builder answers = ImmutableArray.CreateBuilder<PoolAnswer>(transactions.Count);
        HashSet<Task> waits = [];
        RecoverSenders(transactions);
        foreach (Transaction transaction in transactions)
        {
            (QueueFault fault, Task? durable) = Admit(transaction);
            answers.Add(new PoolAnswer(transaction.Hash, fault));
            if (durable is not null)
                waits.Add(durable);
        }
        await Task.WhenAll(waits).WaitAsync(cancellation).ConfigureAwait(false);
        return answers.MoveToImmutable();
    }

    /// <summary>Takes what a peer sent: nobody was promised anything, so it is not written to the journal.</summary>
    public ImmutableArray<QueueFault> AddFromPeer(IReadOnlyList<Transaction> transactions)
    {
        ImmutableArray<QueueFault>.Builder faults = ImmutableArray.CreateBuilder<QueueFault>(transactions.Count);
        ImmutableArray<Transaction>.Builder accepted = ImmutableArray.CreateBuilder<Transaction>();
        RecoverSenders(transactions);
        foreach (Transaction heard in transactions)
        {
            Transaction transaction = heard;
            QueueFault fault = Precheck(ref transaction);
            if (fault.IsNone)
            {
                lock (_lock)
                    fault = _queue.Add(transaction, _state, out _);
            }
            faults.Add(fault);
            if (fault.IsNone)
                accepted.Add(transaction);
        }
        if (accepted.Count > 0)
            Accepted?.Invoke(new NewTransactions(accepted.ToImmutable(), IsLocal: false));
        return faults.MoveToImmutable();
    }

    /// <summary>
    /// Takes over a final block and the state after it. Of the accounts it looks at those that the block's transactions
    /// name; one that was changed from elsewhere is noticed by <see cref="Refresh"/>.
    /// </summary>
    public void OnFinal(Block block, IStateReader stateAfter)
    {
        SortedSet<Address> touched = [block.Header.Coinbase];
        foreach (Transaction transaction in block.Transactions)
        {
            if (transaction.TryRecoverSender(out Address sender))
                touched.Add(sender);
            if (transaction.To is Address to)
                touched.Add(to);
            foreach (Authorization authorization in transaction.Authorizations)
            {
                if (authorization.TryRecoverAuthority(out Address authority))
                    touched.Add(authority);
            }
        }
        lock (_lock)
        {
            _state = stateAfter;
            Forget(block);
            Settle(touched, BaseFee.After(block.Header, _rules.BaseFeeFloor));
        }
        ConsiderCompaction();
    }

    /// <summary>The same where the block's result is at hand: no account is read.</summary>
    public void OnFinal(Block block, BlockResult result, IStateReader stateAfter)
    {
        lock (_lock)
        {
            _state = stateAfter;
            Forget(block);
            _queue.Settle(result.StateChanges.Accounts, BaseFee.After(block.Header, _rules.BaseFeeFloor));
        }
        ConsiderCompaction();
    }

    /// <summary>
    /// Looks at these senders again: for those whose transactions a builder had to skip, because another's code moved
    /// their money.
    /// </summary>
    public void Refresh(IEnumerable<Address> senders)
    {
        lock (_lock)
            Settle(new SortedSet<Address>(senders), _queue.NextBaseFee);
    }

    /// <summary>The best transactions for the next block, in the order to run them.</summary>
    public ImmutableArray<Transaction> Best(int countMax, long bytesMax)
    {
        lock (_lock)
            return _queue.Best(countMax, bytesMax);
    }

    /// <summary>The best that fit twice into one block, so that the builder can skip some.</summary>
    public ImmutableArray<Transaction> BestForBlock() =>
        Best(2 * _rules.Limits.TransactionsMax, 2L * _rules.Limits.BytesMax);

    /// <summary>The waiting transaction with this hash.</summary>
    public Transaction? Find(in Hash256 hash)
    {
        lock (_lock)
            return _queue.Find(hash);
    }

    /// <summary>The nonce after the final and pending transactions (eth_getTransactionCount "pending").</summary>
    public ulong NextNonce(in Address sender)
    {
        lock (_lock)
        {
            return _queue.NextNonce(sender)
                ?? (_state.TryGetAccount(sender, out Account account) ? account.Nonce : 0);
        }
    }

    /// <summary>How much waits.</summary>
    public PoolStatus Status()
    {
        lock (_lock)
        {
            int pending = _queue.PendingCount;
            return new PoolStatus(pending, _queue.Count - pending, _queue.Bytes);
        }
    }

    /// <summary>All that wait, by sender and nonce.</summary>
    public ImmutableArray<(Address Sender, Transaction Transaction, bool IsPending)> Content()
    {
        lock (_lock)
            return _queue.Content();
    }

    /// <summary>
    /// The same block with the pool's own objects for the transactions it knows, waiting or seen in a block that is not final: their
    /// senders need no recovery.
    /// </summary>
    public Block Intern(Block block)
    {
        lock (_lock)
        {
            return block with
            {
                Transactions = [.. block.Transactions.Select(one => Known(one.Hash) ?? one)],
            };
        }
    }

    /// <summary>Keeps the transactions of a block whose senders were recovered, until they are final: it may be proposed again.</summary>
    public void Remember(Block block)
    {
        lock (_lock)
        {
            foreach (Transaction transaction in block.Transactions)
            {
                if (_queue.Find(transaction.Hash) is not null)
                    continue;
                if (_recovered.Count == RecoveredMax)
                    _recovered.Clear();
                _recovered[transaction.Hash] = transaction;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _commit.DisposeAsync();

    private (QueueFault Fault, Task? Durable) Admit(Transaction transaction)
    {
        QueueFault fault = Precheck(ref transaction);
        if (!fault.IsNone)
            return (fault, null);
        lock (_lock)
        {
            fault = _queue.Add(transaction, _state, out _);
            if (!fault.IsNone)
                return (fault, null);
            _journaled.Add(transaction.Hash);
            return (fault, _commit.Append(transaction));
        }
    }

    private void ConsiderCompaction()
    {
        if (_journal.LengthBytes > _options.CompactionBytesMin)
            _commit.Nudge();
    }

    private void Settle(SortedSet<Address> touched, in UInt256 nextBaseFee)
    {
        ImmutableArray<AccountChange>.Builder changes = ImmutableArray.CreateBuilder<AccountChange>();
        foreach (Address address in touched)
        {
            if (_queue.NextNonce(address) is not null)
                changes.Add(new AccountChange(
                    address, _state.TryGetAccount(address, out Account account) ? account : null));
        }
        _queue.Settle(changes.ToImmutable(), nextBaseFee);
    }

    private Transaction? Known(in Hash256 hash) => _queue.Find(hash) ?? _recovered.GetValueOrDefault(hash);

    private void Forget(Block final)
    {
        foreach (Transaction transaction in final.Transactions)
            _recovered.Remove(transaction.Hash);
    }

    // Recovering the sender costs more than all the rest: outside the lock, only for what has the right form, and once.
    private QueueFault Precheck(ref Transaction transaction)
    {
        lock (_lock)
        {
            if (_queue.Find(transaction.Hash) is not null)
                return new QueueFault(QueueFaultKind.AlreadyKnown);
            transaction = _recovered.GetValueOrDefault(transaction.Hash) ?? transaction;
        }
        ValidityFault fault = TransactionRules.CheckForm(transaction.Content, _rules.ChainId, _rules.Evm);
        if (fault == ValidityFault.None)
            fault = TransactionRules.CheckSender(transaction, _rules.ChainId, out _);
        return fault == ValidityFault.None
            ? QueueFault.None
            : new QueueFault(QueueFaultKind.Invalid, Validity: fault);
    }

    private void Reload(List<byte[]> records)
    {
        Transaction[][] parts = new Transaction[(records.Count + RecoveryBatch.Size - 1) / RecoveryBatch.Size][];
        ParallelOptions where = new() { TaskScheduler = _options.Scheduler };
        Parallel.For(0, parts.Length, where, part =>
        {
            List<Transaction> read = [];
            foreach (byte[] record in CollectionsMarshal.AsSpan(records).Slice(
                part * RecoveryBatch.Size, Math.Min(RecoveryBatch.Size, records.Count - (part * RecoveryBatch.Size))))
            {
                if (Transaction.TryDecode(record, out Transaction? transaction, out _, EnvelopeBytesMax))
                    read.Add(transaction);
            }
            parts[part] = [.. read];
            Transaction.RecoverSenders(parts[part]);
        });
        lock (_lock)
        {
            // What was final before the restart, or is no longer valid, falls out.
            foreach (Transaction transaction in parts.SelectMany(static part => part))
            {
                if (_queue.Restore(transaction, _state).IsNone)
                    _journaled.Add(transaction.Hash);
            }
        }
    }

    private void OnDurable(List<Transaction> transactions) =>
        Accepted?.Invoke(new NewTransactions([.. transactions], IsLocal: true));

    // Asked after every flush, so what decides is known without counting.
    private List<ReadOnlyMemory<byte>>? Compact()
    {
        lock (_lock)
        {
            long bound = Math.Max(_options.CompactionBytesMin, _options.CompactionFactor * _queue.Bytes);
            if (_journal.LengthBytes <= bound)
                return null;
            _journaled.RemoveWhere(hash => _queue.Find(hash) is null);
            // By sender and nonce, so that reading it back never meets a gap.
            return
            [
                .. _queue.Content()
                    .Where(one => _journaled.Contains(one.Transaction.Hash))
                    .Select(one => one.Transaction.Encoded),
            ];
        }
    }
}
