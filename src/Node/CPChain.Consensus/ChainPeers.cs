using CPChain.Ledger;
using CPChain.Network;
using CPChain.Types;

namespace CPChain.Consensus;

/// <summary>
/// Whom a chain node lets connect (rule H4): validators and proposers, as the head's state has them, observers up to a bound, so that they
/// leave room for the others, and nobody else: storage nodes, proxies and clients talk to the chain by JSON-RPC.
/// </summary>
public sealed class ChainPeers
{
    /// <summary>Observers connected at a time, by default.</summary>
    public const int ObserversMaxDefault = 32;

    private readonly ChainLedger ledger;
    private readonly int observersMax;
    private readonly Func<IEnumerable<IPeer>> connected;

    /// <param name="ledger">Whose head tells who may be validator and proposer.</param>
    /// <param name="observersMax">Observers at a time.</param>
    /// <param name="connected">The peers of now.</param>
    public ChainPeers(ChainLedger ledger, int observersMax, Func<IEnumerable<IPeer>> connected)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        this.ledger = ledger;
        this.observersMax = observersMax;
        this.connected = connected;
    }

    /// <summary>Whether this identity may connect in this role.</summary>
    public bool Accepts(Address identity, PeerRole role) => role switch
    {
        PeerRole.Validator => ledger.Rules.Committees.MayServeAsValidator(identity, ledger.HeadState),
        PeerRole.Proposer => ledger.Rules.Committees.MayServeAsProposer(identity, ledger.HeadState),
        PeerRole.Observer => connected().Count(peer => peer.Role == PeerRole.Observer && peer.Identity != identity) < observersMax,
        _ => false,
    };

    /// <summary>Whether this identity finds a place where all are taken: deposits cost what comes back, so they must not keep who serves out.</summary>
    public bool HoldsPlace(Address identity, PeerRole role) => role switch
    {
        PeerRole.Validator => ledger.Rules.Committees.MayServeAsValidator(identity, ledger.HeadState),
        PeerRole.Proposer when ledger.HeadState is { } head => ledger.Rules.Committees.HoldsSeat(identity, head.Number, head),
        _ => false,
    };
}
