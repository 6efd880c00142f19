using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>The low 32 bits of a word of D5: 1 + its term, zero where nothing was written.</summary>
internal static class TermMark
{
    public static ulong Of(ulong term)
    {
        Invariant.Check(term <= Terms.Last, "terms end at 2^25 - 2 (D6.5)");
        return term + 1;
    }

    public static bool IsOf(in UInt256 word, ulong term) => (word.U0 & uint.MaxValue) == term + 1;
}
