using System.CommandLine;
using System.Globalization;
using CPChain.App.Bench;
using CPChain.App.Terminal;

namespace CPChain.App.Commands;

/// <summary>`cpchain bench`: figures of this machine, with a peer or a limit beside each.</summary>
internal static class BenchCommand
{
    private static readonly IBenchmark[] All =
        [new CodecBenchmark(), new PipelineBenchmark(), new LatencyBenchmark(), new TransferBenchmark(), new RulesBenchmark(), new LbftStepBenchmark(), new NodesBenchmark(), new PlatformBenchmark(), new RecoveryBenchmark(), new CheckpointBenchmark(),
            new IngestBenchmark(), new CommitBenchmark(), new ImportBenchmark(), new IdleBenchmark()];

    public static Command Create()
    {
        Argument<string[]> names = new("NAME")
        {
            Description = string.Join("; ", All.Select(one => $"{one.Name}: {one.About}")) + ". When none is named all but commit, import and idle, which take minutes.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<FileInfo?> data = new("--data")
        {
            Description = "A CSV file of a time series for the codec. Without it readings are made from a fixed rule.",
            HelpName = "FILE.csv",
        };
        Option<int> accounts = new("--accounts")
        {
            Description = "Accounts of the state for commit and import.",
            HelpName = "N",
            DefaultValueFactory = _ => 1_000_000,
        };
        accounts.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 50_000 or > 10_000_000) result.AddError("--accounts must be 50000 to 10000000.");
        });
        Option<bool> json = new("--json") { Description = "Print a JSON list of objects: name, value, unit, peer, peerValue, machine." };
        Command command = new("bench", "Measure this machine.") { names, data, accounts, json };
        command.SetAction((parsed, cancel) => RunAsync(
            parsed.GetValue(names) ?? [], parsed.GetValue(data)?.FullName, parsed.GetValue(accounts), parsed.GetValue(json), cancel));
        return command;
    }

    private static async Task<int> RunAsync(string[] names, string? file, int accounts, bool json, CancellationToken cancel)
    {
        IBenchmark[] chosen = names.Length == 0 ? [.. All.Where(one => !one.IsLong)] : [.. names.Select(Find)];
        Output output = Output.ForCommand(json);
        output.Line(Machine.Text);
        List<BenchResult> results = [];
        foreach (IBenchmark benchmark in chosen)
        {
            BenchInput input = new(file, what => output.Detail($"{benchmark.Name}: {what}"), accounts);
            foreach (BenchResult result in await benchmark.RunAsync(input, cancel))
            {
                results.Add(result);
                output.Line(Line(result));
            }
        }

        if (json) Console.WriteLine(BenchResult.ToJson(results));
        return 0;
    }

    private static string Line(BenchResult result)
    {
        string line = $"  {result.Name,-60} {result.Value.ToString("N2", CultureInfo.InvariantCulture),14} {result.Unit}";
        return result.Peer is null ? line
            : $"{line}   ({result.Peer}: {result.PeerValue?.ToString("N2", CultureInfo.InvariantCulture)})";
    }

    private static IBenchmark Find(string name) => Array.Find(All, one => one.Name == name)
        ?? throw new CommandFault($"there is no benchmark named {name}.", $"name one of: {string.Join(", ", All.Select(one => one.Name))}.");
}
