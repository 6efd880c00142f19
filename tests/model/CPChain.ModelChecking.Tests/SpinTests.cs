using System.Diagnostics;

namespace CPChain.ModelChecking.Tests;

/// <summary>
/// The Promela twins of the rules (specs/lbft/*.pml), checked by spin within 3 minutes of processor time and 2 GB each; `./test`
/// installs it.
/// </summary>
public sealed class SpinTests : IDisposable
{
    private const int SecondsMax = 180;
    private const int MegabytesMax = 2048;
    private const int DepthMax = 400_000;
    private static readonly TimeSpan TimeMax = TimeSpan.FromMinutes(10);

    private readonly string _folder = Directory.CreateTempSubdirectory("cpchain-spin-").FullName;

    [Theory]
    [InlineData("synchroniser", "", "-DNFAIR=3", "-a -f")]
    [InlineData("lbft", "", "-DSAFETY -DNOCLAIM", "")]
    [InlineData("lbft", "", "-DNFAIR=3", "-a -f")]
    [InlineData("lbft", "-DASYNC", "-DSAFETY -DNOCLAIM", "-E")]
    public async Task Model_holds(string model, string variant, string compile, string search)
    {
        string output = await CheckAsync(model, variant, "-O2 " + compile, search);

        Assert.Null(UnprovenIn(output));
    }

    // Small searches: compiling them well would take longer than they run.
    [Theory]
    [InlineData("synchroniser", "-DAMPLIFY_ONE", "")]
    [InlineData("synchroniser", "-DOWN_TIMER", "")]
    [InlineData("lbft", "-DWEAK_QUORUM", "")]
    [InlineData("lbft", "-DNOT_FROZEN", "")]
    [InlineData("lbft", "-DNO_WAIT", "")]
    [InlineData("lbft", "-DASYNC -DNO_LOCK", "-E")]
    public async Task Planted_mutant_is_refuted(string model, string variant, string search)
    {
        string output = await CheckAsync(model, variant, "-O0 -DSAFETY -DNOCLAIM", search);

        Assert.Contains("assertion violated", output, StringComparison.Ordinal);
    }

    // What never comes shows only in an endless run: here the claim refutes, not an assertion.
    [Theory]
    [InlineData("synchroniser", "-DNO_TIMER")]
    [InlineData("synchroniser", "-DEXACT_WISH")]
    [InlineData("lbft", "-DNO_TIMER")]
    [InlineData("lbft", "-DNOT_REPLACED")]
    [InlineData("lbft", "-DNOT_LED")]
    [InlineData("lbft", "-DNO_ANSWER")]
    public async Task Mutant_that_never_decides_is_refuted_by_the_property_of_time(string model, string variant)
    {
        string output = await CheckAsync(model, variant, "-O0 -DNFAIR=3", "-a -f");

        Assert.Contains("acceptance cycle", output, StringComparison.Ordinal);
        Assert.DoesNotContain("assertion violated", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, DepthMax)]
    [InlineData(MegabytesMax, 20)]
    public async Task Search_beyond_its_bounds_proves_nothing(int megabytes, int depth)
    {
        string output = await CheckAsync("synchroniser", "", "-O0 -DNFAIR=3", "-a -f", megabytes, depth);

        Assert.Contains("errors: 0", output, StringComparison.Ordinal);
        Assert.NotNull(UnprovenIn(output));
    }

    [Fact]
    public async Task Search_that_takes_too_long_is_ended()
    {
        (int code, _) = await RunAsync("sh", Limited(1, "sh", ["-c", "while :; do :; done"]));

        Assert.NotEqual(0, code);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Why this output of a search proves nothing; null when it does.</summary>
    private static string? UnprovenIn(string output)
    {
        if (!output.Contains("errors: 0", StringComparison.Ordinal)) return "an error was found";

        string[] bounds = ["max search depth too small", "reached -DMEMLIM bound", "Search not completed", "out of memory"];
        return Array.Find(bounds, bound => output.Contains(bound, StringComparison.Ordinal));
    }

    private async Task<string> CheckAsync(
        string model, string variant, string compile, string search, int megabytes = MegabytesMax, int depth = DepthMax)
    {
        string source = Path.Combine(Recorded.Root, "specs", "lbft", model + ".pml");
        await SucceedAsync("spin", [.. Words(variant), "-a", source]);
        await SucceedAsync("gcc", ["-DCOLLAPSE", $"-DMEMLIM={megabytes}", .. Words(compile), "-o", "pan", "pan.c"]);
        string pan = Path.Combine(_folder, "pan");
        string output = await SucceedAsync("sh", Limited(SecondsMax, pan, [.. Words(search), $"-m{depth}", "-w24"]));
        TestContext.Current.TestOutputHelper?.WriteLine(output);
        return output;
    }

    // The system ends what uses more processor time, however long it waited for a processor.
    private static string[] Limited(int seconds, string program, string[] arguments) =>
        ["-c", $"ulimit -t {seconds}; exec \"$0\" \"$@\"", program, .. arguments];

    private async Task<string> SucceedAsync(string program, string[] arguments)
    {
        (int code, string text) = await RunAsync(program, arguments);
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)}\n{text}");
        return text;
    }

    private async Task<(int Code, string Output)> RunAsync(string program, string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        using CancellationTokenSource late = new(TimeMax);
        Task<string> output = process.StandardOutput.ReadToEndAsync(late.Token);
        Task<string> errors = process.StandardError.ReadToEndAsync(late.Token);
        try
        {
            await process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, await output + await errors);
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
