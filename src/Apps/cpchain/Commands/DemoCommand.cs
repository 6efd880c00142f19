using System.CommandLine;
using CPChain.App.Demo;
using CPChain.App.Terminal;

namespace CPChain.App.Commands;

/// <summary>`cpchain demo`: the whole promise on one machine.</summary>
internal static class DemoCommand
{
    private const int SecondsDefault = 20;
    private const int RateDefault = 10;

    public static Command Create()
    {
        Option<FileInfo?> data = new("--data")
        {
            Description = "A CSV file of a time series instead of this machine's sensors: a header row, then one row a reading.",
            HelpName = "FILE.csv",
        };
        Option<string?> time = new("--time")
        {
            Description = "Column that holds the time, in seconds or as a date. Without it the row's number is its time in seconds.",
            HelpName = "COLUMN",
        };
        Option<int> seconds = new("--seconds")
        {
            Description = "How long this machine's sensors are sampled, 2 to 3600.",
            HelpName = "N",
            DefaultValueFactory = _ => SecondsDefault,
        };
        Option<bool> processes = new("--processes") { Description = "Run every node, gateway, seller and buyer as a process of its own." };
        Option<DirectoryInfo?> keep = new("--keep")
        {
            Description = "Leave stores, keys, logs and the received file in this new folder. Without it nothing stays.",
            HelpName = "DIR",
        };
        Option<bool> json = new("--json") { Description = "Print one JSON object instead of the story." };
        Command command = new("demo", "Real readings: protected, proven on a chain, sold, delivered by proxies that cannot read them, paid for.")
        {
            data, time, seconds, processes, keep, json,
        };
        command.SetAction((parsed, cancel) => RunAsync(
            new DemoOptions(
                parsed.GetValue(data)?.FullName,
                parsed.GetValue(time),
                TimeSpan.FromSeconds(Bounded(parsed.GetValue(seconds))),
                TimeSpan.FromSeconds(1.0 / RateDefault),
                parsed.GetValue(processes),
                parsed.GetValue(keep)?.FullName,
                parsed.GetValue(json)),
            cancel));
        return command;
    }

    private static async Task<int> RunAsync(DemoOptions options, CancellationToken cancel)
    {
        Output output = Output.ForCommand(options.Json);
        DemoReport report = await new DemoRun(options, DemoHooks.None, output).RunAsync(cancel);
        if (options.Json) Console.WriteLine(report.ToJson());
        else DemoSummary.Print(report, output);
        return report.AllPassed ? 0 : CommandFault.FailedExitCode;
    }

    private static int Bounded(int seconds) => seconds is >= 2 and <= 3600
        ? seconds : throw new CommandFault($"--seconds {seconds} is out of range.", "choose 2 to 3600.");
}
