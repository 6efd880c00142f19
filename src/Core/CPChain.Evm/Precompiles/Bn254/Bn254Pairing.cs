using System.Numerics;
using CPChain.Evm.Precompiles.Fields;
using CPChain.Evm.Precompiles.Lanes;
using CPChain.Types;
using Gt = CPChain.Evm.Precompiles.Fields.Fp12<CPChain.Evm.Precompiles.Fields.Fp254, CPChain.Evm.Precompiles.Bn254.Bn254Tower>;
using Codec = CPChain.Evm.Precompiles.Lanes.PairingCodec<
    CPChain.Evm.Precompiles.Bn254.Bn254Lanes, CPChain.Evm.Precompiles.Fields.Fp254,
    CPChain.Evm.Precompiles.Bn254.Bn254Tower>;

namespace CPChain.Evm.Precompiles.Bn254;

/// <summary>The optimal ate pairing on alt_bn128 (Vercauteren 2010; parameters of EIP-197).</summary>
internal static class Bn254Pairing
{
    /// <summary>The curve's parameter u.</summary>
    private const ulong U = 4965661367192848881;

    /// <summary>Order of both groups.</summary>
    internal static readonly BigInteger Order =
        UInt256.Parse("0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001").ToBigInteger();

    /// <summary>3 / xi: the twist is y^2 = x^3 + 3 / xi.</summary>
    internal static readonly Fp2<Fp254> TwistB = Fp2<Fp254>.Invert(Bn254Tower.Xi).Scale(Fp254.From(3));

    /// <summary>Powers of w that a line's constant and its terms in x and y stand at.</summary>
    private static readonly int[] LinePowers = [3, 1, 0];

    /// <summary>6 u + 2 in digits -1, 0 and 1, highest first.</summary>
    private static readonly sbyte[] LoopDigits = SignedDigits.Of((6 * new BigInteger(U)) + 2);

    private static readonly sbyte[] UDigits = SignedDigits.Of(U);

    private static readonly Octet<Bn254Lanes> Twist3B = OctetCodec<Bn254Lanes, Fp254>.Pack(
        [default, default, TwistB.C0 + TwistB.C0 + TwistB.C0, TwistB.C1 + TwistB.C1 + TwistB.C1]);

    private static readonly PairingValue<Bn254Lanes> One = Codec.Pack(Gt.One);

    private static readonly PairingValue<Bn254Lanes> FrobeniusFactors = Codec.Pack(Bn254Tower.FrobeniusFactors);

    /// <summary>Tells whether the product of the pairings of affine points, none of them infinity, is 1; false if a point of the
    /// twist is not of the second group.</summary>
    internal static bool TryCheck(ReadOnlySpan<(Point<Fp254> P, Point<Fp2<Fp254>> Q)> pairs, out bool isOne)
    {
        isOne = true;
        if (pairs.IsEmpty) return true;
        if (!TryMillerLoop(pairs, out PairingValue<Bn254Lanes> product)) return false;
        isOne = Codec.Unpack(FinalExponentiation(product)) == Gt.One;
        return true;
    }

    /// <summary>The product of the Miller values of all pairs, squared together. Where each Q ends says whether it is in the group.</summary>
    internal static bool TryMillerLoop(
        ReadOnlySpan<(Point<Fp254> P, Point<Fp2<Fp254>> Q)> pairs, out PairingValue<Bn254Lanes> product)
    {
        var states = new MillerPair<Bn254Lanes>[pairs.Length];
        for (int i = 0; i < states.Length; i++) states[i] = MillerPair<Bn254Lanes>.From(pairs[i].P, pairs[i].Q);
        PairingValue<Bn254Lanes> f = One;
        for (int i = 1; i < LoopDigits.Length; i++)
        {
            if (i > 1) f *= f;
            foreach (ref MillerPair<Bn254Lanes> pair in states.AsSpan())
            {
                f = f.TimesLine(pair.TangentAtP(pair.Double(Twist3B)), LinePowers);
                if (LoopDigits[i] == 0) continue;
                Octet<Bn254Lanes> chord = LoopDigits[i] > 0 ? pair.Add() : pair.Subtract();
                f = f.TimesLine(pair.ChordAtP(chord), LinePowers);
            }
        }

        bool areMembers = true;
        for (int i = 0; i < states.Length; i++) f = TimesLastLines(f, ref states[i], pairs[i].Q, ref areMembers);
        product = f;
        return areMembers;
    }

    /// <summary>The lines to the first Frobenius image of Q and to minus the second one.</summary>
    /// <remarks>(6 u + 2) + psi - psi^2 + psi^3 takes exactly the points of the group to infinity: the norm of this endomorphism
    /// has no factor but the group's order in common with the order of the twist (a test computes both).</remarks>
    private static PairingValue<Bn254Lanes> TimesLastLines(
        in PairingValue<Bn254Lanes> f, ref MillerPair<Bn254Lanes> pair, in Point<Fp2<Fp254>> q, ref bool areMembers)
    {
        ReadOnlySpan<Fp2<Fp254>> factor = Bn254Tower.FrobeniusFactors;
        Fp2<Fp254> q1X = q.X.Conjugate * factor[2];
        Fp2<Fp254> q1Y = q.Y.Conjugate * factor[3];
        Fp2<Fp254> q2X = q1X.Conjugate * factor[2];
        Fp2<Fp254> q2Y = -(q1Y.Conjugate * factor[3]);
        pair.SetQ(q1X, q1Y);
        PairingValue<Bn254Lanes> product = f.TimesLine(pair.ChordAtP(pair.Add()), LinePowers);
        pair.SetQ(q2X, q2Y);
        product = product.TimesLine(pair.ChordAtP(pair.Add()), LinePowers);
        areMembers &= pair.HasReached(q2X.Conjugate * factor[2], q2Y.Conjugate * factor[3]);
        return product;
    }

    /// <summary>The power (p^12 - 1) / order (Scott, Benger, Charlemagne, Perez, Kachisa 2009).</summary>
    internal static PairingValue<Bn254Lanes> FinalExponentiation(in PairingValue<Bn254Lanes> value)
    {
        PairingValue<Bn254Lanes> f = value.Conjugate * Codec.Invert(value);
        f = Frobenius(Frobenius(f)) * f;

        PairingValue<Bn254Lanes> fp = Frobenius(f);
        PairingValue<Bn254Lanes> fp2 = Frobenius(fp);
        PairingValue<Bn254Lanes> fp3 = Frobenius(fp2);
        PairingValue<Bn254Lanes> fu = RaiseU(f);
        PairingValue<Bn254Lanes> fu2 = RaiseU(fu);
        PairingValue<Bn254Lanes> fu3 = RaiseU(fu2);
        PairingValue<Bn254Lanes> fu2P = Frobenius(fu2);
        PairingValue<Bn254Lanes> y0 = fp * fp2 * fp3;
        PairingValue<Bn254Lanes> y1 = f.Conjugate;
        PairingValue<Bn254Lanes> y2 = Frobenius(fu2P);
        PairingValue<Bn254Lanes> y3 = Frobenius(fu).Conjugate;
        PairingValue<Bn254Lanes> y4 = (fu * fu2P).Conjugate;
        PairingValue<Bn254Lanes> y5 = fu2.Conjugate;
        PairingValue<Bn254Lanes> y6 = (fu3 * Frobenius(fu3)).Conjugate;

        PairingValue<Bn254Lanes> t0 = y6.CyclotomicSquare() * y4 * y5;
        PairingValue<Bn254Lanes> t1 = y3 * y5 * t0;
        t0 *= y2;
        t1 = (t1.CyclotomicSquare() * t0).CyclotomicSquare();
        t0 = t1 * y1;
        t1 *= y0;
        return t0.CyclotomicSquare() * t1;
    }

    private static PairingValue<Bn254Lanes> Frobenius(in PairingValue<Bn254Lanes> value) => value.ConjugateTimes(FrobeniusFactors);

    /// <summary>The power u, of an element of norm 1.</summary>
    private static PairingValue<Bn254Lanes> RaiseU(in PairingValue<Bn254Lanes> value)
    {
        PairingValue<Bn254Lanes> power = value;
        PairingValue<Bn254Lanes> inverse = value.Conjugate;
        foreach (sbyte digit in UDigits.AsSpan(1))
        {
            power = power.CyclotomicSquare();
            if (digit != 0) power *= digit > 0 ? value : inverse;
        }

        return power;
    }
}
