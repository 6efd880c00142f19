using System.Runtime.CompilerServices;

namespace CPChain.Evm.Interpreter;

/// <summary>Operations of records that stand for several opcodes.</summary>
internal static unsafe partial class Limbs
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Copy(ulong* from, ulong* to)
    {
        ulong u0 = from[0], u1 = from[1], u2 = from[2], u3 = from[3];
        to[0] = u0;
        to[1] = u1;
        to[2] = u2;
        to[3] = u3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Exchange(ulong* a, ulong* b)
    {
        ulong u0 = a[0], u1 = a[1], u2 = a[2], u3 = a[3];
        a[0] = b[0];
        a[1] = b[1];
        a[2] = b[2];
        a[3] = b[3];
        b[0] = u0;
        b[1] = u1;
        b[2] = u2;
        b[3] = u3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool Equal(ulong* a, ulong* b) =>
        ((a[0] ^ b[0]) | (a[1] ^ b[1]) | (a[2] ^ b[2]) | (a[3] ^ b[3])) == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool EqualSmall(ulong* word, ulong value) =>
        ((word[0] ^ value) | word[1] | word[2] | word[3]) == 0;

    /// <summary>word = word + value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void AddSmall(ulong value, ulong* word)
    {
        unchecked
        {
            ulong sum = word[0] + value;
            word[0] = sum;
            if (sum < value && ++word[1] == 0 && ++word[2] == 0) word[3]++;
        }
    }

    /// <summary>word = word - value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void SubtractSmall(ulong value, ulong* word)
    {
        unchecked
        {
            ulong before = word[0];
            word[0] = before - value;
            if (before < value && word[1]-- == 0 && word[2]-- == 0) word[3]--;
        }
    }

    /// <summary>b = b - a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void SubtractReversed(ulong* a, ulong* b)
    {
        unchecked
        {
            ulong b0 = b[0], b1 = b[1], b2 = b[2];
            ulong d0 = b0 - a[0];
            ulong c0 = b0 < a[0] ? 1UL : 0UL;
            ulong t1 = b1 - a[1];
            ulong d1 = t1 - c0;
            ulong c1 = (b1 < a[1] ? 1UL : 0UL) | (t1 < c0 ? 1UL : 0UL);
            ulong t2 = b2 - a[2];
            ulong d2 = t2 - c1;
            ulong c2 = (b2 < a[2] ? 1UL : 0UL) | (t2 < c1 ? 1UL : 0UL);
            ulong d3 = b[3] - a[3] - c2;
            b[0] = d0;
            b[1] = d1;
            b[2] = d2;
            b[3] = d3;
        }
    }

    /// <summary>word = word * value modulo 2^256.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void MultiplySmall(ulong value, ulong* word)
    {
        unchecked
        {
            ulong w0 = word[0], w1 = word[1], w2 = word[2];
            ulong r3 = (word[3] * value) + High(w2, value);
            ulong p1 = w1 * value;
            ulong r1 = p1 + High(w0, value);
            ulong c1 = r1 < p1 ? 1UL : 0UL;
            ulong p2 = w2 * value;
            ulong t2 = p2 + High(w1, value);
            ulong c2 = t2 < p2 ? 1UL : 0UL;
            ulong r2 = t2 + c1;
            c2 += r2 < t2 ? 1UL : 0UL;
            word[0] = w0 * value;
            word[1] = r1;
            word[2] = r2;
            word[3] = r3 + c2;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void And(ulong* a, ulong* b) => Write(b, a[0] & b[0], a[1] & b[1], a[2] & b[2], a[3] & b[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Or(ulong* a, ulong* b) => Write(b, a[0] | b[0], a[1] | b[1], a[2] | b[2], a[3] | b[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Xor(ulong* a, ulong* b) => Write(b, a[0] ^ b[0], a[1] ^ b[1], a[2] ^ b[2], a[3] ^ b[3]);

    // Shifts by a constant: one for each number of whole words. A shift by 64 - bits is done in two steps, so that it
    // holds for no bits too.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void ShiftLeft0(int bits, ulong* w) => Write(
        w, w[0] << bits, Left(w[1], w[0], bits), Left(w[2], w[1], bits), Left(w[3], w[2], bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void ShiftLeft1(int bits, ulong* w) =>
        Write(w, 0, w[0] << bits, Left(w[1], w[0], bits), Left(w[2], w[1], bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void ShiftLeft2(int bits, ulong* w) => Write(w, 0, 0, w[0] << bits, Left(w[1], w[0], bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void ShiftLeft3(int bits, ulong* w) => Write(w, 0, 0, 0, w[0] << bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void ShiftRight0(int bits, ulong* w) => Write(
        w, Right(w[1], w[0], bits), Right(w[2], w[1], bits), Right(w[3], w[2], bits), w[3] >> bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void ShiftRight1(int bits, ulong* w) =>
        Write(w, Right(w[2], w[1], bits), Right(w[3], w[2], bits), w[3] >> bits, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void ShiftRight2(int bits, ulong* w) => Write(w, Right(w[3], w[2], bits), w[3] >> bits, 0, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void ShiftRight3(int bits, ulong* w) => Write(w, w[3] >> bits, 0, 0, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Left(ulong high, ulong low, int bits) => (high << bits) | ((low >> 1) >> (63 - bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Right(ulong high, ulong low, int bits) => (low >> bits) | ((high << 1) << (63 - bits));
}
