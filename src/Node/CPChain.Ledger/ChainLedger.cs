using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Execution;
using CPChain.Ledger.Logs;
using CPChain.Ledger.Rows;
using CPChain.Ledger.States;
using CPChain.Storage;
using CPChain.Trie;
using CPChain.Types;

namespace CPChain.Ledger;

/// <summary>
/// The final chain on one store: blocks, receipts, certificates, state and a short history of it. A block is appended in
/// one durable atomic write, so after a crash the head is the old one or the new one (specs/storage L3). Trie nodes follow later,
/// since what they are follows from the block (L10). Reads are safe for many threads; appends are taken one after the other. Any <see cref="StorageFailure"/> ends its use.
/// </summary>
public sealed class ChainLedger : IDisposable
{
    // A head state stays readable for this many further blocks.
    private const int HeadStatesKept = 64;

    // Nodes are written after so many blocks at the latest, so that a restart has little to work out again.
    private const ulong BlocksBetweenNodesMax = 128;

    // What fewer changed accounts take is done before another thread has begun.
    private const int ManyAccounts = 512;

    // A block of 10,000 transfers takes about 6 MB.
    private const int BatchBytesKept = 16 << 20;

    private readonly IKeyValueStore _store;
    private readonly LedgerReader _reader;
    private readonly LedgerOptions _options;
    private readonly Lock _appending = new();
    private readonly Queue<LedgerState> _states = new();
    private readonly Block _genesisBlock;
    private readonly AccountCache _accounts;
    private readonly NodeCache _nodeCache;
    private readonly StateTries _tries;
    private readonly UnwrittenNodes _nodes;
    private readonly ulong? _archiveFrom;
    private readonly TwoAtOnce _workers;
    private ImmutableList<Action<FinalizedBlock>> _subscribers = [];
    private volatile BlockHeader _head;
    private volatile LedgerState? _headState;
    private readonly WriteBatch[] _batches = [new(), new()];
    private LateSnapshot? _headSnapshot;
    private Task _nodesWriting = Task.CompletedTask;
    private ulong _prunedTo;

    private ChainLedger(IKeyValueStore store, ChainRules rules, Block genesisBlock, BlockHeader head, LedgerOptions options)
    {
        _store = store;
        _reader = new LedgerReader(store, store.Location);
        _options = options;
        _genesisBlock = genesisBlock;
        _head = head;
        _workers = new TwoAtOnce(options.Scheduler);
        _accounts = new AccountCache(options.CacheBytes / 3);
        _accounts.Advance(head.Number, []);
        _nodeCache = new NodeCache(options.CacheBytes / 3 * 2);
        _archiveFrom = _reader.NumberAt(LedgerKeys.Archive, "the row of the archive");
        _tries = new StateTries(_nodeCache, options.ProofKeysMax, _archiveFrom);
        ulong written = _reader.NumberAt(LedgerKeys.Nodes, "the row of the trie") ?? throw _reader.Damaged("the row of the trie");
        _nodes = new UnwrittenNodes(written, _nodeCache);
        Rules = rules;
        Recover(written);
        if (options.IsArchive && written != head.Number)
        {
            // From here on nodes go with their blocks.
            (List<TrieChanges> changes, ulong number) = _nodes.Take();
            WriteNodes(changes, number);
        }

        if (!options.IsArchive && head.Number > options.HistoryBlocks)
        {
            _prunedTo = Math.Min(head.Number - options.HistoryBlocks, written);
            LedgerChecks.PruneHistory(store, _reader, _prunedTo);
        }
    }

    /// <summary>Purpose and version of a ledger's store.</summary>
    public static StoreFormat Format => new("ledger", 2) { ReadsFrom = 1 };

    /// <summary>The rules that follow from the genesis.</summary>
    public ChainRules Rules { get; }

    /// <summary>Hash of block 0.</summary>
    public Hash256 GenesisHash => _genesisBlock.Hash;

    /// <summary>Header of the last final block.</summary>
    public BlockHeader Head => _head;

    /// <summary>The oldest block whose state can be read.</summary>
    public ulong OldestState => OldestStateAt(_head.Number);

    /// <summary>The block from which on every state is kept; null where this is no archive.</summary>
    public ulong? ArchiveFrom => _archiveFrom;

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
                WriteBatch batch = new BlockWriter(reader, new AccountCache(0), options.IsArchive, new WriteBatch()).Write(block, [], result, (1, 0));
                batch.Put(LedgerKeys.Genesis, block.Hash.ToArray());
                store.Write(batch, durable: true);
            }

            BlockHeader head = LedgerChecks.Quick(reader, store.Location, block.Hash);
            LedgerUpgrade.Run(store, reader, head.Number);
            LedgerArchive.Claim(store, reader, head.Number, options);
            return new ChainLedger(store, rules, block, head, options);
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
            ulong number = block.Header.Number;
            WriteBatch batch = Prepare(block, certificate.ToArray(), result);
            _headSnapshot?.Take();
            _headSnapshot = null;
            _store.Write(batch, durable: true);
            if (_options.IsArchive)
            {
                _nodeCache.Add(result.TrieChanges);
            }

            _accounts.Advance(number, result.StateChanges.Accounts);
            _headState = null;
            _head = block.Header;
            FinalizedBlock finalized = new(block, result.Receipts);
            foreach (Action<FinalizedBlock> subscriber in Volatile.Read(ref _subscribers))
            {
                subscriber(finalized);
            }

            if (_nodes.Bytes > _options.UnwrittenNodesBytesMax || number - _nodes.Written >= NodesEvery)
            {
                WriteNodesBeside();
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

                // The layers before the snapshot: what is written meanwhile is in both.
                NodeLayers layers = _nodes.Layers;
                _headSnapshot = new LateSnapshot(_store);
                LedgerState state = StateOver(_headSnapshot, layers, new StatePlace(_head.Number, _head.Number, _head.StateRoot));
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
        (IKeyValueSnapshot snapshot, NodeLayers layers) = Freeze();
        LedgerReader reader = new(snapshot, _store.Location);
        if (!reader.TryGetHead(out ulong head, out _) || number > head || number < OldestStateAt(head)
            || reader.Header(number) is not { } header)
        {
            snapshot.Dispose();
            return null;
        }

        return StateOver(snapshot, layers, new StatePlace(number, head, header.StateRoot));
    }

    /// <summary>A final block by number.</summary>
    public Block? BlockByNumber(ulong number) => IsFinal(number) ? _reader.Block(number) : null;

    /// <summary>A final block by hash.</summary>
    public Block? BlockByHash(in Hash256 hash) => NumberOf(hash) is { } number ? _reader.Block(number) : null;

    /// <summary>A final header by number.</summary>
    public BlockHeader? HeaderByNumber(ulong number) => _head is var head && number == head.Number ? head : IsFinal(number) ? _reader.Header(number) : null;

    /// <summary>Number of a final block by its hash.</summary>
    public ulong? NumberOf(in Hash256 hash) => _reader.NumberOf(hash) is { } number && IsFinal(number) ? number : null;

    /// <summary>Hash of a final block by its number.</summary>
    public Hash256? HashOf(ulong number) => IsFinal(number) ? _reader.HashOf(number) : null;

    /// <summary>Receipts of a final block, one a transaction; empty for an unknown block.</summary>
    public ImmutableArray<Receipt> ReceiptsOf(ulong number) => IsFinal(number) ? _reader.Receipts(number) : [];

    /// <summary>Where a final transaction lies.</summary>
    public TransactionLocation? Locate(in Hash256 transaction) =>
        _reader.Locate(transaction) is { } place && IsFinal(place.Number) ? place : null;

    /// <summary>The certificate that made a block final; null for genesis and unknown blocks.</summary>
    public byte[]? CertificateOf(ulong number) => IsFinal(number) ? _reader.Certificate(number) : null;

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

    // A block's rows are in the store a moment before it is the head. Nobody may see a receipt and then ask for the state that made it.
    private bool IsFinal(ulong number) => number <= _head.Number;

    private ulong NodesEvery => Math.Clamp(_options.HistoryBlocks / 2, 1, BlocksBetweenNodesMax);

    private ulong OldestStateAt(ulong head)
    {
        ulong recent = head > _options.HistoryBlocks ? head - _options.HistoryBlocks : 0;
        return _archiveFrom is { } first ? Math.Min(first, recent) : recent;
    }

    /// <summary>A snapshot and the nodes that its trie needs beside it.</summary>
    private (IKeyValueSnapshot Snapshot, NodeLayers Layers) Freeze()
    {
        while (true)
        {
            NodeLayers layers = _nodes.Layers;
            IKeyValueSnapshot snapshot = _store.Snapshot();
            if (ReferenceEquals(layers, _nodes.Layers))
            {
                return (snapshot, layers);
            }

            // Nodes were written meanwhile, which is rare.
            snapshot.Dispose();
        }
    }

    private LedgerState StateOver(IKeyValueSnapshot snapshot, NodeLayers layers, in StatePlace place) => new(
        snapshot, new LedgerReader(snapshot, _store.Location), place, new StoredNodes(snapshot, layers, _nodeCache, _workers),
        _accounts, _tries);

    /// <summary>Works out the nodes of blocks after the one whose trie was written last.</summary>
    private void Recover(ulong written)
    {
        if (written == _head.Number)
        {
            return;
        }

        using IKeyValueSnapshot snapshot = _store.Snapshot();
        LedgerReader reader = new(snapshot, _store.Location);
        BlockHeader last = reader.Header(written) ?? throw reader.Damaged($"the header of block {written}");
        StoredNodes nodes = new(snapshot, NodeLayers.Empty, _nodeCache, _workers);
        LedgerState from = new(snapshot, reader, new StatePlace(written, _head.Number, last.StateRoot), nodes, null, null);
        LedgerState to = new(snapshot, reader, new StatePlace(_head.Number, _head.Number, _head.StateRoot), nodes, null, null);
        Dictionary<byte[], ulong> rows = StateTries.ChangedRows(reader, written, _head.Number, int.MaxValue)!;
        _nodes.Add(_head.Number, StateTries.Change(from, nodes, to, rows));
    }

    /// <summary>
    /// An empty batch with the room of the one before the last, so that large blocks do not take new large arrays each. A store may
    /// still read the last one when the next is filled, not the one before.
    /// </summary>
    private WriteBatch NextBatch(ulong number)
    {
        ref WriteBatch batch = ref _batches[number % 2];
        if (batch.SizeBytes > BatchBytesKept)
        {
            batch = new WriteBatch();
        }

        batch.Clear();
        return batch;
    }

    /// <summary>The rows of a block, and its nodes among those that are in memory alone; of a large block at the same time.</summary>
    private WriteBatch Prepare(Block block, byte[] certificate, BlockResult result)
    {
        ulong number = block.Header.Number;
        WriteBatch batch = NextBatch(number);
        BlockWriter writer = new(_reader, _accounts, _options.IsArchive, batch);
        (ulong First, ulong Last) pruned = Pruned(number);
        IWorkers workers = result.StateChanges.Accounts.Length < ManyAccounts ? InTurn.Instance : _workers;
        workers.Run(2, part =>
        {
            if (part == 0)
            {
                writer.Write(block, certificate, result, pruned);
            }
            else if (!_options.IsArchive)
            {
                _nodes.Add(number, result.TrieChanges);
            }
        });
        return batch;
    }

    /// <summary>The blocks whose history goes with this one: out of the window, and not needed to work out nodes after a restart.</summary>
    private (ulong First, ulong Last) Pruned(ulong number)
    {
        if (_options.IsArchive || number <= _options.HistoryBlocks)
        {
            return (1, 0);
        }

        ulong first = _prunedTo + 1;
        _prunedTo = Math.Max(_prunedTo, Math.Min(number - _options.HistoryBlocks, _nodes.Written));
        return (first, _prunedTo);
    }

    /// <summary>Has the nodes written that are in memory alone, unless some are being written.</summary>
    private void WriteNodesBeside()
    {
        if (_options.IsArchive || !_nodesWriting.IsCompleted)
        {
            return;
        }

        // Taken here, between two blocks, so that what is written belongs to blocks that are on the disk.
        (List<TrieChanges> changes, ulong number) = _nodes.Take();
        _nodesWriting = Task.Factory.StartNew(
            () => WriteNodes(changes, number), CancellationToken.None,
            TaskCreationOptions.DenyChildAttach | TaskCreationOptions.HideScheduler, _options.Scheduler);
    }

    private void WriteNodes(List<TrieChanges> changes, ulong number)
    {
        try
        {
            _store.Write(BlockWriter.WriteNodes(changes, number), durable: false);
            _nodes.Done(number);
        }
        catch (Exception e) when (e is StorageFailure or ObjectDisposedException)
        {
            // The store takes no more: the next block says so, or there is none.
        }
    }

    private sealed class Subscription(ChainLedger ledger, Action<FinalizedBlock> subscriber) : IDisposable
    {
        public void Dispose() =>
            ImmutableInterlocked.Update(ref ledger._subscribers, static (list, gone) => list.Remove(gone), subscriber);
    }
}
