namespace CPChain.Lbft.Weakenings;

/// <summary>What must find a weakening.</summary>
public enum WeakeningFinder
{
    /// <summary>The exhaustive search over all schedules of one height.</summary>
    Explorer,

    /// <summary>Random and systematic schedules over the rules.</summary>
    RuleSimulation,

    /// <summary>Random schedules over whole nodes.</summary>
    NodeSimulation,
}

/// <summary>One rule left out or bent on purpose, to show that a search misses it.</summary>
/// <param name="Name">What `--weaken` calls it.</param>
/// <param name="Rule">The rule that is weakened, as specs/lbft/lbft.md numbers it.</param>
/// <param name="Description">What is done instead, in a few words.</param>
/// <param name="FoundBy">The search that must find it.</param>
/// <param name="Apply">The rules with this one weakened.</param>
public sealed record Weakening(
    string Name, string Rule, string Description, WeakeningFinder FoundBy, Func<LbftRules, LbftRules> Apply)
{
    /// <summary>The certified rules with this one weakened.</summary>
    public LbftRules Rules => Apply(LbftRules.Certified);

    /// <summary>The weakening of this name; null when there is none.</summary>
    public static Weakening? Find(string name) =>
        All.FirstOrDefault(weakening => string.Equals(weakening.Name, name, StringComparison.Ordinal));

    /// <summary>Every weakening, in the order of the rules.</summary>
    public static IReadOnlyList<Weakening> All { get; } =
    [
        Explored("round-not-signed", "L2.4", "the round is not signed: an impeachment vote passes for one of another round",
            rules => rules with { RoundNotSigned = true }),
        Explored("phase-not-signed", "L2.4", "the class is not signed: a prepare passes for a commit",
            rules => rules with { ClassNotSigned = true }),
        Explored("weak-quorum-decides", "L4.1", "f+1 votes make every certificate",
            rules => rules with { WeakQuorumCertifies = true }),
        Explored("duplicate-signer-counted", "L4.1", "a member counts as often as it votes",
            rules => rules with { DuplicateSignerCounts = true }),
        Explored("rounds-counted-together", "L4.2", "commits of different rounds for one value count together",
            rules => rules with { CountsCommitsOfAllRounds = true }),
        Explored("all-rounds-counted-together", "L4.2", "prepares and commits of different rounds count together",
            rules => rules with { CountsAllRounds = true }),
        Explored("entry-certificate-not-frozen", "L5", "the entry certificate follows the highest one known",
            rules => rules with { EntryFollowsHighest = true }),
        Explored("prepare-before-execution", "L9.3", "PREPARE before the block is executed",
            rules => rules with { PreparesUnexecuted = true }),
        Explored("body-not-durable", "L9.3", "the body is not durable before the vote",
            rules => rules with { BodyNotDurable = true }),
        Explored("lower-round-vote", "L10.1", "a certificate of a past round still gets a commit in that round",
            rules => rules with { CommitsInLowerRound = true }),
        Explored("vote-after-commit", "L10.3", "a prepare after the commit of its round",
            rules => rules with { PreparesAfterCommit = true }),
        Explored("enters-on-own-timer", "L12.1", "the own timer alone enters the next round",
            rules => rules with { EntersOnOwnTimer = true }),
        Explored("wish-one-amplified", "L12.3", "f+1 wishes for round 1 make others wish for it",
            rules => rules with { AmplifiesRoundOne = true }),
        Explored("round-one-forgets-certificate", "L13", "round 1 votes for the impeach block whatever is certified",
            rules => rules with { RoundOneForgetsCertificate = true }),
        Explored("coordinator-does-not-wait", "L14.2", "the coordinator proposes before it has heard the others",
            rules => rules with { CoordinatorDoesNotWait = true }),
        Explored("no-lock", "L14.3", "any well-formed PROPOSE is accepted",
            rules => rules with { AcceptsAnyPropose = true }),
        Explored("stale-certificate-accepted", "L14.3", "a PROPOSE is accepted with a certificate older than the own",
            rules => rules with { AcceptsStaleCertificate = true }),
        Explored("own-justification-not-signed", "L14.4", "the voter signs the coordinator's justification, not its own",
            rules => rules with { SignsProposedJustification = true }),
        Explored("vote-before-journal", "L17.1", "the signature leaves before the vote is in the journal",
            rules => rules with { SignsBeforeJournal = true }),
        Explored("restored-backup-speaks", "L18", "a validator whose journal is lost or old votes at once",
            rules => rules with { SpeaksWithoutJournal = true }),
    ];

    private static Weakening Explored(string name, string rule, string description, Func<LbftRules, LbftRules> apply) =>
        new(name, rule, description, WeakeningFinder.Explorer, apply);
}
