using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using CPChain.App.Modelling;
using CPChain.App.Terminal;
using CPChain.Lbft.Values;
using CPChain.Lbft.Weakenings;
using CPChain.ModelChecking;
using CPChain.ModelChecking.Counterexamples;

namespace CPChain.App.Commands;

/// <summary>`cpchain model`: every schedule of the consensus within bounds, or the shortest one that breaks it.</summary>
internal static class ModelCommand
{
    private const string About = """
        Visit every schedule of one height within bounds, with the consensus rules that production runs.

        Nothing is simulated by chance: whatever has been said may be shown to anybody at any time or never, timers expire
        when they like, and Byzantine validators have said everything to everybody. The search is breadth-first, so what it
        finds is the shortest way to it. It ends with 0 when every state was visited and every guarantee holds, and with 1
        when one is broken, when a state is stuck (no decision within f+2 further rounds of a timely network), or when it
        gave up.

        Try:
          cpchain model lbft --validators 4 --byzantine 1 --rounds 2    rounds 0, 1 and 2: some seconds
          cpchain model lbft --rules paper --byzantine 0                the published rules fork without a traitor
          cpchain model lbft --weaken no-lock                           one rule left out, within the bounds recorded for it
          cpchain model lbft --rules paper --trace fork.trace           write the counterexample down ...
          cpchain model lbft --replay fork.trace                        ... and run it through whole validators
          cpchain model weakenings                                      every weakening, each of which must be found
          cpchain model campaign                                        every exploration on record, held against the record
        """;

    public static Command Create() => new("model", "Explore every schedule of the consensus within bounds.")
    {
        CreateLbft(),
        CreateWeakenings(),
        CreateCampaign(),
    };

    private static Command CreateLbft()
    {
        Option<int?> validators = new("--validators") { Description = "Committee size, 3f+1. 4 without it.", HelpName = "N" };
        Option<int?> byzantine = new("--byzantine")
        {
            Description = "How many of them are Byzantine, at most f. f without it.",
            HelpName = "B",
        };
        Option<int?> rounds = new("--rounds") { Description = "Explore rounds 0 to R; 0 is the normal case.", HelpName = "R" };
        Option<int?> blocks = new("--blocks")
        {
            Description = "Blocks of the proposer: 1, or 2 for one that equivocates.",
            HelpName = "N",
        };
        Option<string> rules = new("--rules")
        {
            Description = "certified: the rules that production runs. paper: LBFT 2.0 as it was published.",
            HelpName = "certified|paper",
            DefaultValueFactory = _ => "certified",
        };
        Option<string[]> weaken = new("--weaken")
        {
            Description = "Leave a rule out; may be given again. Bounds that are not named are the recorded ones of the first.\n"
                + string.Join("\n", Weakening.All.Select(one => $"{one.Name}: {one.Description} ({one.Rule})")),
            HelpName = "NAME",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<RoundEntry?> entry = new("--entry")
        {
            Description = "When rounds are entered. Free: at any time, which covers every synchroniser. ByWishes: L12. ByTimers: the paper.",
            HelpName = "Free|ByWishes|ByTimers",
        };
        Option<Progress?> progress = new("--progress")
        {
            Description = "What must follow from every state. Decides: within f+2 further timely rounds.\n"
                + "DecidesDespiteHiddenCertificates: in one round of an honest coordinator, whatever is shown to whom.",
            HelpName = "Unchecked|Decides|...",
        };
        Option<Mishaps[]> mishaps = new("--mishap")
        {
            Description = "What honest validators may suffer beyond slow messages; may be given again.",
            HelpName = "PowerLoss|LostJournal|IllicitBlock",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<bool> all = new("--all-guarantees")
        {
            Description = "Check also that a certified block known to f+1 who enter a round is not emptied in it (more states).",
        };
        Option<int?> statesMax = new("--states-max") { Description = "Give up beyond so many states.", HelpName = "N" };
        Option<FileInfo?> trace = new("--trace") { Description = "Write the counterexample to this file.", HelpName = "FILE" };
        Option<FileInfo?> svg = new("--svg") { Description = "Draw the counterexample into this file.", HelpName = "FILE.svg" };
        Option<FileInfo?> replay = new("--replay")
        {
            Description = "Explore nothing: run this counterexample through whole validators and say what it breaks.",
            HelpName = "FILE",
        };
        Option<bool> json = new("--json")
        {
            Description = "Print one JSON object: states, depth, violation, stuck, trace, and the bounds.",
        };
        Command command = new("lbft", About)
        {
            validators, byzantine, rounds, blocks, rules, weaken, entry, progress, mishaps, all, statesMax, trace, svg, replay, json,
        };
        command.SetAction((parsed, cancel) => Task.Run(
            () =>
            {
                ModelOutput output = new(parsed.GetValue(json), parsed.GetValue(trace)?.FullName, parsed.GetValue(svg)?.FullName);
                if (parsed.GetValue(replay) is { } file) return ModelReplay.Run(file.FullName, output);

                ModelBounds bounds = new(
                    parsed.GetValue(validators), parsed.GetValue(byzantine), parsed.GetValue(rounds), parsed.GetValue(blocks),
                    parsed.GetValue(rules)!, parsed.GetValue(weaken) ?? [], parsed.GetValue(entry), parsed.GetValue(progress),
                    parsed.GetValue(mishaps) ?? [], parsed.GetValue(all), parsed.GetValue(statesMax));
                return ModelSearch.Run(bounds, output, cancel);
            },
            cancel));
        return command;
    }

    private static Command CreateCampaign()
    {
        Argument<string[]> names = new("NAME")
        {
            Description = string.Join(", ", ExplorationCase.All.Select(one => one.Name)) + ". Without a name all of them: some 20 minutes, 2 GB.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<bool> json = new("--json")
        {
            Description = "Print a JSON list of objects: name, states, depth, seconds, progress, violation, stuck, fault.",
        };
        Command command = new(
            "campaign",
            "Run every exploration on record; 1 when one is broken or stuck, gives up, or has other states than recorded.")
        {
            names, json,
        };
        command.SetAction((parsed, cancel) => Task.Run(
            () => ExplorationCampaign.Run(parsed.GetValue(names) ?? [], parsed.GetValue(json), cancel), cancel));
        return command;
    }

    private static Command CreateWeakenings()
    {
        Option<bool> json = new("--json") { Description = "Print a JSON list of objects: name, rule, states, depth, seconds, finding." };
        Command command = new("weakenings", "Find every weakening within its recorded bounds; 1 when one is not found.") { json };
        command.SetAction((parsed, cancel) => Task.Run(() => WeakeningCampaign.Run(parsed.GetValue(json), cancel), cancel));
        return command;
    }
}
