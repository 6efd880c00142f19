namespace CPChain.Evm.Precompiles.Fields;

/// <summary>Steps of the Miller loop on a sextic twist y^2 = x^3 + b' in homogeneous projective coordinates
/// (Aranha, Karabina, Longa, Gebotys, López 2011, section 4).</summary>
internal struct MillerPoint<F>
    where F : struct, IField<F>
{
    internal Fp2<F> X;
    internal Fp2<F> Y;
    internal Fp2<F> Z;

    internal static MillerPoint<F> From(in Fp2<F> x, in Fp2<F> y) => new() { X = x, Y = y, Z = Fp2<F>.One };

    /// <summary>Doubles this point; the tangent is (constant, x coefficient, y coefficient).</summary>
    internal (Fp2<F> Constant, Fp2<F> Px, Fp2<F> Py) Double(in Fp2<F> twistB, in F half)
    {
        Fp2<F> a = (X * Y).Scale(half);
        Fp2<F> b = Fp2<F>.Square(Y);
        Fp2<F> c = Fp2<F>.Square(Z);
        Fp2<F> e = twistB * (c + c + c);
        Fp2<F> f = e + e + e;
        Fp2<F> g = (b + f).Scale(half);
        Fp2<F> h = Fp2<F>.Square(Y + Z) - b - c;
        Fp2<F> j = Fp2<F>.Square(X);
        Fp2<F> e2 = Fp2<F>.Square(e);
        X = a * (b - f);
        Y = Fp2<F>.Square(g) - e2 - e2 - e2;
        Z = b * h;
        return (e - b, j + j + j, -h);
    }

    /// <summary>Adds an affine point; the line through both is (constant, x coefficient, y coefficient).</summary>
    internal (Fp2<F> Constant, Fp2<F> Px, Fp2<F> Py) Add(in Fp2<F> qx, in Fp2<F> qy)
    {
        Fp2<F> theta = Y - (qy * Z);
        Fp2<F> lambda = X - (qx * Z);
        Fp2<F> c = Fp2<F>.Square(theta);
        Fp2<F> d = Fp2<F>.Square(lambda);
        Fp2<F> e = lambda * d;
        Fp2<F> f = Z * c;
        Fp2<F> g = X * d;
        Fp2<F> h = e + f - g - g;
        X = lambda * h;
        Y = (theta * (g - h)) - (e * Y);
        Z *= e;
        return ((theta * qx) - (lambda * qy), -theta, lambda);
    }
}
