using CPChain.Chain;
using CPChain.Evm;
using CPChain.Execution;
using CPChain.Types;

namespace CPChain.Fuzzing.Machine;

/// <summary>A block of cases as this project runs it.</summary>
/// <param name="Outcomes">One for each case, in order.</param>
/// <param name="Changes">What the block changed.</param>
public sealed record OwnBlock(IReadOnlyList<CaseOutcome> Outcomes, StateChanges Changes);

/// <summary>Runs blocks of cases through decoder, transaction rules and every engine of the machine.</summary>
/// <param name="rules">The fork.</param>
public sealed class OwnSide(EvmRules rules)
{
    private static readonly EvmEngine[] Engines = [EvmEngine.Plain, EvmEngine.Decoded];

    private readonly ChainRules[] _chains = [.. Engines.Select(engine => new ChainRules
    {
        GenesisHash = Hash256.Zero,
        ChainId = CommonState.ChainId,
        PeriodMs = 1000,
        TimeoutMs = 1000,
        GasLimit = CommonState.GasLimit,
        BaseFeeFloor = UInt256.Zero,
        Limits = BlockLimits.Default,
        Committees = null!,
        Evm = rules,
        Engine = engine,
        BurnsBaseFee = true,
    })];

    /// <summary>Runs the cases in this order on this state. Engines that disagree are a difference of their own.</summary>
    /// <exception cref="EnginesDifferException">Two engines of ours came to different ends.</exception>
    public OwnBlock Run(IReadOnlyList<MachineCase> cases, IEnumerable<GenesisAccount> before, in Hash256 parent)
    {
        FlatState view = new(before);
        Hash256 parentHash = parent;
        BlockContext block = new()
        {
            Number = 1,
            Timestamp = CommonState.Timestamp,
            Coinbase = CommonState.Coinbase,
            GasLimit = CommonState.GasLimit,
            BaseFee = CommonState.BaseFee,
            PrevRandao = Hash256.FromUInt256(UInt256.MaxValue),
            ChainId = CommonState.ChainId,
            GetBlockHash = number => number == 0 ? parentHash : Hash256.Zero,
        };
        Transaction?[] transactions = [.. cases.Select(static one =>
            Transaction.TryDecode(one.Encoded.Span, out Transaction? transaction, out _) ? transaction : null)];
        CaseOutcome[]? first = null;
        StateChanges? changes = null;
        foreach (ChainRules chain in _chains)
        {
            StateOverlay state = new(view);
            CaseOutcome[] outcomes = Run(transactions, new TransactionExecutor(chain, block, state));
            StateChanges now = state.Collect();
            if (first is not null) Compare(cases, first, outcomes, changes!, now);
            (first, changes) = (outcomes, now);
        }

        return new OwnBlock(first!, changes!);
    }

    private static CaseOutcome[] Run(Transaction?[] transactions, TransactionExecutor executor)
    {
        CaseOutcome[] outcomes = new CaseOutcome[transactions.Length];
        for (int index = 0; index < outcomes.Length; index++)
        {
            TransactionOutcome? outcome = null;
            bool isValid = transactions[index] is { } transaction
                && executor.Execute(transaction, CommonState.GasLimit, out outcome) == ValidityFault.None;
            outcomes[index] = isValid
                ? new CaseOutcome(true, outcome!.Status == EvmStatus.Success, outcome.GasUsed, outcome.Output, outcome.Logs)
                : CaseOutcome.Refused;
        }

        return outcomes;
    }

    private static void Compare(
        IReadOnlyList<MachineCase> cases, CaseOutcome[] first, CaseOutcome[] second, StateChanges before, StateChanges after)
    {
        for (int index = 0; index < first.Length; index++)
        {
            if (first[index].DifferenceFrom(second[index]) is { } difference)
                throw new EnginesDifferException(cases[index].Seed, difference.Replace("peer", "decoded", StringComparison.Ordinal));
        }

        bool isSame = before.Accounts.SequenceEqual(after.Accounts) && before.Storage.SequenceEqual(after.Storage)
            && before.ClearedStorage.SequenceEqual(after.ClearedStorage)
            && before.Codes.Select(static code => code.CodeHash).SequenceEqual(after.Codes.Select(static code => code.CodeHash));
        if (!isSame) throw new EnginesDifferException(cases.Count == 1 ? cases[0].Seed : null, "state");
    }
}

/// <summary>Two engines of ours do not agree.</summary>
public sealed class EnginesDifferException(ulong? seed, string what) : Exception($"the engines differ: {what}")
{
    /// <summary>The case, where it is known.</summary>
    public ulong? Seed => seed;
}
