using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Evm;
using CPChain.Execution;
using CPChain.Trie;
using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.RpcCompat.Ethereum;

/// <summary>What a block did.</summary>
/// <param name="State">The state after it.</param>
/// <param name="Receipts">One a transaction.</param>
/// <param name="Roots">The state root after each transaction, before Byzantium; empty since.</param>
internal sealed record EthereumResult(EthereumState State, ImmutableArray<Receipt> Receipts, ImmutableArray<Hash256> Roots);

/// <summary>
/// Runs a block of Ethereum by this chain's execution library under the rules of its fork, and compares all that its header says of the
/// outcome.
/// </summary>
internal sealed class EthereumRun
{
    private readonly EthereumBlock _block;
    private readonly EthereumFork _fork;
    private readonly ForkSchedule _forks;
    private readonly EthereumState _parentState;
    private readonly StateOverlay _state;
    private readonly TransactionExecutor _executor;
    private readonly List<Receipt> _receipts = [];
    private readonly List<Hash256> _roots = [];
    private ulong _gasUsed;
    private ulong _blobGasUsed;

    private EthereumRun(EthereumBlock block, EthereumState parentState, ForkSchedule forks)
    {
        (_block, _parentState, _forks, _fork) = (block, parentState, forks, forks.At(block.Header));
        _state = new StateOverlay(parentState);
        _executor = new TransactionExecutor(
            _fork.Rules, BlockContexts.Of(block.Header.Translate(), parentState, _fork.Rules), _state);
    }

    /// <summary>Base fee of the first block of London.</summary>
    public static UInt256 FirstBaseFee { get; } = 1_000_000_000UL;

    /// <summary>Runs a block after its parent.</summary>
    /// <exception cref="FormatException">It is not what its header says.</exception>
    public static EthereumResult Run(EthereumBlock block, EthereumHeader parent, EthereumState parentState, ForkSchedule forks)
    {
        EthereumRun run = new(block, parentState, forks);
        run.CheckHeader(parent);
        return run.Run();
    }

    /// <summary>Base fee of the block of a fork after <paramref name="parent"/>; null before London.</summary>
    public static UInt256? BaseFeeAfter(EthereumHeader parent, EthereumFork fork) => !fork.Evm.HasBaseFee ? null
        : parent.BaseFee is null ? FirstBaseFee
        : BaseFee.After(parent.Translate(), UInt256.Zero);

    /// <summary>A receipt as the root of its block covers it.</summary>
    public static byte[] EncodeReceipt(Receipt receipt, Hash256? root)
    {
        if (root is not { } state) return receipt.EncodeConsensus();
        RlpReader outer = new(receipt.EncodeConsensus());
        RlpWriter writer = new();
        writer.BeginList();
        writer.WriteHash(state);
        // What follows the status is the same: gas, filter, logs.
        bool isRead = outer.TryReadList(out RlpReader fields) && fields.TryReadUlong(out _);
        while (isRead && !fields.AtEnd)
        {
            isRead = fields.TryReadRaw(out ReadOnlySpan<byte> field);
            writer.WriteRaw(field);
        }
        writer.EndList();
        return writer.ToArray();
    }

    /// <summary>What comes from nowhere: withdrawals, and before Paris the reward for the block and its uncles.</summary>
    public static void Reward(
        EthereumFork fork, ulong number, in Address coinbase, ImmutableArray<EthereumHeader> uncles,
        ImmutableArray<Withdrawal> withdrawals, StateOverlay state)
    {
        state.BeginTransaction();
        foreach (Withdrawal withdrawal in withdrawals) state.AddBalance(withdrawal.Address, withdrawal.Amount);
        if (!fork.Reward.IsZero)
        {
            foreach (EthereumHeader uncle in uncles)
                state.AddBalance(uncle.Coinbase, fork.Reward * (uncle.Number + 8 - number) / 8UL);
            state.AddBalance(coinbase, fork.Reward + (fork.Reward / 32UL * (ulong)uncles.Length));
        }
        state.EndTransaction(clearsEmpty: fork.Evm.ClearsEmptyAccounts);
    }

    private EthereumResult Run()
    {
        EthereumHeader header = _block.Header;
        BlockContext context = _executor.Block;
        SystemCalls.Begin(_fork, context, header.ParentHash, header.ParentBeaconRoot, _state);
        for (int i = 0; i < _block.Transactions.Length; i++) Add(_block.Transactions[i], i);
        ImmutableArray<byte[]> requests = SystemCalls.Requests(
            _fork, context, _receipts.SelectMany(static receipt => receipt.Logs), _forks.DepositContract, _state);
        Reward(_fork, header.Number, header.Coinbase, _block.Uncles, _block.Withdrawals ?? [], _state);
        CommittedState committed = StateRootCalculator.Apply(_parentState, _state.Collect());
        Compare("gas used", _gasUsed, header.GasUsed);
        Compare("blob gas used", _blobGasUsed, header.BlobGasUsed ?? 0);
        Compare("logs bloom", Bloom.Union(_receipts.Select(static receipt => receipt.Bloom)), header.LogsBloom);
        Compare("receipts root", TrieRoot.OfIndexed([.. _receipts.Select((receipt, i) =>
            EncodeReceipt(receipt, _fork.HasReceiptStatus ? null : _roots[i]))]), header.ReceiptsRoot);
        if (_fork.HasRequests) Compare("requests hash", SystemCalls.HashOf(requests), header.RequestsHash);
        Compare("state root", committed.Root, header.StateRoot);
        return new EthereumResult(_parentState.With(committed), [.. _receipts], [.. _roots]);
    }

    private void CheckHeader(EthereumHeader parent)
    {
        EthereumHeader header = _block.Header;
        Compare("number", header.Number, parent.Number + 1);
        Compare("parent hash", header.ParentHash, parent.Hash);
        if (header.Timestamp <= parent.Timestamp) throw Wrong("timestamp", header.Timestamp, $"more than {parent.Timestamp}");
        Compare("transactions root",
            TrieRoot.OfIndexed([.. _block.Transactions.Select(static transaction => transaction.Encoded)]), header.TransactionsRoot);
        Compare("uncles hash", HashOfUncles(), header.UnclesHash);
        Hash256? withdrawals = _block.Withdrawals is { } list
            ? TrieRoot.OfIndexed([.. list.Select(static one => one.Encode())])
            : null;
        Compare("withdrawals root", withdrawals, header.WithdrawalsRoot);
        Compare("presence of withdrawals", withdrawals is not null, _fork.HasWithdrawals);
        Compare("base fee", header.BaseFee, BaseFeeAfter(parent, _fork));
        Compare("excess blob gas", header.ExcessBlobGas, _fork.Blobs is null ? null : BlobFees.NextExcess(parent, _fork));
    }

    private void Add(Transaction transaction, int index)
    {
        ValidityFault fault = _executor.Execute(
            transaction, _block.Header.GasLimit - _gasUsed, out TransactionOutcome? outcome);
        if (fault != ValidityFault.None || outcome is null)
            throw new FormatException($"block {_block.Header.Number}: transaction {index}: {fault.Text()}");
        _gasUsed += outcome.GasUsed;
        _blobGasUsed += Blobs.GasOf(transaction.Content);
        _receipts.Add(new Receipt(
            transaction.Type, outcome.Status == EvmStatus.Success, _gasUsed, outcome.GasUsed, Bloom.Of(outcome.Logs),
            outcome.Logs, outcome.Created, outcome.EffectivePrice));
        if (!_fork.HasReceiptStatus) _roots.Add(StateRootCalculator.Apply(_parentState, _state.Collect()).Root);
    }

    private Hash256 HashOfUncles()
    {
        RlpWriter writer = new();
        writer.BeginList();
        foreach (EthereumHeader uncle in _block.Uncles) uncle.Write(writer);
        writer.EndList();
        return Keccak256.Hash(writer.WrittenSpan);
    }

    private void Compare<T>(string what, T found, T stated)
    {
        if (!EqualityComparer<T>.Default.Equals(found, stated)) throw Wrong(what, found, stated);
    }

    private FormatException Wrong<T, TStated>(string what, T found, TStated stated) =>
        new($"block {_block.Header.Number} ({_fork.Evm.Name}): {what} is {found}, not {stated}");
}
