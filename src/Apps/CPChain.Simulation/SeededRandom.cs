namespace CPChain.Simulation;

/// <summary>SplitMix64: everything that a run leaves to chance comes from one seed, on every platform.</summary>
public sealed class SeededRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        unchecked
        {
            ulong z = _state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }

    /// <summary>0 to limit - 1. The bias of the remainder is below limit / 2^64.</summary>
    public int Below(int limit) => (int)(Next() % (ulong)limit);

    /// <summary>True in this many of a hundred draws.</summary>
    public bool Chance(int percent) => Below(100) < percent;

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];
}
