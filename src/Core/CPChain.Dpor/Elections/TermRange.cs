namespace CPChain.Dpor;

/// <summary>Terms in a row, both ends included.</summary>
/// <param name="First">The first.</param>
/// <param name="Last">The last; before <paramref name="First"/> if there are none.</param>
public readonly record struct TermRange(ulong First, ulong Last)
{
    /// <summary>No terms.</summary>
    public static TermRange None => new(1, 0);

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => Last < First;

    /// <summary>Whether a term is one of them.</summary>
    public bool Contains(ulong term) => First <= term && term <= Last;

    /// <summary>The terms up to a last one that the ring still has (D5).</summary>
    internal static TermRange RingUpTo(ulong last, ulong first) =>
        last < first ? None : new TermRange(Math.Max(first, last < Slots.Ring ? 0 : last + 1 - Slots.Ring), last);
}
