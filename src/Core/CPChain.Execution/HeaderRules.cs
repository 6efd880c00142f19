using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Dpor;
using CPChain.Trie;
using CPChain.Types;

namespace CPChain.Execution;

/// <summary>What of a block can be judged by its parent's header alone (rules C4 to C10, L7.1, L8.2).</summary>
public static class HeaderRules
{
    /// <summary>The first rule that the block breaks. Time has an upper bound for voters only (L7.2).</summary>
    /// <param name="block">The block.</param>
    /// <param name="parent">The header before it.</param>
    /// <param name="turn">Whose number it is, by the state of the parent.</param>
    /// <param name="rules">The chain's rules.</param>
    public static BlockFault Check(Block block, BlockHeader parent, Turn turn, ChainRules rules)
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
        if (header.NextValidatorsHash != turn.NextValidatorsHash)
            return new BlockFault(BlockFaultKind.WrongNextValidators);
        if (block.Transactions.Length > rules.Limits.TransactionsMax)
            return new BlockFault(BlockFaultKind.TooManyTransactions, $"{block.Transactions.Length}");
        BlockFault seal = CheckSeal(header, block.Seal, rules);
        if (!seal.IsNone || header.IsImpeach)
            return seal;
        if (header.Coinbase != turn.Proposer)
            return new BlockFault(BlockFaultKind.WrongProposer, $"{header.Coinbase}");
        return IsRevealRight(header, turn, rules) ? BlockFault.None : new BlockFault(BlockFaultKind.WrongReveal, Hex.Encode(header.Extra.Span));
    }

    // D9.2: who has committed itself reveals; for all others extra is free.
    private static bool IsRevealRight(BlockHeader header, Turn turn, ChainRules rules) =>
        turn.Commitment.IsZero || rules.Elections is not { } elections
        || (header.Extra.Length == Hash256.Length && TermSeed.IsRight(
            Hash256.FromBytes(header.Extra.Span), turn.Commitment, elections.Dpor.Parameters.Terms.OffsetOf(header.Number)));

    /// <summary>The earliest time of the block after <paramref name="parent"/>, Unix milliseconds.</summary>
    public static ulong EarliestTimestampMs(BlockHeader parent, ChainRules rules) =>
        // Saturates: a parent at the end of time has no child, and no such parent can get a certificate.
        parent.TimestampMs > ulong.MaxValue - rules.PeriodMs ? ulong.MaxValue : parent.TimestampMs + rules.PeriodMs;

    /// <summary>Whether the coinbase signed the seal; whether it is its turn, the state before tells (<see cref="Turn"/>).</summary>
    public static BlockFault CheckSeal(BlockHeader header, Signature? sealOrNone, ChainRules rules)
    {
        if (header.IsImpeach != sealOrNone is null)
            return new BlockFault(BlockFaultKind.SealMisplaced);
        if (sealOrNone is not Signature seal)
            return BlockFault.None;
        Hash256 digest = SealDigest.Of(rules.GenesisHash, rules.ChainId, header.Number, header.Hash);
        return Secp256k1.TryRecoverAddress(digest, seal, out Address signer) && signer == header.Coinbase
            ? BlockFault.None
            : new BlockFault(BlockFaultKind.WrongSeal);
    }

    /// <summary>
    /// Whether seal and transactions are those of the header (rule C11). Certificates and votes are over the header alone: a body that
    /// is not the header's says nothing about the block, only about who sent it (L16).
    /// </summary>
    public static BlockFault CheckBody(Block block, ChainRules rules)
    {
        // A seal of another key is not the block's; a coinbase out of turn is, and makes the header itself invalid.
        BlockFault seal = CheckSeal(block.Header, block.Seal, rules);
        return seal.IsNone ? CheckTransactions(block) : seal;
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
