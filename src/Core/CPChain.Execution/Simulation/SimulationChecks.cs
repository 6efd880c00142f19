using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Evm;
using CPChain.Types;

namespace CPChain.Execution.Simulation;

/// <summary>
/// What a simulated call must fulfil. Less than a transaction: nobody signed it, its sender may be a contract, no fork's cap on gas
/// binds it; without validation its nonce is not asked for and it may pay nothing.
/// </summary>
internal static class SimulationChecks
{
    public static SimulationFault? Check(
        UnsignedTransaction call, in Address from, StateOverlay state, BlockContext block, ChainRules rules,
        SimulationOptions options) =>
        CheckNonce(call, from, state, options)
        ?? CheckFees(call, from, block, options)
        ?? CheckBlobs(call, from, block, rules, options)
        ?? CheckFunds(call, from, state)
        ?? CheckGas(call, rules);

    /// <summary>Base units per gas: nothing where nothing is offered.</summary>
    public static UInt256 PriceOf(UnsignedTransaction call, in UInt256 baseFee) =>
        call.MaxFeePerGas < baseFee ? UInt256.Zero : BaseFee.EffectivePrice(call, baseFee);

    private static SimulationFault? CheckNonce(
        UnsignedTransaction call, in Address from, StateOverlay state, SimulationOptions options)
    {
        ulong next = state.GetNonce(from);
        if (options.Validates && call.Nonce != next)
        {
            bool isLow = call.Nonce < next;
            return Fault(
                isLow ? SimulationFaultKind.NonceTooLow : SimulationFaultKind.NonceTooHigh,
                $"nonce too {(isLow ? "low" : "high")}: address {Name(from)}, tx: {call.Nonce} state: {next}", call);
        }
        // Without a successor the sender's account could not go on, validated or not.
        return call.Nonce == ulong.MaxValue
            ? Fault(
                SimulationFaultKind.NonceAtMaximum, $"nonce has max value: address {Name(from)}, nonce: {call.Nonce}", call)
            : null;
    }

    private static SimulationFault? CheckFees(
        UnsignedTransaction call, in Address from, BlockContext block, SimulationOptions options)
    {
        if (!options.Validates && call.MaxFeePerGas.IsZero && call.MaxPriorityFeePerGas.IsZero)
            return null;
        if (call.MaxPriorityFeePerGas > call.MaxFeePerGas)
        {
            return Fault(
                SimulationFaultKind.Invalid,
                $"max priority fee per gas higher than max fee per gas: address {Name(from)}, "
                + $"maxPriorityFeePerGas: {call.MaxPriorityFeePerGas}, maxFeePerGas: {call.MaxFeePerGas}", call);
        }
        return call.MaxFeePerGas < block.BaseFee
            ? Fault(
                SimulationFaultKind.FeeCapTooLow,
                $"max fee per gas less than block base fee: address {Name(from)}, "
                + $"maxFeePerGas: {call.MaxFeePerGas}, baseFee: {block.BaseFee}", call)
            : null;
    }

    private static SimulationFault? CheckBlobs(
        UnsignedTransaction call, in Address from, BlockContext block, ChainRules rules, SimulationOptions options)
    {
        if (call.Type != TxType.Blob)
            return null;
        ValidityFault form = rules.TransactionBlobsMax == 0
            ? ValidityFault.BlobsRefused
            : Blobs.Check(call, rules.TransactionBlobsMax);
        if (form != ValidityFault.None)
            return Fault(SimulationFaultKind.Invalid, form.Text(), call);
        bool isFree = !options.Validates && call.MaxFeePerBlobGas.IsZero;
        return !isFree && call.MaxFeePerBlobGas < block.BlobBaseFee
            ? Fault(
                SimulationFaultKind.BlobFeeCapTooLow,
                $"max fee per blob gas less than block blob gas fee: address {Name(from)} "
                + $"blobGasFeeCap: {call.MaxFeePerBlobGas}, blobBaseFee: {block.BlobBaseFee}", call)
            : null;
    }

    private static SimulationFault? CheckFunds(UnsignedTransaction call, in Address from, StateOverlay state)
    {
        UInt256 balance = state.GetBalance(from);
        bool fits = TransactionRules.TryGetCost(call, out UInt256 cost);
        return fits && balance >= cost
            ? null
            : Fault(
                SimulationFaultKind.InsufficientFunds,
                $"insufficient funds for gas * price + value: address {Name(from)} have {balance} want "
                + (fits ? cost.ToString() : "more than 256 bits hold"), call);
    }

    private static SimulationFault? CheckGas(UnsignedTransaction call, ChainRules rules)
    {
        IntrinsicGas intrinsic = IntrinsicGas.Of(call, rules.Evm);
        if (call.GasLimit < intrinsic.Standard)
        {
            return Fault(
                SimulationFaultKind.IntrinsicGasTooLow,
                $"intrinsic gas too low: have {call.GasLimit}, want {intrinsic.Standard}", call);
        }
        if (call.GasLimit < intrinsic.Floor)
        {
            return Fault(
                SimulationFaultKind.IntrinsicGasTooLow,
                $"insufficient gas for floor data gas cost: have {call.GasLimit}, want {intrinsic.Floor}", call);
        }
        bool isTooLong = rules.Evm.MetersInitCode && call.To is null && call.Data.Length > IntrinsicGas.InitCodeBytesMax;
        return isTooLong
            ? Fault(
                SimulationFaultKind.InitCodeTooLong,
                $"max initcode size exceeded: code size {call.Data.Length} limit {IntrinsicGas.InitCodeBytesMax}", call)
            : null;
    }

    private static string Name(in Address address) => AddressChecksum.Format(address);

    private static SimulationFault Fault(SimulationFaultKind kind, string what, UnsignedTransaction call) =>
        new(kind, $"err: {what} (supplied gas {call.GasLimit})");
}
