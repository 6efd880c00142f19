using System.Security.Cryptography;
using CPChain.Crypto.Native;
using CPChain.Types;

namespace CPChain.Crypto.Curve;

/// <summary>Arithmetic modulo n by libsecp256k1's secret-key functions, which refuse zero: zero is handled here.</summary>
internal static unsafe class ScalarArithmetic
{
    // n - 2, the public exponent of the inverse.
    private static readonly UInt256 InverseExponent = Signature.GroupOrder - 2U;

    /// <summary>2^256 mod n = 2^256 - n.</summary>
    public static Scalar TwoTo256 { get; } = new(unchecked(UInt256.Zero - Signature.GroupOrder));

    /// <summary>A 256-bit number modulo n, which is below twice n; the subtraction is selected by a mask.</summary>
    public static Scalar ReduceOnce(in UInt256 value)
    {
        bool below = !UInt256.TrySubtract(value, Signature.GroupOrder, out UInt256 reduced);
        ulong keep = unchecked(0UL - (below ? 1UL : 0));
        return new Scalar(new UInt256(
            (value.U0 & keep) | (reduced.U0 & ~keep),
            (value.U1 & keep) | (reduced.U1 & ~keep),
            (value.U2 & keep) | (reduced.U2 & ~keep),
            (value.U3 & keep) | (reduced.U3 & ~keep)));
    }

    public static Scalar Add(in Scalar a, in Scalar b)
    {
        if (a.IsZero) return b;
        if (b.IsZero) return a;
        byte* x = stackalloc byte[Scalar.Length];
        byte* y = stackalloc byte[Scalar.Length];
        a.CopyTo(new Span<byte>(x, Scalar.Length));
        b.CopyTo(new Span<byte>(y, Scalar.Length));
        bool nonZero = Secp256k1Native.secp256k1_ec_seckey_tweak_add(Secp256k1Native.Context, x, y) == 1;
        return Take(x, y, nonZero);
    }

    public static Scalar Multiply(in Scalar a, in Scalar b)
    {
        if (a.IsZero || b.IsZero) return Scalar.Zero;
        byte* x = stackalloc byte[Scalar.Length];
        byte* y = stackalloc byte[Scalar.Length];
        a.CopyTo(new Span<byte>(x, Scalar.Length));
        b.CopyTo(new Span<byte>(y, Scalar.Length));
        int done = Secp256k1Native.secp256k1_ec_seckey_tweak_mul(Secp256k1Native.Context, x, y);
        Invariant.Check(done == 1, "The product of non-zero scalars is not zero.");
        return Take(x, y, true);
    }

    public static Scalar Negate(in Scalar a)
    {
        if (a.IsZero) return a;
        byte* x = stackalloc byte[Scalar.Length];
        a.CopyTo(new Span<byte>(x, Scalar.Length));
        int done = Secp256k1Native.secp256k1_ec_seckey_negate(Secp256k1Native.Context, x);
        Invariant.Check(done == 1, "A scalar below the order has a negative.");
        return Take(x, x, true);
    }

    public static Scalar Invert(in Scalar a)
    {
        Invariant.Check(!a.IsZero, "Zero has no inverse.");
        byte* factor = stackalloc byte[Scalar.Length];
        byte* power = stackalloc byte[Scalar.Length];
        byte* square = stackalloc byte[Scalar.Length];
        a.CopyTo(new Span<byte>(factor, Scalar.Length));
        a.CopyTo(new Span<byte>(power, Scalar.Length));
        nint context = Secp256k1Native.Context;
        int done = 1;
        for (int bit = 254; bit >= 0; bit--)
        {
            new Span<byte>(power, Scalar.Length).CopyTo(new Span<byte>(square, Scalar.Length));
            done &= Secp256k1Native.secp256k1_ec_seckey_tweak_mul(context, power, square);
            if (InverseExponent.IsBitSet(bit)) done &= Secp256k1Native.secp256k1_ec_seckey_tweak_mul(context, power, factor);
        }

        Invariant.Check(done == 1, "A power of a non-zero scalar is not zero.");
        CryptographicOperations.ZeroMemory(new Span<byte>(square, Scalar.Length));
        return Take(power, factor, true);
    }

    private static Scalar Take(byte* result, byte* scratch, bool nonZero)
    {
        UInt256 value = nonZero ? UInt256.FromBigEndian(new ReadOnlySpan<byte>(result, Scalar.Length)) : UInt256.Zero;
        CryptographicOperations.ZeroMemory(new Span<byte>(result, Scalar.Length));
        CryptographicOperations.ZeroMemory(new Span<byte>(scratch, Scalar.Length));
        return new Scalar(value);
    }
}
