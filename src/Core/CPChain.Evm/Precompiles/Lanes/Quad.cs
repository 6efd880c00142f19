using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CPChain.Evm.Precompiles.Lanes;

/// <summary>An octet as four elements of Fp2 = Fp[u] / (u^2 + 1), each in two neighbouring lanes.</summary>
internal static class Quad<F>
    where F : struct, ILaneField
{
    private static readonly Vector512<ulong> Real = Vector512.Create(0UL, 0, 2, 2, 4, 4, 6, 6);
    private static readonly Vector512<ulong> Imaginary = Vector512.Create(1UL, 1, 3, 3, 5, 5, 7, 7);

    /// <summary>From b and -b: b times u.</summary>
    private static readonly Vector512<ulong> TimesU = Vector512.Create(9UL, 0, 11, 2, 13, 4, 15, 6);

    /// <summary>Products of four pairs; the right factors must be below 512 p.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static Octet<F> Multiply(in Octet<F> a, in Octet<F> b)
    {
        Unsafe.SkipInit(out TwoOctets left);
        Unsafe.SkipInit(out TwoOctets right);
        Unsafe.SkipInit(out Octet<F> product);
        left.First = a.Pick(Real);
        left.Second = a.Pick(Imaginary);
        right.First = b;
        right.Second = Octet<F>.Pick(b, -b, TimesU);
        Octet<F>.SumOfProducts<LaneByLane>(
            ref left.First.First, [0, Octet<F>.Size], ref right.First.First, [0, Octet<F>.Size], ref product.First);
        return product;
    }

    private struct TwoOctets
    {
        internal Octet<F> First;
        internal Octet<F> Second;
    }

    /// <summary>Elements in the order that four numbers say: those of a are 0 to 3, those of b 4 to 7.</summary>
    internal static Vector512<ulong> Order(ulong first, ulong second, ulong third, ulong fourth) => Vector512.Create(
        2 * first, (2 * first) + 1, 2 * second, (2 * second) + 1, 2 * third, (2 * third) + 1, 2 * fourth, (2 * fourth) + 1);

    /// <summary>One factor for each element.</summary>
    internal static Vector512<ulong> Factors(ulong first, ulong second, ulong third, ulong fourth) =>
        Vector512.Create(first, first, second, second, third, third, fourth, fourth);
}
