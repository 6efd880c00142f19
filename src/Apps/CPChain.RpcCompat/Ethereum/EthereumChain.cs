using System.Collections.Immutable;
using System.Text.Json;
using CPChain.Chain;
using CPChain.Execution;
using CPChain.Ledger;
using CPChain.Ledger.Logs;
using CPChain.Rpc;
using CPChain.Types;

namespace CPChain.RpcCompat.Ethereum;

/// <summary>A chain of Ethereum in memory, every block of which was run and compared with its header, as the RPC methods read it.</summary>
internal sealed class EthereumChain : IChainSource
{
    private readonly EthereumCustoms _customs = new();
    private readonly List<(Block Block, EthereumResult Result)> _blocks = [];
    private readonly Dictionary<Hash256, ulong> _numbers = [];
    private readonly Dictionary<Hash256, TransactionLocation> _transactions = [];

    private EthereumChain(JsonElement genesis)
    {
        _customs.Forks = ForkSchedule.Read(genesis.GetProperty("config"), _customs);
        (EthereumBlock block, EthereumState state) = EthereumGenesis.Read(genesis, _customs.Forks, HashOf);
        Form = new EthereumForm(_customs, number => _blocks[(int)number].Result.Roots);
        Add(block, new EthereumResult(state, [], []));
    }

    /// <inheritdoc/>
    public ChainRules Rules => RulesOf(Head);

    /// <inheritdoc/>
    public BlockHeader Head => _blocks[^1].Block.Header;

    /// <inheritdoc/>
    public IBlockForm Form { get; }

    /// <inheritdoc/>
    public KeptState HeadState => StateAt(Head.Number)!.Value;

    /// <summary>Runs all blocks of a file on a genesis.</summary>
    /// <exception cref="FormatException">A block is not what its header says, or cannot be read.</exception>
    public static EthereumChain Import(byte[] genesis, byte[] chain)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(genesis);
            EthereumChain imported = new(document.RootElement);
            foreach (EthereumBlock block in EthereumBlock.ReadAll(chain)) imported.Import(block);
            return imported;
        }
        catch (Exception broken) when (broken is JsonException or KeyNotFoundException or InvalidOperationException or OverflowException)
        {
            throw new FormatException($"chain and genesis cannot be read: {broken.Message}", broken);
        }
    }

    /// <inheritdoc/>
    public ChainRules RulesOf(BlockHeader header) => _customs.ForkOf(header).Rules;

    /// <inheritdoc/>
    public BlockHeader? HeaderByNumber(ulong number) => BlockByNumber(number)?.Header;

    /// <inheritdoc/>
    public Block? BlockByNumber(ulong number) => number < (ulong)_blocks.Count ? _blocks[(int)number].Block : null;

    /// <inheritdoc/>
    public ulong? NumberOf(in Hash256 hash) => _numbers.TryGetValue(hash, out ulong number) ? number : null;

    /// <inheritdoc/>
    public ImmutableArray<Receipt> ReceiptsOf(ulong number) =>
        number < (ulong)_blocks.Count ? _blocks[(int)number].Result.Receipts : [];

    /// <inheritdoc/>
    public UInt256 BaseFeeAfter(BlockHeader header)
    {
        EthereumHeader known = _customs.Of(header);
        EthereumFork next = _customs.Forks.At(known.Number + 1, known.Timestamp + 1, !known.Difficulty.IsZero);
        return EthereumRun.BaseFeeAfter(known, next) ?? UInt256.Zero;
    }

    /// <inheritdoc/>
    public BlobFacts BlobsOf(BlockHeader header)
    {
        EthereumHeader known = _customs.Of(header);
        EthereumFork fork = _customs.Forks.At(known);
        if (fork.Blobs is not { } blobs) return new BlobFacts(UInt256.Zero, UInt256.Zero, 0);
        return new BlobFacts(
            BlobFees.Of(known.ExcessBlobGas ?? 0, blobs), BlobFees.Of(BlobFees.NextExcess(known, fork), blobs),
            (double)(known.BlobGasUsed ?? 0) / (blobs.Max * Blobs.GasPerBlob));
    }

    /// <inheritdoc/>
    public TransactionLocation? Locate(in Hash256 transaction) =>
        _transactions.TryGetValue(transaction, out TransactionLocation place) ? place : null;

    /// <inheritdoc/>
    public LogSearch FindLogs(LogFilter filter) => LogSearch.Run(
        Head.Number, filter, HeaderByNumber, number => (_blocks[(int)number].Block, _blocks[(int)number].Result.Receipts));

    /// <inheritdoc/>
    public byte[]? CertificateOf(ulong number) => null;

    /// <inheritdoc/>
    public KeptState? StateAt(ulong number) => number < (ulong)_blocks.Count
        ? new KeptState(_blocks[(int)number].Result.State, number, HasTrie: true)
        : null;

    /// <inheritdoc/>
    public IDisposable SubscribeFinalized(Action<FinalizedBlock> subscriber) => NoSubscription.Instance;

    private void Import(EthereumBlock block)
    {
        Block parent = _blocks[^1].Block;
        // Its own code may ask for its header before it is known to be right; a wrong one ends the run.
        _customs.Remember(block.Header.Hash, block);
        Add(block, EthereumRun.Run(block, _customs.Of(parent.Header), _blocks[^1].Result.State, _customs.Forks));
    }

    private void Add(EthereumBlock block, EthereumResult result)
    {
        Block translated = new(block.Header.Translate(), null, block.Transactions);
        _customs.Remember(translated.Hash, block);
        _numbers[translated.Hash] = translated.Header.Number;
        for (int i = 0; i < block.Transactions.Length; i++)
            _transactions[block.Transactions[i].Hash] = new TransactionLocation(translated.Header.Number, i);
        _blocks.Add((translated, result));
    }

    private Hash256 HashOf(ulong number) => HeaderByNumber(number)?.Hash ?? Hash256.Zero;

    /// <summary>The chain is whole when it is served: nothing comes after.</summary>
    private sealed class NoSubscription : IDisposable
    {
        public static NoSubscription Instance { get; } = new();

        public void Dispose()
        {
        }
    }
}
