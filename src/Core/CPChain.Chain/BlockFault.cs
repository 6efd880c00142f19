namespace CPChain.Chain;

/// <summary>The rule that a block breaks; the numbers are those of <c>specs/chain/chain.md</c>.</summary>
public enum BlockFaultKind
{
    /// <summary>No fault.</summary>
    None,

    /// <summary>C2: a version that this program does not know.</summary>
    UnknownVersion,

    /// <summary>C2: not canonical RLP of a block.</summary>
    Malformed,

    /// <summary>C4: more bytes than a block may have.</summary>
    TooLarge,

    /// <summary>C4: more transactions than a block may have.</summary>
    TooManyTransactions,

    /// <summary>C7: a transaction in it cannot be read.</summary>
    TransactionMalformed,

    /// <summary>C5: neither impeach block without seal nor ordinary block with one.</summary>
    SealMisplaced,

    /// <summary>C5: the number does not follow the parent's.</summary>
    WrongNumber,

    /// <summary>C5: the parent hash is not the parent's.</summary>
    WrongParent,

    /// <summary>C6 (L7.1): earlier than a period after the parent.</summary>
    TimeTooEarly,

    /// <summary>C8: a gas limit other than the rules give.</summary>
    WrongGasLimit,

    /// <summary>C8: more gas used than the limit allows.</summary>
    GasAboveLimit,

    /// <summary>C9: a base fee other than the parent gives.</summary>
    WrongBaseFee,

    /// <summary>C10 (L21): not the hash of the next number's validators.</summary>
    WrongNextValidators,

    /// <summary>C5 (L8.2): the seal is not the coinbase's signature.</summary>
    WrongSeal,

    /// <summary>C5 (L8.2): the coinbase is not the proposer of this number.</summary>
    WrongProposer,

    /// <summary>The extra field is not what the proposer has committed itself to reveal at this number (D9.2).</summary>
    WrongReveal,

    /// <summary>C12 (L2.2): not the one impeach block of this parent.</summary>
    WrongImpeachBlock,

    /// <summary>C11: the transactions do not hash to the header's root.</summary>
    WrongTransactionsRoot,

    /// <summary>C13: a transaction in it is not valid there.</summary>
    InvalidTransaction,

    /// <summary>C11: the gas used differs from the header's.</summary>
    WrongGasUsed,

    /// <summary>C11: the receipts do not hash to the header's root.</summary>
    WrongReceiptsRoot,

    /// <summary>C11: the logs give another filter than the header's.</summary>
    WrongBloom,

    /// <summary>C11: the state after it hashes to another root.</summary>
    WrongStateRoot,
}

/// <summary>Why a block is refused: the rule and, for people, where.</summary>
public readonly record struct BlockFault(BlockFaultKind Kind, string? Detail = null)
{
    /// <summary>No fault.</summary>
    public static BlockFault None => default;

    /// <summary>True iff there is no fault.</summary>
    public bool IsNone => Kind == BlockFaultKind.None;

    /// <summary>One line for a log or a peer score.</summary>
    public override string ToString() => Detail is null ? Kind.ToString() : $"{Kind}: {Detail}";

    internal static BlockFault UnknownVersion(string what, ulong version) => new(
        BlockFaultKind.UnknownVersion,
        $"{what} version {version} is not known to this program (it knows 1); a newer program is needed");
}
