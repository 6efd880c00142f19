using System.Diagnostics;
using System.Globalization;
using System.Text;
using CPChain.App.Demo;
using CPChain.App.Devnet;
using CPChain.App.Terminal;
using CPChain.Data.Blocks;
using CPChain.EndToEnd.Leaks;
using CPChain.Storage.Logging;
using Microsoft.Extensions.Logging;

namespace CPChain.EndToEnd;

/// <summary>Readings and keys are nowhere but where they belong: not on chain, in stores, in logs, or between nodes.</summary>
public sealed class LeakTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    [Fact]
    public async Task Nothing_secret_is_in_any_block_state_store_log_or_captured_byte()
    {
        using TempFolder temp = new();
        LeakRun run = await LeakRun.MakeAsync(temp, new RecordedCipher(AesGcmBlockCipher.Instance), observe: null);
        Assert.True(run.Report.AllPassed, string.Join('\n', run.Report.Checks.Where(check => !check.Passed)));
        Assert.True(run.Leaks.Count == 0, string.Join('\n', run.Leaks.Take(40)));
    }

    [Fact]
    public async Task The_detector_notices_encryption_that_does_nothing_and_a_logged_key()
    {
        using TempFolder temp = new();
        RecordedCipher cipher = new(new IdentityCipher());
        LeakRun run = await LeakRun.MakeAsync(temp, cipher, scene =>
        {
            using FileLoggerProvider log = new(
                new RotatingLogFile(Path.Combine(scene.Network.Folder.Root, "people", "gateway"), "careless"), LogLevel.Information, TimeProvider.System);
            log.CreateLogger("gateway").LogInformation("Sealed with {Key}", Convert.ToHexStringLower(cipher.Keys.First()));
            return Task.CompletedTask;
        });
        Assert.False(run.Report.AllPassed, "a stranger opens what is not encrypted");
        Assert.Contains(run.Leaks, leak => leak.What == "compressed plaintext" && leak.Where == "a frame between nodes");
        Assert.Contains(run.Leaks, leak => leak.What == "compressed plaintext" && leak.Where.StartsWith("nodes/storage-", StringComparison.Ordinal));
        Assert.Contains(run.Leaks, leak => leak.What == "a block key" && leak.Where == "people/gateway/careless.log");
    }

    private sealed record LeakRun(DemoReport Report, HashSet<Leak> Leaks)
    {
        private const int Rows = 240;
        private const int Columns = 12;

        public static async Task<LeakRun> MakeAsync(TempFolder temp, RecordedCipher cipher, Func<DemoScene, Task>? observe)
        {
            string input = temp["readings.csv"], kept = temp["kept"];
            File.WriteAllText(input, Readings());
            Captured captured = new();
            LeakDetector detector = new();
            DemoHooks hooks = new(new NodeHooks(captured), cipher, async scene =>
            {
                RunSecrets.AddReadings(detector, scene.Table!);
                RunSecrets.AddDataKeys(detector, kept, scene);
                if (observe is not null) await observe(scene);
            });
            DemoOptions options = new(input, "time_s", TimeSpan.Zero, TimeSpan.Zero, Processes: false, kept, Json: true);
            using CancellationTokenSource limit = new(Patience);
            DemoReport report = await new DemoRun(options, hooks, new Output(TextWriter.Null, quiet: true, colours: false)).RunAsync(limit.Token);
            RunSecrets.AddSealed(detector, cipher);
            RunSecrets.AddPrivateScalars(detector, kept);
            HashSet<Leak> leaks = [];
            Stopwatch watch = Stopwatch.StartNew();
            captured.Search(detector, leaks);
            KeptFolder.Search(kept, detector, leaks);
            Console.WriteLine($"demo {report.ElapsedMs} ms; {detector.Count} patterns, {captured.Bytes >> 10} KiB captured, searched in {watch.ElapsedMilliseconds} ms");
            return new LeakRun(report, leaks);
        }

        /// <summary>A walk of every channel in small steps, with digits enough that no cell is in the world by chance.</summary>
        private static string Readings()
        {
            const int step = 1_000_000;
            Random random = new(20_250_101);
            double[] values = [.. Enumerable.Range(1, Columns).Select(column => 100.0 * column)];
            StringBuilder csv = new("time_s," + string.Join(',', Enumerable.Range(1, Columns).Select(column => $"channel_{column}")) + "\n");
            for (int row = 0; row < Rows; row++)
            {
                for (int column = 0; column < Columns; column++) values[column] += random.Next(-step, step) / (double)step;
                csv.Append(CultureInfo.InvariantCulture, $"{row}");
                foreach (double value in values) csv.Append(CultureInfo.InvariantCulture, $",{value:0.000000}");
                csv.Append('\n');
            }

            return csv.ToString();
        }
    }
}
