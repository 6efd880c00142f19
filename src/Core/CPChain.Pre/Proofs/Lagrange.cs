using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Pre.Proofs;

/// <summary>Interpolation over the scalars at distinct non-zero abscissas.</summary>
internal static class Lagrange
{
    /// <summary>The factors with which values at these abscissas add up to the value at 0.</summary>
    public static Scalar[] AtZero(ReadOnlySpan<Scalar> abscissas)
    {
        var factors = new Scalar[abscissas.Length];
        for (int i = 0; i < factors.Length; i++)
        {
            Scalar numerator = Scalar.One;
            Scalar denominator = Scalar.One;
            for (int j = 0; j < factors.Length; j++)
            {
                if (j == i) continue;
                numerator *= abscissas[j];
                denominator *= abscissas[j] - abscissas[i];
            }

            factors[i] = numerator * denominator.Inverse();
        }

        return factors;
    }

    /// <summary>1 / product of (y_i - y_j) over j other than i: the dual code's factors (SCRAPE, Cascudo and David 2017).</summary>
    public static Scalar[] DualFactors(ReadOnlySpan<Scalar> abscissas)
    {
        var factors = new Scalar[abscissas.Length];
        for (int i = 0; i < factors.Length; i++)
        {
            Scalar product = Scalar.One;
            for (int j = 0; j < factors.Length; j++)
            {
                if (j != i) product *= abscissas[i] - abscissas[j];
            }

            factors[i] = product.Inverse();
        }

        return factors;
    }

    /// <summary>The polynomial with these coefficients, constant first, at x.</summary>
    public static Scalar Evaluate(ReadOnlySpan<Scalar> coefficients, in Scalar x)
    {
        Invariant.Check(!coefficients.IsEmpty, "A polynomial has a coefficient.");
        Scalar value = coefficients[^1];
        for (int i = coefficients.Length - 2; i >= 0; i--) value = (value * x) + coefficients[i];
        return value;
    }
}
