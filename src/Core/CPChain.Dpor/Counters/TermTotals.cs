using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>What all blocks of a term have together (D5, word "totals").</summary>
/// <param name="Ordinary">Ordinary blocks.</param>
/// <param name="Impeached">Impeach blocks.</param>
/// <param name="ProposerFees">Fees that the proposers got, base units.</param>
public readonly record struct TermTotals(ushort Ordinary, ushort Impeached, UInt256 ProposerFees)
{
    /// <summary>The word of a term.</summary>
    public UInt256 Pack(ulong term) =>
        new UInt256(TermMark.Of(term) | ((ulong)Ordinary << 32) | ((ulong)Impeached << 48))
        | (UInt256.Min(ProposerFees, Money.FieldMax) << 64);

    /// <summary>What a word says of a term; nothing if it is of another.</summary>
    public static TermTotals Read(in UInt256 word, ulong term) => TermMark.IsOf(word, term)
        ? unchecked(new TermTotals((ushort)(word.U0 >> 32), (ushort)(word.U0 >> 48), (word >> 64) & Money.FieldMax))
        : default;
}
