using CPChain.Storage;
using CPChain.Storage.Sectors;

namespace CPChain.Simulation.Disks;

/// <summary>
/// The tables of a store as RocksDB keeps them without its own log: the latest batches are in memory, and the end of the process loses
/// any number of them from the end backwards, but none from before the last flush (specs/storage S3.3).
/// </summary>
internal sealed class SimulatedTables
{
    // A real store writes its tables when its buffer is full.
    private const int BatchesInMemoryMax = 64;

    private readonly List<SortedRows> _states = [SortedRows.Empty];

    /// <summary>The store that has them open.</summary>
    internal SimulatedStore? Holder { get; set; }

    internal SortedRows Rows => _states[^1];

    internal void Apply(WriteBatch batch, ReadOnlySpan<byte> sequence)
    {
        _states.Add(Rows.Apply(batch, IStoreTables.SequenceKey, sequence));
        if (_states.Count > BatchesInMemoryMax)
            _states.RemoveAt(0);
    }

    /// <summary>All rows are on the disk.</summary>
    internal void Keep() => _states.RemoveRange(0, _states.Count - 1);

    internal void LoseMemory(SeededRandom random)
    {
        int kept = random.Below(_states.Count);
        _states.RemoveRange(kept + 1, _states.Count - kept - 1);
        Keep();
        Holder = null;
    }

    internal SimulatedTables Copy()
    {
        SimulatedTables copy = new();
        copy._states.Clear();
        copy._states.AddRange(_states);
        return copy;
    }
}
