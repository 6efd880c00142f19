namespace CPChain.App.Bench;

/// <summary>What the benchmarks measure with.</summary>
/// <param name="DataFile">CSV of a time series for codec and pipeline; null makes readings from a fixed seed.</param>
/// <param name="Progress">Tells a person what goes on.</param>
/// <param name="Accounts">Accounts of the state that blocks are imported into.</param>
public sealed record BenchInput(string? DataFile, Action<string> Progress, int Accounts);

/// <summary>One benchmark that can be asked for by name.</summary>
internal interface IBenchmark
{
    string Name { get; }

    /// <summary>One line for the help.</summary>
    string About { get; }

    /// <summary>Takes many minutes: runs only when it is named.</summary>
    bool IsLong => false;

    Task<IReadOnlyList<BenchResult>> RunAsync(BenchInput input, CancellationToken cancel);
}
