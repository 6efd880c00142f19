using CPChain.Lbft.Values;
using CPChain.Lbft.Weakenings;
using CPChain.ModelChecking;
using CPChain.ModelChecking.Counterexamples;

namespace CPChain.App.Modelling;

/// <summary>What `cpchain model lbft` was asked; null where a default applies.</summary>
internal sealed record ModelBounds(
    int? Validators, int? Byzantine, int? Rounds, int? Blocks, string Rules, string[] Weaken, RoundEntry? Entry,
    Progress? Progress, Mishaps[] Mishaps, bool AllGuarantees, int? StatesMax)
{
    private const int ValidatorsDefault = 4;
    private const int RoundsDefault = 1;

    /// <summary>`certified`, `paper`, or the weakenings' names joined by `+`.</summary>
    public string RulesName => Weaken.Length > 0 ? string.Join('+', Weaken) : Rules;

    public Model ToModel()
    {
        if (Rules is not ("certified" or "paper"))
            throw new CommandFault($"there are no rules named {Rules}.", "name certified or paper.");
        if (Rules == "paper" && Weaken.Length > 0)
            throw new CommandFault("the paper's rules cannot be weakened further.", "leave out --rules or --weaken.");
        foreach (string name in Weaken)
            if (Weakening.Find(name) is null)
                throw new CommandFault(
                    $"there is no weakening named {name}.",
                    $"name one of: {string.Join(", ", Weakening.All.Select(one => one.Name))}.");

        Model model = Default();
        int validators = Validators ?? model.Committee.Validators;
        if (!CommitteeSize.TryOf(validators, out CommitteeSize committee) || validators > 13)
            throw new CommandFault($"--validators {validators} is no committee.", "choose 3f+1 from 4 to 13.");
        int byzantine = Byzantine ?? (Validators is null ? model.Byzantine : committee.Faulty);
        if (byzantine < 0 || byzantine > committee.Faulty)
            throw new CommandFault($"--byzantine {byzantine} is out of range.", $"choose 0 to {committee.Faulty}.");
        int rounds = Rounds ?? model.RoundMax;
        if (rounds is < 0 or > Model.RoundMaxMax)
            throw new CommandFault($"--rounds {rounds} is out of range.", $"choose 0 to {Model.RoundMaxMax}.");
        int blocks = Blocks ?? model.Blocks;
        if (blocks is < 1 or > Model.BlocksMax)
            throw new CommandFault($"--blocks {blocks} is out of range.", $"choose 1 or {Model.BlocksMax}.");
        if (StatesMax is <= 0) throw new CommandFault("--states-max must be positive.", "leave it out, or name a number of states.");

        return model with
        {
            Committee = committee,
            Byzantine = byzantine,
            RoundMax = rounds,
            Blocks = blocks,
            Entry = Entry ?? model.Entry,
            Progress = Progress ?? model.Progress,
            Mishaps = Mishaps.Length == 0 ? model.Mishaps : Mishaps.Aggregate((all, one) => all | one),
            Guarantees = AllGuarantees ? Guarantees.All : model.Guarantees,
            StatesMax = StatesMax ?? model.StatesMax,
        };
    }

    private Model Default()
    {
        if (Rules == "paper") return WeakeningCase.Paper(byzantine: CommitteeSize.Of(ValidatorsDefault).Faulty);
        if (Weaken.Length > 0)
            return WeakeningCase.Of(Weakening.Find(Weaken[0])!).Model with { Rules = Counterexample.RulesOf(RulesName)! };

        CommitteeSize committee = CommitteeSize.Of(ValidatorsDefault);
        return new Model(
            committee, committee.Faulty, RoundsDefault, Blocks: 1, RoundEntry.Free, CPChain.Lbft.LbftRules.Certified)
        {
            Progress = CPChain.ModelChecking.Progress.Decides,
        };
    }
}
