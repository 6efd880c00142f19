using System.Diagnostics.CodeAnalysis;
using CPChain.Types;

namespace CPChain.Network;

/// <summary>
/// The connected peers, one connection an identity. When both ends dialed at once, both keep the connection that the lower
/// address dialed; a restarted peer's new connection always wins (rule W3.5).
/// </summary>
internal sealed class PeerTable(Address self, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<Address, Peer> peers = [];
    private readonly Dictionary<Address, (long Since, TimeSpan Length)> bans = [];

    internal Peer[] Snapshot()
    {
        lock (gate)
        {
            return [.. peers.Values];
        }
    }

    internal int Count
    {
        get
        {
            lock (gate)
            {
                return peers.Count;
            }
        }
    }

    internal bool TryGet(Address identity, [NotNullWhen(true)] out Peer? peer)
    {
        lock (gate)
        {
            return peers.TryGetValue(identity, out peer);
        }
    }

    /// <summary>False when an older connection is the one to keep.</summary>
    internal bool TryAdd(Peer peer, out Peer? displaced)
    {
        lock (gate)
        {
            if (peers.TryGetValue(peer.Identity, out displaced))
            {
                bool lowerDialed = peer.Dialed == self.CompareTo(peer.Identity) < 0;
                bool replace = displaced.ClosedBecause != PeerFault.None
                    || displaced.Instance != peer.Instance || displaced.Dialed == peer.Dialed || lowerDialed;
                if (!replace)
                {
                    return false;
                }
            }
            peers[peer.Identity] = peer;
            return true;
        }
    }

    internal void Remove(Peer peer)
    {
        lock (gate)
        {
            if (peers.TryGetValue(peer.Identity, out Peer? current) && ReferenceEquals(current, peer))
            {
                peers.Remove(peer.Identity);
            }
        }
    }

    internal void Ban(Address identity, TimeSpan length)
    {
        lock (gate)
        {
            // Identities cost nothing: what is over must go, or bans of ever new ones would fill the memory.
            foreach (Address over in bans.Where(ban => time.GetElapsedTime(ban.Value.Since) >= ban.Value.Length).Select(ban => ban.Key).ToList())
            {
                bans.Remove(over);
            }
            bans[identity] = (time.GetTimestamp(), length);
        }
    }

    internal int BanCount
    {
        get
        {
            lock (gate)
            {
                return bans.Count;
            }
        }
    }

    internal bool IsBanned(Address identity)
    {
        lock (gate)
        {
            if (bans.TryGetValue(identity, out (long Since, TimeSpan Length) ban))
            {
                if (time.GetElapsedTime(ban.Since) < ban.Length)
                {
                    return true;
                }
                bans.Remove(identity);
            }
            return false;
        }
    }
}
