using System.Buffers.Binary;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Fuzzing.Signatures;

/// <summary>Signers found many at a time, beside those that the library finds one by one.</summary>
/// <param name="Signatures">How many were compared.</param>
/// <param name="Found">Of them, how many have a signer.</param>
/// <param name="Differences">Where the two answers differ.</param>
public sealed record SignatureTotals(long Signatures, long Found, IReadOnlyList<string> Differences);

/// <summary>
/// Compares <see cref="RecoveryBatch"/> with <see cref="Secp256k1"/>: true signatures, numbers drawn at random, numbers of few or of many bits,
/// and those that lead sums of points to where formulas fail. The same seed is the same run.
/// </summary>
public static class SignatureCampaign
{
    private const int DifferencesMax = 20;
    private static readonly UInt256 s_generatorX = UInt256.Parse("0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");

    /// <summary>Compares so many; <paramref name="progress"/> is told now and then.</summary>
    public static SignatureTotals Run(ulong seed, long count, Action<SignatureTotals> progress, CancellationToken cancel)
    {
        List<string> differences = [];
        long compared = 0, found = 0;
        Draw draw = new(seed);
        Hash256[] digests = new Hash256[RecoveryBatch.Size];
        Signature[] signatures = new Signature[RecoveryBatch.Size];
        Address?[] signers = new Address?[RecoveryBatch.Size];
        while (compared < count && differences.Count < DifferencesMax && !cancel.IsCancellationRequested)
        {
            int size = (int)Math.Min(count - compared, draw.Below(4) == 0 ? 1 + draw.Below(RecoveryBatch.Size) : RecoveryBatch.Size);
            for (int i = 0; i < size; i++) (digests[i], signatures[i]) = Make(draw);
            RecoveryBatch.Recover(digests.AsSpan(0, size), signatures.AsSpan(0, size), signers);
            for (int i = 0; i < size; i++)
            {
                Address? expected = Secp256k1.TryRecoverAddress(digests[i], signatures[i], out Address signer) ? signer : null;
                if (expected is not null) found++;
                if (expected != signers[i])
                    differences.Add($"digest {digests[i]}, signature {signatures[i]}: {signers[i]?.ToString() ?? "none"}, but {expected?.ToString() ?? "none"} by the library");
            }

            compared += size;
            progress(new SignatureTotals(compared, found, differences));
        }

        return new SignatureTotals(compared, found, differences);
    }

    private static (Hash256 Digest, Signature Signature) Make(Draw draw)
    {
        Hash256 digest = Hash256.FromUInt256(draw.Number());
        byte parity = (byte)draw.Below(2);
        switch (draw.Below(8))
        {
            case 0 or 1 or 2:
                while (true)
                {
                    if (!PrivateKey.TryFromBytes(draw.Number().ToBigEndian(), out PrivateKey? key)) continue;
                    using (key) return (digest, key.Sign(digest));
                }

            case 3:
                // Nobody's: half of the numbers are the x of a point.
                return (digest, new Signature(draw.Number(), draw.Number() >> 1, parity));
            case 4:
                return (Hash256.FromUInt256(draw.Sparse()), new Signature(draw.Sparse(), draw.Sparse() >> 1, parity));
            case 5:
                // R = G: s and z small multiples of each other make equal and mirrored points.
                UInt256 s = (UInt256)(1UL + (ulong)draw.Below(300));
                UInt256 z = s * (UInt256)(ulong)draw.Below(300);
                return (Hash256.FromUInt256(draw.Below(2) == 0 ? z : Signature.GroupOrder - z), new Signature(s_generatorX, s, parity));
            case 6:
                return (Hash256.FromUInt256(draw.Sparse()), new Signature(s_generatorX, draw.Sparse() >> 1, parity));
            default:
                // At the edges of what is canonical.
                UInt256 near = (UInt256)(ulong)draw.Below(3);
                UInt256 r = draw.Below(2) == 0 ? Signature.GroupOrder - near : near;
                UInt256 high = draw.Below(2) == 0 ? Signature.HalfGroupOrder + near : Signature.HalfGroupOrder - near;
                return draw.Below(2) == 0
                    ? (digest, new Signature(r, draw.Number() >> 1, parity))
                    : (digest, new Signature(draw.Number(), high, (byte)draw.Below(3)));
        }
    }

    // Keccak-256 of a counter: the same numbers everywhere.
    private sealed class Draw(ulong seed)
    {
        private ulong at;

        public UInt256 Number()
        {
            Span<byte> input = stackalloc byte[16];
            BinaryPrimitives.WriteUInt64BigEndian(input, seed);
            BinaryPrimitives.WriteUInt64BigEndian(input[8..], at++);
            return Keccak256.Hash(input).ToUInt256();
        }

        public int Below(int bound) => (int)(Number().U0 % (ulong)bound);

        // Long runs of zeros and ones.
        public UInt256 Sparse()
        {
            UInt256 number = Number() >> Below(256);
            return Below(3) switch
            {
                0 => number & (number >> 1) & (number >> 2) & (number << 3),
                1 => number | (number >> 1) | (number >> 2) | (number << 3),
                _ => unchecked((UInt256.One << Below(256)) - (UInt256)(ulong)Below(3)),
            };
        }
    }
}
