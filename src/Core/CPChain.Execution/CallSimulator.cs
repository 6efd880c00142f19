using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Evm;
using CPChain.Types;

namespace CPChain.Execution;

/// <summary>Gives the tracer of a call that is about to run on a state, as a transaction in a block.</summary>
public delegate IEvmTracer WatchCall(StateOverlay state, UnsignedTransaction call, BlockContext block);

/// <summary>Tries calls on a state without changing it: what eth_call and eth_estimateGas answer.</summary>
public static class CallSimulator
{
    private const ulong LeastGas = 21_000;

    /// <summary>Code can look at something new in every try; no wallet's call does.</summary>
    private const int AccessListTriesMax = 8;

    /// <summary>
    /// Runs the call as the block <paramref name="header"/> would on <paramref name="state"/>. Without a fee cap the
    /// base fee counts as zero. Nonce, signature and EIP-3607 are not asked for.
    /// </summary>
    public static CallOutcome Call(IStateView state, BlockHeader header, CallRequest request, ChainRules rules) =>
        Try(state, header, request, Math.Min(request.GasLimit ?? header.GasLimit, header.GasLimit), rules);

    /// <summary>The same, watched: <paramref name="watch"/> is asked for the tracer just before the call runs.</summary>
    public static CallOutcome Trace(
        IStateView state, BlockHeader header, CallRequest request, ChainRules rules, WatchCall watch) =>
        Try(state, header, request, Math.Min(request.GasLimit ?? header.GasLimit, header.GasLimit), rules, out _, watch);

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

    /// <summary>
    /// The access list (EIP-2930) that the call would announce to have all it looks at warm, and the outcome with it. Sender, callee,
    /// coinbase and precompiles are warm without it.
    /// </summary>
    public static AccessListProposal ProposeAccessList(
        IStateView state, BlockHeader header, CallRequest request, ChainRules rules)
    {
        ulong gas = Math.Min(request.GasLimit ?? header.GasLimit, header.GasLimit);
        gas = Math.Min(gas, rules.Evm.TransactionGasMax ?? gas);
        // What is announced changes what is left of the gas, and with it what may be looked at: until nothing is added.
        for (int tries = 1; ; tries++)
        {
            CallOutcome outcome = Try(state, header, request, gas, rules, out StateOverlay? overlay);
            if (overlay is null)
                return new AccessListProposal(request.AccessList, outcome);
            ImmutableArray<AccessListEntry> seen = AccessListOf(overlay, request, state, header.Coinbase, rules);
            if (tries == AccessListTriesMax || seen.All(entry => IsIn(entry, request.AccessList)))
                return new AccessListProposal(seen, outcome);
            request = request with { AccessList = seen };
        }
    }

    private static ImmutableArray<AccessListEntry> AccessListOf(
        StateOverlay overlay, CallRequest request, IStateView state, Address coinbase, ChainRules rules)
    {
        ulong nonce = state.TryGetAccount(request.From, out Account sender) ? sender.Nonce : 0;
        Address callee = request.To ?? ContractAddress.Create(request.From, nonce);
        EvmMachine machine = rules.Machines.Take(rules);
        ImmutableArray<AccessListEntry> seen =
        [
            .. overlay.WarmSet()
                .Where(warm => !warm.Slots.IsEmpty
                    || (warm.Address != request.From && warm.Address != callee && warm.Address != coinbase
                        && !machine.IsPrecompile(warm.Address)))
                .Select(warm => new AccessListEntry(warm.Address, warm.Slots)),
        ];
        rules.Machines.Return(machine);
        return seen;
    }

    private static bool IsIn(AccessListEntry entry, ImmutableArray<AccessListEntry> list) =>
        list.Any(one => one.Address == entry.Address && entry.Slots.All(one.Slots.Contains));

    private static CallOutcome Try(
        IStateView state, BlockHeader header, CallRequest request, ulong gas, ChainRules rules) =>
        Try(state, header, request, gas, rules, out _);

    // The overlay is what the call left, null where it could not start.
    private static CallOutcome Try(
        IStateView state, BlockHeader header, CallRequest request, ulong gas, ChainRules rules, out StateOverlay? left,
        WatchCall? watch = null)
    {
        left = null;
        bool free = request.MaxFeePerGas is not UInt256 given || given.IsZero;
        BlockContext context = BlockContexts.Of(header, state, rules);
        if (free)
            context = context with { BaseFee = UInt256.Zero };
        // A call without a cap for its blobs has them for nothing, as one without a fee cap has its gas.
        if (request.MaxFeePerBlobGas.IsZero && !request.BlobHashes.IsEmpty)
            context = context with { BlobBaseFee = UInt256.Zero };
        StateOverlay overlay = new(state);
        UnsignedTransaction transaction = TransactionOf(request, overlay, gas, rules);
        ValidityFault fault = Check(transaction, request.From, overlay, context, rules);
        if (fault != ValidityFault.None)
            return new CallOutcome(fault, EvmStatus.OutOfGas, default, 0, null, []);
        IEvmTracer? tracer = watch?.Invoke(overlay, transaction, context);
        TransactionOutcome outcome =
            new TransactionExecutor(rules, context, overlay).Run(transaction, request.From, tracer);
        left = overlay;
        return new CallOutcome(
            ValidityFault.None, outcome.Status, outcome.Output, outcome.GasUsed, outcome.Created, outcome.Logs);
    }

    private static UnsignedTransaction TransactionOf(
        CallRequest request, StateOverlay overlay, ulong gas, ChainRules rules) => new()
        {
            Type = !request.BlobHashes.IsEmpty ? TxType.Blob
                : request.Authorizations.IsEmpty ? TxType.FeeMarket : TxType.SetCode,
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
            MaxFeePerBlobGas = request.MaxFeePerBlobGas,
            BlobHashes = request.BlobHashes,
        };

    private static ValidityFault Check(
        UnsignedTransaction transaction, in Address from, StateOverlay overlay, BlockContext context, ChainRules rules)
    {
        if (transaction.Type == TxType.Blob)
        {
            ValidityFault blobs = rules.TransactionBlobsMax == 0
                ? ValidityFault.BlobsRefused
                : Blobs.Check(transaction, rules.TransactionBlobsMax);
            if (blobs != ValidityFault.None)
                return blobs;
            if (!transaction.MaxFeePerBlobGas.IsZero && transaction.MaxFeePerBlobGas < context.BlobBaseFee)
                return ValidityFault.BlobFeeCapTooLow;
        }
        if (transaction.Nonce == ulong.MaxValue)
            return ValidityFault.NonceAtMaximum;
        if (transaction.MaxPriorityFeePerGas > transaction.MaxFeePerGas)
            return ValidityFault.TipAboveFeeCap;
        if (transaction.To is null && transaction.Data.Length > IntrinsicGas.InitCodeBytesMax)
            return ValidityFault.InitCodeTooLong;
        IntrinsicGas intrinsic = IntrinsicGas.Of(transaction, rules.Evm);
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
