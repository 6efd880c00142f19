namespace CPChain.Conformance;

/// <summary>Ethereum's state tests. By default one file in <see cref="SampleStep"/> of the archive runs; with
/// CPCHAIN_CONFORMANCE=full all of them do, with CPCHAIN_CONFORMANCE=TEXT those whose path contains the text.</summary>
public sealed class StateTests(ITestOutputHelper output)
{
    private const int SampleStep = 5;

    [Fact]
    public void Every_state_test_case_ends_in_the_root_and_logs_it_names()
    {
        string? data = Environment.GetEnvironmentVariable(StateTestArchive.Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(data), "CPCHAIN_DATA is not set: Ethereum's state tests are absent");
        string choice = Environment.GetEnvironmentVariable("CPCHAIN_CONFORMANCE") ?? "sample";
        int passed = 0, refused = 0, index = 0;
        List<string> failures = [];
        foreach ((string file, byte[] json) in StateTestArchive.Files(data!))
        {
            bool selected = choice switch
            {
                "full" => true,
                "sample" => index++ % SampleStep == 0 && !IsLong(file),
                _ => file.Contains(choice, StringComparison.OrdinalIgnoreCase),
            };
            if (!selected) continue;
            foreach (StateTestCase test in StateTestCase.Read(file, json))
            {
                bool isKnown = test.Transaction is not null;
                string? difference = isKnown ? StateTestRun.Check(test) : StateTestRun.CheckRefused(test);
                if (difference is not null) failures.Add($"{test.Name}: {difference}");
                else if (isKnown) passed++;
                else refused++;
            }
        }

        output.WriteLine($"{passed} passed, {failures.Count} failed, {refused} refused because this chain has no such transaction");
        Assert.True(failures.Count == 0, $"{passed} passed, {failures.Count} failed:\n{string.Join('\n', failures.Take(400))}");
        Assert.True(passed + refused > 0, "no case was selected");
    }

    private static bool IsLong(string file) => file.Contains("stTimeConsuming", StringComparison.Ordinal);
}
