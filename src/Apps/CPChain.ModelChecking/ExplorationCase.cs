using CPChain.Lbft;
using CPChain.Lbft.Values;

namespace CPChain.ModelChecking;

/// <summary>One exploration of the certified rules whose end is on record (specs/lbft/model.md).</summary>
/// <param name="Name">What a person asks for it by.</param>
/// <param name="Model">The bounds, and what is asked of every state.</param>
/// <param name="States">Clusters within the bounds. The search is deterministic, so another number is another machine.</param>
/// <param name="Depth">Steps to the last of them.</param>
public sealed record ExplorationCase(string Name, Model Model, int States, int Depth)
{
    /// <summary>Beyond any of them; a search that comes so far has lost its bounds.</summary>
    private const int StatesMax = 20_000_000;

    /// <summary>Above so many states a search takes minutes: it is for the campaign.</summary>
    private const int StatesShort = 250_000;

    /// <summary>All that is on record, those that ask whether anything is stuck first.</summary>
    public static IReadOnlyList<ExplorationCase> All { get; } =
    [
        new("n4-rounds2-blocks2", Live(4, rounds: 2, blocks: 2), 295_304, 22),
        new("n4-rounds3-block1", Live(4, rounds: 3, blocks: 1), 6_039_838, 30),
        new("n7-rounds1-block1", Live(7, rounds: 1, blocks: 1), 15_654, 20),
        new("n4-rounds2-block1-wishes", Earned(4, rounds: 2), 638_790, 25),
        new("n7-rounds1-block1-wishes", Earned(7, rounds: 1), 210_998, 25),
        new(
            "n4-rounds1-blocks2-mishaps",
            Of(4, rounds: 1, blocks: 2, RoundEntry.Free) with { Mishaps = Mishaps.PowerLoss | Mishaps.LostJournal },
            12_576_990, 28),
    ];

    /// <summary>Takes seconds, not minutes.</summary>
    public bool IsShort => States <= StatesShort;

    /// <summary>What is wrong with this outcome; null when everything was visited, nothing is broken and nothing stuck.</summary>
    public string? FaultOf(Report report) => report switch
    {
        { Violation: { } violation } => $"violation: {violation}",
        { Stuck: { } stuck } => $"stuck: {stuck}",
        { IsComplete: false } => $"gave up at {report.States} states",
        _ when (report.States, report.Depth) != (States, Depth) =>
            $"{report.States} states to depth {report.Depth}, on record are {States} to {Depth}",
        _ => null,
    };

    private static Model Live(int validators, int rounds, int blocks) =>
        Of(validators, rounds, blocks, RoundEntry.Free) with { Progress = Progress.Decides };

    private static Model Earned(int validators, int rounds) =>
        Of(validators, rounds, 1, RoundEntry.ByWishes) with { Guarantees = Guarantees.All };

    private static Model Of(int validators, int rounds, int blocks, RoundEntry entry)
    {
        CommitteeSize committee = CommitteeSize.Of(validators);
        return new Model(committee, committee.Faulty, rounds, blocks, entry, LbftRules.Certified) { StatesMax = StatesMax };
    }
}
