namespace CPChain.Simulation.Dpor;

/// <summary>What the campaigns of elections measure. Floating point, so never part of a rule.</summary>
public static class Statistics
{
    /// <summary>Chance that a chi-square of so many degrees of freedom is at least this large.</summary>
    public static double ChiSquareP(double chiSquare, int degrees)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(degrees, 1);
        return chiSquare <= 0 ? 1 : UpperGamma(degrees / 2.0, chiSquare / 2.0);
    }

    /// <summary>Pearson's chi-square of counts against weights that add up to any sum.</summary>
    public static double ChiSquare(IReadOnlyList<long> counts, IReadOnlyList<double> weights)
    {
        double total = counts.Sum();
        double sum = weights.Sum();
        double chiSquare = 0;
        for (int i = 0; i < counts.Count; i++)
        {
            double expected = total * weights[i] / sum;
            chiSquare += (counts[i] - expected) * (counts[i] - expected) / expected;
        }
        return chiSquare;
    }

    /// <summary>How far the mean of the best of n independent draws lies above their mean, in standard deviations, at most (Hartley and David 1954).</summary>
    public static double BestOf(double n) => n <= 1 ? 0 : (n - 1) / Math.Sqrt(2 * n - 1);

    // Q(a, x): a series below a + 1, Lentz's continued fraction above.
    private static double UpperGamma(double a, double x)
    {
        double scale = Math.Exp(a * Math.Log(x) - x - LogGamma(a));
        if (x < a + 1)
        {
            double term = 1 / a;
            double sum = term;
            for (int n = 1; n < 10_000 && term > sum * 1e-16; n++)
            {
                term *= x / (a + n);
                sum += term;
            }
            return 1 - sum * scale;
        }
        const double tiny = 1e-300;
        double b = x + 1 - a;
        double c = 1 / tiny;
        double d = 1 / b;
        double h = d;
        for (int i = 1; i < 10_000; i++)
        {
            double an = -i * (i - a);
            b += 2;
            d = 1 / NotZero(an * d + b);
            c = NotZero(b + an / c);
            h *= d * c;
            if (Math.Abs(d * c - 1) < 1e-15)
                break;
        }
        return h * scale;

        static double NotZero(double value) => Math.Abs(value) < tiny ? tiny : value;
    }

    // Stirling's series after shifting the argument above 10.
    private static double LogGamma(double x)
    {
        double shift = 0;
        for (; x < 10; x++)
            shift += Math.Log(x);
        double inverse = 1 / x;
        double square = inverse * inverse;
        double series = inverse * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square / 1680)));
        return (x - 0.5) * Math.Log(x) - x + 0.5 * Math.Log(2 * Math.PI) + series - shift;
    }
}
