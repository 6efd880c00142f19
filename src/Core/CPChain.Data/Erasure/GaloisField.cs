using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CPChain.Data.Erasure;

/// <summary>Arithmetic in GF(2^8) modulo x^8 + x^4 + x^3 + x^2 + 1 (0x11D), on bytes and on whole buffers.</summary>
internal static class GaloisField
{
    private static readonly byte[] Exp = new byte[510];
    private static readonly byte[] Log = new byte[256];

    static GaloisField()
    {
        int x = 1;
        for (int i = 0; i < 255; i++)
        {
            Exp[i] = Exp[i + 255] = (byte)x;
            Log[x] = (byte)i;
            x <<= 1;
            if (x > 255) x ^= 0x11d;
        }
    }

    public static byte Multiply(byte a, byte b) => a == 0 || b == 0 ? (byte)0 : Exp[Log[a] + Log[b]];

    public static byte Inverse(byte a)
    {
        Types.Invariant.Check(a != 0, "zero has no inverse");
        return Exp[255 - Log[a]];
    }

    /// <summary>sum ^= factor * data, byte by byte, by the widest instructions that the machine has.</summary>
    public static void MultiplyAdd(byte factor, ReadOnlySpan<byte> data, Span<byte> sum)
    {
        if (factor == 0) return;
        int done = Gfni.V256.IsSupported ? Affine(factor, data, sum)
            : Vector128.IsHardwareAccelerated ? Shuffle(factor, data, sum) : 0;
        MultiplyAddScalar(factor, data[done..], sum[done..]);
    }

    /// <summary>The reference for the vector paths and their tail.</summary>
    public static void MultiplyAddScalar(byte factor, ReadOnlySpan<byte> data, Span<byte> sum)
    {
        for (int i = 0; i < data.Length; i++) sum[i] ^= Multiply(factor, data[i]);
    }

    /// <summary>Multiplication as a bit matrix (GF2P8AFFINEQB works with any polynomial); gives the bytes done.</summary>
    internal static int Affine(byte factor, ReadOnlySpan<byte> data, Span<byte> sum)
    {
        Vector256<byte> matrix = Vector256.Create(BitMatrix(factor)).AsByte();
        ref byte source = ref MemoryMarshal.GetReference(data);
        ref byte target = ref MemoryMarshal.GetReference(sum);
        int i = 0;
        for (; i <= data.Length - Vector256<byte>.Count; i += Vector256<byte>.Count)
        {
            Vector256<byte> product = Gfni.V256.GaloisFieldAffineTransform(Vector256.LoadUnsafe(ref source, (nuint)i), matrix, 0);
            (product ^ Vector256.LoadUnsafe(ref target, (nuint)i)).StoreUnsafe(ref target, (nuint)i);
        }
        return i;
    }

    /// <summary>Two look-ups of 16 entries for each byte (SSSE3, AVX2 or NEON shuffles); gives the bytes done.</summary>
    internal static int Shuffle(byte factor, ReadOnlySpan<byte> data, Span<byte> sum)
    {
        Span<byte> tables = stackalloc byte[32];
        for (int n = 0; n < 16; n++)
        {
            tables[n] = Multiply(factor, (byte)n);
            tables[16 + n] = Multiply(factor, (byte)(n << 4));
        }
        Vector128<byte> low = Vector128.Create<byte>(tables[..16]), high = Vector128.Create<byte>(tables[16..]);
        Vector128<byte> mask = Vector128.Create((byte)15);
        ref byte source = ref MemoryMarshal.GetReference(data);
        ref byte target = ref MemoryMarshal.GetReference(sum);
        int i = 0;
        for (; i <= data.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            Vector128<byte> x = Vector128.LoadUnsafe(ref source, (nuint)i);
            Vector128<byte> product = Vector128.Shuffle(low, x & mask) ^ Vector128.Shuffle(high, x >>> 4);
            (product ^ Vector128.LoadUnsafe(ref target, (nuint)i)).StoreUnsafe(ref target, (nuint)i);
        }
        return i;
    }

    /// <summary>Row i of the matrix stands in byte 7 - i; its bit j is bit i of factor * 2^j.</summary>
    private static ulong BitMatrix(byte factor)
    {
        ulong matrix = 0;
        for (int j = 0; j < 8; j++)
        {
            byte column = Multiply(factor, (byte)(1 << j));
            for (int i = 0; i < 8; i++)
                if ((column >> i & 1) != 0) matrix |= 1UL << (8 * (7 - i) + j);
        }
        return matrix;
    }
}
