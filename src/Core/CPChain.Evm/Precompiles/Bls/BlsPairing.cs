using System.Globalization;
using System.Numerics;
using CPChain.Evm.Precompiles.Fields;
using CPChain.Evm.Precompiles.Lanes;
using Gt = CPChain.Evm.Precompiles.Fields.Fp12<CPChain.Evm.Precompiles.Fields.Fp381, CPChain.Evm.Precompiles.Bls.BlsTower>;
using Codec = CPChain.Evm.Precompiles.Lanes.PairingCodec<
    CPChain.Evm.Precompiles.Bls.BlsLanes, CPChain.Evm.Precompiles.Fields.Fp381, CPChain.Evm.Precompiles.Bls.BlsTower>;

namespace CPChain.Evm.Precompiles.Bls;

/// <summary>The optimal ate pairing on BLS12-381, as a power of three of the reduced one: enough to tell products that
/// are 1 from those that are not.</summary>
internal static class BlsPairing
{
    /// <summary>The curve's parameter x is minus this.</summary>
    internal const ulong MinusX = 0xd201000000010000;

    /// <summary>The bit of the parameter below its highest one.</summary>
    internal const int TopBit = 62;

    /// <summary>Order of both groups.</summary>
    internal static readonly BigInteger Order = BigInteger.Parse(
        "073eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001", NumberStyles.HexNumber,
        CultureInfo.InvariantCulture);

    internal static readonly Fp381 B = Fp381.From(4);

    /// <summary>The twist is y^2 = x^3 + 4 (1 + u).</summary>
    internal static readonly Fp2<Fp381> TwistB = new(Fp381.From(4), Fp381.From(4));

    /// <summary>Powers of w that a line's constant and its terms in x and y stand at.</summary>
    private static readonly int[] LinePowers = [0, 2, 3];

    internal static readonly Octet<BlsLanes> Twist3B = OctetCodec<BlsLanes, Fp381>.Pack(
        [default, default, Fp381.From(12), Fp381.From(12)]);

    private static readonly PairingValue<BlsLanes> One = Codec.Pack(Gt.One);

    private static readonly PairingValue<BlsLanes> Frobenius = Codec.Pack(BlsTower.FrobeniusFactors);

    /// <summary>Tells whether the product of the pairings of affine points, none of them infinity, is 1; false if a point of the
    /// second group is not of that group. Those of the first must be known to be.</summary>
    internal static bool TryCheck(ReadOnlySpan<(Point<Fp381> P, Point<Fp2<Fp381>> Q)> pairs, out bool isOne)
    {
        isOne = true;
        if (pairs.IsEmpty) return true;
        if (!TryMillerLoop(pairs, out PairingValue<BlsLanes> product)) return false;
        isOne = IsOne(FinalExponentiation(product));
        return true;
    }

    /// <summary>Whether the product of e(P, Q) is 1 for points Q known beforehand; all of them in their groups.</summary>
    internal static bool IsProductOne(ReadOnlySpan<Point<Fp381>> points, ReadOnlySpan<PreparedLines> lines)
    {
        var states = new MillerPair<BlsLanes>[points.Length];
        for (int i = 0; i < states.Length; i++) states[i].SetP(points[i].X, points[i].Y);
        PairingValue<BlsLanes> f = One;
        int step = 0;
        for (int bit = TopBit; bit >= 0; bit--)
        {
            if (bit < TopBit) f *= f;
            for (int i = 0; i < states.Length; i++)
            {
                f = f.TimesLine(states[i].TangentAtP(lines[i][step]), LinePowers);
                if (Adds(bit)) f = f.TimesLine(states[i].ChordAtP(lines[i][step + 1]), LinePowers);
            }

            step += Adds(bit) ? 2 : 1;
        }

        return IsOne(FinalExponentiation(f.Conjugate));
    }

    private static bool IsOne(in PairingValue<BlsLanes> value) => Codec.Unpack(value) == Gt.One;

    /// <summary>The product of the Miller values of all pairs, squared together. The multiple of each Q that the loop ends at also
    /// says whether Q is in the group.</summary>
    internal static bool TryMillerLoop(
        ReadOnlySpan<(Point<Fp381> P, Point<Fp2<Fp381>> Q)> pairs, out PairingValue<BlsLanes> product)
    {
        var states = new MillerPair<BlsLanes>[pairs.Length];
        for (int i = 0; i < states.Length; i++) states[i] = MillerPair<BlsLanes>.From(pairs[i].P, pairs[i].Q);
        PairingValue<BlsLanes> f = One;
        for (int bit = TopBit; bit >= 0; bit--)
        {
            if (bit < TopBit) f *= f;
            foreach (ref MillerPair<BlsLanes> pair in states.AsSpan())
            {
                f = f.TimesLine(pair.TangentAtP(pair.Double(Twist3B)), LinePowers);
                if (Adds(bit)) f = f.TimesLine(pair.ChordAtP(pair.Add()), LinePowers);
            }
        }

        product = f.Conjugate;
        for (int i = 0; i < states.Length; i++)
        {
            if (!BlsSubgroups.IsEnd(states[i], pairs[i].Q)) return false;
        }

        return true;
    }

    /// <summary>The power 3 (p^12 - 1) / order (Hayashida, Hayasaka, Teruya 2020).</summary>
    internal static PairingValue<BlsLanes> FinalExponentiation(in PairingValue<BlsLanes> value)
    {
        PairingValue<BlsLanes> f = value.Conjugate * Codec.Invert(value);
        f = Frobenius2(f) * f;
        PairingValue<BlsLanes> a = RaiseX(f) * f.Conjugate;
        a = RaiseX(a) * a.Conjugate;
        a = RaiseX(a) * a.ConjugateTimes(Frobenius);
        a = RaiseX(RaiseX(a)) * Frobenius2(a) * a.Conjugate;
        return a * f.CyclotomicSquare() * f;
    }

    /// <summary>Whether the loop adds at this bit of the parameter.</summary>
    internal static bool Adds(int bit) => ((MinusX >> bit) & 1) != 0;

    private static PairingValue<BlsLanes> Frobenius2(in PairingValue<BlsLanes> value) =>
        value.ConjugateTimes(Frobenius).ConjugateTimes(Frobenius);

    /// <summary>The power x, of an element of norm 1.</summary>
    private static PairingValue<BlsLanes> RaiseX(in PairingValue<BlsLanes> value)
    {
        PairingValue<BlsLanes> power = value;
        for (int bit = TopBit; bit >= 0; bit--)
        {
            power = power.CyclotomicSquare();
            if (Adds(bit)) power = value * power;
        }

        return power.Conjugate;
    }
}
