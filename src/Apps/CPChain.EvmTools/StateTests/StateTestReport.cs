using System.Collections.Concurrent;
using CPChain.Evm;

namespace CPChain.EvmTools.StateTests;

/// <summary>A case that did not end as it must.</summary>
/// <param name="Name">File, test, fork and index; the file alone where it cannot be read.</param>
/// <param name="Difference">What differs.</param>
public sealed record FailedCase(string Name, string Difference);

/// <summary>What came of a run.</summary>
/// <param name="Passed">Cases that ended in the root and the logs they name, or were refused as they must be.</param>
/// <param name="Skipped">Cases that cannot run here.</param>
/// <param name="Failures">All others, in the order of the files.</param>
public sealed record StateTestReport(int Passed, IReadOnlyList<SkippedCase> Skipped, IReadOnlyList<FailedCase> Failures)
{
    /// <summary>Runs the cases of these files on all processors.</summary>
    public static StateTestReport Run(
        IEnumerable<(string Name, byte[] Json)> files, string? fork, EvmEngine engine, CancellationToken cancel)
    {
        int passed = 0;
        ConcurrentBag<(long Order, FailedCase Case)> failures = [];
        ConcurrentBag<(long Order, SkippedCase Case)> skipped = [];
        ParallelOptions options = new()
        {
            MaxDegreeOfParallelism = Environment.ProcessorCount,
            CancellationToken = cancel,
        };
        Parallel.ForEach(files, options, (file, _, order) =>
        {
            try
            {
                foreach ((StateTestCase? test, SkippedCase? left) in StateTestFile.Read(file.Name, file.Json, fork))
                {
                    if (left is not null) skipped.Add((order, left));
                    else if (StateTestRun.Check(test!, engine) is not { } difference) Interlocked.Increment(ref passed);
                    else failures.Add((order, new FailedCase(test!.Name, difference)));
                    cancel.ThrowIfCancellationRequested();
                }
            }
            catch (Exception broken) when (broken is FormatException or KeyNotFoundException or InvalidOperationException
                or OverflowException or IndexOutOfRangeException)
            {
                failures.Add((order, new FailedCase(file.Name, $"cannot be read: {broken.Message}")));
            }
        });
        return new StateTestReport(
            passed,
            [.. skipped.OrderBy(static one => one.Order).ThenBy(static one => one.Case.Name, StringComparer.Ordinal)
                .Select(static one => one.Case)],
            [.. failures.OrderBy(static one => one.Order).ThenBy(static one => one.Case.Name, StringComparer.Ordinal)
                .Select(static one => one.Case)]);
    }
}
