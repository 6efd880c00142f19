using CPChain.Chain;
using CPChain.Network;
using CPChain.Types;

namespace CPChain.Consensus;

/// <summary>
/// Whom a chain node lets connect (rule H4): validators and proposers whose addresses the schedule names, observers up to a bound, so that they
/// leave room for the others, and nobody else: storage nodes, proxies and clients talk to the chain by JSON-RPC.
/// </summary>
public sealed class ChainPeers
{
    /// <summary>Observers connected at a time, by default.</summary>
    public const int ObserversMaxDefault = 32;

    private readonly HashSet<Address> members = [];
    private readonly int observersMax;
    private readonly Func<IEnumerable<IPeer>> connected;

    /// <param name="schedule">Whose members may be validators and proposers, at whatever height.</param>
    /// <param name="observersMax">Observers at a time.</param>
    /// <param name="connected">The peers of now.</param>
    public ChainPeers(CommitteeSchedule schedule, int observersMax, Func<IEnumerable<IPeer>> connected)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        this.observersMax = observersMax;
        this.connected = connected;
        foreach (CommitteeEntry entry in schedule.Entries)
        {
            members.UnionWith(entry.Validators);
            members.UnionWith(entry.Proposers);
        }
    }

    /// <summary>Whether this identity may connect in this role.</summary>
    public bool Accepts(Address identity, PeerRole role) => role switch
    {
        PeerRole.Validator or PeerRole.Proposer => members.Contains(identity),
        PeerRole.Observer => connected().Count(peer => peer.Role == PeerRole.Observer && peer.Identity != identity) < observersMax,
        _ => false,
    };
}
