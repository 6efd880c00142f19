using CPChain.Chain;
using CPChain.Evm;
using CPChain.Execution;
using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.Conformance;

/// <summary>Runs cases through the transaction rules, the machine and the trie of this chain.</summary>
public static class StateTestRun
{
    /// <summary>Null if this chain's decoder refuses the signed transaction, as it must where it knows no such one.</summary>
    public static string? CheckRefused(StateTestCase test) =>
        Transaction.TryDecode(test.Encoded.Span, out _, out TransactionFault fault) ? $"decoded, {fault}" : null;

    /// <summary>Null if the case holds, else what differs.</summary>
    public static string? Check(StateTestCase test)
    {
        MemoryStateView pre = new(test.Pre);
        StateOverlay state = new(pre);
        ChainRules rules = new()
        {
            GenesisHash = Hash256.Zero,
            ChainId = 1,
            PeriodMs = 1000,
            TimeoutMs = 1000,
            GasLimit = test.Block.GasLimit,
            BaseFeeFloor = UInt256.Zero,
            Limits = BlockLimits.Default,
            Schedule = null!,
            Evm = test.Rules,
            BurnsBaseFee = true,
        };
        TransactionExecutor executor = new(rules, test.Block, state);
        ValidityFault fault = executor.ExecuteAs(
            test.Transaction!, test.Sender, test.Block.GasLimit, out TransactionOutcome? outcome);
        if (fault != ValidityFault.None != test.MustFail) return $"validity {fault}, must fail: {test.MustFail}";
        Hash256 root = StateRootCalculator.Apply(pre, state.Collect()).Root;
        if (root != test.StateRoot) return $"state root after {outcome?.Status}, gas {outcome?.GasUsed}";
        Hash256 logs = HashOf(outcome);
        return logs == test.LogsHash ? null : $"logs after {outcome?.Status}";
    }

    private static Hash256 HashOf(TransactionOutcome? outcome)
    {
        RlpWriter writer = new();
        writer.BeginList();
        foreach (LogEntry log in outcome?.Logs ?? [])
        {
            writer.BeginList();
            writer.WriteAddress(log.Address);
            writer.BeginList();
            foreach (Hash256 topic in log.Topics) writer.WriteHash(topic);
            writer.EndList();
            writer.WriteBytes(log.Data.Span);
            writer.EndList();
        }

        writer.EndList();
        return Crypto.Keccak256.Hash(writer.WrittenSpan);
    }
}
