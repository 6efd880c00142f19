namespace CPChain.Execution;

/// <summary>Why a transaction that can be read is not valid here and now (rule C13); None when it is.</summary>
public enum ValidityFault
{
    /// <summary>No fault.</summary>
    None,

    /// <summary>Signed for another chain (EIP-155).</summary>
    WrongChainId,

    /// <summary>The signature leads to no key.</summary>
    UnknownSender,

    /// <summary>A blob transaction (EIP-4844).</summary>
    BlobsRefused,

    /// <summary>An envelope that the fork does not know.</summary>
    TypeNotInFork,

    /// <summary>A blob transaction without destination, without blobs, or with a hash of another version (EIP-4844).</summary>
    BlobsMalformed,

    /// <summary>More blobs than one transaction may carry (EIP-4844).</summary>
    TooManyBlobs,

    /// <summary>The cap does not cover the fee of blobs (EIP-4844).</summary>
    BlobFeeCapTooLow,

    /// <summary>The tip is above the cap (EIP-1559).</summary>
    TipAboveFeeCap,

    /// <summary>Nonce 2^64-1 (EIP-2681).</summary>
    NonceAtMaximum,

    /// <summary>Init code longer than 49,152 bytes (EIP-3860).</summary>
    InitCodeTooLong,

    /// <summary>More gas than one transaction may buy (EIP-7825).</summary>
    GasAboveTransactionMax,

    /// <summary>Less gas than the transaction costs before it runs.</summary>
    IntrinsicGasTooLow,

    /// <summary>Less gas than the floor for its data (EIP-7623).</summary>
    FloorGasTooLow,

    /// <summary>Gas limit times fee cap plus value passes 2^256-1.</summary>
    CostOverflow,

    /// <summary>The cap does not cover the base fee (EIP-1559).</summary>
    FeeCapBelowBaseFee,

    /// <summary>More gas than is left in the block.</summary>
    BlockGasExhausted,

    /// <summary>Heavy precompiled contracts would take more gas than they may in one block (rule C13.3).</summary>
    HeavyGasExhausted,

    /// <summary>The sender has used this nonce.</summary>
    NonceTooLow,

    /// <summary>An earlier transaction of the sender is missing.</summary>
    NonceTooHigh,

    /// <summary>The sender is a contract (EIP-3607).</summary>
    SenderHasCode,

    /// <summary>The sender is an account of local networks, whose key everybody has, and this is another chain.</summary>
    DevnetAccount,

    /// <summary>The sender cannot pay fee cap and value.</summary>
    InsufficientFunds,
}

/// <summary>The words for a <see cref="ValidityFault"/>, those that Ethereum tools look for.</summary>
public static class ValidityFaultText
{
    /// <summary>One line for people and RPC clients.</summary>
    public static string Text(this ValidityFault fault) => fault switch
    {
        ValidityFault.None => "no fault",
        ValidityFault.WrongChainId => "invalid chain id for signer",
        ValidityFault.UnknownSender => "invalid sender",
        ValidityFault.BlobsRefused => "blob transactions (type 3) are not accepted on this chain",
        ValidityFault.TypeNotInFork => "transaction type not supported",
        ValidityFault.BlobsMalformed => "blob transaction without destination, blobs or valid blob hashes",
        ValidityFault.TooManyBlobs => "too many blobs in the transaction",
        ValidityFault.BlobFeeCapTooLow => "max fee per blob gas less than block blob gas fee",
        ValidityFault.TipAboveFeeCap => "max priority fee per gas higher than max fee per gas",
        ValidityFault.NonceAtMaximum => "nonce has max value",
        ValidityFault.InitCodeTooLong => "max initcode size exceeded",
        ValidityFault.GasAboveTransactionMax => "transaction gas limit too high",
        ValidityFault.IntrinsicGasTooLow => "intrinsic gas too low",
        ValidityFault.FloorGasTooLow => "insufficient gas for floor data gas cost",
        ValidityFault.CostOverflow => "insufficient funds for gas * price + value",
        ValidityFault.FeeCapBelowBaseFee => "max fee per gas less than block base fee",
        ValidityFault.BlockGasExhausted => "gas limit reached",
        ValidityFault.HeavyGasExhausted => "gas limit of heavy precompiled contracts reached",
        ValidityFault.NonceTooLow => "nonce too low",
        ValidityFault.NonceTooHigh => "nonce too high",
        ValidityFault.SenderHasCode => "sender not an eoa",
        ValidityFault.DevnetAccount => "the sender is a devnet account: everybody has its key, and this is not a devnet",
        ValidityFault.InsufficientFunds => "insufficient funds for gas * price + value",
        _ => "unknown fault",
    };
}
