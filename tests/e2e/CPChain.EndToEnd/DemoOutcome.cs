using System.Text.Json;

namespace CPChain.EndToEnd;

/// <summary>A demo that ran to its end with --json.</summary>
internal sealed record DemoOutcome(int ExitCode, string Output, string Errors, string Arguments, string Marker, string Work)
{
    private JsonElement? report;

    /// <summary>The one object on standard output.</summary>
    public JsonElement Report => report ??= JsonDocument.Parse(Output).RootElement;

    public long Number(string name) => Report.GetProperty(name).GetInt64();

    /// <summary>A folder that takes the program's temporary files, to see what stays in it.</summary>
    public static string WorkFolder(TempFolder temp) => Directory.CreateDirectory(temp["tmp"]).FullName;

    // The runtime's diagnostic sockets would lie there too.
    public static Dictionary<string, string> Environment(string work) => new() { ["TMPDIR"] = work, ["DOTNET_EnableDiagnostics"] = "0" };

    public static async Task<DemoOutcome> RunAsync(TempFolder temp, TimeSpan within, params string[] options)
    {
        string work = WorkFolder(temp);
        await using CpchainProcess demo = CpchainProcess.Start(Environment(work), ["demo", "--json", .. options]);
        HashSet<string> arguments = [];
        Task<int> ending = demo.ExitAsync(within);
        while (await Task.WhenAny(ending, Task.Delay(500)) != ending) arguments.Add(ProcessTable.ArgumentsOf(demo.Marker));
        return new DemoOutcome(await ending, demo.Output, demo.Errors, string.Join('\n', arguments), demo.Marker, work);
    }

    /// <summary>Every check passed, somebody was paid, and the report has what machines read.</summary>
    public void AssertPassed()
    {
        Assert.True(Output.StartsWith('{'), $"exit code {ExitCode}\n{Output}\n{Errors}");
        string failed = string.Join('\n', Report.GetProperty("checks").EnumerateArray()
            .Where(check => !check.GetProperty("passed").GetBoolean())
            .Select(check => $"{check.GetProperty("name")}: {check.GetProperty("proven")}"));
        Assert.True(failed.Length == 0, failed);
        Assert.Equal(0, ExitCode);
        Assert.Equal("", Errors.Trim());
        Assert.True(Report.GetProperty("checks").GetArrayLength() >= 10);
        Assert.True(Number("anchors") >= 1);
        Assert.True(Number("blocks") >= 1);
        Assert.True(Number("impeachBlocks") >= 1, "the killed proposer's number is filled by an impeach block");
        Assert.True(Number("compressedBytes") > 0 && Number("storedBytes") > Number("compressedBytes"));
        Assert.NotEqual("0", Report.GetProperty("sellerPaid").GetString());
        Assert.Equal(3, Report.GetProperty("proxiesPaid").GetArrayLength());
        foreach (JsonElement paid in Report.GetProperty("proxiesPaid").EnumerateArray()) Assert.NotEqual("0", paid.GetProperty("amount").GetString());
        Assert.True(Number("elapsedMs") > 0);
        Console.WriteLine($"demo: {Number("elapsedMs")} ms; {string.Join(", ", Report.GetProperty("stages").EnumerateArray().Select(s => $"{s.GetProperty("name")} {s.GetProperty("milliseconds")}"))}");
    }

    public void AssertLeavesNothing()
    {
        Assert.Empty(ProcessTable.With(Marker));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Work));
    }
}
