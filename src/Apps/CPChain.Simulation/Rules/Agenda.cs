using CPChain.Lbft;

namespace CPChain.Simulation.Rules;

/// <summary>What will happen, by time and then in the order in which it was planned.</summary>
internal sealed class Agenda
{
    private readonly PriorityQueue<Entry, (long DueMs, long Order)> _entries = new(256);
    private long _order;

    public void Add(long dueMs, in Entry entry) => _entries.Enqueue(entry, (dueMs, _order++));

    public bool TryNext(out Entry entry, out long dueMs)
    {
        bool exists = _entries.TryDequeue(out entry, out (long DueMs, long Order) key);
        dueMs = key.DueMs;
        return exists;
    }

    /// <summary>An event for a node, with its number if it is a timer; or an action.</summary>
    public readonly record struct Entry(RulesNode? Node, LbftEvent? Input, int Number, Action? Do);
}
