using CPChain.Evm.Precompiles.Fields;

namespace CPChain.Evm.Precompiles.Bls;

/// <summary>The tower of BLS12-381: xi = 1 + u.</summary>
internal readonly struct BlsTower : ITower<Fp381>
{
    private static readonly Fp2<Fp381>[] Factors = MakeFactors();

    public static ReadOnlySpan<Fp2<Fp381>> FrobeniusFactors => Factors;

    public static Fp2<Fp381> MultiplyByXi(in Fp2<Fp381> a) => new(a.C0 - a.C1, a.C0 + a.C1);

    private static Fp2<Fp381>[] MakeFactors()
    {
        Fp2<Fp381> step = Powers.Raise(new Fp2<Fp381>(Fp381.One, Fp381.One), (Fp381.Prime - 1) / 6);
        var factors = new Fp2<Fp381>[6];
        factors[0] = Fp2<Fp381>.One;
        for (int i = 1; i < 6; i++) factors[i] = factors[i - 1] * step;
        return factors;
    }
}
