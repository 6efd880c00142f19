using System.Globalization;
using System.Text;
using CPChain.Lbft;
using CPChain.Lbft.Values;
using CPChain.Lbft.Weakenings;

namespace CPChain.ModelChecking.Counterexamples;

/// <summary>A schedule that breaks a guarantee, as a text that a person reads and a test replays.</summary>
/// <param name="Model">Within which bounds it was found.</param>
/// <param name="RulesName">`certified`, `paper` or the names of weakenings joined by `+`.</param>
/// <param name="Finding">What it shows.</param>
/// <param name="Steps">The moves in order.</param>
public sealed record Counterexample(Model Model, string RulesName, string Finding, IReadOnlyList<TraceStep> Steps)
{
    private const string Heading = "lbft-trace 1";

    /// <summary>The rules that a name stands for; null for an unknown name.</summary>
    public static LbftRules? RulesOf(string name)
    {
        if (name == "certified") return LbftRules.Certified;
        if (name == "paper") return LbftRules.Paper;

        LbftRules rules = LbftRules.Certified;
        foreach (string part in name.Split('+'))
        {
            if (Weakening.Find(part) is not { } weakening) return null;
            rules = weakening.Apply(rules);
        }

        return rules;
    }

    /// <summary>The trace file: a heading, the bounds, then a line a step with the sentence behind `#`.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        void Line(string line) => text.Append(line).Append('\n');
        Line(Heading);
        Line(FormattableString.Invariant($"validators {Model.Committee.Validators}"));
        Line(FormattableString.Invariant($"byzantine {Model.Byzantine}"));
        Line(FormattableString.Invariant($"rounds {Model.RoundMax}"));
        Line(FormattableString.Invariant($"blocks {Model.Blocks}"));
        Line($"rules {RulesName}");
        Line($"entry {Model.Entry}");
        Line($"progress {Model.Progress}");
        Line($"mishaps {Model.Mishaps.ToString().Replace(", ", "+", StringComparison.Ordinal)}");
        Line($"guarantees {Model.Guarantees.ToString().Replace(", ", "+", StringComparison.Ordinal)}");
        Line($"finding {Finding}");
        foreach (TraceStep step in Steps) Line($"{step.ToString(),-28} # {step.Move.Sentence} -> {step.Outcome}");
        return text.ToString();
    }

    /// <summary>Reads a trace file; says what is wrong with it otherwise.</summary>
    public static Counterexample? TryParse(string text, out string fault)
    {
        Dictionary<string, string> bounds = new(StringComparer.Ordinal);
        List<TraceStep> steps = [];
        string[] lines = text.Split('\n');
        fault = "";
        for (int number = 0; number < lines.Length; number++)
        {
            string line = lines[number].Split('#')[0].Trim();
            if (number == 0 && line != Heading) fault = $"the first line is not '{Heading}'";
            if (fault.Length > 0) return null;
            if (number == 0 || line.Length == 0) continue;

            int space = line.IndexOf(' ', StringComparison.Ordinal);
            (string word, string rest) = space < 0 ? (line, "") : (line[..space], line[(space + 1)..].Trim());
            if (word[0] != 'v' || word == "validators")
                bounds[word] = rest;
            else if (TryNumber(word[1..], out int seat) && Move.TryParse(rest, out Move move))
                steps.Add(new TraceStep(seat, move, ""));
            else
                fault = $"line {number + 1} is no step: '{line}'";
        }

        if (fault.Length > 0) return null;

        return OfBounds(bounds, steps, out fault);
    }

    private static Counterexample? OfBounds(Dictionary<string, string> bounds, List<TraceStep> steps, out string fault)
    {
        string Of(string name) => bounds.GetValueOrDefault(name, "");
        bool isRead = TryNumber(Of("validators"), out int validators)
            & CommitteeSize.TryOf(validators, out CommitteeSize committee)
            & TryNumber(Of("byzantine"), out int byzantine)
            & TryNumber(Of("rounds"), out int rounds)
            & TryNumber(Of("blocks"), out int blocks)
            & Enum.TryParse(Of("entry"), out RoundEntry entry)
            & Enum.TryParse(Of("progress"), out Progress progress)
            & Enum.TryParse(Of("mishaps").Replace("+", ", ", StringComparison.Ordinal), out Mishaps mishaps)
            & Enum.TryParse(Of("guarantees").Replace("+", ", ", StringComparison.Ordinal), out Guarantees guarantees);
        LbftRules? rules = RulesOf(Of("rules"));
        isRead = isRead && rules is not null && byzantine <= committee.Faulty && rounds <= Model.RoundMaxMax
            && blocks is >= 1 and <= Model.BlocksMax
            && steps.TrueForAll(step => step.Validator < committee.Validators - byzantine && step.Move.Round <= rounds
                && step.Move.Value <= blocks);
        fault = isRead ? "" : "a bound or a step is missing or out of range";
        if (!isRead) return null;

        Model model = new(committee, byzantine, rounds, blocks, entry, rules!)
        {
            Progress = progress,
            Mishaps = mishaps,
            Guarantees = guarantees,
        };
        return new Counterexample(model, Of("rules"), Of("finding"), steps);
    }

    private static bool TryNumber(string word, out int number) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
