using CPChain.Lbft;
using CPChain.Lbft.Values;

namespace CPChain.ModelChecking;

/// <summary>When a validator may enter a round.</summary>
public enum RoundEntry
{
    /// <summary>
    /// At any time: every schedule of wishes and more. What is safe here is safe with any synchroniser.
    /// </summary>
    Free,

    /// <summary>By timers and wishes as L12 has it; the Byzantine members wish for everything.</summary>
    ByWishes,
}

/// <summary>What must follow from every reachable state once messages are timely.</summary>
public enum Progress
{
    Unchecked,

    /// <summary>All decide within f+2 further rounds of a silent adversary.</summary>
    Decides,

    /// <summary>One round with an honest coordinator decides, whatever certificate is shown to whom and when.</summary>
    DecidesDespiteHiddenCertificates,
}

/// <summary>What is explored: every behaviour of one height within these bounds.</summary>
/// <param name="Committee">Its last f members are Byzantine: they have said everything to everybody.</param>
/// <param name="RoundMax">Rounds 0..RoundMax.</param>
/// <param name="Blocks">1, or 2 for an equivocating proposer; the impeach block comes on top.</param>
/// <param name="Entry">When rounds are entered.</param>
/// <param name="Rules">The rules in force.</param>
/// <param name="Progress">What must follow from every state.</param>
/// <param name="StatesMax">Exploration gives up beyond this many states, and says so.</param>
public sealed record Model(
    CommitteeSize Committee, int RoundMax, int Blocks, RoundEntry Entry, LbftRules Rules,
    Progress Progress = Progress.Unchecked, int StatesMax = 5_000_000)
{
    public int Honest => Committee.Validators - Committee.Faulty;
}

/// <summary>
/// One step of the adversary: a group of messages that together enable one rule, shown to one validator.
/// </summary>
/// <remarks>
/// Grouping loses no behaviour: single votes and wishes below a quorum change nothing but the counts, and may be
/// delivered again, so the explorer drops them from the state after each move. A group is offered as soon as enough
/// members have said it; a validator that is never shown it is a slow one.
/// </remarks>
public readonly record struct Move(MoveKind Kind, int Round = 0, int Value = 0, int ValidRound = -1, int Count = 0)
{
    public override string ToString() => Kind switch
    {
        MoveKind.Proposal => $"receives and executes proposal {Name(Value)}",
        MoveKind.Body => $"receives and executes body {Name(Value)}",
        MoveKind.Prepares => $"sees prepare-class votes of round {Round} for {Name(Value)}",
        MoveKind.Wishes => $"sees {Count} wishes for round {Round}",
        MoveKind.Timer => "has its round timer expire",
        _ => ValidRound < 0
            ? $"is proposed {Name(Value)} in round {Round}"
            : $"is proposed {Name(Value)} with the certificate of round {ValidRound} in round {Round}",
    };

    public static string Name(int value) => value switch { 0 => "I", 1 => "b", _ => "c" };
}

/// <summary>What kind of messages a move delivers.</summary>
public enum MoveKind
{
    Proposal,
    Body,
    Prepares,
    Wishes,
    Timer,
    Propose,
}

/// <summary>The outcome: how much was visited and what was found, with the shortest way to it.</summary>
public sealed record Report(int States, int LocalStates, int Depth, bool IsComplete, string? Violation, IReadOnlyList<string> Trace);
