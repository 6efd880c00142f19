namespace CPChain.Fuzzing.Machine;

/// <summary>What a campaign has shown so far.</summary>
public sealed record MachineTotals
{
    /// <summary>Cases that both sides have run.</summary>
    public long Cases { get; init; }

    /// <summary>Of these, transactions that both refused.</summary>
    public long Refused { get; init; }

    /// <summary>Of these, transactions whose code succeeded.</summary>
    public long Succeeded { get; init; }

    /// <summary>Gas that all used.</summary>
    public long Gas { get; init; }

    /// <summary>Events that all left.</summary>
    public long Logs { get; init; }

    /// <summary>Processor seconds of this process: making the cases, running them on two engines, comparing.</summary>
    public double OwnSeconds { get; init; }

    /// <summary>Processor seconds of the peer.</summary>
    public double PeerSeconds { get; init; }

    /// <summary>Seconds by the clock on the wall.</summary>
    public double WallSeconds { get; init; }

    /// <summary>The differences, in the order of the seeds.</summary>
    public IReadOnlyList<MachineDifference> Differences { get; init; } = [];
}
