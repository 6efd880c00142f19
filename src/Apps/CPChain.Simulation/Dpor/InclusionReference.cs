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
        for (int step = 0; step <= Steps; step++)
        {
            double x = step / (double)Steps;
            double t = end * x * x;
            double width = 2 * end * x / Steps * (step == 0 || step == Steps ? 1 : step % 2 == 1 ? 4 : 2) / 3;
            double[][] before = Rung(weights, seats, t);
            double[][] behind = Rung([.. weights.Reverse()], seats, t);
            for (int i = 0; i < chances.Length; i++)
                chances[i] += width * weights[i] * Math.Exp(-weights[i] * t) * FewRang(before[i], behind[weights.Count - 1 - i]);
        }
        return chances;
    }

    // For each i the chances that 0, 1, ... seats - 1 of the first i have rung by t.
    private static double[][] Rung(IReadOnlyList<int> weights, int seats, double t)
    {
        double[][] rung = new double[weights.Count][];
        double[] now = new double[seats];
        now[0] = 1;
        for (int i = 0; i < rung.Length; i++)
        {
            rung[i] = [.. now];
            double waits = Math.Exp(-weights[i] * t);
            for (int k = seats - 1; k > 0; k--)
                now[k] = now[k] * waits + now[k - 1] * (1 - waits);
            now[0] *= waits;
        }
        return rung;
    }

    // The chance that of two groups together fewer than m have rung.
    private static double FewRang(double[] before, double[] behind)
    {
        double chance = 0;
        double sum = 0;
        for (int k = 0; k < behind.Length; k++)
        {
            sum += behind[k];
            chance += before[behind.Length - 1 - k] * sum;
        }
        return chance;
    }
}
