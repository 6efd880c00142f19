using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>What an account did in a window of terms (D5, D6).</summary>
/// <param name="Low">The least balance, that of the block included; base units.</param>
/// <param name="Sends">Sends, of each term <c>sendsMax</c> at most.</param>
/// <param name="Blocks">Ordinary blocks.</param>
/// <param name="Uploads">Records that it anchored.</param>
/// <param name="Sales">Its sales that settled.</param>
/// <param name="Receipts">Its receipts, as a proxy, that settled.</param>
/// <param name="Spent">Lost for good in fees, base units.</param>
public readonly record struct WindowSums(
    UInt256 Low, ulong Sends, ulong Blocks, ulong Uploads, ulong Sales, ulong Receipts, UInt256 Spent)
{
    /// <summary>What AB goes by (D6.1).</summary>
    public ulong WholeCpc => (Low / Units.Cpc).ToUlongSaturating();

    /// <summary>The sums of the window that ends with <paramref name="term"/>.</summary>
    public static WindowSums Of(DporParameters parameters, IDporView view, ulong term, Address account)
    {
        UInt256 low = view.BalanceOf(account);
        UInt256 spent = UInt256.Zero;
        ulong sends = 0, blocks = 0, uploads = 0, sales = 0, receipts = 0;
        for (ulong t = Reputation.WindowStart(parameters, term); t <= term; t++)
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
        return new WindowSums(low, sends, blocks, uploads, sales, receipts, spent);
    }
}
