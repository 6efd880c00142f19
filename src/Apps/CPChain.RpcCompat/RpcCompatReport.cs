namespace CPChain.RpcCompat;

/// <summary>A case that does not answer as Ethereum's clients do.</summary>
/// <param name="Name">Method and file.</param>
/// <param name="Difference">The first difference.</param>
/// <param name="Reason">Why it is known and accepted; null where it is not.</param>
public sealed record FailedExchange(string Name, string Difference, string? Reason);

/// <summary>A case that was not run.</summary>
/// <param name="Name">Method and file.</param>
/// <param name="Reason">Why not.</param>
public sealed record LeftOutCase(string Name, string Reason);

/// <summary>What came of a replay.</summary>
/// <param name="Blocks">Blocks of the chain that were run; every header was compared with the outcome.</param>
/// <param name="Passed">Names of the cases that answer as they must.</param>
/// <param name="Failures">All others that ran, those with a reason among them.</param>
/// <param name="LeftOut">Those that did not run.</param>
/// <param name="Stale">Cases listed as failing that pass: the list must be corrected.</param>
public sealed record RpcCompatReport(
    int Blocks, IReadOnlyList<string> Passed, IReadOnlyList<FailedExchange> Failures, IReadOnlyList<LeftOutCase> LeftOut,
    IReadOnlyList<string> Stale)
{
    /// <summary>Whether nothing failed but what is listed, and all that is listed.</summary>
    public bool IsAsListed => Stale.Count == 0 && Failures.All(static failure => failure.Reason is not null);
}
