using CPChain.Evm;
using CPChain.Ledger;

namespace CPChain.App.Bench;

/// <summary>10,000 changed accounts to a new root and onto the disk, with warm caches and with those of a ledger that was just opened.</summary>
internal sealed class CommitBenchmark : IBenchmark
{
    private const int Changed = 10_000;
    private const int Rounds = 12;
    private const double MsMax = 150;
    private static readonly LedgerOptions Options = new();

    public string Name => "commit";

    public string About => "10,000 changed accounts in 1,000,000 (--accounts) to the new state root and a durable commit, with warm and cold caches";

    public bool IsLong => true;

    public Task<IReadOnlyList<BenchResult>> RunAsync(BenchInput input, CancellationToken cancel)
    {
        using BenchChain chain = new(input.Accounts, keyed: 0, Options, input.Progress);
        string parameters = $"changed={Changed} accounts={input.Accounts} cache={Options.CacheBytes >> 20}MiB";
        input.Progress("committing");
        StageTimes cold = new(), warm = new();
        for (int round = -Rounds; round < Rounds; round++)
        {
            cancel.ThrowIfCancellationRequested();
            StateChanges changes = chain.MakeChanges(Changed);
            Commit(chain, changes, round < 0 ? new StageTimes() : warm, cancel);
        }

        // After the warm ones: caches that were emptied would take a hundred blocks to have all accounts again.
        for (int round = 0; round < 3; round++)
        {
            StateChanges changes = chain.MakeChanges(Changed);
            chain.Reopen(Options);
            Commit(chain, changes, cold, cancel);
        }

        return Task.FromResult<IReadOnlyList<BenchResult>>(
        [
            .. warm.Results("commit", $"caches=warm {parameters}", "bound", MsMax),
            .. cold.Results("commit", $"caches=cold {parameters}", "bound with warm caches", MsMax),
        ]);
    }

    private static void Commit(BenchChain chain, StateChanges changes, StageTimes times, CancellationToken cancel)
    {
        times.Begin();
        chain.Append(changes);
        times.Stage("all");
        times.End(cancel);
    }
}
