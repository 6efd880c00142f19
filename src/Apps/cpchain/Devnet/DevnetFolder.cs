using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Keystore;
using CPChain.Types;

namespace CPChain.App.Devnet;

/// <summary>What a new local network consists of.</summary>
/// <param name="PeriodMs">Block period, milliseconds, at least 100.</param>
/// <param name="Validators">3f+1.</param>
/// <param name="RpcPort">JSON-RPC port of the first chain node; the others follow it. 0 takes free ones.</param>
public sealed record DevnetShape(ulong PeriodMs, int Validators, int Proposers, int StorageNodes, int Proxies, int RpcPort);

/// <summary>
/// The folder of a local network: devnet.json (the plan), genesis.json, passphrase, and one folder a node with its identity,
/// node.json, stores and log.
/// </summary>
public sealed class DevnetFolder
{
    private const string GenesisFile = "genesis.json";
    private const string PassphraseFile = "passphrase";
    private const string NodesFolder = "nodes";
    private const string NewSuffix = ".new";

    private DevnetFolder(string root, DevnetPlan plan, Genesis genesis)
    {
        Root = root;
        Plan = plan;
        Genesis = genesis;
    }

    public string Root { get; }

    public DevnetPlan Plan { get; }

    public Genesis Genesis { get; }

    public string GenesisPath => Path.Combine(Root, GenesisFile);

    public string PassphrasePath => Path.Combine(Root, PassphraseFile);

    /// <summary>Opens the network that lies in <paramref name="root"/>, or makes a new one there.</summary>
    public static DevnetFolder OpenOrCreate(string root, DevnetShape shape, ulong nowMs)
    {
        string planPath = Path.Combine(root, DevnetPlan.FileName);
        if (File.Exists(planPath)) return Open(root);
        if (Directory.Exists(root) && Directory.EnumerateFileSystemEntries(root).Any(path => !IsOwn(path)))
        {
            throw new CommandFault(
                $"the folder {root} holds something else: there is no {DevnetPlan.FileName} in it.",
                "name an empty or a new folder with --dir.");
        }

        return Create(root, shape, nowMs);
    }

    /// <summary>Whether a node of this network has ever been started.</summary>
    public bool HasRun => Plan.Nodes.Any(node => Directory.Exists(Path.Combine(FolderOf(node), "data")));

    public string FolderOf(PlannedNode node) => Path.Combine(Root, NodesFolder, node.Name);

    private static bool IsOwn(string path) =>
        Path.GetFileName(path) is GenesisFile or PassphraseFile or NodesFolder or PassphraseFile + NewSuffix or DevnetPlan.FileName + NewSuffix;

    /// <summary>Opens the network that lies in <paramref name="root"/>.</summary>
    public static DevnetFolder Open(string root)
    {
        DevnetPlan plan = ReadJson(Path.Combine(root, DevnetPlan.FileName), DevnetJson.Default.DevnetPlan);
        if (plan.Version != DevnetPlan.CurrentVersion)
        {
            throw new CommandFault(
                $"{DevnetPlan.FileName} in {root} has version {plan.Version}; this program knows {DevnetPlan.CurrentVersion}.",
                "use the program that wrote it, or name a new folder with --dir.");
        }

        return new DevnetFolder(root, plan, ReadGenesis(Path.Combine(root, GenesisFile)));
    }

    public static Genesis ReadGenesis(string path)
    {
        if (!Genesis.TryParse(File.ReadAllText(path), out Genesis? genesis, out GenesisFault fault))
        {
            throw Failures.WithFix($"{path}: {fault}", "; ", "mend the field, or restore the file.", CommandFault.UsageExitCode);
        }

        return genesis;
    }

    public static T ReadJson<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), type)
                ?? throw new CommandFault($"{path} is empty.", "restore the file, or name a new folder.");
        }
        catch (JsonException fault)
        {
            throw new CommandFault($"{path} cannot be read: {fault.Message}", "restore the file, or name a new folder.");
        }
    }

    private static DevnetFolder Create(string root, DevnetShape shape, ulong nowMs)
    {
        Directory.CreateDirectory(root);
        List<PlannedNode> nodes = [];
        (NodeRole Role, int Count)[] roles =
        [
            (NodeRole.Proposer, shape.Proposers), (NodeRole.Validator, shape.Validators),
            (NodeRole.Storage, shape.StorageNodes), (NodeRole.Proxy, shape.Proxies),
        ];
        int chainNodes = shape.Proposers + shape.Validators;
        int[] ports = FreePorts.Take(
            roles.Sum(role => role.Count) + (shape.RpcPort == 0 ? chainNodes : 0), shape.RpcPort, chainNodes);
        foreach ((NodeRole role, int count) in roles)
        {
            for (int i = 0; i < count; i++)
            {
                int index = nodes.Count;
                string name = $"{role.ToString().ToLowerInvariant()}-{i + 1}";
                int rpcPort = index >= chainNodes ? 0
                    : shape.RpcPort == 0 ? ports[^(index + 1)] : shape.RpcPort + index;
                Address address = CreateIdentity(root, name);
                nodes.Add(new PlannedNode(name, role, address.ToString(), ports[index], rpcPort));
            }
        }

        DevnetPlan plan = new(DevnetPlan.CurrentVersion, DevnetAccounts.ChainId, shape.PeriodMs, nodes);
        Genesis genesis = DevnetGenesis.Create(
            nowMs, shape.PeriodMs, AddressesOf(plan, NodeRole.Validator), AddressesOf(plan, NodeRole.Proposer));
        File.WriteAllText(Path.Combine(root, GenesisFile), genesis.Print());
        foreach (PlannedNode node in nodes) WriteNode(root, plan, node);

        // Moved there whole and last: a folder without a plan is not a network yet, and is begun again.
        string planPath = Path.Combine(root, DevnetPlan.FileName);
        File.WriteAllText(planPath + NewSuffix, JsonSerializer.Serialize(plan, DevnetJson.Default.DevnetPlan));
        File.Move(planPath + NewSuffix, planPath);
        return new DevnetFolder(root, plan, genesis);
    }

    private static void WriteNode(string root, DevnetPlan plan, PlannedNode node)
    {
        bool isChainNode = node.Role is NodeRole.Validator or NodeRole.Proposer;
        IEnumerable<PlannedNode> peers = plan.Nodes.Where(peer => peer.Name != node.Name
            && peer.Role is NodeRole.Validator or NodeRole.Proposer == isChainNode);
        NodeConfig config = new(
            NodeConfig.CurrentVersion,
            node.Name,
            node.Role,
            $"127.0.0.1:{node.Port}",
            node.RpcPort,
            isChainNode ? null : $"http://127.0.0.1:{plan.Front.RpcPort}",
            Path.Combine("..", "..", GenesisFile),
            Path.Combine("..", "..", PassphraseFile),
            [.. peers.Select(peer => new PeerConfig(peer.Address, $"127.0.0.1:{peer.Port}"))]);
        File.WriteAllText(
            Path.Combine(root, NodesFolder, node.Name, NodeConfig.FileName),
            JsonSerializer.Serialize(config, DevnetJson.Default.NodeConfig));
    }

    private static Address CreateIdentity(string root, string name)
    {
        using PrivateKey key = Identities.OpenOrCreate(Path.Combine(root, NodesFolder, name), Path.Combine(root, PassphraseFile));
        return key.Address;
    }

    private static ImmutableArray<Address> AddressesOf(DevnetPlan plan, NodeRole role) =>
        [.. plan.Of(role).Select(node => Address.Parse(node.Address))];
}
