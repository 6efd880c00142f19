namespace CPChain.Simulation.Dpor;

/// <summary>
/// Exact chances of being seated, by a way that has nothing in common with a draw: accounts ring after exponential times of rate weight, and the first
/// m are seated. So a chance is the integral over t of w exp(-w t) times the chance that fewer than m others have rung by t.
/// </summary>
public static class InclusionReference
{
    private const int Steps = 4_000;

    /// <summary>For each weight the chance to be among the m that are drawn without replacement.</summary>
    public static double[] Chances(IReadOnlyList<int> weights, int seats)
    {
        double[] chances = new double[weights.Count];
        if (seats >= weights.Count)
        {
            Array.Fill(chances, 1);
            return chances;
        }
        double rest = weights.Order().Take(weights.Count - seats).Sum(static weight => (double)weight);
        // Steps grow with the square, as most of the movement is near the beginning.
        double end = 40.0 * (seats + 1) / rest;
        double[] without = new double[seats];
        for (int step = 0; step <= Steps; step++)
        {
            double x = step / (double)Steps;
            double t = end * x * x;
            double width = 2 * end * x / Steps * (step == 0 || step == Steps ? 1 : step % 2 == 1 ? 4 : 2) / 3;
            if (width == 0)
                continue;
            double[] rung = Rung(weights, seats, t);
            for (int i = 0; i < chances.Length; i++)
            {
                double gone = 1 - Math.Exp(-weights[i] * t);
                Leave(rung, gone, without);
                chances[i] += width * weights[i] * (1 - gone) * without.Sum();
            }
        }
        return chances;
    }

    // Chances that 0, 1, ... seats - 1 of all have rung by t.
    private static double[] Rung(IReadOnlyList<int> weights, int seats, double t)
    {
        double[] rung = new double[seats];
        rung[0] = 1;
        foreach (int weight in weights)
        {
            double gone = 1 - Math.Exp(-weight * t);
            for (int k = seats - 1; k > 0; k--)
                rung[k] = rung[k] * (1 - gone) + rung[k - 1] * gone;
            rung[0] *= 1 - gone;
        }
        return rung;
    }

    // The same without one of them: the recursion of Rung backwards.
    private static void Leave(double[] rung, double gone, double[] without)
    {
        for (int k = 0; k < rung.Length; k++)
            without[k] = (rung[k] - (k == 0 ? 0 : without[k - 1] * gone)) / (1 - gone);
    }
}
