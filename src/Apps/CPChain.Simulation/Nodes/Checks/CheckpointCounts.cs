namespace CPChain.Simulation.Nodes.Checks;

/// <summary>How the last numbers of terms became final.</summary>
/// <param name="Ordinary">As the proposer's block in round 0.</param>
/// <param name="Late">As the proposer's block in a later round.</param>
/// <param name="Impeached">As an impeach block.</param>
public sealed record CheckpointCounts(long Ordinary, long Late, long Impeached)
{
    internal CheckpointCounts Plus(bool isImpeach, int round) => isImpeach ? this with { Impeached = Impeached + 1 }
        : round > 0 ? this with { Late = Late + 1 }
        : this with { Ordinary = Ordinary + 1 };

    internal CheckpointCounts Plus(CheckpointCounts other) => new(Ordinary + other.Ordinary, Late + other.Late, Impeached + other.Impeached);
}
