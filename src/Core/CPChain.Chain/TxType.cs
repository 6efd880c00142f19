namespace CPChain.Chain;

/// <summary>The EIP-2718 envelope of a transaction; the value is its type byte.</summary>
public enum TxType : byte
{
    /// <summary>No type byte, one gas price; on this chain always bound to the chain id (EIP-155).</summary>
    Legacy = 0,

    /// <summary>With an access list (EIP-2930).</summary>
    AccessList = 1,

    /// <summary>With fee cap and tip (EIP-1559).</summary>
    FeeMarket = 2,

    /// <summary>With blobs (EIP-4844); known by name only, this chain refuses it.</summary>
    Blob = 3,

    /// <summary>With authorisations that set account code (EIP-7702).</summary>
    SetCode = 4,
}
