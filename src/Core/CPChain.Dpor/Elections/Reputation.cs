using System.Collections.Immutable;
using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>From counters of a window to reputation (D6).</summary>
public static class Reputation
{
    private const int FullPoints = 100;

    /// <summary>Scores of the accounts as of the checkpoint of <paramref name="term"/>, ranked among themselves, in their order.</summary>
    public static ImmutableArray<ReputationScore> Of(
        DporParameters parameters, IDporView view, ulong term, ImmutableArray<Address> accounts) =>
        new Ranking(parameters, view, term, accounts).Scores();

    /// <summary>
    /// Points by rank (D6.1): nothing for 0; else floor(100 (n - b) / n), b the number of higher values. Equals share the better place.
    /// </summary>
    public static int[] ByRank(ReadOnlySpan<ulong> values)
    {
        ulong[] rising = values.ToArray();
        Array.Sort(rising);
        int[] points = new int[values.Length];
        for (int i = 0; i < points.Length; i++)
            points[i] = PointsByRank(rising, values[i], 0);
        return points;
    }

    /// <summary>The first term of the window that ends with <paramref name="term"/> (D5).</summary>
    public static ulong WindowStart(DporParameters parameters, ulong term) =>
        term + 1 < (ulong)parameters.Window ? 0 : term + 1 - (ulong)parameters.Window;

    /// <summary>The points of a value among <paramref name="rising"/>, to which it has still to be added if <paramref name="joining"/> is 1.</summary>
    internal static int PointsByRank(ulong[] rising, ulong value, int joining) =>
        value == 0 ? 0 : FullPoints * (NotAbove(rising, value) + joining) / (rising.Length + joining);

    internal static int TransactionPoints(DporParameters parameters, in WindowSums sums) =>
        (int)(FullPoints * sums.Sends / (ulong)(parameters.Window * parameters.SendsMax));

    internal static int DataPoints(DeedPoints points, in WindowSums sums) =>
        Capped(sums.Uploads, points.Upload, points.UploadCap) + Capped(sums.Sales, points.Sale, points.SaleCap);

    internal static int ProxyPoints(DeedPoints points, in WindowSums sums) => Capped(sums.Receipts, points.Receipt, FullPoints);

    private static int NotAbove(ulong[] rising, ulong value)
    {
        int low = 0;
        int high = rising.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (rising[middle] <= value)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private static int Capped(ulong count, int each, int cap) => (int)Math.Min(count * (ulong)each, (ulong)cap);
}
