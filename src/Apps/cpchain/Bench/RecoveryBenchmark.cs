using CPChain.Crypto;
using CPChain.EvmTools.Benchmarks;
using CPChain.Types;

namespace CPChain.App.Bench;

/// <summary>Signers of many signatures, found together and one by one.</summary>
internal sealed class RecoveryBenchmark : IBenchmark
{
    private const int Signatures = 20 * RecoveryBatch.Size;
    private const int Batches = 7;

    public string Name => "recovery";

    public string About => "processor time of finding one signer, many at a time, beside one by one by libsecp256k1";

    public Task<IReadOnlyList<BenchResult>> RunAsync(BenchInput input, CancellationToken cancel)
    {
        using PrivateKey key = BenchChain.Key(1);
        Hash256[] digests = [.. Enumerable.Range(0, Signatures).Select(static i => Keccak256.Hash(BitConverter.GetBytes(i)))];
        Signature[] signatures = [.. digests.Select(digest => key.Sign(digest))];
        Address?[] signers = new Address?[Signatures];
        double together = double.MaxValue, alone = double.MaxValue;
        for (int batch = 0; batch < Batches; batch++)
        {
            cancel.ThrowIfCancellationRequested();

            // In turn, the best of each: other programs can only make them slower.
            double start = CpuClock.OfThread();
            RecoveryBatch.Recover(digests, signatures, signers);
            double between = CpuClock.OfThread();
            for (int i = 0; i < Signatures; i++)
            {
                if (!Secp256k1.TryRecoverAddress(digests[i], signatures[i], out Address signer) || signer != signers[i])
                    throw new InvalidOperationException("the two find different signers");
            }

            together = Math.Min(together, between - start);
            alone = Math.Min(alone, CpuClock.OfThread() - between);
        }

        return Task.FromResult<IReadOnlyList<BenchResult>>(
        [
            new("recovery", Microseconds(together), "us", "libsecp256k1 alone", Microseconds(alone), Machine.Text),
        ]);
    }

    private static double Microseconds(double seconds) => Math.Round(seconds / Signatures * 1e6, 2);
}
