using System.Diagnostics;
using System.Security.Cryptography;
using CPChain.Data.Blocks;
using CPChain.Data.Columns;
using CPChain.Data.Erasure;
using CPChain.Data.Keys;
using CPChain.Types;

namespace CPChain.App.Bench;

/// <summary>Encrypt, commit and shard, on one core; beside it the cipher alone.</summary>
internal sealed class PipelineBenchmark : IBenchmark
{
    private const int BlockBytes = 1 << 20;
    private static readonly TimeSpan Warmup = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(2);

    public string Name => "pipeline";

    public string About => "encrypt + commit + shard of 1 MiB blocks, MB/s on one core, against AES-256-GCM alone";

    public Task<IReadOnlyList<BenchResult>> RunAsync(BenchInput input, CancellationToken cancel)
    {
        byte[] content = RandomNumberGenerator.GetBytes(BlockBytes);
        using SymmetricKey key = new(RandomNumberGenerator.GetBytes(SymmetricKey.Length));
        BlockPlace place = new(Hash256.Zero, 0, Hash256.Zero, 0, 1_000, 1, 0);
        ReedSolomon code = new(4, 6);
        double sealing = Rate(() =>
        {
            SealedBlock block = BlockSeal.SealCoded(place, content, new CodecTally(BlockBytes, BlockBytes, 0, 0), key, AesGcmBlockCipher.Instance);
            Shard.Cut(block.Ciphertext, code);
        });
        byte[] output = new byte[BlockBytes];
        byte[] tag = new byte[16];
        byte[] nonce = new byte[12];
        using AesGcm gcm = new(key.Bytes, tag.Length);
        double cipher = Rate(() => gcm.Encrypt(nonce, content, output, tag));
        return Task.FromResult<IReadOnlyList<BenchResult>>(
            [new("pipeline.seal block=1MiB code=4/6", sealing, "MB/s", "AES-256-GCM alone", cipher, Machine.Text)]);
    }

    private static double Rate(Action work)
    {
        Run(work, Warmup);
        (long rounds, TimeSpan took) = Run(work, Length);
        return Math.Round(rounds * (BlockBytes / 1e6) / took.TotalSeconds, 1);
    }

    private static (long Rounds, TimeSpan Took) Run(Action work, TimeSpan length)
    {
        long rounds = 0;
        Stopwatch watch = Stopwatch.StartNew();
        for (; watch.Elapsed < length; rounds++) work();
        return (rounds, watch.Elapsed);
    }
}
