using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>An account's money in one term (D5, word "money"); base units.</summary>
/// <param name="Low">The least balance of the term, if the balance changed; null if it did not.</param>
/// <param name="Spent">Parts of its fees that went to Foundation and reserve.</param>
public readonly record struct Money(UInt256? Low, UInt256 Spent)
{
    /// <summary>The most that a field of 96 bits holds.</summary>
    public static UInt256 FieldMax { get; } = new(ulong.MaxValue, uint.MaxValue);

    /// <summary>The word of a term.</summary>
    public UInt256 Pack(ulong term) =>
        (UInt256)TermMark.Of(term)
        | (UInt256.Min(Low ?? UInt256.Zero, FieldMax) << 32)
        | ((UInt256)(Low is null ? 0UL : 1UL) << 128)
        | (UInt256.Min(Spent, FieldMax) << 136);

    /// <summary>What a word says of a term; nothing if it is of another.</summary>
    public static Money Read(in UInt256 word, ulong term) => TermMark.IsOf(word, term)
        ? new Money(word.IsBitSet(128) ? (word >> 32) & FieldMax : null, (word >> 136) & FieldMax)
        : default;

    /// <summary>With a balance that it had (D4.4).</summary>
    public Money WithBalance(in UInt256 balance)
    {
        UInt256 bounded = UInt256.Min(balance, FieldMax);
        return this with { Low = Low is UInt256 low ? UInt256.Min(low, bounded) : bounded };
    }

    /// <summary>With so much more spent.</summary>
    public Money WithSpent(in UInt256 amount) => this with { Spent = Sum(Spent, amount) };

    internal static UInt256 Sum(in UInt256 a, in UInt256 b) =>
        UInt256.TryAdd(a, b, out UInt256 sum) ? UInt256.Min(sum, FieldMax) : FieldMax;
}
