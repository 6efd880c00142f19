using CPChain.Lbft;
using CPChain.Lbft.Values;
using CPChain.Lbft.Weakenings;

namespace CPChain.ModelChecking;

/// <summary>The smallest bounds within which the explorer finds a weakening.</summary>
/// <param name="Weakening">What is weakened.</param>
/// <param name="Model">Where to look, and for what.</param>
public sealed record WeakeningCase(Weakening Weakening, Model Model)
{
    private const Guarantees Fork = Guarantees.Agreement;

    // The longest search meets 3,070,676 states. Twice that is less than a minute: what is not found by then counts as not found.
    private const int StatesMax = 6_000_000;

    /// <summary>One case for every weakening that the explorer must find.</summary>
    public static IReadOnlyList<WeakeningCase> All { get; } =
        [.. Weakening.All.Where(weakening => weakening.FoundBy == WeakeningFinder.Explorer).Select(Of)];

    /// <summary>The case of this weakening; throws when the registry names one that has no case.</summary>
    public static WeakeningCase Of(Weakening weakening) => new(weakening, ModelOf(weakening));

    // Safety is shown as a fork wherever there is one: the signer's refusal, a second defence, would come sooner. Votes
    // that the journal does not know fork nothing at four validators, since hc is journalled before and a second
    // certificate of the round stops whoever sees it; but they convict an honest validator (E1).
    private static Model ModelOf(Weakening weakening) => weakening.Name switch
    {
        "round-not-signed" => Four(weakening, rounds: 2, Fork),
        "phase-not-signed" => Four(weakening, rounds: 1, Fork),
        "weak-quorum-decides" => Four(weakening, rounds: 1, Fork),
        "duplicate-signer-counted" => Four(weakening, rounds: 0, Fork) with { Blocks = 2 },
        "rounds-counted-together" => Four(weakening, rounds: 3, Fork),
        "all-rounds-counted-together" => Four(weakening, rounds: 1, Fork),
        "entry-certificate-not-frozen" or "coordinator-does-not-wait" =>
            Four(weakening, rounds: 1, Guarantees.Usual) with { Progress = Progress.DecidesDespiteHiddenCertificates },
        "prepare-before-execution" => Four(weakening, rounds: 0, Guarantees.Validity) with { Mishaps = Mishaps.IllicitBlock },
        "body-not-durable" => Four(weakening, rounds: 0, Guarantees.Validity) with { Mishaps = Mishaps.PowerLoss },
        "lower-round-vote" => Four(weakening, rounds: 1, Fork),
        "vote-after-commit" => Four(weakening, rounds: 2, Guarantees.SignerAgrees),
        "enters-on-own-timer" or "wish-one-amplified" =>
            Four(weakening, rounds: 1, Guarantees.NotOnDemand) with { Entry = RoundEntry.ByWishes },
        "round-one-forgets-certificate" => Four(weakening, rounds: 1, Fork),
        "no-lock" or "stale-certificate-accepted" => Four(weakening, rounds: 2, Fork),
        "own-justification-not-signed" => Four(weakening, rounds: 2, Guarantees.Innocence),
        "vote-before-journal" => Four(weakening, rounds: 0, Guarantees.Innocence) with { Blocks = 2, Mishaps = Mishaps.PowerLoss },
        "restored-backup-speaks" => Four(weakening, rounds: 0, Fork) with { Blocks = 2, Mishaps = Mishaps.LostJournal },
        _ => throw new ArgumentOutOfRangeException(nameof(weakening), weakening.Name, "No bounds are recorded for it."),
    };

    private static Model Four(Weakening weakening, int rounds, Guarantees guarantees) =>
        new(CommitteeSize.Of(4), Byzantine: 1, rounds, Blocks: 1, RoundEntry.Free, weakening.Rules)
        {
            Guarantees = guarantees,
            StatesMax = StatesMax,
        };

    /// <summary>The published rules, where the explorer refutes them without any Byzantine validator.</summary>
    public static Model Paper(int validators = 4, int byzantine = 0) =>
        new(CommitteeSize.Of(validators), byzantine, RoundMax: 1, Blocks: 1, RoundEntry.ByTimers, LbftRules.Paper)
        {
            Guarantees = Guarantees.Agreement,
        };
}
