using CPChain.Chain;
using CPChain.Consensus.Journals;
using CPChain.Consensus.Proposing;
using CPChain.Consensus.Sync;
using CPChain.Consensus.Wire;
using CPChain.Crypto;
using CPChain.Lbft;
using CPChain.Lbft.Certificates;
using CPChain.Types;

namespace CPChain.Consensus.Loop;

/// <summary>
/// Runs the LBFT machine against the world: one reader, one input at a time, effects obeyed in order. Owns every side effect of the
/// consensus and decides nothing. Every chain node runs it; without a seat in V(h) the machine only follows.
/// </summary>
internal sealed partial class ConsensusLoop : IDisposable
{
    private readonly LoopContext context;
    private readonly BodyFetch bodyFetch;
    private readonly BlockProduction? production;
    private readonly Queue<LbftEvent> events = new();
    private readonly Dictionary<Hash256, Block> early = [];
    private LbftState state;
    private OpenHeight open;
    private StartGate? startGate;
    private bool isFollowing;
    private long head;

    internal ConsensusLoop(LoopContext context, LbftState restored, BlockProduction? production)
    {
        this.context = context;
        this.production = production;
        state = restored;
        bodyFetch = new BodyFetch(context);
        open = OpenNext();
    }

    /// <summary>Number of the last final block; any thread may ask.</summary>
    internal ulong Head => (ulong)Interlocked.Read(ref head);

    /// <summary>Whether it may not vote at its next height, because it does not know what it has said (L18); for whoever shares the loop's thread.</summary>
    internal bool IsMute => state.Inquiry is not null || state.MuteThrough.Value > Head;

    /// <summary>The height being decided; any thread may read its bodies.</summary>
    internal OpenHeight Open => Volatile.Read(ref open);

    /// <summary>Where peers that are ahead are told to; set before the loop runs.</summary>
    internal BlockSync? Sync { get; set; }

    private ulong WallMs => (ulong)context.Time.GetUtcNow().ToUnixTimeMilliseconds();

    internal async Task RunAsync(CancellationToken stopping)
    {
        if (context.JournalLoss is { } loss)
        {
            BeginMute(loss);
        }
        startGate = new StartGate(context, peer => Sync?.StatedBy(peer));
        if (startGate.MayEnter(open))
        {
            EnterFirst();
        }
        await StepAllAsync(stopping).ConfigureAwait(false);
        while (true)
        {
            await context.Inbox.WaitAsync(stopping).ConfigureAwait(false);
            while (context.Inbox.TryTake(out NodeInput input))
            {
                stopping.ThrowIfCancellationRequested();
                await HandleAsync(input, stopping).ConfigureAwait(false);
                await StepAllAsync(stopping).ConfigureAwait(false);
            }
        }
    }

    public void Dispose()
    {
        bodyFetch.Dispose();
    }

    /// <summary>L6: the time of restart is when this node can take part; until then no timer of the height runs.</summary>
    private void EnterFirst()
    {
        startGate = null;
        Enter();
    }

    // While final blocks come in, what others say of the height after them ends the wait, but only when the last of them is here.
    private bool MayEnterFirst(NodeInput input) => startGate is { } gate && gate.MayEnter(open, input) && !isFollowing;

    private async ValueTask HandleAsync(NodeInput input, CancellationToken stopping)
    {
        if (MayEnterFirst(input))
        {
            EnterFirst();
            await StepAllAsync(stopping).ConfigureAwait(false);
        }
        switch (input)
        {
            case NodeInput.PeerConnected or NodeInput.PeerStated or NodeInput.StartWaitOver:
                break;
            case NodeInput.Protocol { Event: var protocol }:
                JudgeMemory(AttachedTo(protocol));
                events.Enqueue(protocol);
                production?.Heard(open, protocol);
                break;
            case NodeInput.ProposalHeard heard:
                HearProposal(heard.Block, heard.From);
                break;
            case NodeInput.CertificateHeard heard:
                HearCertificate(heard);
                break;
            case NodeInput.BodyFetched { Body: var body }:
                if (open.Keep(body, isWanted: true))
                {
                    if (body.Seal is not null && body.Header.Coinbase == open.Proposer)
                    {
                        // L9.2: what f+1 have prepared is fetched to be prepared here, too, and came with its proposer's seal.
                        HearProposal(body, body.Header.Coinbase);
                    }
                    events.Enqueue(new LbftEvent.BodyReceived(open.Number, body.Hash));
                }
                break;
            case NodeInput.Executed executed:
                HearExecuted(executed);
                break;
            case NodeInput.TimerFired timer:
                events.Enqueue(new LbftEvent.TimerExpired(timer.Kind, timer.Height, timer.Round, WallMs));
                break;
            case NodeInput.ProposerTimerFired timer:
                production?.TimerFired(open, timer.Height, WallMs);
                break;
            case NodeInput.Built built:
                HearBuilt(built);
                break;
            case NodeInput.HeadHeard heard when open.SeatOf(heard.From) is { } seat:
                events.Enqueue(new LbftEvent.HeadReceived(seat, heard.Nonce, heard.Head));
                break;
            case NodeInput.HeadHeard:
                break; // no member any more
            case NodeInput.HeadAsked asked:
                AnswerHead(asked);
                break;
            case NodeInput.Import import:
                await ImportAsync(import, stopping).ConfigureAwait(false);
                break;
            case NodeInput.CaughtUp:
                EndFollowing();
                break;
            default:
                throw new InvariantViolation($"No handling of {input.GetType().Name}.");
        }
    }

    private void HearProposal(Block block, Address from)
    {
        if (block.Number == open.Number.Next)
        {
            KeepEarly(block);
        }
        else if (block.Number < open.Number && SeatAt(block.Number, from) is { } behind)
        {
            // A member that still hands this block on has not seen it final: L19.1.
            events.Enqueue(new LbftEvent.ProposalReceived(
                block.Number, behind, block.Hash, block.Header.TimestampMs, block.Seal!.Value, WallMs));
        }
        // Before a number is due two accounts may turn out to propose it (D10.2). Who has sealed it and is not the one now has no say: its
        // block is no proposal, and no reason to impeach who is.
        if (block.Number != open.Number || block.Header.Coinbase != open.Proposer || !open.Keep(block, isWanted: false))
        {
            return;
        }
        if (context.FirstStart is { } start && start.IsBefore(block))
        {
            // J5.4: whoever replays it, an earlier life of this validator may have voted here.
            return;
        }
        if (open.ProposalAt == 0)
        {
            open.ProposalAt = context.Time.GetTimestamp();
        }
        events.Enqueue(new LbftEvent.ProposalReceived(
            open.Number, open.SeatOf(from), block.Hash, block.Header.TimestampMs, block.Seal!.Value, WallMs));
    }

    private void HearCertificate(NodeInput.CertificateHeard heard)
    {
        Certificate certificate = heard.Certificate;
        if (certificate.Height < open.Number)
        {
            JudgeOldCertificate(certificate);
            return;
        }
        if (certificate.Height > open.Number.Next)
        {
            Sync?.Notice(heard.From, certificate.Height.Value);
            return;
        }
        if (heard.Body is { } body)
        {
            if (certificate.Height == open.Number)
            {
                open.Keep(body, isWanted: true);
            }
            else
            {
                // Whatever else was sealed: this one will be needed, and perhaps nobody else has it.
                early[body.Hash] = body;
            }
        }
        JudgeMemory(certificate);
        bool isHeld = certificate.Height == open.Number ? open.Body(certificate.Hash) is not null : early.ContainsKey(certificate.Hash);
        events.Enqueue(new LbftEvent.CertificateReceived(certificate, SeatAt(certificate.Height, heard.From), isHeld));
    }

    // L20: a valid certificate against a final block is a fork; one for the final block says nothing new.
    private void JudgeOldCertificate(Certificate certificate)
    {
        ulong height = certificate.Height.Value;
        if (certificate.Class == Lbft.Votes.VoteClass.Commit
            && height > 0
            && context.Ledger.HashOf(height) is { } final && final != certificate.Hash
            && context.CertificateOf(height) is { } ours)
        {
            events.Enqueue(new LbftEvent.ForkSeen(ours, certificate));
        }
    }

    private void HearExecuted(NodeInput.Executed executed)
    {
        if (!ReferenceEquals(executed.Height, open))
        {
            return;
        }
        if (executed.Outcome.Result is { } result)
        {
            open.SetResult(executed.Block.Hash, result);
        }
        else
        {
            context.Logger.BlockInvalid(open.Number.Value, executed.Block.Header.Coinbase.ToString(), executed.Outcome.Fault.ToString());
        }
        events.Enqueue(new LbftEvent.BlockExecuted(open.Number, executed.Block.Hash, executed.Outcome.IsValid));
    }

    private void HearBuilt(NodeInput.Built built)
    {
        if (ReferenceEquals(built.Height, open))
        {
            open.SetResult(built.Block.Header.Hash, built.Block.Result);
            production?.Built(open, built.Block);
        }
    }

    private void KeepEarly(Block block)
    {
        // Two accounts may turn out to propose it, and two seals of each prove what it does: neither fills the other's room.
        const int sealersMax = 2;
        const int blocksOfASealer = 2;
        if (early.Values.Count(known => known.Header.Coinbase == block.Header.Coinbase) < blocksOfASealer
            && early.Count < sealersMax * blocksOfASealer)
        {
            early[block.Hash] = block;
        }
    }

    private OpenHeight OpenNext()
    {
        BlockHeader parent = context.Ledger.Head;
        Committee committee = context.Book.CommitteeOf(parent.Number + 1);
        OpenHeight next = new(
            parent, context.Ledger.HeadState, committee, context.Signer is null ? null : committee.SeatOf(context.Identity), context.Rules, context.Scheduler);
        Interlocked.Exchange(ref head, (long)parent.Number);
        return next;
    }

    /// <summary>Enters the height after the ledger's head (L6), or the same one again when following has ended.</summary>
    private void Enter()
    {
        context.Journal.MayForget(NodeMemory.RecordsToKeep(state, context.FirstStart));
        (ulong setFrom, ulong? setThrough) = context.Rules.Committees.ValidatorsRun(open.Parent.Number, context.Ledger.HeadState);
        HeightFacts facts = new(
            open.Number, open.Parent.Hash, open.Parent.TimestampMs, open.Committee.Size,
            isFollowing ? null : open.Self, open.Impeach.Hash, isFollowing,
            new BlockNumber(setFrom), setThrough is { } last ? new BlockNumber(last) : null);
        foreach (Block body in context.TakeRecoveredBodies())
        {
            open.Keep(body, isWanted: true);
        }
        events.Enqueue(new LbftEvent.HeightEntered(facts, WallMs));
        // When the same height is entered again, those of the next one stay: the machine counts on them with a certificate that came early.
        Block[] waiting = [.. early.Values.Where(body => body.Number <= open.Number)];
        foreach (Block body in waiting)
        {
            early.Remove(body.Hash);
            if (body.Seal is not null && body.Number == open.Number && body.Header.Coinbase != open.Proposer)
            {
                // It was not known yet whose number this would be. Kept, these would take the room of the proposer's own block.
                continue;
            }
            // All of them, however many its proposer sealed: a certificate that waits with the machine may name any.
            open.Keep(body, isWanted: true);
            if (body.Seal is not null && body.Number == open.Number)
            {
                HearProposal(body, body.Header.Coinbase);
            }
        }
        production?.Enter(open, WallMs);
    }

    private void EndFollowing()
    {
        if (isFollowing)
        {
            isFollowing = false;
            context.Logger.SyncEnds(Head);
            context.TellHead();
            if (startGate is null || startGate.MayEnter(open))
            {
                EnterFirst();
            }
        }
    }

    private async ValueTask StepAllAsync(CancellationToken stopping)
    {
        while (events.TryDequeue(out LbftEvent? input))
        {
            Transition transition = LbftMachine.Step(state, input);
            state = transition.State;
            foreach (LbftEffect effect in transition.Effects)
            {
                await ObeyAsync(effect, stopping).ConfigureAwait(false);
            }
        }
        context.Metrics.JournalSectors(context.Journal.SectorsWritten);
    }

    private void AnswerHead(NodeInput.HeadAsked asked)
    {
        BlockHeader last = context.Ledger.Head;
        if (context.Signer is null || (last.Number > 0 && context.CertificateOf(last.Number) is null))
        {
            return;
        }
        Hash256 answer = Keccak256.Hash([.. asked.Nonce.ToArray(), .. last.Hash.ToArray()]);
        Lbft.Votes.Statement statement = new(Lbft.Votes.StatementKind.Head, new BlockNumber(last.Number), 0, answer);
        context.SendLbft(asked.From, new Lbft.Messages.LbftMessage.Head(
            asked.Nonce, last.Hash, context.Signer.Sign(statement), last.Number == 0 ? null : context.CertificateOf(last.Number)));
    }
}
