using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Execution;
using CPChain.Ledger;
using CPChain.Ledger.Logs;
using CPChain.Rpc.Json;
using CPChain.Types;

namespace CPChain.Rpc;

/// <summary>The ledger of a node as the methods read it.</summary>
public sealed class LedgerSource(ChainLedger ledger) : IChainSource
{
    /// <inheritdoc/>
    public ChainRules Rules => ledger.Rules;

    /// <inheritdoc/>
    public BlockHeader Head => ledger.Head;

    /// <inheritdoc/>
    public IBlockForm Form => OwnForm.Instance;

    /// <inheritdoc/>
    public KeptState HeadState => Kept(ledger.HeadState, isShared: true);

    /// <inheritdoc/>
    public ChainRules RulesOf(BlockHeader header) => ledger.Rules;

    /// <inheritdoc/>
    public BlockHeader? HeaderByNumber(ulong number) => ledger.HeaderByNumber(number);

    /// <inheritdoc/>
    public Block? BlockByNumber(ulong number) => ledger.BlockByNumber(number);

    /// <inheritdoc/>
    public ulong? NumberOf(in Hash256 hash) => ledger.NumberOf(hash);

    /// <inheritdoc/>
    public ImmutableArray<Receipt> ReceiptsOf(ulong number) => ledger.ReceiptsOf(number);

    /// <inheritdoc/>
    public UInt256 BaseFeeAfter(BlockHeader header) => BaseFee.After(header, ledger.Rules.BaseFeeFloor);

    /// <inheritdoc/>
    public BlobFacts BlobsOf(BlockHeader header) => BlobFacts.None;

    /// <inheritdoc/>
    public TransactionLocation? Locate(in Hash256 transaction) => ledger.Locate(transaction);

    /// <inheritdoc/>
    public LogSearch FindLogs(LogFilter filter) => ledger.FindLogs(filter);

    /// <inheritdoc/>
    public byte[]? CertificateOf(ulong number) => ledger.CertificateOf(number);

    /// <inheritdoc/>
    public KeptState? StateAt(ulong number) => ledger.StateAt(number) is { } state ? Kept(state, isShared: false) : null;

    /// <inheritdoc/>
    public IDisposable SubscribeFinalized(Action<FinalizedBlock> subscriber) => ledger.SubscribeFinalized(subscriber);

    private static KeptState Kept(LedgerState state, bool isShared) =>
        new(state, state.Number, state.IsHead, isShared ? null : state, () => state.TryGetTrie(out _));
}
