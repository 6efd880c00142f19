using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CPChain.Evm.Precompiles.Lanes;

/// <summary>An element of Fp12 = Fp2[w] / (w^6 - xi): lane k holds the coefficient of w^k, real and imaginary parts apart.
/// Six lanes of eight are used; what the others hold means nothing.</summary>
/// <remarks>No Karatsuba: a coefficient is one sum of twelve products with one reduction, and all six are had at once.</remarks>
[StructLayout(LayoutKind.Sequential)]
internal struct PairingValue<F>(in Octet<F> re, in Octet<F> im)
    where F : struct, ILaneField
{
    private const int Degree = 6;

    private static readonly Vector512<ulong>[] Rotations = [.. Enumerable.Range(0, Degree).Select(Rotation)];

    /// <summary>From f and -f: the element conjugate over Fp6, w becoming -w.</summary>
    private static readonly Vector512<ulong> OddNegated = Vector512.Create(0UL, 9, 2, 11, 4, 13, 6, 7);

    private static readonly Vector512<ulong> EvenNegated = Vector512.Create(8UL, 1, 10, 3, 12, 5, 6, 7);

    private static readonly Vector512<ulong> LowerTwice = Vector512.Create(0UL, 1, 2, 0, 1, 2, 6, 7);
    private static readonly Vector512<ulong> UpperTwice = Vector512.Create(3UL, 4, 5, 3, 4, 5, 6, 7);

    /// <summary>From f and xi f: f3 xi, f4 xi, f5 xi, f0, f1, f2.</summary>
    private static readonly Vector512<ulong> HalvesSwapped = Vector512.Create(11UL, 12, 13, 0, 1, 2, 6, 7);

    /// <summary>From d and xi d: where each square of Granger and Scott's belongs.</summary>
    private static readonly Vector512<ulong> SquaresPlaced = Vector512.Create(0UL, 13, 1, 3, 2, 4, 6, 7);

    private static readonly int[] AllPowers = [0, 1, 2, 3, 4, 5];

    internal Octet<F> Re = re;
    internal Octet<F> Im = im;

    /// <summary>The power p^6; the inverse of an element of norm 1.</summary>
    internal readonly PairingValue<F> Conjugate => new(
        Octet<F>.Pick(Re, -Re, OddNegated).Reduced(), Octet<F>.Pick(Im, -Im, OddNegated).Reduced());

    private readonly PairingValue<F> TimesXi => F.XiReal == 1
        ? new(Re - Im, Re + Im)
        : new((Re * F.XiReal) - Im, (Im * F.XiReal) + Re);

    public static PairingValue<F> operator *(in PairingValue<F> a, in PairingValue<F> b)
    {
        ReadOnlySpan<int> lanes = AllPowers;
        return b.TimesSparse(ref Unsafe.AsRef(in a.Re).First, lanes, Octet<F>.Size, AllPowers);
    }

    /// <summary>This times a line, whose three coefficients in Fp2 lie side by side.</summary>
    internal readonly PairingValue<F> TimesLine(in Octet<F> line, ReadOnlySpan<int> powers) =>
        TimesSparse(ref line.First, [0, 2, 4], 1, powers);

    /// <summary>The square of an element of norm 1 over Fp6 and Fp4 (Granger and Scott, eprint 2009/565): three squares in Fp4.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal readonly PairingValue<F> CyclotomicSquare()
    {
        // Over Fp4 = Fp2[s], s = w^3, the element is A + B w + C w^2 with A = f0 + f3 s, B = f1 + f4 s, C = f2 + f5 s. Its square is
        // (3 A^2 - 2 A') + (3 s C^2 + 2 B') w + (3 B^2 - 2 C') w^2, where A' = f0 - f3 s.
        PairingValue<F> swapped = Pick(this, TimesXi, HalvesSwapped);
        Unsafe.SkipInit(out FourOctets left);
        Unsafe.SkipInit(out FourOctets right);
        left.First = Re.Pick(LowerTwice);
        left.Second = Im.Pick(LowerTwice);
        left.Third = Re.Pick(UpperTwice);
        left.Fourth = Im.Pick(UpperTwice);
        right.First = Re;
        right.Second = -Im;
        right.Third = swapped.Re;
        right.Fourth = -swapped.Im;
        ReadOnlySpan<int> offsets = [0, Octet<F>.Size, 2 * Octet<F>.Size, 3 * Octet<F>.Size];
        Unsafe.SkipInit(out PairingValue<F> squares);
        Octet<F>.SumOfProducts<LaneByLane>(
            ref left.First.First, offsets, ref right.First.First, offsets, ref squares.Re.First);
        right.First = Im;
        right.Second = Re;
        right.Third = swapped.Im;
        right.Fourth = swapped.Re;
        Octet<F>.SumOfProducts<LaneByLane>(
            ref left.First.First, offsets, ref right.First.First, offsets, ref squares.Im.First);
        PairingValue<F> placed = Pick(squares, squares.TimesXi, SquaresPlaced);
        return new(Triple(placed.Re, Re), Triple(placed.Im, Im));

        static Octet<F> Triple(in Octet<F> square, in Octet<F> f)
        {
            Octet<F> twice = f + f;
            return ((square * 3) + Octet<F>.Pick(twice, -twice, EvenNegated)).Reduced();
        }
    }

    /// <summary>Each coefficient's conjugate times a factor of its own: the map x -> x^p and its squares.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal readonly PairingValue<F> ConjugateTimes(in PairingValue<F> factors)
    {
        // (a - b u) (c + d u) = (a c + b d) + (a d - b c) u.
        PairingValue<F> left = this;
        PairingValue<F> right = factors;
        ReadOnlySpan<int> offsets = [0, Octet<F>.Size];
        Unsafe.SkipInit(out PairingValue<F> product);
        Octet<F>.SumOfProducts<LaneByLane>(ref left.Re.First, offsets, ref right.Re.First, offsets, ref product.Re.First);
        right = new(factors.Im, -factors.Re);
        Octet<F>.SumOfProducts<LaneByLane>(ref left.Re.First, offsets, ref right.Re.First, offsets, ref product.Im.First);
        return product;
    }

    /// <summary>The product with an element of which some powers of w have a coefficient: its real parts stand in the named lanes,
    /// its imaginary parts at a distance from them.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly PairingValue<F> TimesSparse(
        ref ulong coefficients, ReadOnlySpan<int> lanes, int distance, ReadOnlySpan<int> powers)
    {
        PairingValue<F> xi = TimesXi;
        Octet<F> negative = -Im;
        Octet<F> negativeXi = -xi.Im;
        Unsafe.SkipInit(out RotatedOctets rotated);
        Span<int> left = stackalloc int[2 * powers.Length];
        Span<int> forReal = stackalloc int[2 * powers.Length];
        Span<int> forImaginary = stackalloc int[2 * powers.Length];
        for (int i = 0; i < powers.Length; i++)
        {
            ref readonly Vector512<ulong> rotation = ref Rotations[powers[i]];
            rotated[3 * i] = Octet<F>.Pick(Im, xi.Im, rotation);
            rotated[(3 * i) + 1] = Octet<F>.Pick(Re, xi.Re, rotation);
            rotated[(3 * i) + 2] = Octet<F>.Pick(negative, negativeXi, rotation);
            left[2 * i] = lanes[i];
            left[(2 * i) + 1] = lanes[i] + distance;
            forReal[2 * i] = ((3 * i) + 1) * Octet<F>.Size;
            forReal[(2 * i) + 1] = ((3 * i) + 2) * Octet<F>.Size;
            forImaginary[2 * i] = 3 * i * Octet<F>.Size;
            forImaginary[(2 * i) + 1] = ((3 * i) + 1) * Octet<F>.Size;
        }

        Unsafe.SkipInit(out PairingValue<F> product);
        Octet<F>.SumOfProducts<OneForAll>(ref coefficients, left, ref rotated[0].First, forReal, ref product.Re.First);
        Octet<F>.SumOfProducts<OneForAll>(ref coefficients, left, ref rotated[0].First, forImaginary, ref product.Im.First);
        return product;
    }

    private static PairingValue<F> Pick(in PairingValue<F> a, in PairingValue<F> b, in Vector512<ulong> lanes) =>
        new(Octet<F>.Pick(a.Re, b.Re, lanes), Octet<F>.Pick(a.Im, b.Im, lanes));

    /// <summary>From f and xi f: f times a power of w.</summary>
    private static Vector512<ulong> Rotation(int power)
    {
        Span<ulong> lanes = [0, 1, 2, 3, 4, 5, 6, 7];
        for (int k = 0; k < Degree; k++) lanes[k] = (ulong)(k >= power ? k - power : LaneKernel.Lanes + k - power + Degree);
        return Vector512.Create<ulong>(lanes);
    }

    private struct FourOctets
    {
        internal Octet<F> First;
        internal Octet<F> Second;
        internal Octet<F> Third;
        internal Octet<F> Fourth;
    }

    [InlineArray(3 * Degree)]
    private struct RotatedOctets
    {
        private Octet<F> _first;
    }
}
