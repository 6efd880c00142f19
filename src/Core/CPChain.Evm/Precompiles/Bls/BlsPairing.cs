using System.Globalization;
using System.Numerics;
using CPChain.Evm.Precompiles.Fields;
using Gt = CPChain.Evm.Precompiles.Fields.Fp12<CPChain.Evm.Precompiles.Fields.Fp381, CPChain.Evm.Precompiles.Bls.BlsTower>;
using Sextic = CPChain.Evm.Precompiles.Fields.Fp6<CPChain.Evm.Precompiles.Fields.Fp381, CPChain.Evm.Precompiles.Bls.BlsTower>;

namespace CPChain.Evm.Precompiles.Bls;

/// <summary>The optimal ate pairing on BLS12-381, as a power of three of the reduced one: enough to tell products that
/// are 1 from those that are not.</summary>
internal static class BlsPairing
{
    /// <summary>The curve's parameter x is minus this.</summary>
    internal const ulong MinusX = 0xd201000000010000;

    /// <summary>Order of both groups.</summary>
    internal static readonly BigInteger Order = BigInteger.Parse(
        "073eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001", NumberStyles.HexNumber,
        CultureInfo.InvariantCulture);

    internal static readonly Fp381 B = Fp381.From(4);

    /// <summary>The twist is y^2 = x^3 + 4 (1 + u).</summary>
    internal static readonly Fp2<Fp381> TwistB = new(Fp381.From(4), Fp381.From(4));

    private static readonly Fp381 Half = Fp381.Invert(Fp381.From(2));

    /// <summary>Whether the product of the pairings of affine points, none of them infinity, is 1.</summary>
    internal static bool IsProductOne(ReadOnlySpan<(Point<Fp381> P, Point<Fp2<Fp381>> Q)> pairs) =>
        FinalExponentiation(MillerLoop(pairs)) == Gt.One;

    /// <summary>The product of the Miller values of all pairs, squared together.</summary>
    internal static Gt MillerLoop(ReadOnlySpan<(Point<Fp381> P, Point<Fp2<Fp381>> Q)> pairs)
    {
        var r = new MillerPoint<Fp381>[pairs.Length];
        for (int i = 0; i < r.Length; i++) r[i] = MillerPoint<Fp381>.From(pairs[i].Q.X, pairs[i].Q.Y);
        Gt f = Gt.One;
        for (int bit = 62; bit >= 0; bit--)
        {
            f = Gt.Square(f);
            bool adds = ((MinusX >> bit) & 1) != 0;
            for (int i = 0; i < r.Length; i++)
            {
                ref readonly Point<Fp381> p = ref pairs[i].P;
                f *= Line(r[i].Double(TwistB, Half), p.X, p.Y);
                if (adds) f *= Line(r[i].Add(pairs[i].Q.X, pairs[i].Q.Y), p.X, p.Y);
            }
        }

        return f.Conjugate;
    }

    /// <summary>The power 3 (p^12 - 1) / order (Hayashida, Hayasaka, Teruya 2020).</summary>
    internal static Gt FinalExponentiation(in Gt value)
    {
        Gt f = value.Conjugate * Gt.Invert(value);
        f = f.Frobenius().Frobenius() * f;
        Gt a = RaiseX(f) * f.Conjugate;
        a = RaiseX(a) * a.Conjugate;
        a = RaiseX(a) * a.Frobenius();
        a = RaiseX(RaiseX(a)) * a.Frobenius().Frobenius() * a.Conjugate;
        return a * Gt.Square(f) * f;
    }

    private static Gt RaiseX(in Gt value) => Powers.Raise(value, MinusX).Conjugate;

    /// <summary>The line at P on the untwisted curve: its terms stand at 1, w^2 and w^3.</summary>
    private static Gt Line(in (Fp2<Fp381> Constant, Fp2<Fp381> Px, Fp2<Fp381> Py) line, in Fp381 px, in Fp381 py) =>
        new(
            new Sextic(line.Constant, line.Px.Scale(px), default),
            new Sextic(default, line.Py.Scale(py), default));
}
