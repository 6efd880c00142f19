using CPChain.Chain;
using CPChain.Consensus.Wire;
using CPChain.Execution;
using CPChain.Lbft.Messages;
using CPChain.Network;
using CPChain.Types;

namespace CPChain.Consensus.Loop;

/// <summary>
/// Fetches bodies that a certificate or f+1 PREPAREs name (L16). Every rho one more member is asked, and at once the next when one
/// refuses, so that a block of megabytes does not come three times over. Wanted by the loop alone; requests run beside it.
/// </summary>
internal sealed class BodyFetch(LoopContext context) : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<Hash256, Wanted> wanted = [];
    private CancellationTokenSource cancelled = new();

    internal void Want(BlockNumber height, Hash256 hash, List<Address> members, Address proposer)
    {
        Wanted target;
        CancellationToken stopping;
        lock (gate)
        {
            if (!wanted.TryGetValue(hash, out target!))
            {
                target = new Wanted(height, hash, [.. members, proposer]);
                wanted[hash] = target;
            }
            stopping = cancelled.Token;
        }
        context.Background(() => AskAsync(target, stopping));
    }

    /// <summary>The height is left: whatever still comes is not wanted.</summary>
    internal void Forget()
    {
        lock (gate)
        {
            if (wanted.Count == 0)
            {
                return;
            }
            wanted.Clear();
            cancelled.Cancel();
            cancelled.Dispose();
            cancelled = new CancellationTokenSource();
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            cancelled.Cancel();
            cancelled.Dispose();
        }
    }

    private async Task AskAsync(Wanted target, CancellationToken stopping)
    {
        byte[] query = LbftMessageCodec.Encode(new LbftMessage.GetBody(target.Height, target.Hash));
        for (int tries = 0; tries < target.Sources.Count && !target.IsFound; tries++)
        {
            Address source = target.Next();
            Reply reply = await context.Network.RequestAsync(
                source, ChainMessages.GetBody, query, TimeSpan.FromMilliseconds(4 * context.Parameters.ExecuteMs), stopping).ConfigureAwait(false);
            if (!reply.IsOk || target.IsFound)
            {
                continue;
            }
            if (Block.TryDecode(reply.Payload.Span, context.Rules.Limits, out Block? body, out _) && body.Hash == target.Hash
                && HeaderRules.CheckBody(body, context.Rules).IsNone)
            {
                target.IsFound = true;
                context.Inbox.Post(new NodeInput.BodyFetched(context.Pool.Intern(body)));
            }
            else if (context.Network.TryGetPeer(source, out IPeer? liar))
            {
                liar.Penalize(20, "a body that was not asked for");
            }
        }
    }

    private sealed class Wanted(BlockNumber height, Hash256 hash, List<Address> sources)
    {
        private int next;
        private volatile bool isFound;

        internal BlockNumber Height => height;
        internal Hash256 Hash => hash;
        internal List<Address> Sources => sources;
        internal bool IsFound { get => isFound; set => isFound = value; }

        internal Address Next() => sources[(int)((uint)Interlocked.Increment(ref next) % (uint)sources.Count)];
    }
}
