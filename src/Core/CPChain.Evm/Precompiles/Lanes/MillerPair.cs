using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CPChain.Evm.Precompiles.Fields;

namespace CPChain.Evm.Precompiles.Lanes;

/// <summary>One pair of points on its way through a Miller loop: the multiple of Q in homogeneous projective coordinates on
/// the twist y^2 = x^3 + b' (Aranha, Karabina, Longa, Gebotys, López, eprint 2010/526, section 4; all scaled by 4), and P,
/// at which the lines are taken.</summary>
/// <remarks>Up to four products in Fp2 that do not depend on each other are one product of octets.</remarks>
internal struct MillerPair<F>
    where F : struct, ILaneField
{
    private static readonly Vector512<ulong> XYZY = Quad<F>.Order(0, 1, 2, 1);
    private static readonly Vector512<ulong> YYZZ = Quad<F>.Order(1, 1, 2, 2);
    private static readonly Vector512<ulong> YXXX = Quad<F>.Order(1, 0, 0, 0);
    private static readonly Vector512<ulong> ZZZZ = Quad<F>.Order(2, 2, 2, 2);

    /// <summary>The multiple of Q: x, y, z, and something.</summary>
    private Octet<F> _r;

    /// <summary>Q as it is added: y, x.</summary>
    private Octet<F> _q;

    /// <summary>1, x and -y of P, each twice: what the terms of a tangent are multiplied by.</summary>
    private Octet<F> _atTangent;

    /// <summary>1, -x and y.</summary>
    private Octet<F> _atChord;

    /// <summary>A pair of affine points, none of them infinity.</summary>
    internal static MillerPair<F> From<T>(in Point<T> p, in Point<Fp2<T>> q)
        where T : unmanaged, IField<T>, IWords<T>
    {
        MillerPair<F> pair = default;
        pair.SetR(q.X, q.Y);
        pair.SetQ(q.X, q.Y);
        pair.SetP(p.X, p.Y);
        return pair;
    }

    /// <summary>Only P, for lines known beforehand.</summary>
    internal void SetP<T>(in T x, in T y)
        where T : unmanaged, IField<T>, IWords<T>
    {
        T minusX = -x;
        T minusY = -y;
        _atTangent = OctetCodec<F, T>.Pack([T.One, T.One, x, x, minusY, minusY]);
        _atChord = OctetCodec<F, T>.Pack([T.One, T.One, minusX, minusX, y, y]);
    }

    internal void SetQ<T>(in Fp2<T> x, in Fp2<T> y)
        where T : unmanaged, IField<T>, IWords<T> => _q = OctetCodec<F, T>.Pack([y.C0, y.C1, x.C0, x.C1, x.C0, x.C1, y.C0, y.C1]);

    private void SetR<T>(in Fp2<T> x, in Fp2<T> y)
        where T : unmanaged, IField<T>, IWords<T> => _r = OctetCodec<F, T>.Pack([x.C0, x.C1, y.C0, y.C1, T.One, T.Zero]);

    /// <summary>A tangent's value at P.</summary>
    internal readonly Octet<F> TangentAtP(in Octet<F> tangent) => tangent * _atTangent;

    /// <summary>A chord's value at P.</summary>
    internal readonly Octet<F> ChordAtP(in Octet<F> chord) => chord * _atChord;

    /// <summary>Whether the multiple of Q that was reached is this affine point. False for infinity, which a Q of another order
    /// than the group's may lead to.</summary>
    internal readonly bool HasReached<T>(in Fp2<T> x, in Fp2<T> y)
        where T : unmanaged, IField<T>, IWords<T>
    {
        Span<T> r = stackalloc T[6];
        OctetCodec<F, T>.Unpack(_r, r);
        Fp2<T> z = new(r[4], r[5]);
        return !z.IsZero && new Fp2<T>(r[0], r[1]) == x * z && new Fp2<T>(r[2], r[3]) == y * z;
    }

    /// <summary>Doubles the point; gives the tangent as constant, coefficient of x, coefficient of -y.</summary>
    /// <param name="twist3B">0, 3 b'.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal Octet<F> Double(in Octet<F> twist3B)
    {
        // xy, b = y^2, z^2, yz; then x^2 and e = 3 b' z^2.
        Octet<F> first = Quad<F>.Multiply(_r.Pick(XYZY), _r.Pick(YYZZ));
        Octet<F> second = Quad<F>.Multiply(
            Octet<F>.Pick(_r, first, Quad<F>.Order(0, 6, 0, 0)), Octet<F>.Pick(_r, twist3B, Quad<F>.Order(0, 5, 0, 0)));

        // (b - 3 e) 2 x y, (b + 3 e)^2, e^2, y z 8 b.
        Octet<F> es = second.Pick(Quad<F>.Order(1, 1, 1, 1));
        Octet<F> plus = es * Quad<F>.Factors(0, 3, 0, 0);
        Octet<F> left = Octet<F>.Pick(first, second, Quad<F>.Order(1, 1, 5, 3)) + plus;
        Octet<F> right = (Octet<F>.Pick(first, second, Quad<F>.Order(0, 1, 5, 1)) * Quad<F>.Factors(2, 1, 1, 8)) + plus;
        Octet<F> third = Quad<F>.Multiply(left - (es * Quad<F>.Factors(3, 0, 0, 0)), right);

        Octet<F> tangent = (Octet<F>.Pick(second, first, Quad<F>.Order(1, 0, 7, 0)) * Quad<F>.Factors(1, 3, 2, 0))
            - (first.Pick(Quad<F>.Order(1, 1, 1, 1)) * Quad<F>.Factors(1, 0, 0, 0));
        _r = (third.Pick(Quad<F>.Order(0, 1, 3, 0)) - (third.Pick(Quad<F>.Order(2, 2, 2, 2)) * Quad<F>.Factors(0, 12, 0, 0)))
            .Reduced();
        return tangent;
    }

    /// <summary>Adds Q; gives the chord as constant, coefficient of -x, coefficient of y.</summary>
    internal Octet<F> Add() => Add(_q);

    /// <summary>Subtracts Q.</summary>
    internal Octet<F> Subtract() => Add(Octet<F>.Pick(_q, -_q, Quad<F>.Order(4, 1, 2, 7)).Reduced());

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Octet<F> Add(in Octet<F> q)
    {
        // t = y - yq z and l = x - xq z; then c = t^2, d = l^2, t xq, l yq.
        Octet<F> slopes = (_r.Pick(YXXX) - Quad<F>.Multiply(q, _r.Pick(ZZZZ))).Reduced();
        Octet<F> right = Octet<F>.Pick(slopes, q, Quad<F>.Order(0, 1, 5, 4));
        Octet<F> second = Quad<F>.Multiply(slopes.Pick(Quad<F>.Order(0, 1, 0, 1)), right);

        // e = l d, f = z c, g = x d.
        Octet<F> third = Quad<F>.Multiply(
            Octet<F>.Pick(_r, slopes, Quad<F>.Order(5, 2, 0, 0)), second.Pick(Quad<F>.Order(1, 0, 1, 1)));

        // h = e + f - 2 g; then l h, t (g - h), y e, z e.
        Octet<F> e = third.Pick(Quad<F>.Order(0, 0, 0, 0));
        Octet<F> f = third.Pick(Quad<F>.Order(1, 1, 1, 1));
        Octet<F> g = third.Pick(Quad<F>.Order(2, 2, 2, 2));
        Octet<F> ef = (e * Quad<F>.Factors(1, 0, 1, 1)) + (f * Quad<F>.Factors(1, 0, 0, 0)) + (g * Quad<F>.Factors(0, 3, 0, 0));
        Octet<F> less = (g * Quad<F>.Factors(2, 0, 0, 0)) + ((e + f) * Quad<F>.Factors(0, 1, 0, 0));
        Octet<F> fourth = Quad<F>.Multiply(ef - less, Octet<F>.Pick(slopes, _r, Quad<F>.Order(1, 0, 5, 6)));

        Octet<F> chord = Octet<F>.Pick(second, slopes, Quad<F>.Order(2, 4, 5, 2))
            - (second.Pick(Quad<F>.Order(3, 3, 3, 3)) * Quad<F>.Factors(1, 0, 0, 0));
        _r = (fourth.Pick(Quad<F>.Order(0, 1, 3, 0)) - (fourth.Pick(Quad<F>.Order(2, 2, 2, 2)) * Quad<F>.Factors(0, 1, 0, 0)))
            .Reduced();
        return chord;
    }
}
