namespace CPChain.Network;

/// <summary>Why a handshake ended without a connection. The numbers travel on the wire (rule W3.4).</summary>
public enum HandshakeFault : byte
{
    None = 0,
    WrongVersion = 1,
    WrongChain = 2,
    WrongGenesis = 3,
    BadProof = 4,
    NotAllowed = 5,
    WrongIdentity = 6,
    SelfConnection = 7,
    TooManyPeers = 8,
    Malformed = 9,

    /// <summary>The deadline passed, the socket closed or TLS failed; never sent on the wire.</summary>
    Unreachable = 255,
}

/// <summary>A typed refusal: its cause, who refused, and one sentence that says what to do.</summary>
public sealed record Refusal(HandshakeFault Fault, bool ByPeer, string Message)
{
    internal static Refusal WrongVersion(byte theirs, bool byPeer) => new(
        HandshakeFault.WrongVersion,
        byPeer,
        $"The peer speaks wire version {theirs}, this node speaks version {Hello.WireVersion}: "
        + (theirs > Hello.WireVersion ? "upgrade this node." : "upgrade the peer."));

    internal static Refusal Of(HandshakeFault fault, bool byPeer) => new(fault, byPeer, (byPeer ? "The peer refused: " : "") + fault switch
    {
        HandshakeFault.WrongChain => "the chain ids differ: check the genesis file of both nodes.",
        HandshakeFault.WrongGenesis => "the genesis hashes differ: both nodes must start from the same genesis file.",
        HandshakeFault.BadProof => "the identity proof does not match this TLS connection: wrong key, or somebody in the middle.",
        HandshakeFault.NotAllowed => "the identity is not on the allow list: add its address there.",
        HandshakeFault.WrongIdentity => "another identity answers at the configured endpoint: check address and endpoint of the peer list.",
        HandshakeFault.SelfConnection => "the endpoint is this node itself: remove it from the peer list.",
        HandshakeFault.TooManyPeers => "all connection places are taken: try another peer or raise the limit.",
        HandshakeFault.Malformed => "the handshake is not that of this protocol: check that the port belongs to a CPChain node.",
        HandshakeFault.Unreachable => "no handshake within the deadline: check that the node runs and the endpoint is right.",
        _ => $"unknown reason {(byte)fault}: the peer may be newer.",
    });
}
