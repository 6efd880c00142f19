namespace CPChain.Simulation.Twins;

/// <summary>How a scenario ended.</summary>
public enum TwinOutcome : byte
{
    /// <summary>All honest nodes decided before the network healed.</summary>
    DecidedBefore,

    /// <summary>All honest nodes decided after it healed, within the bound.</summary>
    DecidedAfter,

    /// <summary>Somebody honest was left without a decision.</summary>
    Stuck,

    /// <summary>An invariant is broken.</summary>
    Violated,
}

/// <summary>What one scenario has shown.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="What">The broken invariant or who is stuck; null when all is well.</param>
/// <param name="Steps">Steps of the machine.</param>
/// <param name="RoundMax">Highest round that an honest node entered.</param>
/// <param name="DoubleSigners">Doubled seats that signed a contradiction; every one of them was convicted.</param>
public readonly record struct TwinVerdict(
    TwinOutcome Outcome, string? What, int Steps, int RoundMax, int DoubleSigners);
