using System.Numerics;
using CPChain.Evm.Precompiles.Fields;
using CPChain.Types;
using Gt = CPChain.Evm.Precompiles.Fields.Fp12<CPChain.Evm.Precompiles.Fields.Fp254, CPChain.Evm.Precompiles.Bn254.Bn254Tower>;
using Sextic = CPChain.Evm.Precompiles.Fields.Fp6<CPChain.Evm.Precompiles.Fields.Fp254, CPChain.Evm.Precompiles.Bn254.Bn254Tower>;

namespace CPChain.Evm.Precompiles.Bn254;

/// <summary>The optimal ate pairing on alt_bn128 (Vercauteren 2010; parameters of EIP-197).</summary>
internal static class Bn254Pairing
{
    /// <summary>The curve's parameter u.</summary>
    private const ulong U = 4965661367192848881;

    /// <summary>Order of both groups.</summary>
    internal static readonly BigInteger Order =
        UInt256.Parse("0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001").ToBigInteger();

    private static readonly BigInteger LoopCount = (6 * new BigInteger(U)) + 2;

    private static readonly Fp254 Half = Fp254.Invert(Fp254.From(2));

    /// <summary>3 / xi: the twist is y^2 = x^3 + 3 / xi.</summary>
    internal static readonly Fp2<Fp254> TwistB = Fp2<Fp254>.Invert(Bn254Tower.Xi).Scale(Fp254.From(3));

    /// <summary>Whether the product of the pairings of affine points, none of them infinity, is 1.</summary>
    internal static bool IsProductOne(ReadOnlySpan<(Point<Fp254> P, Point<Fp2<Fp254>> Q)> pairs) =>
        FinalExponentiation(MillerLoop(pairs)) == Gt.One;

    /// <summary>The product of the Miller values of all pairs, squared together.</summary>
    internal static Gt MillerLoop(ReadOnlySpan<(Point<Fp254> P, Point<Fp2<Fp254>> Q)> pairs)
    {
        var r = new MillerPoint<Fp254>[pairs.Length];
        for (int i = 0; i < r.Length; i++) r[i] = MillerPoint<Fp254>.From(pairs[i].Q.X, pairs[i].Q.Y);
        Gt f = Gt.One;
        for (int bit = (int)LoopCount.GetBitLength() - 2; bit >= 0; bit--)
        {
            f = Gt.Square(f);
            bool adds = !(LoopCount >> bit).IsEven;
            for (int i = 0; i < r.Length; i++)
            {
                ref readonly Point<Fp254> p = ref pairs[i].P;
                f *= Line(r[i].Double(TwistB, Half), p.X, p.Y);
                if (adds) f *= Line(r[i].Add(pairs[i].Q.X, pairs[i].Q.Y), p.X, p.Y);
            }
        }

        for (int i = 0; i < r.Length; i++) f *= LastLines(ref r[i], pairs[i].P, pairs[i].Q);
        return f;
    }

    /// <summary>The lines to the first Frobenius image of Q and to minus the second one.</summary>
    private static Gt LastLines(ref MillerPoint<Fp254> r, in Point<Fp254> p, in Point<Fp2<Fp254>> q)
    {
        ReadOnlySpan<Fp2<Fp254>> factor = Bn254Tower.FrobeniusFactors;
        Fp2<Fp254> q1X = q.X.Conjugate * factor[2];
        Fp2<Fp254> q1Y = q.Y.Conjugate * factor[3];
        Fp2<Fp254> q2X = q1X.Conjugate * factor[2];
        Fp2<Fp254> q2Y = -(q1Y.Conjugate * factor[3]);
        return Line(r.Add(q1X, q1Y), p.X, p.Y) * Line(r.Add(q2X, q2Y), p.X, p.Y);
    }

    /// <summary>The power (p^12 - 1) / order (Scott, Benger, Charlemagne, Perez, Kachisa 2009).</summary>
    internal static Gt FinalExponentiation(in Gt value)
    {
        Gt f = value.Conjugate * Gt.Invert(value);
        f = f.Frobenius().Frobenius() * f;

        Gt fp = f.Frobenius();
        Gt fp2 = fp.Frobenius();
        Gt fp3 = fp2.Frobenius();
        Gt fu = Powers.Raise(f, U);
        Gt fu2 = Powers.Raise(fu, U);
        Gt fu3 = Powers.Raise(fu2, U);
        Gt fu2P = fu2.Frobenius();
        Gt y0 = fp * fp2 * fp3;
        Gt y1 = f.Conjugate;
        Gt y2 = fu2P.Frobenius();
        Gt y3 = fu.Frobenius().Conjugate;
        Gt y4 = (fu * fu2P).Conjugate;
        Gt y5 = fu2.Conjugate;
        Gt y6 = (fu3 * fu3.Frobenius()).Conjugate;

        Gt t0 = Gt.Square(y6) * y4 * y5;
        Gt t1 = y3 * y5 * t0;
        t0 *= y2;
        t1 = Gt.Square(Gt.Square(t1) * t0);
        t0 = t1 * y1;
        t1 *= y0;
        return Gt.Square(t0) * t1;
    }

    /// <summary>The line at P on the untwisted curve: its terms stand at 1, w and w^3.</summary>
    private static Gt Line(in (Fp2<Fp254> Constant, Fp2<Fp254> Px, Fp2<Fp254> Py) line, in Fp254 px, in Fp254 py) =>
        new(
            new Sextic(line.Py.Scale(py), default, default),
            new Sextic(line.Px.Scale(px), line.Constant, default));
}
