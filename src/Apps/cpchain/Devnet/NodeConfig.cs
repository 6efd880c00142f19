using System.Text.Json;
using System.Text.Json.Serialization;

namespace CPChain.App.Devnet;

/// <summary>What one node of a network does.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NodeRole>))]
public enum NodeRole
{
    /// <summary>Votes on blocks; one of 3f+1.</summary>
    Validator,

    /// <summary>Builds the block of its numbers.</summary>
    Proposer,

    /// <summary>Keeps shards and key-to-block records.</summary>
    Storage,

    /// <summary>Re-encrypts for buyers.</summary>
    Proxy,
}

/// <summary>Another node that this one talks to.</summary>
/// <param name="Address">Its chain address, as lower-case hex.</param>
/// <param name="Endpoint">Where it listens, as host:port.</param>
public sealed record PeerConfig(string Address, string Endpoint);

/// <summary>Everything one node needs to start, as it lies in the file node.json of its folder.</summary>
/// <param name="Version">Format version; 1.</param>
/// <param name="Name">Name in messages and logs, for instance "validator-1".</param>
/// <param name="Role">What it does.</param>
/// <param name="Listen">host:port for other nodes.</param>
/// <param name="RpcPort">Port of its JSON-RPC on loopback, or 0 for none.</param>
/// <param name="RpcUrl">For storage nodes and proxies: the JSON-RPC of the chain node that they ask.</param>
/// <param name="Genesis">Path of the genesis file, relative to the node's folder.</param>
/// <param name="PassphraseFile">Path of the passphrase file, relative to the node's folder.</param>
/// <param name="Peers">Nodes to connect to.</param>
public sealed record NodeConfig(
    int Version,
    string Name,
    NodeRole Role,
    string Listen,
    int RpcPort,
    string? RpcUrl,
    string Genesis,
    string PassphraseFile,
    IReadOnlyList<PeerConfig> Peers)
{
    public const int CurrentVersion = 1;
    public const string FileName = "node.json";
}

/// <summary>One node in the plan of a local network.</summary>
public sealed record PlannedNode(string Name, NodeRole Role, string Address, int Port, int RpcPort);

/// <summary>A whole local network, as it lies in the file devnet.json of its folder.</summary>
/// <param name="Version">Format version; 1.</param>
/// <param name="ChainId">EIP-155 chain id.</param>
/// <param name="PeriodMs">Block period, milliseconds.</param>
/// <param name="Nodes">All nodes, chain nodes first.</param>
public sealed record DevnetPlan(int Version, ulong ChainId, ulong PeriodMs, IReadOnlyList<PlannedNode> Nodes)
{
    public const int CurrentVersion = 1;
    public const string FileName = "devnet.json";

    /// <summary>The node whose JSON-RPC people and tools use: never one that the demo stops.</summary>
    public PlannedNode Front => Nodes.First(node => node.Role == NodeRole.Proposer);

    public IEnumerable<PlannedNode> Of(NodeRole role) => Nodes.Where(node => node.Role == role);
}

/// <summary>JSON of the files in a devnet folder, generated at build time.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, WriteIndented = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(NodeConfig))]
[JsonSerializable(typeof(DevnetPlan))]
internal sealed partial class DevnetJson : JsonSerializerContext;
