namespace CPChain.Network;

/// <summary>What a peer says it does; signed with the hello, so it is as good as the peer's key (rule W2.1).</summary>
public enum PeerRole : byte
{
    Validator = 1,
    Proposer = 2,
    Observer = 3,
    Storage = 4,
    Proxy = 5,
    Client = 6,
}
