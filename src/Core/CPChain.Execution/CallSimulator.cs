using CPChain.Chain;
using CPChain.Evm;
using CPChain.Types;

namespace CPChain.Execution;

/// <summary>Tries calls on a state without changing it: what eth_call and eth_estimateGas answer.</summary>
public static class CallSimulator
{
    private const ulong LeastGas = 21_000;

    /// <summary>
    /// Runs the call as the block <paramref name="header"/> would on <paramref name="state"/>. Without a fee cap the
    /// base fee counts as zero. Nonce, signature and EIP-3607 are not asked for.
    /// </summary>
    public static CallOutcome Call(IStateView state, BlockHeader header, CallRequest request, ChainRules rules) =>
        Try(state, header, request, Math.Min(request.GasLimit ?? header.GasLimit, header.GasLimit), rules);

    /// <summary>Searches for the least gas with which the call succeeds.</summary>
    public static GasEstimate EstimateGas(
        IStateView state, BlockHeader header, CallRequest request, ChainRules rules)
    {
        ulong most = Math.Min(request.GasLimit ?? header.GasLimit, header.GasLimit);
        most = Math.Min(most, rules.Evm.TransactionGasMax ?? most);
        most = Math.Min(most, AffordableGas(state, request));
        CallOutcome first = Try(state, header, request, most, rules);
        if (!first.IsSuccess)
            return new GasEstimate(0, most, first);
        // Fails with `low`, succeeds with `high`.
        ulong low = Math.Max(first.GasUsed, LeastGas) - 1;
        ulong high = most;
        // A call keeps a 64th of its gas from its callee (EIP-150): most calls succeed with this little more.
        ulong guess = Math.Min(first.GasUsed + first.GasUsed / 63 + 2_300, high);
        if (guess > low && guess < high)
            Narrow(guess);
        while (high - low > 1)
            Narrow(low + (high - low) / 2);
        return new GasEstimate(high, most, null);

        void Narrow(ulong gas)
        {
            if (Try(state, header, request, gas, rules).IsSuccess)
                high = gas;
            else
                low = gas;
        }
    }

    private static CallOutcome Try(
        IStateView state, BlockHeader header, CallRequest request, ulong gas, ChainRules rules)
    {
        bool free = request.MaxFeePerGas is not UInt256 given || given.IsZero;
        BlockContext context = BlockContexts.Of(header, state, rules);
        if (free)
            context = context with { BaseFee = UInt256.Zero };
        StateOverlay overlay = new(state);
        UnsignedTransaction transaction = TransactionOf(request, overlay, gas, rules);
        ValidityFault fault = Check(transaction, request.From, overlay, context);
        if (fault != ValidityFault.None)
            return new CallOutcome(fault, EvmStatus.OutOfGas, default, 0, null, []);
        TransactionOutcome outcome =
            new TransactionExecutor(rules, context, overlay).Run(transaction, request.From);
        return new CallOutcome(
            ValidityFault.None, outcome.Status, outcome.Output, outcome.GasUsed, outcome.Created, outcome.Logs);
    }

    private static UnsignedTransaction TransactionOf(
        CallRequest request, StateOverlay overlay, ulong gas, ChainRules rules) => new()
        {
            Type = request.Authorizations.IsEmpty ? TxType.FeeMarket : TxType.SetCode,
            ChainId = rules.ChainId,
            Nonce = overlay.GetNonce(request.From),
            MaxFeePerGas = request.MaxFeePerGas ?? UInt256.Zero,
            MaxPriorityFeePerGas = request.MaxPriorityFeePerGas ?? request.MaxFeePerGas ?? UInt256.Zero,
            GasLimit = gas,
            To = request.To,
            Value = request.Value,
            Data = request.Data,
            AccessList = request.AccessList,
            Authorizations = request.Authorizations,
        };

    private static ValidityFault Check(
        UnsignedTransaction transaction, in Address from, StateOverlay overlay, BlockContext context)
    {
        if (transaction.Nonce == ulong.MaxValue)
            return ValidityFault.NonceAtMaximum;
        if (transaction.MaxPriorityFeePerGas > transaction.MaxFeePerGas)
            return ValidityFault.TipAboveFeeCap;
        if (transaction.To is null && transaction.Data.Length > IntrinsicGas.InitCodeBytesMax)
            return ValidityFault.InitCodeTooLong;
        IntrinsicGas intrinsic = IntrinsicGas.Of(transaction);
        if (transaction.GasLimit < intrinsic.Standard)
            return ValidityFault.IntrinsicGasTooLow;
        if (transaction.GasLimit < intrinsic.Floor)
            return ValidityFault.FloorGasTooLow;
        if (transaction.MaxFeePerGas < context.BaseFee)
            return ValidityFault.FeeCapBelowBaseFee;
        return TransactionRules.TryGetCost(transaction, out UInt256 cost) && overlay.GetBalance(from) >= cost
            ? ValidityFault.None
            : ValidityFault.InsufficientFunds;
    }

    private static ulong AffordableGas(IStateView state, CallRequest request)
    {
        if (request.MaxFeePerGas is not UInt256 price || price.IsZero)
            return ulong.MaxValue;
        UInt256 balance = state.TryGetAccount(request.From, out Account account) ? account.Balance : UInt256.Zero;
        return balance < request.Value ? 0 : ((balance - request.Value) / price).ToUlongSaturating();
    }
}
