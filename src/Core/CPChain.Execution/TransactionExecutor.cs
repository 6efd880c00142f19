using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Evm;
using CPChain.Types;

namespace CPChain.Execution;

/// <summary>What a valid transaction did to the state it ran on.</summary>
/// <param name="Status">How its code ended.</param>
/// <param name="GasUsed">Gas paid, after refunds and floor.</param>
/// <param name="EffectivePrice">Base units per gas.</param>
/// <param name="Output">Return data or revert reason.</param>
/// <param name="Created">The contract it created, if it did.</param>
/// <param name="Logs">Its events, none unless it succeeded.</param>
public sealed record TransactionOutcome(
    EvmStatus Status,
    ulong GasUsed,
    UInt256 EffectivePrice,
    ReadOnlyMemory<byte> Output,
    Address? Created,
    ImmutableArray<LogEntry> Logs)
{
    /// <summary>Who paid for it.</summary>
    public required Address Sender { get; init; }

    /// <summary>Gas it needed on the way, before refunds: what it must buy to get through.</summary>
    public ulong GasUsedMax { get; init; }
}

/// <summary>Runs transactions one after another on one overlay, inside one block (rule C13).</summary>
public sealed class TransactionExecutor(ChainRules rules, BlockContext block, StateOverlay state)
{
    private const ulong MaxRefundQuotient = 5;
    private const ulong MaxRefundQuotientBerlin = 2;

    /// <summary>Gas that heavy precompiled contracts may still take; each transaction lessens it (rule C13.3).</summary>
    public ulong HeavyGasLeft { get; set; } = ulong.MaxValue;

    /// <summary>The block in which they run.</summary>
    public BlockContext Block => block;

    /// <summary>
    /// Runs one transaction. A fault leaves the state as it was; an outcome has changed it, whether or not the code
    /// succeeded.
    /// </summary>
    /// <param name="transaction">What is run.</param>
    /// <param name="gasAvailable">Gas left in the block.</param>
    /// <param name="outcome">What it did; null with a fault.</param>
    /// <param name="tracer">Who watches; nobody by default.</param>
    public ValidityFault Execute(
        Transaction transaction, ulong gasAvailable, out TransactionOutcome? outcome, IEvmTracer? tracer = null)
    {
        outcome = null;
        ValidityFault fault = CheckForm(transaction.Content, gasAvailable);
        if (fault != ValidityFault.None)
            return fault;
        fault = TransactionRules.CheckSender(transaction, rules.ChainId, out Address sender);
        return fault != ValidityFault.None ? fault : RunIfPayable(transaction.Content, sender, tracer, out outcome);
    }

    /// <summary>The same for a transaction whose sender is known otherwise than by its signature.</summary>
    public ValidityFault ExecuteAs(
        UnsignedTransaction transaction, in Address sender, ulong gasAvailable, out TransactionOutcome? outcome)
    {
        outcome = null;
        ValidityFault fault = CheckForm(transaction, gasAvailable);
        return fault != ValidityFault.None ? fault : RunIfPayable(transaction, sender, null, out outcome);
    }

    private ValidityFault CheckForm(UnsignedTransaction transaction, ulong gasAvailable)
    {
        bool isUnbound = rules.TakesUnbound && transaction is { Type: TxType.Legacy, ChainId: 0 };
        ValidityFault fault = TransactionRules.CheckForm(
            transaction, isUnbound ? 0 : rules.ChainId, rules.Evm, rules.TransactionBlobsMax);
        if (fault != ValidityFault.None)
            return fault;
        return transaction.GasLimit > gasAvailable ? ValidityFault.BlockGasExhausted : ValidityFault.None;
    }

    private ValidityFault RunIfPayable(
        UnsignedTransaction transaction, in Address sender, IEvmTracer? tracer, out TransactionOutcome? outcome)
    {
        outcome = null;
        if (!state.TryGetAccount(sender, out Account account))
            account = Account.Empty;
        ValidityFault fault = TransactionRules.CheckState(
            transaction, account, state.GetCode(account.CodeHash).Span, block.BaseFee, block.BlobBaseFee);
        if (fault != ValidityFault.None)
            return fault;
        EvmMachine machine = rules.Machines.Take(rules);
        machine.BoundHeavyGas(HeavyGasLeft);
        TransactionOutcome? ran = Attempt(
            machine, transaction, sender, BaseFee.EffectivePrice(transaction, block.BaseFee), tracer);
        if (ran is not null)
            HeavyGasLeft = machine.HeavyGasLeft;
        rules.Machines.Return(machine);
        outcome = ran;
        return ran is null ? ValidityFault.HeavyGasExhausted : ValidityFault.None;
    }

    /// <summary>
    /// Runs a transaction whose validity was settled by the caller: the sender owns fee and value, the gas covers the
    /// intrinsic cost, the fee cap covers the base fee.
    /// </summary>
    internal TransactionOutcome Run(UnsignedTransaction transaction, in Address sender, IEvmTracer? tracer = null)
    {
        EvmMachine machine = rules.Machines.Take(rules);
        TransactionOutcome outcome =
            RunOn(machine, transaction, sender, BaseFee.EffectivePrice(transaction, block.BaseFee), tracer);
        rules.Machines.Return(machine);
        return outcome;
    }

    /// <summary>The same on a machine of the caller's and at a price that need not cover the base fee.</summary>
    internal TransactionOutcome RunOn(
        EvmMachine machine, UnsignedTransaction transaction, in Address sender, in UInt256 price, IEvmTracer? tracer)
    {
        TransactionOutcome? outcome = Attempt(machine, transaction, sender, price, tracer);
        Invariant.Check(outcome is not null, "C13.3: heavy gas is bounded in blocks alone");
        return outcome;
    }

    // Null leaves the state as it was: the bound on heavy gas was passed.
    private TransactionOutcome? Attempt(
        EvmMachine machine, UnsignedTransaction transaction, in Address sender, in UInt256 price, IEvmTracer? tracer)
    {
        IntrinsicGas intrinsic = IntrinsicGas.Of(transaction, rules.Evm);
        state.BeginTransaction();
        state.SubtractBalance(
            sender, (price * transaction.GasLimit) + (block.BlobBaseFee * Blobs.GasOf(transaction)));
        // Of a valid transaction this is its own nonce; a simulated one may name another.
        ulong nonce = state.GetNonce(sender);
        state.SetNonce(sender, nonce + 1);
        Warm(transaction, sender);
        Delegation.Apply(transaction, state, rules.ChainId);
        EvmMessage message = MessageOf(transaction, sender, nonce, transaction.GasLimit - intrinsic.Standard);
        EvmResult result = machine.Execute(
            message, state, block, new TxContext(sender, price) { BlobHashes = transaction.BlobHashes }, tracer);
        if (machine.HasOverrunHeavyGas)
        {
            state.Revert(0);
            return null;
        }

        ulong gasUsed = transaction.GasLimit - result.GasLeft;
        ulong gasUsedMax = Math.Max(gasUsed, intrinsic.Floor);
        // EIP-3529 lowered the share that may be refunded.
        gasUsed -= Math.Min(
            state.Refund, gasUsed / (rules.Evm.HasReducedRefunds ? MaxRefundQuotient : MaxRefundQuotientBerlin));
        gasUsed = Math.Max(gasUsed, intrinsic.Floor);
        state.AddBalance(sender, price * (transaction.GasLimit - gasUsed));
        // With elections fees are divided when the block ends (D11.2); until then nobody has them.
        if (rules.Elections is null)
            state.AddBalance(block.Coinbase, FeeSplit.ToCoinbase(gasUsed, PriceOfCoinbase(price)));
        state.EndTransaction(FeeSplit.HeirOfDestroyed(rules, block.Coinbase), rules.Evm.ClearsEmptyAccounts);
        ImmutableArray<LogEntry> logs = result.IsSuccess ? LogsOf(state) : [];
        return new TransactionOutcome(
            result.Status, gasUsed, price, result.Output,
            transaction.To is null && result.IsSuccess ? message.Recipient : null, logs)
        {
            Sender = sender,
            GasUsedMax = gasUsedMax,
        };
    }

    private UInt256 PriceOfCoinbase(in UInt256 price)
    {
        if (!rules.BurnsBaseFee)
            return price;
        return price > block.BaseFee ? price - block.BaseFee : UInt256.Zero;
    }

    private static EvmMessage MessageOf(
        UnsignedTransaction transaction, in Address sender, ulong nonce, ulong gas) =>
        transaction.To is Address to
            ? EvmMessage.Call(sender, to, transaction.Value, transaction.Data, gas)
            : EvmMessage.Create(
                sender,
                ContractAddress.Create(sender, nonce),
                transaction.Value,
                transaction.Data,
                gas);

    private void Warm(UnsignedTransaction transaction, in Address sender)
    {
        state.WarmAccount(sender);
        if (rules.Evm.HasWarmCoinbase)
            state.WarmAccount(block.Coinbase);
        if (transaction.To is Address to)
            state.WarmAccount(to);
        foreach (AccessListEntry entry in transaction.AccessList)
        {
            state.WarmAccount(entry.Address);
            foreach (UInt256 slot in entry.Slots)
                state.WarmSlot(entry.Address, slot);
        }
    }

    private static ImmutableArray<LogEntry> LogsOf(StateOverlay state)
    {
        if (state.Logs.Count == 0)
            return [];
        return [.. state.Logs.Select(static log => new LogEntry(log.Address, log.Topics, log.Data))];
    }
}
