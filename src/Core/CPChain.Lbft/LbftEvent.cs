using CPChain.Crypto;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft;

/// <summary>
/// Everything that can happen to a validator. Signatures and certificates in events are already verified.
/// </summary>
/// <remarks>
/// Time enters only as an expired timer and as the wall clock's reading where L6 and L7.2 ask for it.
/// </remarks>
public abstract record LbftEvent
{
    private LbftEvent() { }

    /// <summary>
    /// The parent is final and executed: a new height begins (L6), at this wall time in Unix milliseconds.
    /// </summary>
    public sealed record HeightEntered(HeightFacts Facts, ulong WallMs) : LbftEvent;

    /// <summary>Something that a peer said about a height.</summary>
    /// <param name="Height">The height it is about.</param>
    /// <param name="From">The seat of the sender in V(Height); none if it has none.</param>
    public abstract record FromPeer(BlockNumber Height, Seat? From) : LbftEvent;

    /// <summary>A block whose seal is that of proposer(h) and whose parent is the final block of h-1 (L9).</summary>
    public sealed record ProposalReceived(
        BlockNumber Height, Seat? From, Hash256 Hash, ulong TimeMs, Signature Seal, ulong WallMs) : FromPeer(Height, From);

    /// <summary>One vote of any round, with the certificate that came along if it is valid.</summary>
    public sealed record VoteReceived(Seat Voter, SignedStatement Vote, Certificate? Attached = null)
        : FromPeer(Vote.Statement.Height, Voter);

    /// <summary>WISH(r, hc).</summary>
    public sealed record WishReceived(Seat Sender, SignedStatement Wish, Certificate? High = null)
        : FromPeer(Wish.Statement.Height, Sender);

    /// <summary>STATUS(r, ec).</summary>
    public sealed record StatusReceived(Seat Sender, SignedStatement Status, Certificate? Entry = null)
        : FromPeer(Status.Statement.Height, Sender);

    /// <summary>PROPOSE(r, x, vr, c).</summary>
    public sealed record ProposeReceived(Seat Sender, SignedStatement Propose, Certificate? Backing = null)
        : FromPeer(Propose.Statement.Height, Sender);

    /// <summary>A certificate of either class by itself: CERT, or VALIDATE, whose block the host then holds.</summary>
    public sealed record CertificateReceived(Certificate Certificate, Seat? Sender = null, bool IsBodyHeld = false)
        : FromPeer(Certificate.Height, Sender);

    /// <summary>A body that was asked for; it hashes to the wanted header and the host holds it.</summary>
    public sealed record BodyReceived(BlockNumber Height, Hash256 Hash, Seat? From = null) : FromPeer(Height, From);

    /// <summary>Outcome of <see cref="LbftEffect.ExecuteBlock"/>; invalid means deterministically so.</summary>
    public sealed record BlockExecuted(BlockNumber Height, Hash256 Hash, bool IsValid) : LbftEvent;

    /// <summary>
    /// Answer to <see cref="LbftEffect.Sign"/>; the signer gives the same signature for the same statement.
    /// </summary>
    public sealed record Signed(SignedStatement Own) : LbftEvent;

    /// <summary>A timer of <see cref="LbftEffect.StartTimer"/> has run out; stale ones are ignored.</summary>
    public sealed record TimerExpired(TimerKind Kind, BlockNumber Height, int Round, ulong WallMs) : LbftEvent;

    /// <summary>
    /// The journal is missing, damaged or older than the head: stay mute until enough heads are known (L18).
    /// </summary>
    public sealed record JournalLost(Hash256 Nonce) : LbftEvent;

    /// <summary>
    /// A verified HEAD answer of another member to the nonce: its C-certified head is at this height (L18).
    /// </summary>
    public sealed record HeadReceived(Seat Sender, Hash256 Nonce, BlockNumber Head) : LbftEvent;

    /// <summary>Two valid C-certificates of one height below the own one name different values (L20).</summary>
    public sealed record ForkSeen(Certificate First, Certificate Second) : LbftEvent;
}

/// <summary>What a timer is for. At most one of each kind runs; starting it again replaces it.</summary>
public enum TimerKind
{
    /// <summary>slotOpen - drift: proposals may be judged (L7.2).</summary>
    Slot,

    /// <summary>b.time - drift of the earliest queued proposal (L7.2).</summary>
    Admission,

    /// <summary>slotOpen + blockDelay: no longer timely by itself (L9.2).</summary>
    BlockDelay,

    /// <summary>T0 or T_r (L12.1, L15).</summary>
    Round,

    /// <summary>T_r / 2: the coordinator waits no longer (L14.2).</summary>
    Coordinator,

    /// <summary>rho (L15).</summary>
    Resend,
}
