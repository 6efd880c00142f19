using System.CommandLine;
using CPChain.App.Devnet;

namespace CPChain.App.Commands;

/// <summary>`cpchain node`: one node from its folder, until its standard input closes or a signal comes.</summary>
internal static class NodeCommand
{
    public static Command Create()
    {
        Option<DirectoryInfo> dir = new("--dir")
        {
            Description = "The node's folder, with node.json and its key.",
            HelpName = "DIR",
            Required = true,
        };
        Option<bool> archive = ArchiveOption();
        Command command = new("node", "Run one node of a network from its folder. Ends when standard input closes, or on Ctrl-C.")
        {
            dir, archive, NodeInitCommand.Create(),
        };
        command.SetAction((parsed, cancel) => RunAsync(parsed.GetRequiredValue(dir).FullName, parsed.GetValue(archive), cancel));
        return command;
    }

    public static Option<bool> ArchiveOption() => new("--archive")
    {
        Description = "Keep the state and proofs of every block from now on, not of the last 256 alone. "
            + "A folder that has become an archive is not opened without it, so that nothing is pruned by mistake.",
    };

    private static async Task<int> RunAsync(string folder, bool isArchive, CancellationToken cancel)
    {
        string configPath = Path.Combine(folder, NodeConfig.FileName);
        if (!File.Exists(configPath))
        {
            throw new CommandFault($"there is no {NodeConfig.FileName} in {folder}.", "name a node's folder, such as DIR/nodes/validator-1.");
        }

        NodeConfig config = DevnetFolder.ReadJson(configPath, DevnetJson.Default.NodeConfig);
        if (config.Version != NodeConfig.CurrentVersion)
        {
            throw new CommandFault(
                $"{configPath} has version {config.Version}; this program knows {NodeConfig.CurrentVersion}.",
                "use the program that wrote it.");
        }

        await using IAsyncDisposable server = await NodeServers.StartAsync(folder, config, new NodeHooks(IsArchive: isArchive), cancel);
        if (server is ChainServer { Node.Ledger.ArchiveFrom: { } first })
        {
            Console.WriteLine($"archive: state and proofs of every block from {first} on are kept");
        }

        Console.WriteLine(ChildNode.ReadyLine);
        Task failed = server is ChainServer chain ? chain.Node.Completion : Task.Delay(Timeout.Infinite, cancel);
        Task ended = await Task.WhenAny(failed, InputClosedAsync(cancel));
        await ended;
        return 0;
    }

    // Whoever started this node holds the other end; when it is gone, so is the reason to run.
    private static async Task InputClosedAsync(CancellationToken cancel)
    {
        if (!Console.IsInputRedirected)
        {
            await Task.Delay(Timeout.Infinite, cancel);
            return;
        }

        using Stream input = Console.OpenStandardInput();
        byte[] buffer = new byte[256];
        while (await input.ReadAsync(buffer, cancel) > 0)
        {
        }
    }
}
