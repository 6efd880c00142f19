using System.Globalization;

namespace CPChain.ModelChecking;

/// <summary>What kind of messages a move delivers, or what happens to the validator.</summary>
public enum MoveKind
{
    /// <summary>The proposer's sealed block, and its execution.</summary>
    Proposal,

    /// <summary>A body that was asked for, and its execution.</summary>
    Body,

    /// <summary>P-class votes that make a certificate.</summary>
    Prepares,

    /// <summary>C-class votes that make a certificate.</summary>
    Commits,

    Wishes,
    Timer,
    Propose,

    /// <summary>Power is lost and the validator restarts from what is durable.</summary>
    Restart,

    /// <summary>The validator restarts and its journal knows nothing of this height.</summary>
    LoseJournal,
}

/// <summary>
/// One step of the adversary: a group of messages that together enable one rule, shown to one validator.
/// </summary>
/// <param name="Kind">What is delivered or happens.</param>
/// <param name="Round">The round of the votes, wishes, PROPOSE or timer.</param>
/// <param name="Value">0 for I, 1 and 2 for the proposer's blocks.</param>
/// <param name="ValidRound">Of a PROPOSE: the round of the certificate behind it; -1 for none.</param>
/// <param name="Count">How many members' wishes.</param>
/// <param name="PowerLossAt">
/// Power is lost as the so-manieth signature of this step leaves, and the validator restarts; 0 for never.
/// </param>
/// <remarks>
/// Grouping loses no behaviour: single votes and wishes below a quorum change nothing but the counts, and may be
/// delivered again, so the explorer drops them from the state after each move. A group is offered as soon as enough
/// members have said it; a validator that is never shown it is a slow one. specs/lbft/model.md argues this, and a test
/// compares the states with those of single deliveries.
/// </remarks>
public readonly record struct Move(
    MoveKind Kind, int Round = 0, int Value = 0, int ValidRound = -1, int Count = 0, int PowerLossAt = 0)
{
    /// <summary>The step as a person says it.</summary>
    public string Sentence => PowerLossAt == 0 ? Event : $"{Event}, and loses power as vote {PowerLossAt} leaves";

    private string Event => Kind switch
    {
        MoveKind.Proposal => $"receives proposal {Name(Value)}",
        MoveKind.Body => $"receives the body of {Name(Value)}",
        MoveKind.Prepares => $"sees {(Round == 0 ? "PREPAREs" : $"IMPEACH-PREPAREs of round {Round}")} for {Name(Value)}",
        MoveKind.Commits => $"sees {(Round == 0 ? "COMMITs" : $"IMPEACH-COMMITs of round {Round}")} for {Name(Value)}",
        MoveKind.Wishes => $"sees {Count} wishes for round {Round}",
        MoveKind.Timer => $"has its timer of round {Round} expire",
        MoveKind.Restart => "loses power and restarts from its journal",
        MoveKind.LoseJournal => "restarts without its journal",
        _ => ValidRound < 0
            ? $"is proposed {Name(Value)} in round {Round}"
            : $"is proposed {Name(Value)} with the certificate of round {ValidRound} in round {Round}",
    };

    public static string Name(int value) => value switch { 0 => "I", 1 => "b", _ => "c" };

    /// <summary>The step as a trace file has it.</summary>
    public override string ToString()
    {
        string text = Kind switch
        {
            MoveKind.Proposal or MoveKind.Body => $"{Word(Kind)} {Name(Value)}",
            MoveKind.Prepares or MoveKind.Commits => $"{Word(Kind)} {Round} {Name(Value)}",
            MoveKind.Wishes => $"{Word(Kind)} {Round} {Count}",
            MoveKind.Timer => $"{Word(Kind)} {Round}",
            MoveKind.Propose => $"{Word(Kind)} {Round} {Name(Value)} {ValidRound}",
            _ => Word(Kind),
        };
        return PowerLossAt == 0 ? text : $"{text} power-loss {PowerLossAt}";
    }

    /// <summary>Reads what <see cref="ToString"/> writes; false for anything else.</summary>
    public static bool TryParse(string text, out Move move)
    {
        move = default;
        List<string> words = [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        int powerLossAt = 0;
        if (words.Count >= 2 && words[^2] == "power-loss")
        {
            if (!TryNumber(words[^1], out powerLossAt)) return false;
            words.RemoveRange(words.Count - 2, 2);
        }

        foreach (MoveKind kind in Enum.GetValues<MoveKind>())
            if (words.Count > 0 && words[0] == Word(kind)) return TryParse(kind, words, powerLossAt, out move);
        return false;
    }

    private static bool TryParse(MoveKind kind, List<string> words, int powerLossAt, out Move move)
    {
        int round = 0, value = 0, validRound = -1, count = 0;
        bool isRead = (kind, words.Count) switch
        {
            (MoveKind.Proposal or MoveKind.Body, 2) => TryValue(words[1], out value),
            (MoveKind.Prepares or MoveKind.Commits, 3) => TryNumber(words[1], out round) && TryValue(words[2], out value),
            (MoveKind.Wishes, 3) => TryNumber(words[1], out round) && TryNumber(words[2], out count),
            (MoveKind.Timer, 2) => TryNumber(words[1], out round),
            (MoveKind.Propose, 4) => TryNumber(words[1], out round) && TryValue(words[2], out value)
                && int.TryParse(words[3], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out validRound)
                && validRound >= -1 && validRound < round,
            (MoveKind.Restart or MoveKind.LoseJournal, 1) => true,
            _ => false,
        };
        move = new Move(kind, round, value, validRound, count, powerLossAt);
        return isRead;
    }

    private static string Word(MoveKind kind) => kind switch
    {
        MoveKind.LoseJournal => "lose-journal",
        _ => kind.ToString().ToLowerInvariant(),
    };

    private static bool TryNumber(string word, out int number) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= 1000;

    private static bool TryValue(string word, out int value)
    {
        value = word switch { "I" => 0, "b" => 1, "c" => 2, _ => -1 };
        return value >= 0;
    }
}

/// <summary>One step of a counterexample.</summary>
/// <param name="Validator">The seat of the honest validator that takes it.</param>
/// <param name="Move">What it is shown.</param>
/// <param name="Outcome">Where it stands then and what it says, for a person.</param>
public sealed record TraceStep(int Validator, Move Move, string Outcome)
{
    public override string ToString() => $"v{Validator} {Move}";

    public string Sentence => $"v{Validator} {Move.Sentence} -> {Outcome}";
}
