using System.Collections.Immutable;
using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>The terms of an account's latest ten impeached slots, newest first, in one word (D6.5).</summary>
/// <param name="Word">Ten fields of 25 bits, each 1 + a term; zero is none.</param>
public readonly record struct PenaltyQueue(UInt256 Word)
{
    /// <summary>How many slots a queue remembers.</summary>
    public const int Capacity = 10;

    private const int FieldBits = 25;
    private const ulong FieldMask = (1UL << FieldBits) - 1;
    private static readonly UInt256 All = (UInt256.One << (FieldBits * Capacity)) - UInt256.One;

    /// <summary>With one more slot, of this term; an eleventh falls out.</summary>
    public PenaltyQueue With(ulong term) => new(((Word << FieldBits) | (UInt256)TermMark.Of(term)) & All);

    /// <summary>The terms of its slots, newest first.</summary>
    public ImmutableArray<ulong> Terms()
    {
        ImmutableArray<ulong>.Builder terms = ImmutableArray.CreateBuilder<ulong>(Capacity);
        for (int i = 0; i < Capacity && MarkAt(i) is not 0 and ulong mark; i++)
            terms.Add(mark - 1);
        return terms.DrainToImmutable();
    }

    /// <summary>Slots with a term in the <paramref name="window"/> terms up to <paramref name="term"/>.</summary>
    public int CountIn(ulong term, int window)
    {
        int count = 0;
        for (int i = 0; i < Capacity; i++)
        {
            ulong mark = MarkAt(i);
            if (mark != 0 && mark - 1 + (ulong)window > term)
                count++;
        }
        return count;
    }

    private ulong MarkAt(int i) => (Word >> (FieldBits * i)).U0 & FieldMask;
}
