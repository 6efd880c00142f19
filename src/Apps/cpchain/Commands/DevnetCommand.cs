using System.CommandLine;
using CPChain.App.Devnet;
using CPChain.App.Terminal;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Sdk;
using CPChain.Types;

namespace CPChain.App.Commands;

/// <summary>`cpchain devnet`: a local chain that stays up until Ctrl-C and goes on where it stopped.</summary>
internal static class DevnetCommand
{
    private const ulong PeriodMsDefault = 1_000;
    private const int RpcPortDefault = 8545;

    public static Command Create()
    {
        Option<DirectoryInfo> dir = new("--dir")
        {
            Description = "Folder of the network. A new one is made; an existing one goes on where it stopped.",
            HelpName = "DIR",
            DefaultValueFactory = _ => new DirectoryInfo("cpchain-devnet"),
        };
        Option<bool> processes = new("--processes") { Description = "Run every node as a process of its own." };
        Option<int> rpcPort = new("--rpc-port")
        {
            Description = "Port of the first node's JSON-RPC; the other nodes take the next seven. For a new folder.",
            HelpName = "PORT",
            DefaultValueFactory = _ => RpcPortDefault,
        };
        Option<ulong> period = new("--period")
        {
            Description = "Milliseconds from block to block, 100 or more. For a new folder.",
            HelpName = "MS",
            DefaultValueFactory = _ => PeriodMsDefault,
        };
        Option<bool> archive = NodeCommand.ArchiveOption();
        Command command = new("devnet", "A local chain: 4 validators, 4 proposers, JSON-RPC, funded accounts. Ctrl-C ends it.")
        {
            dir, processes, rpcPort, period, archive,
        };
        command.SetAction((parsed, cancel) => RunAsync(
            parsed.GetRequiredValue(dir).FullName, parsed.GetValue(processes), parsed.GetValue(rpcPort), parsed.GetValue(period),
            new NodeHooks(IsArchive: parsed.GetValue(archive)), cancel));
        return command;
    }

    private static async Task<int> RunAsync(
        string root, bool processes, int rpcPort, ulong periodMs, NodeHooks hooks, CancellationToken cancel)
    {
        DevnetOptions.Check(rpcPort, periodMs);
        Output output = Output.ForCommand(json: false);
        DevnetShape shape = new(periodMs, Validators: 4, Proposers: 4, StorageNodes: 0, Proxies: 0, rpcPort);
        bool isNew = !File.Exists(Path.Combine(root, DevnetPlan.FileName));
        if (isNew) DevnetOptions.DemandPorts(rpcPort);
        DevnetFolder folder = DevnetFolder.OpenOrCreate(root, shape, (ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        output.Line($"Network in {folder.Root}, chain id {folder.Plan.ChainId}, a block every {folder.Plan.PeriodMs} ms.");
        await using LocalNetwork network = await StartAsync(folder, isNew, processes, hooks, cancel);
        if (hooks.IsArchive) output.Line("Every node keeps state and proofs of every block from now on.");
        PrintAccounts(output);
        output.Heading($"JSON-RPC: {network.RpcUrl}");
        output.Line("Ctrl-C ends it; the same command goes on where it stopped.");
        return await network.GuardAsync(stopping => WatchAsync(network, output, stopping), cancel);
    }

    private static async Task<LocalNetwork> StartAsync(
        DevnetFolder folder, bool isNew, bool processes, NodeHooks hooks, CancellationToken cancel)
    {
        try
        {
            return await LocalNetwork.StartAsync(folder, processes, hooks, cancel);
        }
        catch (Exception failure) when (isNew && Failures.TryExplain(failure, out _))
        {
            // It has never run: nothing is lost, and nothing half-made stays.
            Directory.Delete(folder.Root, recursive: true);
            throw;
        }
    }

    private static async Task<int> WatchAsync(LocalNetwork network, Output output, CancellationToken cancel)
    {
        using ChainClient client = network.Connect();
        ulong shown = ulong.MaxValue;
        await foreach (ulong number in new HeadWatch(client, TimeSpan.FromMilliseconds(network.Folder.Plan.PeriodMs)).NumbersAsync(cancel))
        {
            if (shown == ulong.MaxValue) output.Line($"running: block {number}");
            else if (!Console.IsOutputRedirected) Console.Write($"\rblock {number} ");
            shown = number;
        }

        return 0;
    }

    private static void PrintAccounts(Output output)
    {
        output.Heading($"Accounts with {DevnetGenesis.AccountCpc:N0} CPC each. Everybody has these keys: never use them elsewhere.");
        Span<byte> secret = stackalloc byte[Hash256.Length];
        for (int i = 0; i < DevnetAccounts.Count; i++)
        {
            using PrivateKey key = DevnetAccounts.Key(i);
            key.CopyTo(secret);
            output.Line($"  ({i}) {AddressChecksum.Format(key.Address)}  {Hex.Encode(secret)}");
        }
    }
}
