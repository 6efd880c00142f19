using CPChain.Chain;
using CPChain.Lbft.Certificates;
using CPChain.Network;

namespace CPChain.Consensus.Wire;

/// <summary>The message types that chain nodes speak (specs/wire, "Message types"); numbers 16 to 63 are theirs.</summary>
public static class ChainMessages
{
    /// <summary>Votes, WISH, STATUS, PROPOSE, CERT and the head question: an LBFT message without a block.</summary>
    public const ushort Lbft = 16;

    /// <summary>PROPOSAL.</summary>
    public const ushort Proposal = 17;

    /// <summary>VALIDATE or IMPEACH-VALIDATE.</summary>
    public const ushort Validate = 18;

    /// <summary>Number and hash of the sender's head.</summary>
    public const ushort Status = 19;

    /// <summary>GET-BODY, answered by an encoded block.</summary>
    public const ushort GetBody = 20;

    /// <summary>A range of final blocks with their certificates.</summary>
    public const ushort GetBlocks = 21;

    /// <summary>Hashes of pooled transactions.</summary>
    public const ushort TransactionHashes = 22;

    /// <summary>Transactions by hash.</summary>
    public const ushort GetTransactions = 23;

    /// <summary>Bytes of blocks in one answer to <see cref="GetBlocks"/>, unless a single block is longer.</summary>
    public const int RangeBytesMax = 2 << 20;

    public const int RangeBlocksMax = 128;
    public const int HashesMax = 2048;
    public const int TransactionsBytesMax = 1 << 20;

    /// <summary>A certificate, a statement and room to spare.</summary>
    private static int LbftBytesMax => (2 * CertificateCodec.BytesMax) + 512;

    /// <summary>The catalog of a chain with these block limits; every cap is at or above the block's.</summary>
    public static MessageCatalog Catalog(BlockLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return new MessageCatalog(Specs(limits));
    }

    /// <summary>The same as single entries, for a node that speaks more.</summary>
    public static IEnumerable<MessageSpec> Specs(BlockLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        int blockMax = limits.BytesMax + 64;
        return
        [
            new MessageSpec(Lbft, "lbft", Lane.Consensus, LbftBytesMax),
            new MessageSpec(Proposal, "proposal", Lane.Consensus, blockMax),
            new MessageSpec(Validate, "validate", Lane.Consensus, blockMax + LbftBytesMax),
            new MessageSpec(Status, "status", Lane.Gossip, 64),
            new MessageSpec(GetBody, "get-body", Lane.Consensus, 64, blockMax),
            new MessageSpec(GetBlocks, "get-blocks", Lane.Bulk, 64, RangeBytesMax + blockMax + (RangeBlocksMax * (LbftBytesMax + 16))),
            new MessageSpec(TransactionHashes, "transaction-hashes", Lane.Gossip, 1 + (32 * HashesMax)),
            new MessageSpec(GetTransactions, "get-transactions", Lane.Gossip, 1 + (32 * HashesMax), TransactionsBytesMax + limits.TransactionBytesMax + 1024),
        ];
    }
}
