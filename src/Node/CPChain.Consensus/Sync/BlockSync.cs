using CPChain.Chain;
using CPChain.Consensus.Loop;
using CPChain.Consensus.Wire;
using CPChain.Execution;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Votes;
using CPChain.Network;
using CPChain.Types;

namespace CPChain.Consensus.Sync;

/// <summary>
/// Brings a node that was away to the others' head (L19): asks peers that claim more for ranges of final blocks, checks each
/// certificate by V(height) and hands them to the loop, which executes them. Claims are only reasons to ask; who lies is scored.
/// </summary>
internal sealed class BlockSync : IDisposable
{
    private const int LooksWhileExecuting = 20;
    private static readonly TimeSpan RangeTimeout = TimeSpan.FromSeconds(10);

    private readonly LoopContext context;
    private readonly ConsensusLoop loop;
    private readonly ITimer looking;
    private int isLookDue;
    private int looks;

    private readonly SyncSources sources = new();
    private readonly Wakeup wake;

    private ulong headAtLook;

    internal BlockSync(LoopContext context, ConsensusLoop loop)
    {
        this.context = context;
        this.loop = loop;
        wake = new Wakeup(context.Scheduler);
        looking = context.Time.CreateTimer(static sync => ((BlockSync)sync!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A peer speaks as if this number were final or about to be.</summary>
    internal void Notice(Address peer, ulong number)
    {
        sources.Notice(peer, number);
        Consider(number);
    }

    /// <summary>What a peer states of its own head; may be lower than before, after a restore.</summary>
    internal void Stated(Address peer, ulong number)
    {
        sources.Stated(peer, number);
        Consider(number);
    }

    /// <summary>The last head that a peer spoke of, or null.</summary>
    internal ulong? StatedBy(Address peer) => sources.ClaimOf(peer);

    /// <summary>The highest number that a connected peer speaks of; 0 for none.</summary>
    internal ulong HighestStated => sources.Highest(peer => context.Network.TryGetPeer(peer, out _));

    internal void Gone(Address peer) => sources.Gone(peer);

    public void Dispose() => looking.Dispose();

    internal async Task RunAsync(CancellationToken stopping)
    {
        while (true)
        {
            await wake.WaitAsync(stopping).ConfigureAwait(false);
            ulong target = HighestStated;
            if (target <= loop.Head)
            {
                continue;
            }
            context.Logger.SyncBegins(target - loop.Head);
            while (HighestStated > loop.Head)
            {
                if (!await ImportRangeAsync(stopping).ConfigureAwait(false))
                {
                    break;
                }
            }
            context.Inbox.Post(new NodeInput.CaughtUp());
        }
    }

    // Far ahead: ask at once. A little: the blocks may be on their way, so look again after rho, by which time they would be here.
    private void Consider(ulong number)
    {
        ulong head = loop.Head;
        if (number > head + 2)
        {
            Wake();
        }
        else if (number > head && Interlocked.Exchange(ref isLookDue, 1) == 0)
        {
            headAtLook = head;
            looking.Change(TimeSpan.FromMilliseconds(context.Parameters.ResendMs), Timeout.InfiniteTimeSpan);
        }
    }

    private void Look()
    {
        bool stands = loop.Head == headAtLook && HighestStated > headAtLook;
        if (stands && context.CertificateOf(headAtLook + 1) is not null && looks < LooksWhileExecuting)
        {
            // The next block is decided here already; its body is being fetched or executed.
            looks++;
            looking.Change(TimeSpan.FromMilliseconds(context.Parameters.ResendMs), Timeout.InfiniteTimeSpan);
            return;
        }
        looks = 0;
        Volatile.Write(ref isLookDue, 0);
        if (stands)
        {
            Wake();
        }
    }

    /// <summary>False when no peer has anything for us.</summary>
    private async Task<bool> ImportRangeAsync(CancellationToken stopping)
    {
        ulong first = loop.Head + 1;
        foreach (Address peer in sources.InOrder(first))
        {
            Reply reply = await context.Network.RequestAsync(
                peer, ChainMessages.GetBlocks, new BlockRangeQuery(first, ChainMessages.RangeBlocksMax).Encode(), RangeTimeout, stopping).ConfigureAwait(false);
            if (!reply.IsOk)
            {
                sources.Missed(peer, first);
                continue;
            }
            if (!TryRead(reply.Payload, first, out List<(Block, Certificate)> blocks))
            {
                sources.Missed(peer, first);
                if (context.Network.TryGetPeer(peer, out IPeer? liar))
                {
                    liar.Penalize(50, "blocks without a valid certificate");
                }
                continue;
            }
            if (blocks.Count == 0)
            {
                sources.Missed(peer, first);
                continue;
            }
            TaskCompletionSource<int> done = new();
            context.Inbox.Post(new NodeInput.Import(blocks, done));
            if (await done.Task.WaitAsync(stopping).ConfigureAwait(false) > 0)
            {
                sources.Gave(peer);
                return true;
            }
        }
        return false;
    }

    private bool TryRead(ReadOnlyMemory<byte> payload, ulong first, out List<(Block Block, Certificate Certificate)> blocks)
    {
        blocks = [];
        if (!BlockRangeAnswer.TryDecode(payload, out List<(ReadOnlyMemory<byte> Block, ReadOnlyMemory<byte> Certificate)> parts))
        {
            return false;
        }
        ulong expected = first;
        foreach ((ReadOnlyMemory<byte> blockBytes, ReadOnlyMemory<byte> certificateBytes) in parts)
        {
            if (!Block.TryDecode(blockBytes.Span, context.Rules.Limits, out Block? block, out _)
                || !CertificateCodec.TryDecode(certificateBytes.Span, out Certificate? certificate, out _)
                || block.Header.Number != expected
                || certificate.Class != VoteClass.Commit
                || certificate.Height.Value != expected
                || certificate.Hash != block.Hash
                || (block.IsImpeach && certificate.Round == 0)
                || !HeaderRules.CheckBody(block, context.Rules).IsNone)
            {
                return false;
            }
            if (context.Book.TryCommitteeOf(expected) is null)
            {
                // Its validators are settled by blocks of this range: those first, the rest with the next one.
                return true;
            }
            if (!context.Book.IsValid(certificate))
            {
                return false;
            }
            blocks.Add((block, certificate));
            expected++;
        }
        return true;
    }

    private void Wake() => wake.Signal();
}
