using CPChain.Lbft.Values;
using CPChain.Types;

namespace CPChain.Lbft;

/// <summary>
/// What final state says about one height: established by the host when its parent is final and executed (L6).
/// </summary>
/// <param name="Height">h, the height to decide.</param>
/// <param name="ParentHash">Header hash of the final block P of h-1.</param>
/// <param name="ParentTimeMs">P.time, Unix milliseconds.</param>
/// <param name="Committee">Size of V(h).</param>
/// <param name="Self">The own seat in V(h); none for a node that only follows.</param>
/// <param name="ImpeachHash">Header hash of I_h = Impeach(P), which the host has built and executed (L2.2).</param>
/// <param name="IsFollowing">The node is importing newer blocks: no vote and no wish at this height (L19.2).</param>
/// <param name="SetFrom">First height of the run of heights around h that have the set V(h); none for the first of all (L21).</param>
/// <param name="SetThrough">Last height of that run; none when no change of the set is known.</param>
public sealed record HeightFacts(
    BlockNumber Height,
    Hash256 ParentHash,
    ulong ParentTimeMs,
    CommitteeSize Committee,
    Seat? Self,
    Hash256 ImpeachHash,
    bool IsFollowing = false,
    BlockNumber? SetFrom = null,
    BlockNumber? SetThrough = null)
{
    /// <summary>V(height) is V(h), so a seat means the same member at both (L21).</summary>
    public bool IsOfThisSet(BlockNumber height) =>
        !(SetFrom is { } from && height < from) && !(SetThrough is { } through && height > through);

    /// <summary>coordinator = V(h)[(h + r) mod n] (L14).</summary>
    public Seat CoordinatorOf(int round)
    {
        ulong members = (ulong)Committee.Validators;
        return new Seat((int)(((Height.Value % members) + (ulong)round) % members));
    }
}
