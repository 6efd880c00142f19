using CPChain.Types;

namespace CPChain.Consensus.Gossip;

/// <summary>Which hashes one peer knows, bounded, and how many questions to it are under way. Thread-safe.</summary>
internal sealed class PeerGossip
{
    private const int KnownMax = 32_768;

    private readonly Lock gate = new();
    private readonly HashSet<Hash256> known = [];
    private readonly Queue<Hash256> order = new();
    private int asking;

    /// <summary>True when the hash was not known before.</summary>
    internal bool Learn(Hash256 hash)
    {
        lock (gate)
        {
            if (!known.Add(hash))
            {
                return false;
            }
            order.Enqueue(hash);
            if (order.Count > KnownMax)
            {
                known.Remove(order.Dequeue());
            }
            return true;
        }
    }

    internal void Forget()
    {
        lock (gate)
        {
            known.Clear();
            order.Clear();
        }
    }

    internal bool TryBeginAsking(int most)
    {
        lock (gate)
        {
            if (asking >= most)
            {
                return false;
            }
            asking++;
            return true;
        }
    }

    internal void EndAsking()
    {
        lock (gate)
        {
            asking--;
        }
    }
}
