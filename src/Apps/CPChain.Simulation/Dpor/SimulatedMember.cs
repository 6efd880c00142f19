using CPChain.Types;

namespace CPChain.Simulation.Dpor;

/// <summary>Somebody with coins who may become an RNode.</summary>
internal sealed class SimulatedMember(Address account, int failPercent)
{
    public Address Account { get; } = account;

    /// <summary>How often its number is impeached, of a hundred times.</summary>
    public int FailPercent { get; } = failPercent;

    public bool HasJoined { get; set; }

    /// <summary>The number at which it joined.</summary>
    public ulong JoinedAt { get; set; }

    /// <summary>1 + the last list that it stands on.</summary>
    public ulong ListsEnd { get; set; }
}
