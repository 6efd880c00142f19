using CPChain.Lbft.Values;

namespace CPChain.Lbft;

/// <summary>The rules in force. Production runs <see cref="Certified"/>; the others exist to be refuted.</summary>
/// <remarks>
/// Each weakening is read in one place, which names it; <see cref="Weakenings.Weakening"/> lists them all with the
/// search that must find each of them.
/// </remarks>
public sealed record LbftRules
{
    /// <summary>LBFT 2.0 with certified impeachment, L1-L25.</summary>
    public static LbftRules Certified { get; } = new();

    /// <summary>
    /// LBFT 2.0 as published: f+1 votes impeach, once, on the own timer, whatever has been certified before.
    /// It forks without any Byzantine validator (CE1).
    /// </summary>
    public static LbftRules Paper { get; } = new()
    {
        WeakQuorumImpeaches = true,
        EntersOnOwnTimer = true,
        RoundOneForgetsCertificate = true,
        ImpeachesOnce = true,
        ImpeachmentIgnoresNormalVotes = true,
    };

    /// <summary>Weakens L4.1: f+1 votes make a certificate.</summary>
    public bool WeakQuorumCertifies { get; init; }

    /// <summary>The paper's L4.1: f+1 votes make a certificate of an impeachment.</summary>
    public bool WeakQuorumImpeaches { get; init; }

    /// <summary>Weakens L4.1: a member counts as often as it votes.</summary>
    public bool DuplicateSignerCounts { get; init; }

    /// <summary>Weakens L4.2: votes of all rounds for one value count together.</summary>
    public bool CountsAllRounds { get; init; }

    /// <summary>Weakens L4.2: C-class votes of all rounds for one value count together.</summary>
    public bool CountsCommitsOfAllRounds { get; init; }

    /// <summary>
    /// Weakens L2.4: the round is not signed, so an impeachment vote passes for one of any other impeachment round.
    /// </summary>
    public bool RoundNotSigned { get; init; }

    /// <summary>Weakens L2.4: the class is not signed, so a P-class vote passes for one of the C-class.</summary>
    public bool ClassNotSigned { get; init; }

    /// <summary>The paper's L4.4: a validator in impeachment looks at no votes of round 0.</summary>
    public bool ImpeachmentIgnoresNormalVotes { get; init; }

    /// <summary>Weakens L9.3: PREPARE before the block is executed.</summary>
    public bool PreparesUnexecuted { get; init; }

    /// <summary>Weakens L9.3: body and result are not durable before the vote.</summary>
    public bool BodyNotDurable { get; init; }

    /// <summary>Weakens L10.1: a P-certificate of a past round still gets a C-class vote in that round.</summary>
    public bool CommitsInLowerRound { get; init; }

    /// <summary>Weakens L10.3: a P-class vote after the C-class vote of its round.</summary>
    public bool PreparesAfterCommit { get; init; }

    /// <summary>Weakens L12.1: the own timer alone enters the next round (F1, F2).</summary>
    public bool EntersOnOwnTimer { get; init; }

    /// <summary>The paper's L12.1: there is one impeachment and no further round.</summary>
    public bool ImpeachesOnce { get; init; }

    /// <summary>Weakens L12.3: WISH(1) is amplified too.</summary>
    public bool AmplifiesRoundOne { get; init; }

    /// <summary>Weakens L13: round 1 votes for the impeach block whatever certificate is held.</summary>
    public bool RoundOneForgetsCertificate { get; init; }

    /// <summary>Weakens L14.2: the coordinator proposes at once, without waiting for the others' STATUS.</summary>
    public bool CoordinatorDoesNotWait { get; init; }

    /// <summary>Weakens L14.3: any well-formed PROPOSE is accepted ("no lock").</summary>
    public bool AcceptsAnyPropose { get; init; }

    /// <summary>Weakens L14.3: a PROPOSE with any certificate is accepted, an older one than the own too.</summary>
    public bool AcceptsStaleCertificate { get; init; }

    /// <summary>Weakens L14.4: the voter signs the PROPOSE's justification instead of its own (F13).</summary>
    public bool SignsProposedJustification { get; init; }

    /// <summary>Weakens L5: the entry certificate follows the highest one known instead of being frozen.</summary>
    public bool EntryFollowsHighest { get; init; }

    /// <summary>Weakens L17.1: the signature leaves before the vote is in the journal (CE5).</summary>
    public bool SignsBeforeJournal { get; init; }

    /// <summary>Weakens L18: a validator without its journal speaks at once.</summary>
    public bool SpeaksWithoutJournal { get; init; }

    /// <summary>Votes of one round, class and value that make a certificate (L4.1).</summary>
    public int QuorumOf(CommitteeSize committee, int round) =>
        WeakQuorumCertifies || (WeakQuorumImpeaches && round > 0) ? committee.WeakQuorum : committee.StrongQuorum;
}
