using System.Numerics;
using CPChain.Evm.Precompiles.Fields;

namespace CPChain.Evm.Precompiles.Bn254;

/// <summary>The tower of alt_bn128: xi = 9 + u.</summary>
internal readonly struct Bn254Tower : ITower<Fp254>
{
    private static readonly Fp2<Fp254>[] Factors = MakeFactors();

    public static ReadOnlySpan<Fp2<Fp254>> FrobeniusFactors => Factors;

    internal static Fp2<Fp254> Xi => new(Fp254.From(9), Fp254.One);

    public static Fp2<Fp254> MultiplyByXi(in Fp2<Fp254> a)
    {
        Fp2<Fp254> a2 = a + a;
        Fp2<Fp254> a4 = a2 + a2;
        Fp2<Fp254> a8 = a4 + a4;
        Fp2<Fp254> a9 = a8 + a;
        return new(a9.C0 - a.C1, a9.C1 + a.C0);
    }

    private static Fp2<Fp254>[] MakeFactors()
    {
        Fp2<Fp254> step = Powers.Raise(Xi, (Fp254.Prime.ToBigInteger() - BigInteger.One) / 6);
        var factors = new Fp2<Fp254>[6];
        factors[0] = Fp2<Fp254>.One;
        for (int i = 1; i < 6; i++) factors[i] = factors[i - 1] * step;
        return factors;
    }
}
