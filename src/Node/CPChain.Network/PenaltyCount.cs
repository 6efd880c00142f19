namespace CPChain.Network;

/// <summary>Penalty points of one peer; they halve every full minute.</summary>
internal sealed class PenaltyCount(TimeProvider time)
{
    private readonly Lock gate = new();
    private long countedAt = time.GetTimestamp();
    private int points;

    internal int Add(int more)
    {
        lock (gate)
        {
            long minutes = (long)time.GetElapsedTime(countedAt).TotalMinutes;
            if (minutes > 0)
            {
                points = minutes >= 31 ? 0 : points >> (int)minutes;
                countedAt = time.GetTimestamp();
            }
            points = (int)Math.Min(int.MaxValue, (long)points + more);
            return points;
        }
    }
}
