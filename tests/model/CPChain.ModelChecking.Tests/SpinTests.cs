using System.Diagnostics;

namespace CPChain.ModelChecking.Tests;

/// <summary>The Promela twins of the rules (specs/lbft/*.pml), checked by spin; `./test` installs it.</summary>
public sealed class SpinTests : IDisposable
{
    private static readonly TimeSpan TimeMax = TimeSpan.FromMinutes(10);

    private readonly string _folder = Directory.CreateTempSubdirectory("cpchain-spin-").FullName;

    [Theory]
    [InlineData("synchroniser", "", "-DNFAIR=3", "-a -f")]
    [InlineData("lbft", "", "-DSAFETY -DNOCLAIM", "")]
    [InlineData("lbft", "", "-DNFAIR=4", "-a -f")]
    [InlineData("lbft", "-DASYNC", "-DSAFETY -DNOCLAIM", "-E")]
    public async Task Model_holds(string model, string variant, string compile, string search)
    {
        string output = await CheckAsync(model, variant, compile, search);

        Assert.Contains("errors: 0", output, StringComparison.Ordinal);
        Assert.DoesNotContain("max search depth too small", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Search not completed", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("synchroniser", "-DAMPLIFY_ONE", "")]
    [InlineData("synchroniser", "-DOWN_TIMER", "")]
    [InlineData("lbft", "-DWEAK_QUORUM", "")]
    [InlineData("lbft", "-DNOT_FROZEN", "")]
    [InlineData("lbft", "-DNO_WAIT", "")]
    [InlineData("lbft", "-DASYNC -DNO_LOCK", "-E")]
    public async Task Planted_mutant_is_refuted(string model, string variant, string search)
    {
        string output = await CheckAsync(model, variant, "-DSAFETY -DNOCLAIM", search);

        Assert.Contains("assertion violated", output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<string> CheckAsync(string model, string variant, string compile, string search)
    {
        string source = Path.Combine(Recorded.Root, "specs", "lbft", model + ".pml");
        await RunAsync("spin", [.. Words(variant), "-a", source]);
        await RunAsync("gcc", ["-O2", "-DMEMLIM=2000", .. Words(compile), "-o", "pan", "pan.c"]);
        string output = await RunAsync(Path.Combine(_folder, "pan"), [.. Words(search), "-m400000", "-w24"]);
        TestContext.Current.TestOutputHelper?.WriteLine(output);
        return output;
    }

    private async Task<string> RunAsync(string program, string[] arguments)
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

        string text = await output + await errors;
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}\n{text}");
        return text;
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
