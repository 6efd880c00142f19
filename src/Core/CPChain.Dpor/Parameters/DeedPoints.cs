namespace CPChain.Dpor;

/// <summary>Points for data and assistance (D6.2); the caps together are 100 at most.</summary>
/// <param name="Upload">Points of an upload.</param>
/// <param name="UploadCap">Points from uploads, at most.</param>
/// <param name="Sale">Points of a settled sale.</param>
/// <param name="SaleCap">Points from sales, at most.</param>
/// <param name="Receipt">Points of a settled receipt of a proxy; 100 at most together.</param>
public sealed record DeedPoints(int Upload, int UploadCap, int Sale, int SaleCap, int Receipt)
{
    /// <summary>3 an upload up to 30, 5 a sale up to 70, 5 a receipt: the original's documents.</summary>
    public static DeedPoints Default { get; } = new(3, 30, 5, 70, 5);

    internal string? Fault() =>
        ((int[])[Upload, UploadCap, Sale, SaleCap, Receipt]).Any(static points => points is < 0 or > 100)
        || UploadCap + SaleCap > 100
            ? "points from 0 to 100, both caps together 100 at most" : null;
}
