using System.Collections.Immutable;
using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>From counters of a window to reputation (D6).</summary>
public static class Reputation
{
    private const int FullPoints = 100;

    /// <summary>Scores of the accounts as of the checkpoint of <paramref name="term"/>, ranked among themselves, in their order.</summary>
    public static ImmutableArray<ReputationScore> Of(
        DporParameters parameters, IDporView view, ulong term, ImmutableArray<Address> accounts)
    {
        Sums[] sums = [.. accounts.Select(account => SumsOf(parameters, view, term, account))];
        int[] balance = ByRank([.. sums.Select(static sum => sum.WholeCpc)]);
        int[] maintenance = ByRank([.. sums.Select(static sum => sum.Blocks)]);
        ReputationWeights weights = parameters.Weights;
        ImmutableArray<ReputationScore>.Builder scores = ImmutableArray.CreateBuilder<ReputationScore>(accounts.Length);
        for (int i = 0; i < sums.Length; i++)
        {
            int transactions = (int)(FullPoints * sums[i].Sends / (ulong)(parameters.Window * parameters.SendsMax));
            int data = DataPoints(parameters.Points, sums[i]);
            int proxy = Capped(sums[i].Receipts, parameters.Points.Receipt, FullPoints);
            int lasting = weights.Balance * balance[i] + weights.Maintenance * maintenance[i];
            int activity = weights.Transactions * transactions + weights.Data * data + weights.Proxy * proxy;
            scores.Add(new ReputationScore(
                accounts[i], balance[i], transactions, proxy, data, maintenance[i], lasting + activity, lasting, activity,
                sums[i].Spent, view.PenaltiesOf(accounts[i]).CountIn(term, parameters.PenaltyWindow)));
        }
        return scores.MoveToImmutable();
    }

    /// <summary>
    /// Points by rank (D6.1): nothing for 0; else floor(100 (n - b) / n), b the number of higher values. Equals share the better place.
    /// </summary>
    public static int[] ByRank(ReadOnlySpan<ulong> values)
    {
        ulong[] rising = values.ToArray();
        Array.Sort(rising);
        int[] points = new int[values.Length];
        for (int i = 0; i < points.Length; i++)
            points[i] = values[i] == 0 ? 0 : FullPoints * NotAbove(rising, values[i]) / rising.Length;
        return points;
    }

    /// <summary>The first term of the window that ends with <paramref name="term"/> (D5).</summary>
    public static ulong WindowStart(DporParameters parameters, ulong term) =>
        term + 1 < (ulong)parameters.Window ? 0 : term + 1 - (ulong)parameters.Window;

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

    private static Sums SumsOf(DporParameters parameters, IDporView view, ulong term, Address account)
    {
        UInt256 low = view.BalanceOf(account);
        UInt256 spent = UInt256.Zero;
        ulong sends = 0, blocks = 0, uploads = 0, sales = 0, receipts = 0;
        for (ulong t = WindowStart(parameters, term); t <= term; t++)
        {
            Deeds deeds = view.DeedsOf(account, t);
            sends += Math.Min(deeds.Sends, (ulong)parameters.SendsMax);
            blocks += deeds.Blocks;
            uploads += deeds.Uploads;
            sales += deeds.Sales;
            receipts += deeds.Receipts;
            Money money = view.MoneyOf(account, t);
            low = UInt256.Min(low, money.Low ?? low);
            spent += money.Spent;
        }
        ulong wholeCpc = (low / Units.Cpc).ToUlongSaturating();
        return new Sums(wholeCpc, sends, blocks, uploads, sales, receipts, spent);
    }

    private static int DataPoints(DeedPoints points, in Sums sums) =>
        Capped(sums.Uploads, points.Upload, points.UploadCap) + Capped(sums.Sales, points.Sale, points.SaleCap);

    private static int Capped(ulong count, int each, int cap) => (int)Math.Min(count * (ulong)each, (ulong)cap);

    private readonly record struct Sums(
        ulong WholeCpc, ulong Sends, ulong Blocks, ulong Uploads, ulong Sales, ulong Receipts, UInt256 Spent);
}
