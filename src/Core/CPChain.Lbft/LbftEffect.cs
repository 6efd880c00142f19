using CPChain.Lbft.Certificates;
using CPChain.Lbft.Evidence;
using CPChain.Lbft.Journal;
using CPChain.Lbft.Messages;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft;

/// <summary>Everything a validator can ask of its host. The host obeys in order and decides nothing.</summary>
public abstract record LbftEffect
{
    private LbftEffect() { }

    /// <summary>
    /// Append to the journal. Every record before a <see cref="Sign"/> is durable before the signature exists (L17.1).
    /// </summary>
    public sealed record Journal(JournalRecord Record) : LbftEffect;

    /// <summary>Make body and execution result durable; done before a following <see cref="Sign"/> (L9.3).</summary>
    public sealed record StoreBody(BlockNumber Height, Hash256 Hash) : LbftEffect;

    /// <summary>
    /// Have the signer sign, after everything before is durable, and answer with <see cref="LbftEvent.Signed"/>.
    /// </summary>
    public sealed record Sign(Statement Statement) : LbftEffect;

    /// <summary>Send to these members of V(h); delivery is not guaranteed.</summary>
    public sealed record Send(SeatSet To, LbftMessage Message) : LbftEffect;

    /// <summary>Send the sealed block, which the host holds, to these members (L9.3).</summary>
    public sealed record ForwardProposal(SeatSet To, Hash256 Hash) : LbftEffect;

    /// <summary>
    /// Start or replace the timer of this kind; it need not be stopped, since stale timers are ignored.
    /// </summary>
    public sealed record StartTimer(TimerKind Kind, BlockNumber Height, int Round, long DelayMs) : LbftEffect;

    /// <summary>
    /// Execute a held block on the parent, outside the machine; answer with <see cref="LbftEvent.BlockExecuted"/>.
    /// </summary>
    public sealed record ExecuteBlock(BlockNumber Height, Hash256 Hash) : LbftEffect;

    /// <summary>
    /// Ask these members for a body; answer with <see cref="LbftEvent.BodyReceived"/>, from the own store too (L16).
    /// </summary>
    public sealed record RequestBody(BlockNumber Height, Hash256 Hash, SeatSet From) : LbftEffect;

    /// <summary>Keep the C-certificate and serve it from now on, though the block is not appended yet (L11).</summary>
    public sealed record KeepCertificate(Certificate Certificate) : LbftEffect;

    /// <summary>
    /// Append the executed block with this certificate in one durable write, then enter the next height (L11).
    /// </summary>
    public sealed record Finalize(Certificate Certificate) : LbftEffect;

    /// <summary>Send VALIDATE or IMPEACH-VALIDATE, the block and its C-certificate, to all peers once (L11).</summary>
    public sealed record Announce(Certificate Certificate) : LbftEffect;

    /// <summary>Answer this member of V(Height) with the C-certificate of a height that is final here (L19.1).</summary>
    public sealed record ReplyCertificate(Seat To, BlockNumber Height) : LbftEffect;

    /// <summary>Ask this member of V(Height + 1) for the C-certificate of the own height (L19.1).</summary>
    public sealed record RequestCertificate(Seat From, BlockNumber Height) : LbftEffect;

    /// <summary>
    /// This member of V(Claimed) speaks of a height further ahead: import blocks from it; the height is a claim (L19.1).
    /// </summary>
    public sealed record SyncFrom(Seat From, BlockNumber Claimed) : LbftEffect;

    /// <summary>Send HEAD-QUERY to all other members (L18).</summary>
    public sealed record QueryHeads(Hash256 Nonce) : LbftEffect;

    /// <summary>Keep proof of a member's guilt (L22).</summary>
    public sealed record RecordEvidence(Misconduct Misconduct) : LbftEffect;

    /// <summary>Voting has stopped; store both proofs and call the operator (L20).</summary>
    public sealed record Alarm(AlarmReason Reason, Certificate First, Certificate? Second) : LbftEffect;
}

/// <summary>Why a validator stopped voting (L20).</summary>
public enum AlarmReason
{
    TwoDecisionsAtOneHeight,
    TwoPrepareCertificatesInOneRound,
    CertifiedBlockFailsExecution,
}
