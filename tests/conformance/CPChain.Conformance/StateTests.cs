using CPChain.Evm;
using CPChain.EvmTools.StateTests;

namespace CPChain.Conformance;

/// <summary>Ethereum's state tests. By default one file in <see cref="SampleStep"/> of the archive runs; with
/// CPCHAIN_CONFORMANCE=full all of them do, with CPCHAIN_CONFORMANCE=TEXT those whose path contains the text.</summary>
public sealed class StateTests(ITestOutputHelper output)
{
    private const string DataFolder = "CPCHAIN_DATA";
    private const int SampleStep = 5;
    private const double SkippedShareMax = 0.005;

    [Theory]
    [InlineData(EvmEngine.Adaptive)]
    [InlineData(EvmEngine.Decoded)]
    public void Every_state_test_case_ends_in_the_root_and_logs_it_names(EvmEngine engine)
    {
        string? data = Environment.GetEnvironmentVariable(DataFolder);
        Assert.SkipWhen(string.IsNullOrEmpty(data), "CPCHAIN_DATA is not set: Ethereum's state tests are absent");
        string archive = Path.Combine(data!, "ethereum-tests", "state-tests.tar.xz");
        StateTestReport report = StateTestReport.Run(Selected(archive), fork: null, engine, TestContext.Current.CancellationToken);
        output.WriteLine($"{report.Passed} passed, {report.Failures.Count} failed, {report.Skipped.Count} skipped");
        foreach (SkippedCase skipped in report.Skipped) output.WriteLine($"skipped {skipped.Name}: {skipped.Reason}");
        Assert.True(
            report.Failures.Count == 0,
            string.Join('\n', report.Failures.Take(400).Select(static one => $"{one.Name}: {one.Difference}")));
        Assert.True(report.Passed > 0, "no case was selected");
        Assert.True(report.Skipped.Count <= 1 + (report.Passed * SkippedShareMax), "too many cases cannot run");
    }

    private static IEnumerable<(string Name, byte[] Json)> Selected(string archive)
    {
        string choice = Environment.GetEnvironmentVariable("CPCHAIN_CONFORMANCE") ?? "sample";
        return StateTestSource.Files(archive).Where((file, index) => choice switch
        {
            "full" => true,
            "sample" => index % SampleStep == 0 && !file.Name.Contains("stTimeConsuming", StringComparison.Ordinal),
            _ => file.Name.Contains(choice, StringComparison.OrdinalIgnoreCase),
        });
    }
}
