using CPChain.Chain;
using CPChain.Evm;
using CPChain.Execution;
using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.EvmTools.StateTests;

/// <summary>Runs cases through the transaction rules, the machine and the trie of this chain.</summary>
public static class StateTestRun
{
    /// <summary>Null if the case holds, else what differs.</summary>
    public static string? Check(StateTestCase test, EvmEngine engine = EvmEngine.Adaptive)
    {
        if (DecoderFault(test) is { } decoded)
        {
            return test.MustFail ? null : $"the decoder refuses the transaction: {decoded}";
        }

        return test.Transaction is null ? "a field exceeds what the decoder lets through" : CheckExecution(test, engine);
    }

    /// <summary>What the decoder of this chain has against the bytes, except rules that Ethereum does not have.</summary>
    private static string? DecoderFault(StateTestCase test)
    {
        if (test.Encoded.IsEmpty) return null;
        Transaction.TryDecode(test.Encoded.Span, out _, out TransactionFault fault);
        bool isEthereums = fault is TransactionFault.None or TransactionFault.BlobsRefused or TransactionFault.Unprotected
            or TransactionFault.TooLarge;
        return isEthereums ? null : fault.Text();
    }

    private static string? CheckExecution(StateTestCase test, EvmEngine engine)
    {
        MemoryStateView pre = new(test.Pre);
        StateOverlay state = new(pre);
        ChainRules rules = new()
        {
            GenesisHash = Hash256.Zero,
            ChainId = test.ChainId,
            PeriodMs = 1000,
            TimeoutMs = 1000,
            GasLimit = test.Block.GasLimit,
            BaseFeeFloor = UInt256.Zero,
            Limits = BlockLimits.Default,
            Committees = null!,
            Evm = test.Rules,
            Engine = engine,
            BurnsBaseFee = true,
            TransactionBlobsMax = test.BlobsMax,
        };
        TransactionExecutor executor = new(rules, test.Block, state);
        ValidityFault fault = executor.ExecuteAs(
            test.Transaction!, test.Sender, test.Block.GasLimit, out TransactionOutcome? outcome);
        if (fault != ValidityFault.None != test.MustFail)
        {
            return test.MustFail ? "must be refused and is valid" : $"refused: {fault.Text()}";
        }

        Hash256 root = StateRootCalculator.Apply(pre, state.Collect()).Root;
        if (root != test.StateRoot)
        {
            return $"state root {root} instead of {test.StateRoot} after {outcome?.Status}, gas {outcome?.GasUsed}";
        }

        Hash256 logs = HashOf(outcome);
        return logs == test.LogsHash ? null : $"logs {logs} instead of {test.LogsHash} after {outcome?.Status}";
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
