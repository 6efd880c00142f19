using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CPChain.App.Devnet;
using CPChain.Crypto;
using CPChain.Keystore;
using CPChain.Types;

namespace CPChain.EndToEnd;

/// <summary>`cpchain demo` as a person runs it: what it reports, what it leaves, what it never shows.</summary>
public sealed class DemoTests
{
    // A minute on an idle machine that does nothing else; more than that is measured elsewhere.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    [Fact]
    public async Task The_machines_own_readings_make_the_whole_way_and_leave_nothing()
    {
        using TempFolder temp = new();
        DemoOutcome demo = await DemoOutcome.RunAsync(temp, Patience, "--seconds", "3");
        demo.AssertPassed();
        Assert.True(demo.Number("rows") >= 10, "3 s at 10 Hz give about 30 rows, on a busy machine fewer");
        Assert.Equal(demo.Number("rows"), demo.Number("rowsVerified"));
        demo.AssertLeavesNothing();
    }

    [Theory]
    [InlineData("drive1.csv", 2_709, false)]
    [InlineData("idle1.csv", null, true)]
    [InlineData("live1.csv", null, false)]
    public async Task A_car_trip_comes_back_byte_for_byte(string file, int? rows, bool processes)
    {
        string input = Path.Combine(Data(), "datasets", "obd-trips-carobd", file);
        using TempFolder temp = new();
        string kept = temp["kept"];
        DemoOutcome demo = await DemoOutcome.RunAsync(
            temp, Patience, ["--data", input, "--keep", kept, .. processes ? (string[])["--processes"] : []]);
        demo.AssertPassed();
        Assert.Equal(demo.Number("rows"), demo.Number("rowsVerified"));
        if (rows is not null) Assert.Equal(rows.Value, demo.Number("rows"));
        Assert.Equal(new FileInfo(input).Length, demo.Number("rawBytes"));
        Assert.True(demo.Report.GetProperty("numericCellsPercent").GetDouble() >= 95, $"{demo.Report.GetProperty("numericCellsPercent")} % of cells as numbers");
        Assert.True(File.ReadAllBytes(input).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(kept, "received.csv"))), "received.csv differs from the input");
        AssertNothingSecretIsShown(demo, kept);
        demo.AssertLeavesNothing();
    }

    [Fact]
    public async Task An_interrupted_demo_leaves_nothing()
    {
        using TempFolder temp = new();
        string work = DemoOutcome.WorkFolder(temp);
        await using CpchainProcess demo = CpchainProcess.Start(
            DemoOutcome.Environment(work), "demo", "--seconds", "20", "--keep", temp["kept"]);
        await demo.LineAsync(line => line.Contains("make blocks", StringComparison.Ordinal), Patience);
        Assert.NotEqual(0, await demo.InterruptAsync());
        Assert.Empty(ProcessTable.With(demo.Marker));
        Assert.Empty(Directory.EnumerateFileSystemEntries(work));
        Assert.False(Directory.Exists(temp["kept"]));
    }

    private static string Data()
    {
        string? data = System.Environment.GetEnvironmentVariable("CPCHAIN_DATA");
        if (string.IsNullOrEmpty(data)) Assert.Skip("CPCHAIN_DATA is not set: see docs/data.md");
        return data!;
    }

    private static void AssertNothingSecretIsShown(DemoOutcome demo, string kept)
    {
        string passphraseFile = Path.Combine(kept, "passphrase");
        List<string> secrets = [File.ReadAllLines(passphraseFile)[0]];
        Span<byte> secret = stackalloc byte[PrivateKey.Length];
        foreach (string keyFile in Directory.EnumerateFiles(kept, "key.json", SearchOption.AllDirectories))
        {
            using PrivateKey key = IdentityStore.Open(Path.GetDirectoryName(keyFile)!, passphraseFile);
            key.CopyTo(secret);
            secrets.Add(Hex.Encode(secret)[2..]);
            secrets.Add(Convert.ToBase64String(secret));
        }

        Assert.True(secrets.Count >= 1 + (2 * (8 + 6 + 3 + 4)), "8 chain nodes, 6 storage nodes, 3 proxies and 4 people have a key each");
        IEnumerable<(string, string)> logs = Directory.EnumerateFiles(kept, "*.log", SearchOption.AllDirectories).Select(path => (path, File.ReadAllText(path)));
        foreach ((string place, string text) in (IEnumerable<(string, string)>)
            [("standard output", demo.Output), ("standard error", demo.Errors), ("process arguments", demo.Arguments), .. logs])
        {
            foreach (string one in secrets) Assert.DoesNotContain(one, text, StringComparison.OrdinalIgnoreCase);
            Assert.NotNull(place);
        }
    }
}
