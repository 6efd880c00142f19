using System.Globalization;
using CPChain.App.Terminal;
using CPChain.Types;

namespace CPChain.App.Demo;

/// <summary>The report at the end of a run, for a person.</summary>
internal static class DemoSummary
{
    public static void Print(DemoReport report, Output output)
    {
        output.Line();
        output.Heading("Report");
        output.Line($"  readings      {report.Rows:N0} rows, {report.RowsVerified:N0} verified by the buyer");
        output.Line(
            $"  bytes         {report.RawBytes:N0} raw, {report.CompressedBytes:N0} compressed ({Ratio(report)} of raw), {report.StoredBytes:N0} in shards");
        output.Line($"  numeric cells {report.NumericCellsPercent.ToString("0.0", CultureInfo.InvariantCulture)} %");
        output.Line($"  chain         {report.Blocks} blocks, {report.ImpeachBlocks} of them impeach blocks, head {report.HeadHash}");
        output.Line($"  paid          seller {Cpc(report.SellerPaid)}");
        foreach (ProxyPayment payment in report.ProxiesPaid) output.Line($"                proxy {payment.Proxy} {Cpc(payment.Amount)}");
        output.Line("  transactions");
        foreach (DemoTransaction transaction in report.Transactions)
        {
            output.Line($"    block {transaction.Block,4}  {transaction.Hash}  {transaction.Gas,9:N0} gas  {transaction.What}");
        }

        output.Line("  time");
        foreach (DemoStage stage in report.Stages) output.Line($"    {stage.Milliseconds / 1000.0,6:0.0} s  {stage.Name}");
        output.Line($"    {report.ElapsedMs / 1000.0,6:0.0} s  in all");
        if (report.Kept is not null) output.Line($"  kept in       {report.Kept}");
        int failed = report.Checks.Count(check => !check.Passed);
        output.Line();
        output.Heading(failed == 0
            ? $"All {report.Checks.Count} checks passed."
            : $"{failed} of {report.Checks.Count} checks FAILED: {string.Join("; ", report.Checks.Where(check => !check.Passed).Select(check => check.Name))}");
    }

    private static string Ratio(DemoReport report) =>
        report.RawBytes == 0 ? "-" : (100.0 * report.CompressedBytes / report.RawBytes).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    private static string Cpc(string baseUnits) => UInt256.TryParse(baseUnits, out UInt256 amount) ? Units.FormatCpc(amount) : baseUnits;
}
