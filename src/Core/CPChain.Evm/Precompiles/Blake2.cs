using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using CPChain.Evm.Interpreter;

namespace CPChain.Evm.Precompiles;

/// <summary>0x09: the compression function F of BLAKE2b (EIP-152, RFC 7693).</summary>
internal static class Blake2
{
    private const int InputLength = 213;

    private static ReadOnlySpan<ulong> InitialVector =>
    [
        0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
        0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
    ];

    private static ReadOnlySpan<byte> Sigma =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3,
        11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4,
        7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8,
        9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13,
        2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9,
        12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11,
        13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10,
        6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5,
        10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0,
    ];

    /// <summary>One gas a round; a malformed input is refused at no price.</summary>
    internal static ulong Gas(ReadOnlySpan<byte> input) =>
        input.Length == InputLength ? BinaryPrimitives.ReadUInt32BigEndian(input) : 0;

    internal static bool Run(ReadOnlySpan<byte> input, ByteBuffer output)
    {
        if (input.Length != InputLength || input[212] > 1) return false;
        Span<ulong> m = stackalloc ulong[16];
        for (int i = 0; i < 16; i++) m[i] = Read(input, 68 + (8 * i));
        Vector256<ulong> top = Row(input, 4);
        Vector256<ulong> bottom = Row(input, 36);
        ulong inverted = input[212] == 1 ? ulong.MaxValue : 0;
        Vector256<ulong> last = Vector256.Create(InitialVector[4..])
            ^ Vector256.Create(Read(input, 196), Read(input, 204), inverted, 0);
        State v = new() { A = top, B = bottom, C = Vector256.Create(InitialVector), D = last };
        Compress(ref v, m, BinaryPrimitives.ReadUInt32BigEndian(input));

        Span<byte> answer = output.Prepare(64);
        top ^= v.A ^ v.C;
        bottom ^= v.B ^ v.D;
        for (int i = 0; i < 4; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(answer[(8 * i)..], top[i]);
            BinaryPrimitives.WriteUInt64LittleEndian(answer[(32 + (8 * i))..], bottom[i]);
        }

        return true;
    }

    /// <summary>The sixteen words as four rows.</summary>
    private struct State
    {
        internal Vector256<ulong> A, B, C, D;
    }

    private static ulong Read(ReadOnlySpan<byte> input, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(input[offset..]);

    private static Vector256<ulong> Row(ReadOnlySpan<byte> input, int offset) => Vector256.Create(
        Read(input, offset), Read(input, offset + 8), Read(input, offset + 16), Read(input, offset + 24));

    /// <summary>Four columns at once, then four diagonals, which rotating the rows turns into columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Compress(ref State state, ReadOnlySpan<ulong> message, uint rounds)
    {
        Vector256<ulong> a = state.A, b = state.B, c = state.C, d = state.D;
        ref ulong m = ref MemoryMarshal.GetReference(message);
        int at = 0;
        for (uint round = 0; round < rounds; round++)
        {
            ref byte s = ref Unsafe.Add(ref MemoryMarshal.GetReference(Sigma), at);
            Mix(ref a, ref b, ref c, ref d, Pick(ref m, ref s, 0), Pick(ref m, ref s, 1));
            b = Vector256.Shuffle(b, Vector256.Create(1UL, 2, 3, 0));
            c = Vector256.Shuffle(c, Vector256.Create(2UL, 3, 0, 1));
            d = Vector256.Shuffle(d, Vector256.Create(3UL, 0, 1, 2));
            Mix(ref a, ref b, ref c, ref d, Pick(ref m, ref s, 8), Pick(ref m, ref s, 9));
            b = Vector256.Shuffle(b, Vector256.Create(3UL, 0, 1, 2));
            c = Vector256.Shuffle(c, Vector256.Create(2UL, 3, 0, 1));
            d = Vector256.Shuffle(d, Vector256.Create(1UL, 2, 3, 0));
            at = at == 144 ? 0 : at + 16;
        }

        state = new State { A = a, B = b, C = c, D = d };
    }

    /// <summary>The message words that four columns take. SAFETY: every entry of the schedule is below 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Pick(ref ulong m, ref byte s, int first) => Vector256.Create(
        Unsafe.Add(ref m, Unsafe.Add(ref s, first)),
        Unsafe.Add(ref m, Unsafe.Add(ref s, first + 2)),
        Unsafe.Add(ref m, Unsafe.Add(ref s, first + 4)),
        Unsafe.Add(ref m, Unsafe.Add(ref s, first + 6)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(
        ref Vector256<ulong> a, ref Vector256<ulong> b, ref Vector256<ulong> c, ref Vector256<ulong> d,
        Vector256<ulong> x, Vector256<ulong> y)
    {
        a += b + x;
        d = Rotate(d ^ a, 32);
        c += d;
        b = Rotate(b ^ c, 24);
        a += b + y;
        d = Rotate(d ^ a, 16);
        c += d;
        b = Rotate(b ^ c, 63);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Rotate(Vector256<ulong> value, [ConstantExpected] int right) =>
        (value >>> right) | (value << (64 - right));
}
