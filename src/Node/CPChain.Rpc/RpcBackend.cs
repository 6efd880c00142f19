using CPChain.TxPool;
using CPChain.Types;

namespace CPChain.Rpc;

/// <summary>One connected peer, as <c>cpc_peers</c> shows it.</summary>
public sealed record PeerFacts(Address Identity, string Role, string Endpoint, bool IsDialed);

/// <summary>What a node counted since its start, as <c>cpc_nodeInfo</c> shows it.</summary>
/// <param name="FinalBlocks">Blocks that became final, imported ones included.</param>
/// <param name="ImpeachBlocks">Impeach blocks among them.</param>
/// <param name="ImportedBlocks">Blocks taken from peers because the node was behind.</param>
/// <param name="RefusedSignatures">Signatures that the signer's record refused; 0 on a sound node.</param>
/// <param name="Misconduct">Proofs seen that a member contradicted itself.</param>
/// <param name="Alarms">Times that the node stopped voting for good.</param>
public sealed record ConsensusFacts(
    long FinalBlocks, long ImpeachBlocks, long ImportedBlocks, long RefusedSignatures, long Misconduct, long Alarms);

/// <summary>What an RPC server answers from: the parts of a node, composed by its program.</summary>
public sealed record RpcBackend
{
    public required IChainSource Chain { get; init; }

    public required TransactionPool Pool { get; init; }

    /// <summary>Name of the network, from the genesis.</summary>
    public required string NetworkName { get; init; }

    /// <summary>Name and version of the program.</summary>
    public string ClientVersion { get; init; } = "cpchain";

    /// <summary>What the node does: validator, proposer or observer.</summary>
    public string Role { get; init; } = "observer";

    /// <summary>The node's own address, where it has one.</summary>
    public Address? Identity { get; init; }

    /// <summary>The peers of the moment.</summary>
    public Func<IReadOnlyList<PeerFacts>> Peers { get; init; } = static () => [];

    /// <summary>What the consensus has counted; null on a node without one.</summary>
    public Func<ConsensusFacts?> Consensus { get; init; } = static () => null;

    /// <summary>The highest block that any peer is known to have; null when nobody said.</summary>
    public Func<ulong?> HighestKnown { get; init; } = static () => null;
}

/// <summary>The backend as the methods see it.</summary>
internal sealed class RpcNode(RpcBackend backend)
{
    public ChainReader Chain { get; } = new(backend.Chain);

    public TransactionPool Pool => backend.Pool;

    public string NetworkName => backend.NetworkName;

    public string ClientVersion => backend.ClientVersion;

    public string Role => backend.Role;

    public Address? Identity => backend.Identity;

    public IReadOnlyList<PeerFacts> Peers() => backend.Peers();

    public ConsensusFacts? Consensus() => backend.Consensus();

    public ulong? HighestKnown() => backend.HighestKnown();
}
