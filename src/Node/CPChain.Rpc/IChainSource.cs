using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Execution;
using CPChain.Ledger;
using CPChain.Ledger.Logs;
using CPChain.Types;

namespace CPChain.Rpc;

/// <summary>
/// The chain that the methods read: the ledger of a node, or in a conformance run the blocks of another chain. Safe for many threads;
/// final blocks do not change.
/// </summary>
public interface IChainSource
{
    /// <summary>The rules of the newest block.</summary>
    ChainRules Rules { get; }

    /// <summary>Header of the newest block.</summary>
    BlockHeader Head { get; }

    /// <summary>How its blocks look from outside.</summary>
    IBlockForm Form { get; }

    /// <summary>The rules of a block.</summary>
    ChainRules RulesOf(BlockHeader header);

    /// <summary>A header by number.</summary>
    BlockHeader? HeaderByNumber(ulong number);

    /// <summary>A block by number.</summary>
    Block? BlockByNumber(ulong number);

    /// <summary>Number of a block by its hash.</summary>
    ulong? NumberOf(in Hash256 hash);

    /// <summary>Receipts of a block, one a transaction; empty for an unknown block.</summary>
    ImmutableArray<Receipt> ReceiptsOf(ulong number);

    /// <summary>Base fee of the block after one.</summary>
    UInt256 BaseFeeAfter(BlockHeader header);

    /// <summary>What blobs cost in a block.</summary>
    BlobFacts BlobsOf(BlockHeader header);

    /// <summary>Where a transaction lies.</summary>
    TransactionLocation? Locate(in Hash256 transaction);

    /// <summary>Logs that match, within bounds.</summary>
    LogSearch FindLogs(LogFilter filter);

    /// <summary>The certificate of a block, null where it has none.</summary>
    byte[]? CertificateOf(ulong number);

    /// <summary>The newest state.</summary>
    KeptState HeadState { get; }

    /// <summary>The state after a block; null when it is not kept or not there yet.</summary>
    KeptState? StateAt(ulong number);

    /// <summary>Has <paramref name="subscriber"/> called for every new block until the result is disposed.</summary>
    IDisposable SubscribeFinalized(Action<FinalizedBlock> subscriber);
}

/// <summary>Blobs of a block (EIP-4844).</summary>
/// <param name="Fee">Fee per gas of blobs.</param>
/// <param name="NextFee">The same in the block after it.</param>
/// <param name="UsedRatio">Gas of its blobs over what may be used.</param>
public readonly record struct BlobFacts(UInt256 Fee, UInt256 NextFee, double UsedRatio)
{
    /// <summary>A chain that carries none: BLOBBASEFEE is 1 (specs/evm, E4).</summary>
    public static BlobFacts None => new(UInt256.One, UInt256.One, 0);
}

/// <summary>The state after a block, as long as one request reads it.</summary>
/// <param name="View">Accounts, slots and code.</param>
/// <param name="Number">The block.</param>
/// <param name="HasTrie">Whether the trie's nodes are there, so that proofs can be made.</param>
/// <param name="Held">What the reader gives back at the end; null for what is shared.</param>
/// <param name="MakeTrie">Works the trie out where it is not there, which takes a while; false when that would take too long.</param>
public readonly record struct KeptState(
    IStateView View, ulong Number, bool HasTrie, IDisposable? Held = null, Func<bool>? MakeTrie = null);
