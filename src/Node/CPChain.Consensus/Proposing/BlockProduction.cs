using CPChain.Chain;
using CPChain.Consensus.Journals;
using CPChain.Consensus.Loop;
using CPChain.Consensus.Signing;
using CPChain.Consensus.Wire;
using CPChain.Execution;
using CPChain.Lbft;
using CPChain.Lbft.Messages;
using CPChain.Lbft.Proposer;
using CPChain.Lbft.Signing;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Network;
using CPChain.Types;

namespace CPChain.Consensus.Proposing;

/// <summary>
/// Runs the proposer's machine (L8): builds one block for its height, makes it durable, seals it once, sends it until it is final.
/// Used by the consensus loop alone; building runs on another thread.
/// </summary>
internal sealed class BlockProduction(LoopContext context, StatementSigner sealer, Block? intent, RevealKeeper reveals)
{
    private const int ResentBytesMax = 64 * 1024;

    private ProposerState state = ProposerState.Create(
        context.Parameters,
        intent is null ? null : new Statement(StatementKind.Seal, intent.Number, 0, intent.Hash));

    private Block? pending = intent;
    private readonly Dictionary<Address, IPeer> sentOver = [];
    private byte[]? encodedProposal;
    private Hash256? reveal = Hash256.Zero;

    internal void Enter(OpenHeight open, ulong wallMs)
    {
        // L8.1: where this key has sealed before, the promised block is the only one there can be. Without it (the ledger lost its
        // newest blocks and they are final elsewhere) the proposer stays silent.
        bool isPromiseHeld = pending is { } promised && promised.Number == open.Number && promised.Header.ParentHash == open.Parent.Hash;
        bool isOwnTurn = open.Proposer == context.Identity && (isPromiseHeld || sealer.SealedThrough < open.Number.Value);
        reveal = isOwnTurn ? reveals.For(open.Turn) : Hash256.Zero;
        if (reveal is null)
        {
            // Whatever it built would be invalid (D9.2).
            context.Logger.RevealUnknown(open.Number.Value);
            isOwnTurn = false;
        }
        Step(open, new ProposerEvent.HeightEntered(open.Number, open.Parent.TimestampMs, open.Committee.Size, isOwnTurn, wallMs));
    }

    internal void TimerFired(OpenHeight open, BlockNumber height, ulong wallMs) => Step(open, new ProposerEvent.TimerExpired(height, wallMs));

    internal void Heard(OpenHeight open, LbftEvent heard)
    {
        if (heard is LbftEvent.VoteReceived { Vote.Statement: var vote } received && vote.Hash == state.Intent?.Hash)
        {
            Step(open, new ProposerEvent.VoteSeen(vote.Height, received.Voter));
        }
    }

    internal void Built(OpenHeight open, BuiltBlock built)
    {
        pending = new Block(built.Header, null, built.Transactions);
        if (!built.Skipped.IsEmpty)
        {
            // What did not run waits on a state that has changed under it: let the pool look again.
            HashSet<Address> senders = [];
            foreach ((Transaction skipped, _) in built.Skipped)
            {
                if (skipped.TryRecoverSender(out Address sender))
                {
                    senders.Add(sender);
                }
            }
            context.Pool.Refresh(senders);
        }
        Step(open, new ProposerEvent.BlockBuilt(open.Number, built.Header.Hash));
    }

    private void Step(OpenHeight open, ProposerEvent input)
    {
        ProposerTransition transition = ProposerMachine.Step(state, input);
        state = transition.State;
        foreach (ProposerEffect effect in transition.Effects)
        {
            Obey(open, effect);
        }
    }

    private void Obey(OpenHeight open, ProposerEffect effect)
    {
        switch (effect)
        {
            case ProposerEffect.BuildBlock build:
                Build(open, build.TimeMs);
                break;
            case ProposerEffect.StoreIntent:
                context.Journal.Append(NodeRecord.Encode(NodeRecordKind.SealIntent, pending!.Encode()));
                break;
            case ProposerEffect.SealBlock { Statement: var statement }:
                Seal(open, statement);
                break;
            case ProposerEffect.SendBlock send:
                Send(open, send.To);
                break;
            case ProposerEffect.StartTimer timer:
                context.Timers.StartProposer(timer.Height, timer.DelayMs);
                break;
            default:
                throw new InvariantViolation($"No handling of {effect.GetType().Name}.");
        }
    }

    private void Build(OpenHeight open, ulong timeMs)
    {
        BlockPlan plan = new(context.Identity, timeMs, open.Turn.Commitment.IsZero || reveal is null ? default : reveal.Value.ToArray());
        context.Background(async () =>
        {
            BuiltBlock built = await open.OnParentStateAsync(parentState =>
            {
                long startedAt = context.Time.GetTimestamp();
                TimeSpan patience = TimeSpan.FromMilliseconds(context.Parameters.ExecuteMs / 2);
                return BlockBuilder.Build(
                    open.Parent,
                    parentState,
                    context.Pool.BestForBlock(),
                    plan,
                    context.Rules,
                    () => context.Time.GetElapsedTime(startedAt) < patience);
            }).ConfigureAwait(false);
            context.Inbox.Post(new NodeInput.Built(open, built));
        });
    }

    /// <summary>L8.1: the intent, and the signer's record of it, are on the disk before the seal exists.</summary>
    private void Seal(OpenHeight open, in Statement statement)
    {
        context.Journal.Flush();
        SigningFault fault = sealer.Admit(statement);
        if (fault != SigningFault.None)
        {
            context.Metrics.SignatureRefused();
            context.Logger.SignatureRefused(statement.ToString(), fault.ToString());
            return;
        }
        SignedStatement signed = sealer.Sign(statement);
        Block block = pending! with { Seal = signed.Signature };
        open.Keep(block, isWanted: true);
        sentOver.Clear();
        encodedProposal = LbftMessageCodec.Encode(new LbftMessage.Proposal(block.Encode()));
        Step(open, new ProposerEvent.BlockSealed(statement, signed.Signature));
    }

    private void Send(OpenHeight open, SeatSet to)
    {
        if (encodedProposal is null)
        {
            return;
        }
        foreach (Seat seat in to)
        {
            Address member = open.Committee[seat];
            if (!context.Network.TryGetPeer(member, out IPeer? peer))
            {
                continue;
            }
            // A large block that this connection carries already needs no second copy behind the first.
            bool isUnderWay = sentOver.TryGetValue(member, out IPeer? before) && ReferenceEquals(before, peer);
            if (!isUnderWay || encodedProposal.Length <= ResentBytesMax)
            {
                sentOver[member] = peer;
                peer.Send(ChainMessages.Proposal, encodedProposal);
            }
        }
    }
}
