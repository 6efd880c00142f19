using System.Collections.Immutable;
using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>An account on a roll.</summary>
/// <param name="Account">Who.</param>
/// <param name="Weight">Its weight in the draw, 1 to 10,000.</param>
/// <param name="High">Whether it is in the high group.</param>
/// <param name="Commitment">Its commitment for the term served (D9.1).</param>
public readonly record struct RollEntry(Address Account, int Weight, bool High, Hash256 Commitment);

/// <summary>Who stands for a term with which weight, fixed before the seed is known (D7).</summary>
/// <param name="Term">The term that is served.</param>
/// <param name="Entries">The low group, then the high one, each by rising standing.</param>
public sealed record Roll(ulong Term, ImmutableArray<RollEntry> Entries)
{
    /// <summary>Size of the low group.</summary>
    public int LowCount => Entries.Count(static entry => !entry.High);

    /// <summary>A roll on which nobody stands.</summary>
    public static Roll Empty(ulong term) => new(term, []);
}
