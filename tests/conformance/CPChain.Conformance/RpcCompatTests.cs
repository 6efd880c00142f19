using CPChain.RpcCompat;

namespace CPChain.Conformance;

/// <summary>Ethereum's execution-apis: its test chain run block by block, then every case against this node's RPC methods.</summary>
public sealed class RpcCompatTests(ITestOutputHelper output)
{
    private const string DataFolder = "CPCHAIN_DATA";
    private const double PassedShareMin = 0.9;

    [Fact]
    public async Task Every_block_has_the_roots_of_its_header_and_every_case_answers_as_listed()
    {
        string? data = Environment.GetEnvironmentVariable(DataFolder);
        Assert.SkipWhen(string.IsNullOrEmpty(data), "CPCHAIN_DATA is not set: Ethereum's execution-apis are absent");
        string archive = Path.Combine(data!, "execution-apis", "rpc-tests.tar.xz");
        RpcCompatReport report = await RpcCompatRun.RunAsync(archive, TestContext.Current.CancellationToken);
        output.WriteLine(
            $"{report.Blocks} blocks, {report.Passed.Count} passed, {report.Failures.Count} failed, {report.LeftOut.Count} left out");
        foreach (FailedExchange one in report.Failures) output.WriteLine($"{one.Name}: {one.Difference} ({one.Reason})");
        Assert.True(report.Blocks > 0, "the chain is empty");
        Assert.DoesNotContain(report.Failures, static one => one.Reason is null);
        Assert.Empty(report.Stale);
        Assert.True(
            report.Passed.Count >= PassedShareMin * (report.Passed.Count + report.Failures.Count), "too many cases do not pass");
    }
}
