using System.Text.Json;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.App.Devnet;

/// <summary>The folder of a node that joins a local network as a proposer: an identity, the network's block 0, and its chain nodes as peers.</summary>
public static class ProposerFolder
{
    private const string GenesisFile = "genesis.json";
    private const string PassphraseFile = "passphrase";

    /// <summary>Makes the folder; an identity that lies there stays. The node's address.</summary>
    /// <param name="network">The network, whose nodes need not run now.</param>
    /// <param name="folder">The node's folder, not of the network.</param>
    /// <param name="rpcPort">Port of its JSON-RPC, or 0 for none.</param>
    public static Address Create(DevnetFolder network, string folder, int rpcPort)
    {
        if (File.Exists(Path.Combine(folder, NodeConfig.FileName)))
            throw new CommandFault($"--dir {folder} is a node's folder already; its {NodeConfig.FileName} is not overwritten.", "name a new folder.");
        using PrivateKey key = Identities.OpenOrCreate(folder, Path.Combine(folder, PassphraseFile));
        // A copy, so that the node does not need the network's folder.
        File.Copy(network.GenesisPath, Path.Combine(folder, GenesisFile), overwrite: true);
        int port = FreePorts.Take(1, rpcPort, rpcPort == 0 ? 0 : 1)[0];
        NodeConfig config = new(
            NodeConfig.CurrentVersion,
            $"proposer-{key.Address.ToString()[2..8]}",
            NodeRole.Proposer,
            $"127.0.0.1:{port}",
            rpcPort,
            RpcUrl: null,
            GenesisFile,
            PassphraseFile,
            [.. network.Plan.Nodes.Where(peer => peer.Role is NodeRole.Validator or NodeRole.Proposer)
                .Select(peer => new PeerConfig(peer.Address, $"127.0.0.1:{peer.Port}"))]);
        File.WriteAllText(Path.Combine(folder, NodeConfig.FileName), JsonSerializer.Serialize(config, DevnetJson.Default.NodeConfig));
        return key.Address;
    }
}
