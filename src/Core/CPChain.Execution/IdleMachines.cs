using CPChain.Evm;

namespace CPChain.Execution;

/// <summary>
/// Machines between two transactions: their buffers and analysed code are worth keeping. A cache, no state: which
/// machine runs a transaction makes no difference. Safe for many threads.
/// </summary>
internal sealed class IdleMachines
{
    // As many as run at once on a busy node: the executor, the builder and a few calls over RPC.
    private const int KeptMax = 4;

    private readonly Lock _lock = new();
    private readonly Stack<EvmMachine> _idle = new(KeptMax);

    /// <summary>A machine for these rules, which nobody else uses until it is given back.</summary>
    public EvmMachine Take(ChainRules rules)
    {
        lock (_lock)
        {
            if (_idle.TryPop(out EvmMachine? machine) && IsFor(machine, rules))
                return machine;
        }
        return new EvmMachine(rules.Evm, rules.Engine, rules.Platform, []);
    }

    /// <summary>Gives a machine back; one that threw is not given back.</summary>
    public void Return(EvmMachine machine)
    {
        machine.BoundHeavyGas(ulong.MaxValue);
        lock (_lock)
        {
            if (_idle.Count < KeptMax)
                _idle.Push(machine);
        }
    }

    private static bool IsFor(EvmMachine machine, ChainRules rules) =>
        machine.Rules == rules.Evm && machine.Engine == rules.Engine && machine.Platform == rules.Platform;
}
