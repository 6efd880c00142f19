using System.Collections.Immutable;
using CPChain.Types;

namespace CPChain.Chain;

/// <summary>Validators and proposers in force from a block number on, in their fixed order.</summary>
public sealed record CommitteeEntry(
    ulong FromNumber, ImmutableArray<Address> Validators, ImmutableArray<Address> Proposers)
{
    /// <inheritdoc/>
    public bool Equals(CommitteeEntry? other) =>
        other is not null && FromNumber == other.FromNumber
        && Validators.AsSpan().SequenceEqual(other.Validators.AsSpan())
        && Proposers.AsSpan().SequenceEqual(other.Proposers.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(FromNumber, Validators.Length, Proposers.Length);
}
