using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Evm;
using CPChain.Types;

namespace CPChain.Execution.Simulation;

/// <summary>
/// Gathers the events of a transaction with its moves of coins among them, each in its place, as if a token contract at 0xeee…e had
/// moved them. What failed leaves none, but has been counted, as Ethereum clients do it.
/// </summary>
/// <param name="firstIndex">Events of the block that were counted before it.</param>
internal sealed class TransferTracer(int firstIndex) : IEvmTracer
{
    /// <summary>Keccak-256 of "Transfer(address,address,uint256)".</summary>
    private static readonly Hash256 s_transfer =
        Hash256.Parse("0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef");

    /// <summary>The address that stands for the chain's own coin.</summary>
    private static readonly Address s_coin = Address.Parse("0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee");

    private readonly List<SimulatedLog> _logs = [];
    private readonly Stack<int> _begins = [];

    /// <summary>What is left when the transaction has ended.</summary>
    public ImmutableArray<SimulatedLog> Logs => [.. _logs];

    /// <summary>Index of the next event.</summary>
    public int NextIndex { get; private set; } = firstIndex;

    /// <inheritdoc/>
    public void OnEnter(in EvmCall call)
    {
        _begins.Push(_logs.Count);
        if (call.Kind == EvmCallKind.DelegateCall || call.Value.IsZero)
            return;
        Add(new LogEntry(s_coin, [s_transfer, Word(call.From), Word(call.To)], call.Value.ToBigEndian()));
    }

    /// <inheritdoc/>
    public void OnStep(in EvmStep step)
    {
    }

    /// <inheritdoc/>
    public void OnLog(EvmLog log) => Add(new LogEntry(log.Address, log.Topics, log.Data));

    /// <inheritdoc/>
    public void OnLeave(in EvmExit exit)
    {
        int begin = _begins.Pop();
        if (exit.Status != EvmStatus.Success)
            _logs.RemoveRange(begin, _logs.Count - begin);
    }

    private void Add(LogEntry log) => _logs.Add(new SimulatedLog(log, NextIndex++));

    private static Hash256 Word(in Address address) => Hash256.FromUInt256(address.ToUInt256());
}
