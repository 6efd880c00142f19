using System.CommandLine;
using CPChain.App.Demo.People;
using CPChain.App.Devnet;

namespace CPChain.App.Commands;

/// <summary>`cpchain person`: a seller, gateway or buyer from its folder, told what to do line by line on standard input.</summary>
internal static class PersonCommand
{
    public static Command Create()
    {
        Option<DirectoryInfo> dir = new("--dir")
        {
            Description = "The person's folder, with person.json.",
            HelpName = "DIR",
            Required = true,
        };
        Command command = new(
            "person", "Run a seller, a gateway or a buyer of a demo from its folder. Ends when standard input closes, or on Ctrl-C.") { dir };
        command.SetAction((parsed, cancel) => RunAsync(parsed.GetRequiredValue(dir).FullName, cancel));
        return command;
    }

    private static async Task<int> RunAsync(string folder, CancellationToken cancel)
    {
        string configPath = Path.Combine(folder, PersonConfig.FileName);
        if (!File.Exists(configPath))
        {
            throw new CommandFault($"there is no {PersonConfig.FileName} in {folder}.", "name a person's folder, such as DIR/people/buyer.");
        }

        PersonConfig config = DevnetFolder.ReadJson(configPath, PersonConfigJson.Default.PersonConfig);
        if (config.Version != PersonConfig.CurrentVersion)
        {
            throw new CommandFault(
                $"{configPath} has version {config.Version}; this program knows {PersonConfig.CurrentVersion}.", "use the program that wrote it.");
        }

        using Stream input = Console.OpenStandardInput();
        using Stream output = Console.OpenStandardOutput();
        await PersonServer.RunAsync(folder, config, input, output, cancel);
        return 0;
    }
}
