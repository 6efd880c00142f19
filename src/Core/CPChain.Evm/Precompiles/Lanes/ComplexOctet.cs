using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CPChain.Evm.Precompiles.Lanes;

/// <summary>Eight elements of Fp2 = Fp[u] / (u^2 + 1), real and imaginary parts apart.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ComplexOctet<F>(in Octet<F> re, in Octet<F> im) : ILaneElement<ComplexOctet<F>>
    where F : struct, ILaneField
{
    internal Octet<F> Re = re;
    internal Octet<F> Im = im;

    public static ComplexOctet<F> operator +(in ComplexOctet<F> a, in ComplexOctet<F> b) => new(a.Re + b.Re, a.Im + b.Im);

    public static ComplexOctet<F> operator -(in ComplexOctet<F> a, in ComplexOctet<F> b) => new(a.Re - b.Re, a.Im - b.Im);

    public static ComplexOctet<F> operator *(in ComplexOctet<F> a, ulong factor) => new(a.Re * factor, a.Im * factor);

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ComplexOctet<F> operator *(in ComplexOctet<F> a, in ComplexOctet<F> b)
    {
        ReadOnlySpan<int> inOrder = [0, Octet<F>.Size];
        ReadOnlySpan<int> swapped = [Octet<F>.Size, 0];
        Unsafe.SkipInit(out ComplexOctet<F> product);
        ComplexOctet<F> forReal = new(b.Re, -b.Im);
        Octet<F>.SumOfProducts<LaneByLane>(ref a.Re.First, inOrder, ref forReal.Re.First, inOrder, ref product.Re.First);
        Octet<F>.SumOfProducts<LaneByLane>(ref a.Re.First, inOrder, ref b.Re.First, swapped, ref product.Im.First);
        return product;
    }

    public readonly ComplexOctet<F> Reduced() => new(Re.Reduced(), Im.Reduced());
}
