using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Trie;
using CPChain.Types;

namespace CPChain.Execution;

/// <summary>What of a block can be judged by its parent's header alone (rules C4 to C10, L7.1, L8.2).</summary>
public static class HeaderRules
{
    /// <summary>The first rule that the block breaks. Time has an upper bound for voters only (L7.2).</summary>
    public static BlockFault Check(Block block, BlockHeader parent, ChainRules rules)
    {
        BlockHeader header = block.Header;
        if (header.Version != BlockHeader.CurrentVersion)
            return new BlockFault(BlockFaultKind.UnknownVersion, $"header version {header.Version}");
        if (header.Number == 0 || header.Number - 1 != parent.Number)
            return new BlockFault(BlockFaultKind.WrongNumber, $"{header.Number} after {parent.Number}");
        if (header.ParentHash != parent.Hash)
            return new BlockFault(BlockFaultKind.WrongParent, $"{header.ParentHash}, not {parent.Hash}");
        if (header.Extra.Length > BlockLimits.ExtraBytesMax)
            return new BlockFault(BlockFaultKind.Malformed, "extra");
        if (header.TimestampMs < EarliestTimestampMs(parent, rules))
            return new BlockFault(BlockFaultKind.TimeTooEarly, $"{header.TimestampMs} ms");
        if (header.GasLimit != rules.GasLimit)
            return new BlockFault(BlockFaultKind.WrongGasLimit, $"{header.GasLimit}, not {rules.GasLimit}");
        if (header.GasUsed > header.GasLimit)
            return new BlockFault(BlockFaultKind.GasAboveLimit, $"{header.GasUsed} of {header.GasLimit}");
        UInt256 baseFee = BaseFee.After(parent, rules.BaseFeeFloor);
        if (header.BaseFeePerGas != baseFee)
            return new BlockFault(BlockFaultKind.WrongBaseFee, $"{header.BaseFeePerGas}, not {baseFee}");
        if (header.NextValidatorsHash != rules.Schedule.ValidatorsHash(header.Number + 1))
            return new BlockFault(BlockFaultKind.WrongNextValidators);
        if (block.Transactions.Length > rules.Limits.TransactionsMax)
            return new BlockFault(BlockFaultKind.TooManyTransactions, $"{block.Transactions.Length}");
        return CheckSeal(block, rules);
    }

    /// <summary>The earliest time of the block after <paramref name="parent"/>, Unix milliseconds.</summary>
    public static ulong EarliestTimestampMs(BlockHeader parent, ChainRules rules) =>
        // Saturates: a parent at the end of time has no child, and no such parent can get a certificate.
        parent.TimestampMs > ulong.MaxValue - rules.PeriodMs ? ulong.MaxValue : parent.TimestampMs + rules.PeriodMs;

    /// <summary>Whether the coinbase signed the seal, and is the proposer of the number.</summary>
    public static BlockFault CheckSeal(Block block, ChainRules rules) => CheckSeal(block.Header, block.Seal, rules);

    /// <summary>The same of a header and a seal whose transactions have not been read yet.</summary>
    public static BlockFault CheckSeal(BlockHeader header, Signature? sealOrNone, ChainRules rules)
    {
        if (header.IsImpeach != sealOrNone is null)
            return new BlockFault(BlockFaultKind.SealMisplaced);
        if (sealOrNone is not Signature seal)
            return BlockFault.None;
        Hash256 digest = SealDigest.Of(rules.GenesisHash, rules.ChainId, header.Number, header.Hash);
        if (!Secp256k1.TryRecoverAddress(digest, seal, out Address signer) || signer != header.Coinbase)
            return new BlockFault(BlockFaultKind.WrongSeal);
        return signer == rules.Schedule.ProposerOf(header.Number)
            ? BlockFault.None
            : new BlockFault(BlockFaultKind.WrongProposer, $"{signer}");
    }

    /// <summary>
    /// Whether seal and transactions are those of the header (rule C11). Certificates and votes are over the header alone: a body that
    /// is not the header's says nothing about the block, only about who sent it (L16).
    /// </summary>
    public static BlockFault CheckBody(Block block, ChainRules rules)
    {
        BlockFault seal = CheckSeal(block, rules);
        // A seal of another key is not the block's; a coinbase out of turn is, and makes the header itself invalid.
        if (seal.Kind is BlockFaultKind.SealMisplaced or BlockFaultKind.WrongSeal)
            return seal;
        return CheckTransactions(block);
    }

    /// <summary>Whether the transactions are those of the header, the part of rule C11 that the seal has no say in.</summary>
    public static BlockFault CheckTransactions(Block block)
    {
        Hash256 root = TrieRoot.OfIndexed([.. block.Transactions.Select(static transaction => transaction.Encoded)]);
        return root == block.Header.TransactionsRoot
            ? BlockFault.None
            : new BlockFault(BlockFaultKind.WrongTransactionsRoot, $"{block.Header.TransactionsRoot}, not {root}");
    }
}
