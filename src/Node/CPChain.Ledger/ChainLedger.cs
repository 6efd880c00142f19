using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Execution;
using CPChain.Ledger.Logs;
using CPChain.Ledger.Rows;
using CPChain.Storage;
using CPChain.Types;

namespace CPChain.Ledger;

/// <summary>
/// The final chain on one store: blocks, receipts, certificates, state and a short history of it. A block is appended in
/// one durable atomic write, so after a crash the head is the old one or the new one (specs/storage L3). Reads are safe
/// for many threads; appends are taken one after the other. Any <see cref="StorageFailure"/> ends its use.
/// </summary>
public sealed class ChainLedger : IDisposable
{
    // A head state stays readable for this many further blocks.
    private const int HeadStatesKept = 64;

    private readonly IKeyValueStore _store;
    private readonly LedgerReader _reader;
    private readonly ulong _historyBlocks;
    private readonly Lock _appending = new();
    private readonly Queue<LedgerState> _states = new();
    private readonly Block _genesisBlock;
    private ImmutableList<Action<FinalizedBlock>> _subscribers = [];
    private volatile BlockHeader _head;
    private volatile LedgerState? _headState;

    private ChainLedger(
        IKeyValueStore store, LedgerReader reader, ChainRules rules, Block genesisBlock, BlockHeader head, LedgerOptions options)
    {
        _store = store;
        _reader = reader;
        _historyBlocks = options.HistoryBlocks;
        _genesisBlock = genesisBlock;
        _head = head;
        Rules = rules;
    }

    /// <summary>Purpose and version of a ledger's store.</summary>
    public static StoreFormat Format => new("ledger", 1);

    /// <summary>The rules that follow from the genesis.</summary>
    public ChainRules Rules { get; }

    /// <summary>Hash of block 0.</summary>
    public Hash256 GenesisHash => _genesisBlock.Hash;

    /// <summary>Header of the last final block.</summary>
    public BlockHeader Head => _head;

    /// <summary>The oldest block whose state can be read.</summary>
    public ulong OldestState => _head.Number > _historyBlocks ? _head.Number - _historyBlocks : 0;

    /// <summary>
    /// Opens the ledger in <paramref name="store"/>, writing block 0 into an empty one. Takes over the store and disposes it.
    /// Throws <see cref="StorageFailure"/> for a store of another chain or with damage that a quick check shows.
    /// </summary>
    public static ChainLedger Open(IKeyValueStore store, Genesis genesis, LedgerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        options ??= new LedgerOptions();
        ArgumentOutOfRangeException.ThrowIfZero(options.HistoryBlocks);
        try
        {
            Invariant.Check(store.Format == Format, "a ledger was opened on a store of another format");
            (Block block, BlockResult result, ChainRules rules) = GenesisState.Create(genesis);
            LedgerReader reader = new(store, store.Location);
            if (!reader.TryGetHead(out _, out _))
            {
                WriteBatch batch = new BlockWriter(reader, options.HistoryBlocks).Write(block, [], result);
                batch.Put(LedgerKeys.Genesis, block.Hash.ToArray());
                store.Write(batch, durable: true);
            }

            BlockHeader head = LedgerChecks.Quick(reader, store.Location, block.Hash);
            LedgerChecks.PruneHistory(store, reader, head.Number, options.HistoryBlocks);
            return new ChainLedger(store, reader, rules, block, head, options);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Opens the ledger in a directory, making it when absent.</summary>
    public static ChainLedger OpenDirectory(string directory, Genesis genesis, LedgerOptions? options = null) =>
        Open(RocksDbStore.Open(directory, Format), genesis, options);

    /// <summary>
    /// Appends the block after the head with a certificate that makes it final. When this returns the block is on the disk
    /// and the subscribers have been called, on this thread and in order.
    /// </summary>
    public void Append(Block block, ReadOnlySpan<byte> certificate, BlockResult result)
    {
        ArgumentNullException.ThrowIfNull(block);
        ArgumentNullException.ThrowIfNull(result);
        lock (_appending)
        {
            Invariant.Check(block.Header.Number == _head.Number + 1, "an appended block does not follow the head's number");
            Invariant.Check(block.Header.ParentHash == _head.Hash, "an appended block does not follow the head");
            Invariant.Check(block.Header.StateRoot == result.StateRoot, "an appended block and its result differ in the state root");
            Invariant.Check(block.Transactions.Length == result.Receipts.Length, "an appended block has not one receipt a transaction");
            _store.Write(new BlockWriter(_reader, _historyBlocks).Write(block, certificate, result), durable: true);
            _headState = null;
            _head = block.Header;
            FinalizedBlock finalized = new(block, result.Receipts);
            foreach (Action<FinalizedBlock> subscriber in Volatile.Read(ref _subscribers))
            {
                subscriber(finalized);
            }
        }
    }

    /// <summary>Has <paramref name="subscriber"/> called for every block appended from now on, until the result is disposed.
    /// It must be quick, must not throw and must not append.</summary>
    public IDisposable SubscribeFinalized(Action<FinalizedBlock> subscriber)
    {
        ImmutableInterlocked.Update(ref _subscribers, static (list, added) => list.Add(added), subscriber);
        return new Subscription(this, subscriber);
    }

    /// <summary>The head's state, shared and not to be disposed: it stays readable until 64 further blocks were appended.</summary>
    public LedgerState HeadState
    {
        get
        {
            if (_headState is { } ready)
            {
                return ready;
            }

            lock (_appending)
            {
                if (_headState is { } made)
                {
                    return made;
                }

                LedgerState state = new(_store.Snapshot(), _store.Location, _head.Number, _head.StateRoot, isHead: true);
                _states.Enqueue(state);
                if (_states.Count > HeadStatesKept)
                {
                    _states.Dequeue().Dispose();
                }

                _headState = state;
                return state;
            }
        }
    }

    /// <summary>The state after block <paramref name="number"/>, to be disposed by the caller; null when it is not kept or not there yet.</summary>
    public LedgerState? StateAt(ulong number)
    {
        IKeyValueSnapshot snapshot = _store.Snapshot();
        LedgerReader reader = new(snapshot, _store.Location);
        if (!reader.TryGetHead(out ulong head, out _) || number > head || number + _historyBlocks < head
            || reader.Header(number) is not { } header)
        {
            snapshot.Dispose();
            return null;
        }

        return new LedgerState(snapshot, _store.Location, number, header.StateRoot, number == head);
    }

    /// <summary>A final block by number.</summary>
    public Block? BlockByNumber(ulong number) => _reader.Block(number);

    /// <summary>A final block by hash.</summary>
    public Block? BlockByHash(in Hash256 hash) => _reader.NumberOf(hash) is { } number ? _reader.Block(number) : null;

    /// <summary>A final header by number.</summary>
    public BlockHeader? HeaderByNumber(ulong number) => number == _head.Number ? _head : _reader.Header(number);

    /// <summary>Number of a final block by its hash.</summary>
    public ulong? NumberOf(in Hash256 hash) => _reader.NumberOf(hash);

    /// <summary>Hash of a final block by its number.</summary>
    public Hash256? HashOf(ulong number) => _reader.HashOf(number);

    /// <summary>Receipts of a final block, one a transaction; empty for an unknown block.</summary>
    public ImmutableArray<Receipt> ReceiptsOf(ulong number) => _reader.Receipts(number);

    /// <summary>Where a final transaction lies.</summary>
    public TransactionLocation? Locate(in Hash256 transaction) => _reader.Locate(transaction);

    /// <summary>The certificate that made a block final; null for genesis and unknown blocks.</summary>
    public byte[]? CertificateOf(ulong number) => _reader.Certificate(number);

    /// <summary>Logs of final blocks that match, within bounds.</summary>
    public LogSearch FindLogs(LogFilter filter) => LogSearch.Run(_reader, _head.Number, filter);

    /// <summary>
    /// Compares everything kept with the headers: links, transaction and receipt roots, and the state root rebuilt from the
    /// flat rows. Reads the whole store; meant for operators and tests.
    /// </summary>
    public LedgerCheck Verify()
    {
        using IKeyValueSnapshot snapshot = _store.Snapshot();
        return LedgerChecks.Full(new LedgerReader(snapshot, _store.Location));
    }

    /// <summary>Closes the store.</summary>
    public void Dispose() => _store.Dispose();

    private sealed class Subscription(ChainLedger ledger, Action<FinalizedBlock> subscriber) : IDisposable
    {
        public void Dispose() =>
            ImmutableInterlocked.Update(ref ledger._subscribers, static (list, gone) => list.Remove(gone), subscriber);
    }
}
