using CPChain.Chain;
using CPChain.Storage.Journals;

namespace CPChain.TxPool;

/// <summary>
/// Writes transactions to the journal so that all that arrive during one flush share the next one. A failed write is
/// final: every waiting and every later caller gets the failure.
/// </summary>
internal sealed class GroupCommit : IAsyncDisposable
{
    private readonly AppendJournal _journal;
    private readonly Func<IEnumerable<ReadOnlyMemory<byte>>?> _compact;
    private readonly Action<List<Transaction>> _onDurable;
    private readonly TaskScheduler _scheduler;
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _ended = new();
    private Batch _open = new();
    private bool _isDue;
    private bool _isWriting;
    private bool _closing;
    private Exception? _failure;

    /// <summary>
    /// The writer runs on <paramref name="scheduler"/> while there is something to write. After each flush it calls
    /// <paramref name="onDurable"/> with what is now safe, and asks <paramref name="compact"/> whether the journal should
    /// be rewritten, and with what.
    /// </summary>
    public GroupCommit(
        AppendJournal journal,
        Func<IEnumerable<ReadOnlyMemory<byte>>?> compact,
        Action<List<Transaction>> onDurable,
        TaskScheduler scheduler)
    {
        _journal = journal;
        _compact = compact;
        _onDurable = onDurable;
        _scheduler = scheduler;
    }

    /// <summary>Ends when the writer does: normally after disposal, faulted when the disk failed.</summary>
    public Task Completion => _ended.Task;

    /// <summary>Completes when the transaction is on the disk.</summary>
    public Task Append(Transaction transaction)
    {
        lock (_lock)
        {
            if (_failure is not null)
                return Task.FromException(_failure);
            ObjectDisposedException.ThrowIf(_closing, this);
            _open.Transactions.Add(transaction);
            Signal();
            return _open.Done.Task;
        }
    }

    /// <summary>Lets the writer look whether the journal should be rewritten.</summary>
    public void Nudge()
    {
        lock (_lock)
            Signal();
    }

    /// <summary>Writes what is left and closes the journal.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _closing = true;
            Signal();
        }
        await _ended.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _journal.Dispose();
    }

    private void WriteAll()
    {
        while (TryTake(out Batch batch))
        {
            try
            {
                Write(batch);
                batch.Done.SetResult();
                if (batch.Transactions.Count > 0)
                    _onDurable(batch.Transactions);
            }
#pragma warning disable CA1031 // The edge of the writer: whatever failed ends it and goes to everybody who waits.
            catch (Exception failure)
            {
                Fail(failure, batch);
                _ended.TrySetException(failure);
                return;
            }
#pragma warning restore CA1031
        }
    }

    private bool TryTake(out Batch batch)
    {
        bool ends;
        lock (_lock)
        {
            batch = _open;
            if (_isDue)
            {
                _isDue = false;
                _open = new Batch();
                return true;
            }
            _isWriting = false;
            ends = _closing;
        }
        if (ends)
            _ended.TrySetResult();
        return false;
    }

    private void Write(Batch batch)
    {
        foreach (Transaction transaction in batch.Transactions)
            _journal.Append(transaction.Encoded.Span);
        if (batch.Transactions.Count > 0)
            _journal.Flush(durable: true);
        if (_compact() is IEnumerable<ReadOnlyMemory<byte>> keep)
            _journal.Rewrite(keep);
    }

    private void Fail(Exception failure, Batch batch)
    {
        lock (_lock)
        {
            _failure = failure;
            _open.Done.SetException(failure);
        }
        batch.Done.TrySetException(failure);
    }

    private void Signal()
    {
        _isDue = true;
        if (_isWriting)
            return;
        _isWriting = true;
        Task.Factory.StartNew(
            WriteAll, CancellationToken.None, TaskCreationOptions.DenyChildAttach | TaskCreationOptions.HideScheduler, _scheduler);
    }

    private sealed class Batch
    {
        public List<Transaction> Transactions { get; } = [];

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
