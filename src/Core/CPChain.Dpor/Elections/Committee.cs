using System.Collections.Immutable;
using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>A seat of a committee.</summary>
/// <param name="Account">Who holds it.</param>
/// <param name="Elected">False for a default proposer.</param>
/// <param name="Commitment">For its reveals in the term; zero if it has none (D9.2).</param>
public readonly record struct CommitteeSeat(Address Account, bool Elected, Hash256 Commitment);

/// <summary>The proposers of a term, by seat (D8).</summary>
/// <param name="Term">The term.</param>
/// <param name="Seats">S seats; a default proposer may hold several.</param>
public sealed record Committee(ulong Term, ImmutableArray<CommitteeSeat> Seats)
{
    /// <inheritdoc/>
    public bool Equals(Committee? other) => other is not null && Term == other.Term && Seats.SequenceEqual(other.Seats);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Term, Seats.Length > 0 ? Seats[0].Account : default);
}
