using CPChain.Lbft.Values;

namespace CPChain.Lbft;

/// <summary>The rules in force. Production runs <see cref="Certified"/>; the others exist to be refuted.</summary>
/// <remarks>
/// Each weakening is read in one place, which names it; every one of them must be found by explorer or simulator.
/// </remarks>
public sealed record LbftRules
{
    /// <summary>LBFT 2.0 with certified impeachment, L1-L25.</summary>
    public static LbftRules Certified { get; } = new();

    /// <summary>Weakens L4.1: f+1 votes make a certificate.</summary>
    public bool WeakQuorumCertifies { get; init; }

    /// <summary>Weakens L4.2: votes of all rounds for one value count together.</summary>
    public bool CountsAllRounds { get; init; }

    /// <summary>Weakens L2.4: the class is not signed, so a P-class vote passes for one of the C-class.</summary>
    public bool ClassNotSigned { get; init; }

    /// <summary>Weakens L12.3: WISH(1) is amplified too.</summary>
    public bool AmplifiesRoundOne { get; init; }

    /// <summary>Weakens L12.1: the own timer alone enters the next round (F1, F2).</summary>
    public bool EntersOnOwnTimer { get; init; }

    /// <summary>Weakens L14.3: any well-formed PROPOSE is accepted ("no lock").</summary>
    public bool AcceptsAnyPropose { get; init; }

    /// <summary>Weakens L13: round 1 votes for the impeach block whatever certificate is held.</summary>
    public bool RoundOneForgetsCertificate { get; init; }

    /// <summary>Weakens L5: the entry certificate follows the highest one known instead of being frozen.</summary>
    public bool EntryFollowsHighest { get; init; }

    /// <summary>Weakens L14.2: the coordinator proposes at once, without waiting for the others' STATUS.</summary>
    public bool CoordinatorDoesNotWait { get; init; }

    /// <summary>Weakens L18: a validator without its journal speaks at once.</summary>
    public bool SpeaksWithoutJournal { get; init; }

    public int QuorumOf(CommitteeSize committee) =>
        WeakQuorumCertifies ? committee.WeakQuorum : committee.StrongQuorum;
}
