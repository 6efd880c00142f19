using CPChain.Storage.Logging;
using Microsoft.Extensions.Logging;

namespace CPChain.Storage.Tests.Logging;

public sealed class RotatingLogFileTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    [Fact]
    public void S6_all_files_together_stay_below_the_bound_and_the_newest_lines_are_kept()
    {
        const int Bound = 100_000;
        using (RotatingLogFile log = new(_directory.Path, "node", Bound))
        {
            for (int i = 0; i < 5_000; i++)
            {
                log.WriteLine($"line {i:d6} {new string('x', 100)}");
            }

            Assert.Equal(0, log.DroppedLines);
        }

        string[] files = Directory.GetFiles(_directory.Path);
        Assert.Equal(4, files.Length);
        Assert.InRange(files.Sum(f => new FileInfo(f).Length), Bound / 2, Bound);
        Assert.StartsWith("line 004999", File.ReadLines(_directory.File("node.log")).Last(), StringComparison.Ordinal);
    }

    [Fact]
    public void S6_a_reopened_log_is_continued()
    {
        for (int i = 0; i < 2; i++)
        {
            using RotatingLogFile log = new(_directory.Path, "node");
            log.WriteLine($"start {i}");
        }

        Assert.Equal(["start 0", "start 1"], File.ReadAllLines(_directory.File("node.log")));
    }

    [Fact]
    public void S6_one_event_is_one_line_and_lesser_levels_are_left_out()
    {
        using (FileLoggerProvider provider = new(new RotatingLogFile(_directory.Path, "node"), LogLevel.Information, TimeProvider.System))
        {
            ILogger logger = provider.CreateLogger("CPChain.Ledger.ChainLedger");
#pragma warning disable CA1848, CA2254
            logger.LogDebug("unseen");
            logger.LogWarning("two\nlines");
#pragma warning restore CA1848, CA2254
        }

        string line = Assert.Single(File.ReadAllLines(_directory.File("node.log")));
        Assert.EndsWith("Z WRN ChainLedger: two\\nlines", line, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();
}
