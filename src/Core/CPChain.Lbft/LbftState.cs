using CPChain.Lbft.Blocks;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Journal;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft;

/// <summary>How far the height has come.</summary>
public enum HeightStage : byte
{
    /// <summary>Handed over; the next height is awaited. The stage before the first height, too.</summary>
    Final,

    Open,

    /// <summary>A C-certificate is known, its block is not executed here.</summary>
    Decided,

    Halted,
}

/// <summary>One-way marks within a height; the coordinator's is cleared on entering a round.</summary>
[Flags]
public enum HeightMarks : byte
{
    None = 0,

    /// <summary>slotOpen - drift has passed.</summary>
    SlotOpen = 1,

    /// <summary>slotOpen + blockDelay has passed.</summary>
    BlockDelayOver = 2,

    /// <summary>The proposer's sealed block is invalid: no PREPARE at this height (L9.1).</summary>
    Illicit = 4,

    /// <summary>The coordinator's wait is over (L14.2).</summary>
    CoordinatorWaited = 8,
}

/// <summary>A question for the committee's heads after the journal was lost (L18).</summary>
public sealed record HeadInquiry(Hash256 Nonce, SeatSet Answered, BlockNumber Highest);

/// <summary>Marks on members at one height, apart from their votes and wishes.</summary>
/// <param name="Ahead">Known to be at a greater height.</param>
/// <param name="StatusFrom">STATUS of round r has arrived; kept by the coordinator (L14.2).</param>
/// <param name="HighSentTo">hc has been sent to them (L15).</param>
/// <param name="Answered">Answered with a certificate since the last re-send (L19.1).</param>
/// <param name="Asked">Asked for a certificate or blocks since the last re-send (L19.1).</param>
/// <param name="Convicted">Their misconduct is recorded: once per signer and height (L22.2).</param>
/// <param name="IsProposerConvicted">Two seals of the proposer are recorded.</param>
public sealed record MemberNotes(
    SeatSet Ahead,
    SeatSet StatusFrom,
    SeatSet HighSentTo,
    SeatSet Answered,
    SeatSet Asked,
    SeatSet Convicted,
    bool IsProposerConvicted)
{
    public static MemberNotes None { get; } = new(default, default, default, default, default, default, false);
}

/// <summary>Everything one validator knows: its whole consensus state, a value that compares by content.</summary>
public sealed record LbftState
{
    public required LbftParameters Parameters { get; init; }

    public required LbftRules Rules { get; init; }

    public required HeightFacts Facts { get; init; }

    public HeightStage Stage { get; init; }

    public HeightMarks Marks { get; init; }

    /// <summary>r; never decreases within a height.</summary>
    public int Round { get; init; }

    /// <summary>Highest round wished for by this validator, at least r.</summary>
    public int Wish { get; init; }

    /// <summary>ec: highest P-certificate known on entering r; frozen within the round (F8).</summary>
    public Certificate? Entry { get; init; }

    /// <summary>Known P-certificates in ascending order of round; the last is hc.</summary>
    public ValueArray<Certificate> Prepared { get; init; }

    /// <summary>Own statements in ascending order of round.</summary>
    public ValueArray<OwnRound> Own { get; init; }

    /// <summary>Collected votes in ascending order of round (L4.4).</summary>
    public ValueArray<RoundVotes> Votes { get; init; }

    /// <summary>maxWish by seat (L12.2).</summary>
    public ValueArray<int> MaxWishes { get; init; }

    /// <summary>Blocks of this height in order of appearance.</summary>
    public ValueArray<BlockEntry> Blocks { get; init; }

    /// <summary>One PROPOSE per round r and later, ascending (L14.4).</summary>
    public ValueArray<LbftEvent.ProposeReceived> Proposes { get; init; }

    /// <summary>The newest own signed WISH and STATUS, to be sent again.</summary>
    public SignedStatement? OwnWish { get; init; }

    public SignedStatement? OwnStatus { get; init; }

    /// <summary>The C-certificate that decided this height.</summary>
    public Certificate? Decision { get; init; }

    /// <summary>Who has said, got and done what at this height.</summary>
    public MemberNotes Members { get; init; } = MemberNotes.None;

    /// <summary>Messages of the next height in order of arrival, bounded per member (L19.1).</summary>
    public ValueArray<LbftEvent.FromPeer> Buffered { get; init; }

    /// <summary>No vote at this height or below (L18); 0 for none.</summary>
    public BlockNumber MuteThrough { get; init; }

    public HeadInquiry? Inquiry { get; init; }

    /// <summary>What the journal says about a height that has not been entered since the restart (L17.2).</summary>
    public RecoveredHeight? Recovered { get; init; }

    public BlockNumber Height => Facts.Height;

    public CommitteeSize Committee => Facts.Committee;

    /// <summary>hc: the P-certificate of the highest round known.</summary>
    public Certificate? High => Prepared.IsEmpty ? null : Prepared[Prepared.Length - 1];

    /// <summary>lastC: highest round with an own vote of the C-class; -1 for none.</summary>
    public int LastCommitRound
    {
        get
        {
            for (int index = Own.Length - 1; index >= 0; index--)
                if (Own[index].Commit is not null) return Own[index].Round;
            return Statement.NoRound;
        }
    }

    public Phase Phase => Stage switch
    {
        HeightStage.Open => OpenPhase(OwnIn(Round)),
        HeightStage.Decided => Phase.Decided,
        HeightStage.Final => Phase.Final,
        _ => Phase.Halted,
    };

    /// <summary>May sign wishes and STATUS: a member that is not importing newer blocks (L19.2).</summary>
    public bool CanSpeak => Stage == HeightStage.Open && Facts is { Self: not null, IsFollowing: false };

    /// <summary>May sign votes and PROPOSE: not mute (L18) and not behind its own journal (L17.2).</summary>
    public bool CanVote =>
        CanSpeak && Height > MuteThrough && (Recovered is not { } recovered || recovered.Height <= Height);

    /// <summary>No own P-class vote in the current round yet, and no C-class vote before it (L10.3).</summary>
    public bool MayPrepare =>
        OwnIn(Round) is { Prepare: null } own && (own.Commit is null || Rules.PreparesAfterCommit);

    /// <summary>The state of a node whose head is final and that has entered no height yet.</summary>
    public static LbftState Create(LbftParameters parameters, LbftRules rules, BlockNumber head) => new()
    {
        Parameters = parameters,
        Rules = rules,
        Facts = new HeightFacts(head, Hash256.Zero, 0, CommitteeSize.Of(1), null, Hash256.Zero),
    };

    public OwnRound OwnIn(int round)
    {
        foreach (OwnRound own in Own)
            if (own.Round == round) return own;
        return OwnRound.None(round);
    }

    public RoundVotes? VotesIn(int round)
    {
        foreach (RoundVotes votes in Votes)
            if (votes.Round == round) return votes;
        return null;
    }

    public Certificate? PreparedIn(int round)
    {
        foreach (Certificate certificate in Prepared)
            if (certificate.Round == round) return certificate;
        return null;
    }

    /// <summary>The P-certificate of the highest round below this one.</summary>
    public Certificate? HighestPreparedBelow(int round)
    {
        for (int index = Prepared.Length - 1; index >= 0; index--)
            if (Prepared[index].Round < round) return Prepared[index];
        return null;
    }

    public BlockEntry? Block(in Hash256 hash)
    {
        foreach (BlockEntry block in Blocks)
            if (block.Hash == hash) return block;
        return null;
    }

    /// <summary>The impeach block is executed on entering the height; others when the host says so.</summary>
    public bool IsExecuted(in Hash256 hash) =>
        hash == Facts.ImpeachHash || Block(hash) is { Stage: BlockStage.Executed };

    /// <summary>All other members of V(h) that are not known to have left this height.</summary>
    public SeatSet Peers => SeatSet.All(Committee).Without(Facts.Self).Except(Members.Ahead);

    private Phase OpenPhase(OwnRound own) => own switch
    {
        { Commit: not null } => Round == 0 ? Phase.Commit : Phase.ImpeachCommit,
        _ when Round > 0 => Phase.ImpeachPrepare,
        { Prepare: not null } => Phase.Prepare,
        _ => Phase.Idle,
    };
}
