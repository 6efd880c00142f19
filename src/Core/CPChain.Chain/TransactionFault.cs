namespace CPChain.Chain;

/// <summary>Why bytes are not a transaction of this chain (rule C7); None means that they are.</summary>
public enum TransactionFault
{
    /// <summary>No fault.</summary>
    None,

    /// <summary>No bytes at all.</summary>
    Empty,

    /// <summary>More bytes than one transaction may have.</summary>
    TooLarge,

    /// <summary>The first byte names no known envelope.</summary>
    UnknownType,

    /// <summary>A blob transaction (EIP-4844): this chain carries none.</summary>
    BlobsRefused,

    /// <summary>RLP that is not canonical, or a field of the wrong shape or size.</summary>
    Malformed,

    /// <summary>A legacy signature that is not bound to a chain id (EIP-155).</summary>
    Unprotected,

    /// <summary>A chain id above what 64 bits hold.</summary>
    ChainIdTooLarge,

    /// <summary>Signature values out of range, or high s (EIP-2).</summary>
    InvalidSignature,

    /// <summary>A set-code transaction that creates a contract (EIP-7702).</summary>
    SetCodeWithoutDestination,

    /// <summary>A set-code transaction without authorisations (EIP-7702).</summary>
    NoAuthorizations,
}

/// <summary>The words for a <see cref="TransactionFault"/>.</summary>
public static class TransactionFaultText
{
    /// <summary>One line for people and RPC clients.</summary>
    public static string Text(this TransactionFault fault) => fault switch
    {
        TransactionFault.None => "no fault",
        TransactionFault.Empty => "typed transaction too short",
        TransactionFault.TooLarge => "oversized data",
        TransactionFault.UnknownType => "transaction type not supported",
        TransactionFault.BlobsRefused => "blob transactions (type 3) are not accepted on this chain",
        TransactionFault.Malformed => "rlp: malformed transaction",
        TransactionFault.Unprotected =>
            "only replay-protected (EIP-155) transactions allowed over RPC and in blocks",
        TransactionFault.ChainIdTooLarge => "chain id above 64 bits",
        TransactionFault.InvalidSignature => "invalid transaction v, r, s values",
        TransactionFault.SetCodeWithoutDestination => "set code transaction must not be a create transaction",
        TransactionFault.NoAuthorizations => "set code transaction with empty auth list",
        _ => "unknown fault",
    };
}
