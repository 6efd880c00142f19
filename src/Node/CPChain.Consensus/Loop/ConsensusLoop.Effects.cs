using CPChain.Chain;
using CPChain.Consensus.Journals;
using CPChain.Consensus.Wire;
using CPChain.Execution;
using CPChain.Lbft;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Messages;
using CPChain.Lbft.Signing;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Consensus.Loop;

/// <summary>What each effect of the machine does in the world.</summary>
internal sealed partial class ConsensusLoop
{
    /// <summary>Blocks up to this size travel with VALIDATE; of larger ones the certificate, and who lacks the body asks for it.</summary>
    private const int AnnouncedBodyBytesMax = 32 * 1024;

    private async ValueTask ObeyAsync(LbftEffect effect, CancellationToken stopping)
    {
        switch (effect)
        {
            case LbftEffect.Journal { Record: var record }:
                context.Journal.Append(NodeRecord.Encode(record));
                break;
            case LbftEffect.StoreBody { Hash: var hash }:
                StoreBody(hash);
                break;
            case LbftEffect.Sign { Statement: var statement }:
                await SignAsync(statement).ConfigureAwait(false);
                break;
            case LbftEffect.Send send:
                Send(send.To, send.Message);
                break;
            case LbftEffect.ForwardProposal forward:
                Forward(forward.To, forward.Hash);
                break;
            case LbftEffect.StartTimer timer:
                context.Timers.Start(timer);
                break;
            case LbftEffect.ExecuteBlock { Hash: var hash }:
                Execute(hash);
                break;
            case LbftEffect.RequestBody request:
                RequestBody(request);
                break;
            case LbftEffect.KeepCertificate { Certificate: var certificate }:
                context.KeepDecision(certificate);
                if (open.ProposalAt != 0 && open.Self is not null)
                {
                    context.Metrics.Certified(context.Time.GetElapsedTime(open.ProposalAt).TotalMilliseconds);
                }
                break;
            case LbftEffect.Finalize { Certificate: var certificate }:
                FinalizeOpen(certificate);
                break;
            case LbftEffect.Announce { Certificate: var certificate }:
                Announce(certificate);
                break;
            case LbftEffect.ReplyCertificate reply:
                if (context.CertificateOf(reply.Height.Value) is { } known)
                {
                    context.SendLbft(MemberAt(reply.Height, reply.To), new LbftMessage.Cert(known));
                }
                break;
            case LbftEffect.RequestCertificate request:
                context.SendLbft(MemberAt(request.Height.Next, request.From), new LbftMessage.GetCert(request.Height));
                break;
            case LbftEffect.SyncFrom sync:
                Sync?.Notice(MemberAt(sync.Claimed, sync.From), sync.Claimed.Value);
                break;
            case LbftEffect.QueryHeads query:
                Send(SeatSet.All(open.Committee.Size).Without(open.Self), new LbftMessage.HeadQuery(query.Nonce));
                break;
            case LbftEffect.RecordEvidence { Misconduct: var misconduct }:
                context.Accuse(misconduct);
                break;
            case LbftEffect.Alarm alarm:
                context.Alarm(alarm);
                break;
            default:
                throw new InvariantViolation($"No handling of {effect.GetType().Name}.");
        }
        stopping.ThrowIfCancellationRequested();
    }

    private void StoreBody(in Hash256 hash)
    {
        Block? body = open.Body(hash);
        Invariant.Check(body is not null, "L9.3: the body to be stored is not held.");
        context.Journal.Append(NodeRecord.Encode(NodeRecordKind.Body, body!.Encode()));
    }

    /// <summary>L17.1: journal and signer's record are on the disk before the signature exists.</summary>
    private async ValueTask SignAsync(Statement statement)
    {
        if (context.Signer is not { } signer)
        {
            return;
        }
        SigningFault fault = await signer.AdmitAsync(statement, context.Journal.Flush).ConfigureAwait(false);
        if (fault != SigningFault.None)
        {
            context.Metrics.SignatureRefused();
            context.Logger.SignatureRefused(statement.ToString(), fault.ToString());
            return;
        }
        events.Enqueue(new LbftEvent.Signed(signer.Sign(statement)));
    }

    private void Send(SeatSet to, LbftMessage message)
    {
        if (message is LbftMessage.Said { Attached: { } attached } said && !LoopContext.IsCarried(attached))
        {
            message = said with { Attached = null };
        }
        byte[] bytes = LbftMessageCodec.Encode(message);
        foreach (Seat seat in to)
        {
            context.Network.Send(MemberOf(seat), ChainMessages.Lbft, bytes);
        }
        if (message is LbftMessage.Said { Signed.Statement.Kind: StatementKind.Prepare })
        {
            // L8.1: so the proposer knows who has its block.
            context.Network.Send(open.Proposer, ChainMessages.Lbft, bytes);
        }
    }

    private void Forward(SeatSet to, in Hash256 hash)
    {
        if (open.Body(hash) is not { Seal: not null } body)
        {
            return;
        }
        byte[] bytes = LbftMessageCodec.Encode(new LbftMessage.Proposal(body.Encode()));
        foreach (Seat seat in to)
        {
            context.Network.Send(MemberOf(seat), ChainMessages.Proposal, bytes);
        }
    }

    private void Execute(Hash256 hash)
    {
        OpenHeight height = open;
        if (height.Result(hash) is not null)
        {
            events.Enqueue(new LbftEvent.BlockExecuted(height.Number, hash, IsValid: true));
            return;
        }
        Block? block = height.Body(hash);
        Invariant.Check(block is not null, "L16: the block to be executed is not held.");
        context.Background(async () =>
        {
            ExecutionOutcome outcome = await height.OnParentStateAsync(
                parentState => context.Run(block!, height.Parent, parentState)).ConfigureAwait(false);
            context.Inbox.Post(new NodeInput.Executed(height, block!, outcome));
        });
    }

    private void RequestBody(LbftEffect.RequestBody request)
    {
        if (open.Body(request.Hash) is not null)
        {
            events.Enqueue(new LbftEvent.BodyReceived(request.Height, request.Hash));
            return;
        }
        List<Address> members = [];
        foreach (Seat seat in request.From)
        {
            members.Add(MemberOf(seat));
        }
        bodyFetch.Want(request.Height, request.Hash, members, open.Proposer);
    }

    /// <summary>L11: one durable append, then the next height.</summary>
    private void FinalizeOpen(Certificate certificate)
    {
        Block? block = open.Body(certificate.Hash);
        BlockResult? result = open.Result(certificate.Hash);
        Invariant.Check(block is not null && result is not null, "L11: a block is final before it is executed.");
        JudgeFirstStart(block!);
        context.Append(block!, certificate, result!, open.Proposer);
        bodyFetch.Forget();
        LeaveHeight();
        Enter();
    }

    private void Announce(Certificate certificate)
    {
        if (!LoopContext.IsCarried(certificate))
        {
            return;
        }
        Block? block = context.Ledger.BlockByNumber(certificate.Height.Value);
        byte[] body = block?.Encode() ?? [];
        if (body.Length is > 0 and <= AnnouncedBodyBytesMax)
        {
            context.Network.Broadcast(ChainMessages.Validate, LbftMessageCodec.Encode(new LbftMessage.Validate(certificate, body)), LoopContext.IsChainPeer);
        }
        else
        {
            context.Network.Broadcast(ChainMessages.Lbft, LbftMessageCodec.Encode(new LbftMessage.Cert(certificate)), LoopContext.IsChainPeer);
        }
    }

    private async ValueTask ImportAsync(NodeInput.Import import, CancellationToken stopping)
    {
        int taken = 0;
        foreach ((Block block, Certificate certificate) in import.Blocks)
        {
            // Final here meanwhile: counted, a peer that holds such a block back for long would keep this node from voting so long.
            if (block.Number < open.Number)
            {
                continue;
            }
            stopping.ThrowIfCancellationRequested();
            if (block.Number != open.Number || block.Header.ParentHash != open.Parent.Hash || state.Stage == HeightStage.Halted)
            {
                break;
            }
            OpenHeight height = open;
            ExecutionOutcome outcome = await height.OnParentStateAsync(
                parentState => context.Run(block, height.Parent, parentState)).ConfigureAwait(false);
            if (outcome.Result is not { } result)
            {
                // L20: certified by a quorum, refused here. The machine meets it as a decided block that fails, and halts.
                height.Keep(block, isWanted: true);
                events.Enqueue(new LbftEvent.CertificateReceived(certificate, null, IsBodyHeld: true));
                break;
            }
            JudgeMemory(certificate);
            JudgeFirstStart(block);
            context.Append(block, certificate, result, proposer: null);
            LeaveHeight();
            taken++;
        }
        if (taken > 0)
        {
            bodyFetch.Forget();
            isFollowing = true;
            Enter();
        }
        // The sync goes on beside the loop.
        _ = context.Scheduler.Begin(() => import.Done.TrySetResult(taken));
    }

    // J5.4, before the block is in the ledger: after a crash the journal must know what the ledger's head would hide.
    private void JudgeFirstStart(Block block)
    {
        if (context.FirstStart is not { } start || (block.IsImpeach && HasVotedFor(block.Hash)))
        {
            return;
        }
        context.EndFirstStart();
        if (!block.IsImpeach && !start.IsBefore(block))
        {
            // Nothing else may be flushed for long, by a node without a seat.
            context.Journal.Append(NodeRecord.Encode(NodeRecordKind.ChainIsNew, []));
            context.Journal.Flush();
        }
        else
        {
            BeginMute("the data directory is new, the chain is not");
        }
    }

    private bool HasVotedFor(in Hash256 hash)
    {
        foreach (OwnRound own in state.Own)
        {
            if (own.Prepare?.Statement.Hash == hash || own.Commit?.Statement.Hash == hash)
            {
                return true;
            }
        }
        return false;
    }

    private void LeaveHeight() => Volatile.Write(ref open, OpenNext());

    private Address MemberOf(Seat seat) => open.Committee[seat];

    /// <summary>A seat in messages of another height is one of that height's set, which may be another (L21).</summary>
    private Address MemberAt(BlockNumber height, Seat seat) => context.Book.CommitteeOf(height.Value)[seat];

    private Seat? SeatAt(BlockNumber height, in Address member) => context.Book.TryCommitteeOf(height.Value)?.SeatOf(member);
}
