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

    /// <summary>By own timers and by certificates of the round alone, as the paper has it.</summary>
    ByTimers,
}

/// <summary>What must follow from every reachable state once messages are timely.</summary>
public enum Progress
{
    Unchecked,

    /// <summary>All decide within f+2 further rounds of a silent adversary; by round f+2 from a round below 2.</summary>
    Decides,

    /// <summary>One round with an honest coordinator decides, whatever certificate is shown to whom and when.</summary>
    DecidesDespiteHiddenCertificates,
}

/// <summary>What an honest validator may suffer beyond slow messages.</summary>
[Flags]
public enum Mishaps
{
    None = 0,

    /// <summary>Loses power at any moment, also just as a signature leaves, and restarts from its journal (L17).</summary>
    PowerLoss = 1,

    /// <summary>Restarts with an empty journal, or one too old to know of this height; stored bodies stay (L18).</summary>
    LostJournal = 2,

    /// <summary>The last of the proposer's blocks is invalid under the proposer's own seal (L9.1).</summary>
    IllicitBlock = 4,
}

/// <summary>What must hold of every reachable state (the guarantees of specs/lbft/lbft.md).</summary>
[Flags]
public enum Guarantees
{
    None = 0,

    /// <summary>All C-certificates of the height name one value.</summary>
    Agreement = 1,

    /// <summary>All P-certificates of a round name one value.</summary>
    OneCertificate = 2,

    /// <summary>A certified block is executed, and its body durable, at f+1 honest validators.</summary>
    Validity = 4,

    /// <summary>Round 1 is entered only after f+1 honest timers or own sightings of an illicit block.</summary>
    NotOnDemand = 8,

    /// <summary>No two statements of an honest validator prove misconduct, restarts included (L22.2).</summary>
    Innocence = 16,

    /// <summary>The signer's own record (L17.3) agrees to every vote of an honest validator.</summary>
    SignerAgrees = 32,

    /// <summary>
    /// I_h is not certified in a round that f+1 honest validators entered with the proposal's certificate, unless a newer
    /// certificate for I_h exists. A validator then remembers what it entered each round with: more states.
    /// </summary>
    NotDiscarded = 64,

    /// <summary>All but the one that costs states.</summary>
    Usual = Agreement | OneCertificate | Validity | NotOnDemand | Innocence | SignerAgrees,

    All = Usual | NotDiscarded,
}

/// <summary>What is explored: every behaviour of one height within these bounds.</summary>
/// <param name="Committee">All validators.</param>
/// <param name="Byzantine">The last so many of them: they have said everything to everybody. At most f.</param>
/// <param name="RoundMax">Rounds 0..RoundMax.</param>
/// <param name="Blocks">1, or 2 for an equivocating proposer; the impeach block comes on top.</param>
/// <param name="Entry">When rounds are entered.</param>
/// <param name="Rules">The rules in force.</param>
public sealed record Model(
    CommitteeSize Committee, int Byzantine, int RoundMax, int Blocks, RoundEntry Entry, LbftRules Rules)
{
    /// <summary>What must follow from every state.</summary>
    public Progress Progress { get; init; }

    public Mishaps Mishaps { get; init; }

    /// <summary>What is checked in every state.</summary>
    public Guarantees Guarantees { get; init; } = Guarantees.Usual;

    /// <summary>Exploration gives up beyond this many states, and says so.</summary>
    public int StatesMax { get; init; } = 20_000_000;

    public int Honest => Committee.Validators - Byzantine;

    /// <summary>Rounds that the explorer's bit sets can hold.</summary>
    public const int RoundMaxMax = 5;

    public const int BlocksMax = 2;

    public bool IsIllicit(int value) => Mishaps.HasFlag(Mishaps.IllicitBlock) && value > 0 && value == Blocks;
}

/// <summary>How far a search has come.</summary>
/// <param name="States">Distinct clusters found.</param>
/// <param name="Explored">Those of them whose steps have been taken.</param>
/// <param name="Depth">Steps from the initial state to the one being explored.</param>
public readonly record struct SearchProgress(int States, int Explored, int Depth);

/// <summary>The outcome: how much was visited and what was found, with the shortest way to it.</summary>
/// <param name="States">Distinct clusters, up to the order of validators.</param>
/// <param name="LocalStates">Distinct states of one validator.</param>
/// <param name="Depth">Steps to the state that was explored last.</param>
/// <param name="IsComplete">Every reachable cluster was explored.</param>
/// <param name="Violation">The guarantee that is broken; null when none is.</param>
/// <param name="Stuck">What is in the way of a decision; null when nothing is.</param>
/// <param name="Trace">The shortest way to it; empty when nothing is broken.</param>
public sealed record Report(
    int States, int LocalStates, int Depth, bool IsComplete, string? Violation, string? Stuck,
    IReadOnlyList<TraceStep> Trace)
{
    public bool Holds => IsComplete && Violation is null && Stuck is null;
}
