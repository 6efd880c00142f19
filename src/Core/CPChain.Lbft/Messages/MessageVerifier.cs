using CPChain.Lbft.Certificates;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;

namespace CPChain.Lbft.Messages;

/// <summary>Why a message makes no event.</summary>
public enum MessageFault
{
    None,

    /// <summary>The statement's kind, round and valid round do not fit together.</summary>
    Malformed,

    /// <summary>Signed by nobody in V(h).</summary>
    NotAMember,
}

/// <summary>Turns a decoded statement into an event, once its signature is seen to be a member's.</summary>
public static class MessageVerifier
{
    /// <param name="said">What was decoded.</param>
    /// <param name="committee">V(h) of the statement's height.</param>
    /// <param name="domain">This chain.</param>
    /// <param name="isValid">Checks an attached certificate, usually <see cref="CertificateVerifier"/> behind a cache (L24).</param>
    /// <param name="established">The event; without the attachment when that is bad (L3).</param>
    /// <param name="isAttachmentRefused">The sender is to be scored for a bad attachment; the vote still counts.</param>
    public static MessageFault Establish(
        LbftMessage.Said said,
        Committee committee,
        in ChainDomain domain,
        Func<Certificate, bool> isValid,
        out LbftEvent.FromPeer? established,
        out bool isAttachmentRefused)
    {
        established = null;
        isAttachmentRefused = false;
        if (!said.Signed.Statement.IsWellFormed) return MessageFault.Malformed;
        if (!committee.TrySignerOf(said.Signed, domain, out Seat seat)) return MessageFault.NotAMember;

        Certificate? attached = said.Attached;
        if (attached is not null && (attached.Height != said.Signed.Statement.Height || !isValid(attached)))
        {
            attached = null;
            isAttachmentRefused = true;
        }

        established = EventOf(seat, said.Signed, attached);
        return established is null ? MessageFault.Malformed : MessageFault.None;
    }

    /// <summary>The event of a statement whose signature is known to be its seat's; null for kinds that no member says to another.</summary>
    public static LbftEvent.FromPeer? EventOf(Seat seat, SignedStatement signed, Certificate? attached) => signed.Statement.Kind switch
    {
        StatementKind.Wish => new LbftEvent.WishReceived(seat, signed, attached),
        StatementKind.Status => new LbftEvent.StatusReceived(seat, signed, attached),
        StatementKind.Propose => new LbftEvent.ProposeReceived(seat, signed, attached),
        var kind when kind.IsVote() => new LbftEvent.VoteReceived(seat, signed, attached),
        _ => null,
    };
}
