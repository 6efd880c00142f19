using CPChain.App.Terminal;
using CPChain.Dpor;
using CPChain.Sdk;
using CPChain.Types;

namespace CPChain.App.Proposing;

/// <summary>Both proofs of admission for a block.</summary>
internal sealed record AdmissionProofs(ulong CpuNonce, ulong MemoryNonce, ulong Block);

/// <summary>Searches both proofs with all processors.</summary>
internal static class ProofSearch
{
    public static async Task<AdmissionProofs> FindAsync(
        ChainNumbers numbers, Address account, BlockInfo block, bool quiet, CancellationToken cancel) => new(
            await FindAsync(new AdmissionSolver(AdmissionWork.Processor, account, block.Hash, numbers.CpuDifficulty), "processor proof", quiet, cancel),
            await FindAsync(new AdmissionSolver(AdmissionWork.Memory, account, block.Hash, numbers.MemoryDifficulty), "memory proof", quiet, cancel),
            block.Number);

    private static async Task<ulong> FindAsync(AdmissionSolver solver, string what, bool quiet, CancellationToken cancel)
    {
        TriesBar progress = new(what, Math.Pow(2, solver.Difficulty), quiet);
        using CancellationTokenSource found = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        long tries = 0;
        ulong threads = (ulong)Environment.ProcessorCount;
        Task<ulong?>[] searches = [.. Enumerable.Range(0, (int)threads).Select(thread => Task.Run(() =>
        {
            ulong? nonce = solver.Find((ulong)thread, threads, _ => progress.Tried(Interlocked.Increment(ref tries)), found.Token);
            if (nonce is not null) found.Cancel();
            return nonce;
        }, CancellationToken.None))];
        ulong?[] nonces = await Task.WhenAll(searches);
        progress.Done();
        cancel.ThrowIfCancellationRequested();
        return nonces.First(nonce => nonce is not null)!.Value;
    }
}
