using System.CommandLine;
using CPChain.App.Devnet;
using CPChain.App.Terminal;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.App.Commands;

/// <summary>`cpchain node init`: the folder of a node that joins a local network as a proposer.</summary>
internal static class NodeInitCommand
{
    private const int PortMax = 65_535;

    public static Command Create()
    {
        Option<DirectoryInfo> network = new("--network")
        {
            Description = "Folder of the local network, as 'cpchain devnet --dir' has it.",
            HelpName = "DIR",
            Required = true,
        };
        Option<DirectoryInfo> dir = new("--dir")
        {
            Description = "The node's folder. An identity there is used, else one is made.",
            HelpName = "FOLDER",
            Required = true,
        };
        Option<int> rpcPort = new("--rpc-port") { Description = "Port of the node's own JSON-RPC; 0 for none.", HelpName = "PORT" };
        Option<bool> json = new("--json") { Description = "Print one JSON object." };
        Command command = new(
            "init", "Make the folder of a proposer's node. Example: cpchain node init --network cpchain-devnet --dir my-node")
        {
            network, dir, rpcPort, json,
        };
        command.SetAction(parsed => Init(
            parsed.GetRequiredValue(network).FullName, parsed.GetRequiredValue(dir).FullName, parsed.GetValue(rpcPort),
            new Answer(parsed.GetValue(json))));
        return command;
    }

    private static void Init(string network, string folder, int rpcPort, Answer answer)
    {
        if (!File.Exists(Path.Combine(network, DevnetPlan.FileName)))
        {
            throw new CommandFault(
                $"--network {network} is no network: there is no {DevnetPlan.FileName} in it.", "start one: cpchain devnet --dir DIR.");
        }

        if (rpcPort is < 0 or > PortMax) throw new CommandFault($"--rpc-port {rpcPort} is no port.", "take 1024 to 65535, or 0 for none.");
        if (rpcPort != 0) FreePorts.Demand(rpcPort, "--rpc-port");
        Address address = ProposerFolder.Create(DevnetFolder.Open(network), folder, rpcPort);
        answer.Fact("address", "address", AddressChecksum.Format(address));
        answer.Fact("folder", "folder", folder);
        answer.Next($"Validators let it connect once its account is an RNode (cpchain rnode join). Run it: cpchain node --dir {folder}");
        answer.Close();
    }
}
