using System.Collections.Concurrent;
using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Consensus.Loop;
using CPChain.Consensus.Wire;
using CPChain.Network;
using CPChain.TxPool;
using CPChain.Types;

namespace CPChain.Consensus.Gossip;

/// <summary>
/// Spreads transactions: hashes are announced in batches, bodies are asked for by who lacks them (rule W8.5). What waits long is
/// announced again, so that a node that was away gets it too.
/// </summary>
internal sealed class TransactionGossip(LoopContext context) : IDisposable
{
    private const int AskingMax = 8;
    private const int AcceptedMax = 4096;
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(5);

    private readonly ConcurrentQueue<ImmutableArray<Transaction>> accepted = new();
    private readonly Wakeup acceptedSome = new(context.Scheduler);

    private readonly ConcurrentDictionary<Address, PeerGossip> peers = new();
    private readonly ConcurrentDictionary<Hash256, byte> asked = new();
    private ImmutableArray<Hash256> waitingBefore = [];

    internal void Register(IPeerNetwork network)
    {
        network.OnMessage(ChainMessages.TransactionHashes, HearHashes);
        network.OnRequest(ChainMessages.GetTransactions, (_, query, _) => ValueTask.FromResult(FindTransactions(query)));
        network.Connected += peer => Announce(peer, Waiting());
        network.Disconnected += peer => peers.TryRemove(peer.Identity, out _);
        context.Pool.Accepted += OnAccepted;
    }

    /// <summary>Announces what the pool accepts, gathered while the last announcement went out.</summary>
    internal async Task RunAsync(CancellationToken stopping)
    {
        List<Hash256> batch = [];
        while (true)
        {
            await acceptedSome.WaitAsync(stopping).ConfigureAwait(false);
            while (accepted.TryDequeue(out ImmutableArray<Transaction> some))
            {
                batch.AddRange(some.Select(static one => one.Hash));
            }
            AnnounceToAll(batch);
            batch.Clear();
        }
    }

    /// <summary>Called every few seconds.</summary>
    internal void AnnounceAgain()
    {
        ImmutableArray<Hash256> waiting = Waiting();
        HashSet<Hash256> before = [.. waitingBefore];
        List<Hash256> stuck = [.. waiting.Where(before.Contains)];
        waitingBefore = waiting;
        if (stuck.Count > 0)
        {
            foreach (PeerGossip peer in peers.Values)
            {
                peer.Forget();
            }
            AnnounceToAll(stuck);
        }
    }

    public void Dispose() => context.Pool.Accepted -= OnAccepted;

    private void OnAccepted(NewTransactions fresh)
    {
        // Announced again later, should the announcer be this far behind.
        if (accepted.Count < AcceptedMax)
        {
            accepted.Enqueue(fresh.Transactions);
        }
        acceptedSome.Signal();
    }

    private ImmutableArray<Hash256> Waiting() =>
        [.. context.Pool.Best(ChainMessages.HashesMax, long.MaxValue).Select(static one => one.Hash)];

    private void AnnounceToAll(List<Hash256> hashes)
    {
        foreach (IPeer peer in context.Network.Peers)
        {
            Announce(peer, hashes);
        }
    }

    private void Announce(IPeer peer, IReadOnlyList<Hash256> hashes)
    {
        if (hashes.Count == 0 || !LoopContext.IsChainPeer(peer))
        {
            return;
        }
        PeerGossip known = peers.GetOrAdd(peer.Identity, static _ => new PeerGossip());
        foreach (Hash256[] part in hashes.Where(known.Learn).Chunk(ChainMessages.HashesMax))
        {
            peer.Send(ChainMessages.TransactionHashes, HashList.Encode(part));
        }
    }

    private ValueTask HearHashes(IPeer peer, ReadOnlyMemory<byte> payload)
    {
        if (!HashList.TryDecode(payload.Span, out List<Hash256> hashes))
        {
            peer.Penalize(20, "malformed hash list");
            return ValueTask.CompletedTask;
        }
        PeerGossip known = peers.GetOrAdd(peer.Identity, static _ => new PeerGossip());
        List<Hash256> missing = [];
        foreach (Hash256 hash in hashes)
        {
            known.Learn(hash);
            if (context.Pool.Find(hash) is null && context.Ledger.Locate(hash) is null && asked.TryAdd(hash, 0))
            {
                missing.Add(hash);
            }
        }
        if (missing.Count == 0)
        {
            return ValueTask.CompletedTask;
        }
        if (!known.TryBeginAsking(AskingMax))
        {
            missing.ForEach(hash => asked.TryRemove(hash, out _));
            return ValueTask.CompletedTask;
        }
        context.Background(() => AskAsync(peer, known, missing));
        return ValueTask.CompletedTask;
    }

    private async Task AskAsync(IPeer peer, PeerGossip known, List<Hash256> missing)
    {
        try
        {
            Queue<Hash256> rest = new(missing);
            while (rest.Count > 0)
            {
                Reply reply = await peer.RequestAsync(ChainMessages.GetTransactions, HashList.Encode([.. rest]), AskTimeout).ConfigureAwait(false);
                if (!reply.IsOk)
                {
                    return;
                }
                if (!TransactionList.TryDecode(reply.Payload, context.Rules.Limits, out List<Transaction> transactions))
                {
                    peer.Penalize(20, "malformed transactions");
                    return;
                }
                if (transactions.Count == 0)
                {
                    return;
                }
                context.Pool.AddFromPeer(transactions);
                // The answer stops at its bound: what was not reached is asked for again.
                HashSet<Hash256> got = [.. transactions.Select(static one => one.Hash)];
                Hash256[] left = [.. rest.Where(hash => !got.Contains(hash))];
                if (left.Length == rest.Count)
                {
                    peer.Penalize(20, "transactions that were not asked for");
                    return;
                }
                rest = new Queue<Hash256>(left);
            }
        }
        finally
        {
            known.EndAsking();
            missing.ForEach(hash => asked.TryRemove(hash, out _));
        }
    }

    private byte[]? FindTransactions(ReadOnlyMemory<byte> query)
    {
        if (!HashList.TryDecode(query.Span, out List<Hash256> hashes))
        {
            return null;
        }
        List<Transaction> found = [];
        int bytes = 0;
        foreach (Hash256 hash in hashes)
        {
            if (context.Pool.Find(hash) is { } transaction)
            {
                bytes += transaction.Encoded.Length + 4;
                if (found.Count > 0 && bytes > ChainMessages.TransactionsBytesMax)
                {
                    break;
                }
                found.Add(transaction);
            }
        }
        return TransactionList.Encode(found);
    }
}
