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
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _work = new(0, 1);
    private readonly Task _loop;
    private Batch _open = new();
    private bool _signalled;
    private bool _closing;
    private Exception? _failure;

    /// <summary>
    /// Starts the writer. After each flush it calls <paramref name="onDurable"/> with what is now safe, and asks
    /// <paramref name="compact"/> whether the journal should be rewritten, and with what.
    /// </summary>
    public GroupCommit(
        AppendJournal journal,
        Func<IEnumerable<ReadOnlyMemory<byte>>?> compact,
        Action<List<Transaction>> onDurable)
    {
        _journal = journal;
        _compact = compact;
        _onDurable = onDurable;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Ends when the writer does: normally after disposal, faulted when the disk failed.</summary>
    public Task Completion => _loop;

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
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _journal.Dispose();
        _work.Dispose();
    }

    private async Task RunAsync()
    {
        while (true)
        {
            await _work.WaitAsync().ConfigureAwait(false);
            Batch batch;
            bool closing;
            lock (_lock)
            {
                _signalled = false;
                batch = _open;
                _open = new Batch();
                closing = _closing;
            }
            try
            {
                Write(batch);
                batch.Done.SetResult();
                if (batch.Transactions.Count > 0)
                    _onDurable(batch.Transactions);
            }
            catch (Exception failure)
            {
                Fail(failure, batch);
                throw;
            }
            if (closing)
                return;
        }
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
        if (_signalled)
            return;
        _signalled = true;
        _work.Release();
    }

    private sealed class Batch
    {
        public List<Transaction> Transactions { get; } = [];

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
