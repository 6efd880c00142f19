using CPChain.Chain;
using CPChain.Evm;
using CPChain.Types;

namespace CPChain.Execution;

/// <summary>What makes a transaction valid (rule C13), split by what it takes to know.</summary>
public static class TransactionRules
{
    /// <summary>Bytes of a delegation designator: 0xef0100 and an address (EIP-7702).</summary>
    public const int DesignatorLength = 23;

    private static ReadOnlySpan<byte> DesignatorPrefix => [0xef, 0x01, 0x00];

    /// <summary>The rules that need no state: they hold in every block or in none.</summary>
    /// <param name="transaction">What the sender asks for.</param>
    /// <param name="chainId">The chain it must be good for.</param>
    /// <param name="rules">The fork.</param>
    /// <param name="blobsMax">Blobs that it may carry; with 0 no blob transaction is valid.</param>
    public static ValidityFault CheckForm(
        UnsignedTransaction transaction, ulong chainId, EvmRules rules, int blobsMax = 0)
    {
        ValidityFault type = CheckType(transaction, rules, blobsMax);
        if (type != ValidityFault.None)
            return type;
        if (transaction.ChainId != chainId)
            return ValidityFault.WrongChainId;
        if (transaction.Nonce == ulong.MaxValue)
            return ValidityFault.NonceAtMaximum;
        if (transaction.MaxPriorityFeePerGas > transaction.MaxFeePerGas)
            return ValidityFault.TipAboveFeeCap;
        if (rules.TransactionGasMax is ulong gasMax && transaction.GasLimit > gasMax)
            return ValidityFault.GasAboveTransactionMax;
        if (rules.MetersInitCode && transaction.To is null && transaction.Data.Length > IntrinsicGas.InitCodeBytesMax)
            return ValidityFault.InitCodeTooLong;
        IntrinsicGas intrinsic = IntrinsicGas.Of(transaction, rules);
        if (transaction.GasLimit < intrinsic.Standard)
            return ValidityFault.IntrinsicGasTooLow;
        if (transaction.GasLimit < intrinsic.Floor)
            return ValidityFault.FloorGasTooLow;
        return TryGetCost(transaction, out _) ? ValidityFault.None : ValidityFault.CostOverflow;
    }

    private static ValidityFault CheckType(UnsignedTransaction transaction, EvmRules rules, int blobsMax)
    {
        bool isKnown = transaction.Type switch
        {
            TxType.AccessList => rules.HasAccessLists,
            TxType.FeeMarket => rules.HasBaseFee,
            TxType.Blob => rules.HasBlobs,
            TxType.SetCode => rules.HasDelegation,
            _ => true,
        };
        if (transaction.Type == TxType.Blob && blobsMax == 0)
            return ValidityFault.BlobsRefused;
        if (!isKnown)
            return ValidityFault.TypeNotInFork;
        return transaction.Type == TxType.Blob ? Blobs.Check(transaction, blobsMax) : ValidityFault.None;
    }

    /// <summary>Recovers the sender and refuses one whose key everybody has (<see cref="DevnetAccounts"/>).</summary>
    public static ValidityFault CheckSender(Transaction transaction, ulong chainId, out Address sender)
    {
        if (!transaction.TryRecoverSender(out sender))
            return ValidityFault.UnknownSender;
        return DevnetAccounts.IsForbidden(chainId, sender) ? ValidityFault.DevnetAccount : ValidityFault.None;
    }

    /// <summary>The rules that need the sender's account and the fees of the block.</summary>
    public static ValidityFault CheckState(
        UnsignedTransaction transaction, in Account sender, ReadOnlySpan<byte> senderCode, in UInt256 baseFee,
        in UInt256 blobBaseFee)
    {
        if (transaction.Type == TxType.Blob && transaction.MaxFeePerBlobGas < blobBaseFee)
            return ValidityFault.BlobFeeCapTooLow;
        if (transaction.MaxFeePerGas < baseFee)
            return ValidityFault.FeeCapBelowBaseFee;
        if (transaction.Nonce < sender.Nonce)
            return ValidityFault.NonceTooLow;
        if (transaction.Nonce > sender.Nonce)
            return ValidityFault.NonceTooHigh;
        if (!senderCode.IsEmpty && !IsDesignator(senderCode))
            return ValidityFault.SenderHasCode;
        return TryGetCost(transaction, out UInt256 cost) && sender.Balance >= cost
            ? ValidityFault.None
            : ValidityFault.InsufficientFunds;
    }

    /// <summary>Gas limit times fee cap, blob gas times its cap, and value: what the sender must own; false above 2^256-1.</summary>
    public static bool TryGetCost(UnsignedTransaction transaction, out UInt256 cost)
    {
        cost = default;
        return UInt256.TryMultiply(transaction.MaxFeePerGas, transaction.GasLimit, out UInt256 fee)
            && UInt256.TryMultiply(transaction.MaxFeePerBlobGas, Blobs.GasOf(transaction), out UInt256 blobFee)
            && UInt256.TryAdd(fee, blobFee, out UInt256 fees)
            && UInt256.TryAdd(fees, transaction.Value, out cost);
    }

    /// <summary>Whether code only points to another account (EIP-7702).</summary>
    public static bool IsDesignator(ReadOnlySpan<byte> code) =>
        code.Length == DesignatorLength && code.StartsWith(DesignatorPrefix);

    /// <summary>The designator that points to <paramref name="target"/>.</summary>
    public static byte[] Designator(in Address target) => [.. DesignatorPrefix, .. target.ToArray()];
}
