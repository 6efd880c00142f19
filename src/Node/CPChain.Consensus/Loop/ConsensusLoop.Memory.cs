using CPChain.Consensus.Journals;
using CPChain.Consensus.Signing;
using CPChain.Lbft;
using CPChain.Lbft.Certificates;
using CPChain.Types;

namespace CPChain.Consensus.Loop;

/// <summary>What becomes of a node that does not know what it has said (L18).</summary>
internal sealed partial class ConsensusLoop
{
    private bool hasLost;

    // J5.5, before anything is done about the certificate.
    private void JudgeMemory(Certificate? certificate)
    {
        if (certificate is not null && !hasLost && context.Signer is { Record: { } record } && certificate.Height > state.MuteThrough
            && OwnSignatures.IsForgotten(
                record, certificate, context.Book.CommitteeOf(certificate.Height.Value), context.Identity))
        {
            BeginMute(OwnSignatures.Describe(certificate));
        }
    }

    private static Certificate? AttachedTo(LbftEvent protocol) => protocol switch
    {
        LbftEvent.VoteReceived vote => vote.Attached,
        LbftEvent.WishReceived wish => wish.High,
        LbftEvent.StatusReceived status => status.Entry,
        LbftEvent.ProposeReceived propose => propose.Backing,
        _ => null,
    };

    private void BeginMute(string reason)
    {
        if (context.Signer is null)
        {
            return;
        }
        hasLost = true;
        context.Logger.Mute(reason);
        context.Journal.Append(NodeRecord.Encode(NodeRecordKind.Lost, []));
        context.Journal.Flush();
        byte[] nonce = new byte[Hash256.Length];
        context.Entropy(nonce);
        events.Enqueue(new LbftEvent.JournalLost(Hash256.FromBytes(nonce)));
    }
}
