namespace CPChain.Data.Tests;

/// <summary>Files of the shared data sets, named by CPCHAIN_DATA.</summary>
internal static class TestData
{
    public static readonly string[] Samples = ["drive1.csv", "idle1.csv", "live1.csv"];

    public static byte[] Sample(string name) => File.ReadAllBytes(Path.Combine(Root(), "datasets", "obd-trips-carobd", name));

    public static string Root()
    {
        string? root = Environment.GetEnvironmentVariable("CPCHAIN_DATA");
        Assert.SkipWhen(string.IsNullOrEmpty(root), "CPCHAIN_DATA is not set: the shared data sets are absent");
        return root!;
    }

    public static IEnumerable<string> TimeSeries() =>
        Directory.EnumerateFiles(Path.Combine(Root(), "datasets"), "*.csv", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
}
