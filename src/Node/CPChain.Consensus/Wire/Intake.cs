using CPChain.Chain;
using CPChain.Consensus.Loop;
using CPChain.Consensus.Sync;
using CPChain.Crypto;
using CPChain.Execution;
using CPChain.Lbft;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Messages;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Network;
using CPChain.Types;

namespace CPChain.Consensus.Wire;

/// <summary>
/// Turns what peers send into inputs of the loop: decodes within bounds, checks every signature once, drops what says nothing new.
/// Runs on the connections' threads, so a flood slows down its sender.
/// </summary>
internal sealed class Intake(LoopContext context, ConsensusLoop loop, BlockSync sync, CancellationToken stopping)
{
    private const int MalformedPoints = 20;
    private const int BadCertificatePoints = 20;

    internal void Register(IPeerNetwork network)
    {
        network.OnMessage(ChainMessages.Lbft, HearLbftAsync);
        network.OnMessage(ChainMessages.Proposal, HearProposalAsync);
        network.OnMessage(ChainMessages.Validate, HearValidateAsync);
        network.OnMessage(ChainMessages.Status, HearStatusAsync);
    }

    private async ValueTask HearLbftAsync(IPeer peer, ReadOnlyMemory<byte> payload)
    {
        if (!LbftMessageCodec.TryDecode(payload.Span, 0, out LbftMessage? message, out _))
        {
            peer.Penalize(MalformedPoints, "malformed LBFT message");
            return;
        }
        switch (message)
        {
            case LbftMessage.Said said:
                await HearSaidAsync(peer, said).ConfigureAwait(false);
                break;
            case LbftMessage.Cert { Certificate: var certificate }:
                await HearCertificateAsync(peer, certificate, null).ConfigureAwait(false);
                break;
            case LbftMessage.GetCert { Height: var height }:
                if (context.CertificateOf(height.Value) is { } known)
                {
                    peer.Send(ChainMessages.Lbft, LbftMessageCodec.Encode(new LbftMessage.Cert(known)));
                }
                break;
            case LbftMessage.HeadQuery { Nonce: var nonce }:
                // L18: a validator of the schedule asks before its first height, too, when it has no seat yet.
                if (peer.Role == PeerRole.Validator)
                {
                    await PostAsync(new NodeInput.HeadAsked(nonce, peer.Identity)).ConfigureAwait(false);
                }
                break;
            case LbftMessage.Head head:
                await HearHeadAsync(peer, head).ConfigureAwait(false);
                break;
            default:
                peer.Penalize(MalformedPoints, "an LBFT message of another channel");
                break;
        }
    }

    // L24: only members are heard, and each speaks for itself.
    private async ValueTask HearSaidAsync(IPeer peer, LbftMessage.Said said)
    {
        ulong height = said.Signed.Statement.Height.Value;
        if (context.Book.TryCommitteeOf(height) is not { } committee || !committee.TrySeatOf(peer.Identity, out Seat expected))
        {
            return;
        }
        MessageFault fault = MessageVerifier.Establish(
            said, committee, context.Book.Domain, context.Book.IsValid, out LbftEvent.FromPeer? established, out bool isAttachmentRefused);
        if (isAttachmentRefused)
        {
            peer.Penalize(BadCertificatePoints, "an invalid certificate");
        }
        if (fault != MessageFault.None || established!.From != expected)
        {
            peer.Penalize(MalformedPoints, "a statement that is not the sender's");
            return;
        }
        await PostAsync(new NodeInput.Protocol(established)).ConfigureAwait(false);
    }

    private async ValueTask HearCertificateAsync(IPeer peer, Certificate certificate, ReadOnlyMemory<byte>? encodedBody)
    {
        ulong height = certificate.Height.Value;
        if (height <= loop.Head && context.Ledger.HashOf(height) == certificate.Hash)
        {
            return;
        }
        if (context.Book.TryCommitteeOf(height) is null)
        {
            // Too far ahead to be judged: when its set is settled it will come again.
            return;
        }
        if (!context.Book.IsValid(certificate))
        {
            peer.Penalize(BadCertificatePoints, "an invalid certificate");
            return;
        }
        Block? body = null;
        if (encodedBody is { } bytes && height > loop.Head)
        {
            if (loop.Open.Body(certificate.Hash) is { } held)
            {
                body = held;
            }
            else if (!Block.TryDecode(bytes.Span, context.Rules.Limits, out body, out _) || body.Hash != certificate.Hash
                || !HeaderRules.CheckBody(body, context.Rules).IsNone)
            {
                peer.Penalize(MalformedPoints, "a block that is not the certified one");
                return;
            }
        }
        await PostAsync(new NodeInput.CertificateHeard(certificate, body, peer.Identity)).ConfigureAwait(false);
    }

    private async ValueTask HearProposalAsync(IPeer peer, ReadOnlyMemory<byte> payload)
    {
        if (!LbftMessageCodec.TryDecode(payload.Span, context.Rules.Limits.BytesMax, out LbftMessage? message, out _)
            || message is not LbftMessage.Proposal { Block: var bytes })
        {
            peer.Penalize(MalformedPoints, "malformed proposal");
            return;
        }
        if (!Block.TryDecodeHead(bytes.Span, context.Rules.Limits, out BlockHeader? header, out Signature? seal, out _))
        {
            peer.Penalize(MalformedPoints, "malformed block");
            return;
        }
        // A stranger's block never costs more than this, however long: the seal must be that of the number's proposer (F7).
        if (seal is null || header.Number == 0 || header.Number > loop.Head + 2
            || (header.Number <= loop.Head && context.Book.TryCommitteeOf(header.Number)?.TrySeatOf(peer.Identity, out _) != true)
            || !context.Rules.Committees.MayPropose(header.Coinbase, header.Number, context.Ledger.HeadState)
            || !HeaderRules.CheckSeal(header, seal, context.Rules).IsNone)
        {
            return;
        }
        // Sent again every rho (L8.1): what is held already is not read again.
        Block? block = loop.Open.Body(header.Hash);
        if (block is null or { Seal: null } && (!Block.TryDecode(bytes.Span, context.Rules.Limits, out block, out _)
            || !HeaderRules.CheckTransactions(block).IsNone))
        {
            // The seal is over the header. Whoever sends other transactions under it accuses itself, not the proposer (L9.1).
            peer.Penalize(MalformedPoints, "a block that is not the sealed one");
            return;
        }
        await PostAsync(new NodeInput.ProposalHeard(context.Pool.Intern(block), peer.Identity)).ConfigureAwait(false);
    }

    private async ValueTask HearValidateAsync(IPeer peer, ReadOnlyMemory<byte> payload)
    {
        if (!LbftMessageCodec.TryDecode(payload.Span, context.Rules.Limits.BytesMax, out LbftMessage? message, out _)
            || message is not LbftMessage.Validate { Certificate: var certificate, Block: var bytes }
            || certificate.Class != VoteClass.Commit)
        {
            peer.Penalize(MalformedPoints, "malformed VALIDATE");
            return;
        }
        sync.Notice(peer.Identity, certificate.Height.Value);
        await HearCertificateAsync(peer, certificate, bytes).ConfigureAwait(false);
    }

    private ValueTask HearStatusAsync(IPeer peer, ReadOnlyMemory<byte> payload)
    {
        if (!ChainStatus.TryDecode(payload.Span, out ChainStatus status))
        {
            peer.Penalize(MalformedPoints, "malformed status");
            return ValueTask.CompletedTask;
        }
        sync.Stated(peer.Identity, status.Number);
        return PostAsync(new NodeInput.PeerStated());
    }

    // L18: the answer binds nonce and head by the member's signature, the head by its certificate.
    private async ValueTask HearHeadAsync(IPeer peer, LbftMessage.Head head)
    {
        Statement statement = head.Signed.Statement;
        ulong height = statement.Height.Value;
        Hash256 answer = Keccak256.Hash([.. head.Nonce.ToArray(), .. head.HeadHash.ToArray()]);
        if (context.Book.TryCommitteeOf(height) is null && height != 0)
        {
            return;
        }
        bool isCertified = height == 0
            ? head.HeadHash == context.Ledger.GenesisHash
            : head.Certificate is { Class: VoteClass.Commit } certificate && certificate.Height.Value == height
                && certificate.Hash == head.HeadHash && context.Book.IsValid(certificate);
        if (statement.Hash != answer || !isCertified
            || !Secp256k1.TryRecoverAddress(statement.Digest(context.Book.Domain), head.Signed.Signature, out Address signer)
            || signer != peer.Identity)
        {
            peer.Penalize(BadCertificatePoints, "an invalid head answer");
            return;
        }
        await PostAsync(new NodeInput.HeadHeard(peer.Identity, head.Nonce, new BlockNumber(height))).ConfigureAwait(false);
    }

    private ValueTask PostAsync(NodeInput input) => context.Inbox.PostFromPeerAsync(input, stopping);
}
