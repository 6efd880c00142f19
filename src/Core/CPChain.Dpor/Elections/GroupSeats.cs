namespace CPChain.Dpor;

/// <summary>How many seats each group gets (D7.3).</summary>
/// <param name="Low">Drawn from the low group.</param>
/// <param name="High">Drawn from the high group.</param>
public readonly record struct GroupSeats(int Low, int High)
{
    /// <summary>Of so many accounts in the groups; what is missing to all seats goes to default proposers.</summary>
    public static GroupSeats Of(DporParameters parameters, int lowCount, int highCount)
    {
        int wanted = Math.Min(parameters.LowSeats, lowCount);
        int high = Math.Min(parameters.Seats - wanted, highCount);
        return new GroupSeats(Math.Min(parameters.Seats - high, lowCount), high);
    }
}
