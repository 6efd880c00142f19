namespace CPChain.Simulation.Crashes;

/// <summary>Whom the power leaves, and what goes wrong besides.</summary>
/// <param name="Name">As the command line has it.</param>
/// <param name="About">One sentence.</param>
/// <param name="Subject">The node whose requests are the crash points.</param>
/// <param name="Reach">Who loses power with it.</param>
/// <param name="RecoveryMsMax">From the restart until it takes part again, virtual milliseconds; null where only the chain's progress counts.</param>
public sealed record CrashScenario(string Name, string About, int Subject, CrashReach Reach, int? RecoveryMsMax)
{
    internal const int Staying = 0;
    internal const int Leaving = 1;
    internal const int Joining = 4;
    internal const int FirstProposer = 5;

    private const int RecoveryMs = 5_000;

    /// <summary>All of them, in the order in which they are played.</summary>
    public static IReadOnlyList<CrashScenario> All { get; } =
    [
        new("validator", "a validator that stays", Staying, CrashReach.Subject, RecoveryMs),
        new("leaving", "a validator that leaves the set at the change", Leaving, CrashReach.Subject, RecoveryMs),
        new("joining", "a validator that enters the set at the change", Joining, CrashReach.Subject, RecoveryMs),
        new("proposer", "a proposer", FirstProposer, CrashReach.Subject, RecoveryMs),
        new("everyone", "all nodes at once, at a validator's requests", Staying, CrashReach.Everyone, RecoveryMs),
        new("everyone-proposing", "all nodes at once, at a proposer's requests", FirstProposer, CrashReach.Everyone, RecoveryMs),
        new("preparers", "all validators at once, and the proposer of the open height never comes back (F9)", Staying,
            CrashReach.ValidatorsAndProposerForGood, null),
        new("failing-disk", "a validator whose disk refuses one request with EIO and works again", Staying, CrashReach.Refusal, RecoveryMs),
        new("failing-disk-proposer", "a proposer whose disk refuses one request with EIO and works again", FirstProposer,
            CrashReach.Refusal, RecoveryMs),
    ];
}

/// <summary>Who loses power at a crash point.</summary>
public enum CrashReach
{
    Subject,
    Everyone,

    /// <summary>All validators; the proposer of the open height is gone from then on.</summary>
    ValidatorsAndProposerForGood,

    /// <summary>Nobody: the request fails, so the node must stop by itself.</summary>
    Refusal,
}
