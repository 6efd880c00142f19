using CPChain.Crypto;
using CPChain.Evm;
using CPChain.EvmTools.Benchmarks;
using CPChain.Execution;
using CPChain.Lbft.Evidence;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.App.Bench;

/// <summary>What the platform's precompiled contracts cost for their gas, beside one recovery of a signature at its price.</summary>
internal sealed class PlatformBenchmark : IBenchmark
{
    private const int Batches = 5;
    private const double SecondsOfBatch = 0.3;
    private const ulong RecoveryGas = 3_000;

    private static readonly ChainDomain Domain = new(Keccak256.Hash("bench"u8), 41);

    public string Name => "precompiles.platform";

    public string About => "processor time of the processor proof, the memory proof and a proof of misconduct, and gas a second";

    public Task<IReadOnlyList<BenchResult>> RunAsync(BenchInput input, CancellationToken cancel)
    {
        using PrivateKey key = KeyOf("signer");
        Hash256 digest = Keccak256.Hash("digest"u8);
        Signature signature = key.Sign(digest);
        double recovery = Measure(() => Secp256k1.TryRecoverAny(digest, signature, out _), cancel);
        double peer = MgasOf(RecoveryGas, recovery);

        List<BenchResult> results = [];
        foreach (IPlatformPrecompile contract in PlatformPrecompiles.Of(Domain.GenesisHash, Domain.ChainId))
        {
            byte[] call = contract.Number == 0x0c0e03 ? Misconduct(key) : AdmissionCall(key.Address);
            byte[] answer = new byte[contract.OutputBytes];
            double seconds = Measure(() => contract.TryAnswer(call, answer), cancel);
            string name = $"precompiles.platform number=0x{contract.Number:x6}";
            results.Add(new BenchResult($"{name} gas={contract.Gas} time", Round(seconds * 1e6), "us", "a recovery", Round(recovery * 1e6), Machine.Text));
            results.Add(new BenchResult($"{name} speed", Round(MgasOf(contract.Gas, seconds)), "Mgas/s", "0x01 recovery", Round(peer), Machine.Text));
        }

        return Task.FromResult<IReadOnlyList<BenchResult>>(results);
    }

    // Processor seconds of one call, the best of some batches: other programs can only make it slower.
    private static double Measure(Func<bool> call, CancellationToken cancel)
    {
        double best = double.MaxValue;
        for (int batch = 0; batch < Batches; batch++)
        {
            cancel.ThrowIfCancellationRequested();
            double start = CpuClock.OfThread(), took;
            int calls = 0;
            do
            {
                // Doubled from look to look: the clock costs as much as the cheapest call.
                for (int end = (calls * 2) + 1; calls < end; calls++) Invariant.Check(call(), "what is measured is valid");
                took = CpuClock.OfThread() - start;
            }
            while (took < SecondsOfBatch);
            best = Math.Min(best, took / calls);
        }

        return best;
    }

    private static byte[] AdmissionCall(Address account) =>
    [
        .. account.ToUInt256().ToBigEndian(), .. ((UInt256)1UL).ToBigEndian(), .. Keccak256.Hash("block"u8).ToArray(),
        .. ((UInt256)12UL).ToBigEndian(),
    ];

    private static byte[] Misconduct(PrivateKey key) => MisconductCodec.Encode(new Misconduct(
        MisconductKind.TwoSeals, Seal(key, Keccak256.Hash("one"u8)), Seal(key, Keccak256.Hash("other"u8))));

    private static SignedStatement Seal(PrivateKey key, Hash256 hash)
    {
        Statement seal = new(StatementKind.Seal, new BlockNumber(7), 0, hash);
        return new SignedStatement(seal, key.Sign(seal.Digest(Domain)));
    }

    private static PrivateKey KeyOf(string name)
    {
        bool isKey = PrivateKey.TryFromBytes(Keccak256.Hash(System.Text.Encoding.ASCII.GetBytes(name)).ToArray(), out PrivateKey? key);
        Invariant.Check(isKey && key is not null, "nearly every hash is a key");
        return key;
    }

    private static double MgasOf(ulong gas, double seconds) => gas / seconds / 1e6;

    private static double Round(double value) => Math.Round(value, 2);
}
