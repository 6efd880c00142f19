using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using CPChain.Chain;
using CPChain.Evm;
using CPChain.Execution;
using CPChain.Types;

namespace CPChain.RpcCompat.Ethereum;

/// <summary>
/// What Ethereum's blocks do that this chain's do not, for real blocks and for simulated ones. Keeps every block that it has seen by hash:
/// the headers of this chain stand for them and cannot say all.
/// </summary>
internal sealed class EthereumCustoms : IForeignBlocks
{
    private readonly ConcurrentDictionary<Hash256, EthereumBlock> _blocks = new();

    /// <summary>What the requests of a simulated block hash to, until its header is complete.</summary>
    private readonly ConditionalWeakTable<BlockContext, StrongBox<Hash256>> _requests = [];

    /// <summary>The forks; set once the genesis is read.</summary>
    public ForkSchedule Forks { get; set; } = null!;

    public void Remember(in Hash256 hash, EthereumBlock block) => _blocks[hash] = block;

    /// <summary>The block of Ethereum that a block stands for.</summary>
    public EthereumBlock Of(Block block) =>
        _blocks.TryGetValue(block.Hash, out EthereumBlock? known)
            ? known with { Transactions = block.Transactions }
            : throw new InvalidOperationException($"block {block.Header} stands for none that is known");

    public EthereumHeader Of(BlockHeader header) =>
        _blocks.TryGetValue(header.Hash, out EthereumBlock? known)
            ? known.Header
            : throw new InvalidOperationException($"header {header} stands for none that is known");

    /// <summary>The fork of a header, real or simulated.</summary>
    public EthereumFork ForkOf(BlockHeader header) => _blocks.TryGetValue(header.Hash, out EthereumBlock? known)
        ? Forks.At(known.Header)
        : Forks.At(header.Number, header.TimestampMs / 1000, !DifficultyAfter(header.ParentHash).IsZero);

    /// <inheritdoc/>
    public BlockContext ContextOf(BlockHeader header, BlockContext plain)
    {
        EthereumFork fork = ForkOf(header);
        if (!_blocks.TryGetValue(header.Hash, out EthereumBlock? known))
        {
            return plain with
            {
                PrevRandao = Hash256.FromUInt256(DifficultyAfter(header.ParentHash)),
                BlobBaseFee = fork.Blobs is { } simulated ? BlobFees.Of(ExcessAfter(header.ParentHash, fork), simulated) : UInt256.One,
            };
        }
        return plain with
        {
            PrevRandao = fork.Evm.HasPrevRandao ? known.Header.MixHash : Hash256.FromUInt256(known.Header.Difficulty),
            BlobBaseFee = fork.Blobs is { } blobs ? BlobFees.Of(known.Header.ExcessBlobGas ?? 0, blobs) : UInt256.One,
        };
    }

    /// <inheritdoc/>
    public void Begin(BlockContext block, BlockHeader header, StateOverlay state)
    {
        EthereumFork fork = ForkOf(header);
        Hash256? beacon = _blocks.TryGetValue(header.Hash, out EthereumBlock? known) ? known.Header.ParentBeaconRoot
            : fork.Blobs is null ? null : Hash256.Zero;
        SystemCalls.Begin(fork, block, header.ParentHash, beacon, state);
    }

    /// <inheritdoc/>
    public void End(BlockContext block, BlockHeader header, StateOverlay state)
    {
        EthereumFork fork = ForkOf(header);
        EthereumRun.Reward(fork, header.Number, header.Coinbase, [], [], state);
        if (!fork.HasRequests) return;
        Hash256 hash = SystemCalls.HashOf(SystemCalls.Requests(fork, block, [], Forks.DepositContract, state));
        _requests.AddOrUpdate(block, new StrongBox<Hash256>(hash));
    }

    /// <inheritdoc/>
    public BlockHeader Complete(BlockHeader header, BlockContext block, ulong blobGasUsed)
    {
        EthereumFork fork = ForkOf(header);
        EthereumHeader completed = new()
        {
            ParentHash = header.ParentHash,
            UnclesHash = EthereumHeader.NoUncles,
            Coinbase = header.Coinbase,
            StateRoot = header.StateRoot,
            TransactionsRoot = header.TransactionsRoot,
            ReceiptsRoot = header.ReceiptsRoot,
            LogsBloom = header.LogsBloom,
            Difficulty = DifficultyAfter(header.ParentHash),
            Number = header.Number,
            GasLimit = header.GasLimit,
            GasUsed = header.GasUsed,
            Timestamp = header.TimestampMs / 1000,
            Extra = header.Extra,
            MixHash = fork.Evm.HasPrevRandao ? block.PrevRandao : Hash256.Zero,
            Nonce = 0,
            BaseFee = fork.Evm.HasBaseFee ? header.BaseFeePerGas : null,
            WithdrawalsRoot = fork.HasWithdrawals ? Account.EmptyTrieRoot : null,
            BlobGasUsed = fork.Blobs is null ? null : blobGasUsed,
            ExcessBlobGas = fork.Blobs is null ? null : ExcessAfter(header.ParentHash, fork),
            ParentBeaconRoot = fork.Blobs is null ? null : Hash256.Zero,
            RequestsHash = fork.HasRequests && _requests.TryGetValue(block, out StrongBox<Hash256>? hash) ? hash.Value : null,
        };
        BlockHeader translated = completed.Translate();
        Remember(translated.Hash, EthereumBlock.Plain(completed, []));
        return translated;
    }

    /// <summary>A simulated block on one with work has its difficulty.</summary>
    private UInt256 DifficultyAfter(in Hash256 parent) =>
        _blocks.TryGetValue(parent, out EthereumBlock? known) ? known.Header.Difficulty : UInt256.Zero;

    private ulong ExcessAfter(in Hash256 parent, EthereumFork fork) =>
        _blocks.TryGetValue(parent, out EthereumBlock? known) ? BlobFees.NextExcess(known.Header, fork) : 0;
}
