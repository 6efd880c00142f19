namespace CPChain.Trie;

/// <summary>Runs parts of one work, perhaps some at once; the host decides. The parts share nothing that they change.</summary>
public interface IWorkers
{
    /// <summary>Returns when every part from 0 to <paramref name="parts"/> - 1 has run.</summary>
    void Run(int parts, Action<int> work);
}

/// <summary>One part after the other, here.</summary>
public sealed class InTurn : IWorkers
{
    private InTurn()
    {
    }

    /// <summary>The one instance.</summary>
    public static InTurn Instance { get; } = new();

    /// <inheritdoc/>
    public void Run(int parts, Action<int> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        for (int i = 0; i < parts; i++)
        {
            work(i);
        }
    }
}
