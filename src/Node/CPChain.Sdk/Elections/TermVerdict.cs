using System.Collections.Immutable;
using CPChain.Dpor;
using CPChain.Types;

namespace CPChain.Sdk.Elections;

/// <summary>A seat three times: computed here, as the state has it by proof, and as the node says. Null where that has no such seat.</summary>
/// <param name="Seat">From 0.</param>
/// <param name="Computed">By the rules, from proven inputs.</param>
/// <param name="Stored">In the state that the validators have certified.</param>
/// <param name="Said">In the node's answer.</param>
public sealed record SeatVerdict(int Seat, CommitteeSeat? Computed, CommitteeSeat? Stored, CommitteeSeat? Said)
{
    /// <summary>Whether all three are the same.</summary>
    public bool Agrees => Computed is not null && Computed == Stored && Computed == Said;
}

/// <summary>What a light verification of a term's committee has come to (D18).</summary>
/// <param name="Term">The term.</param>
/// <param name="RollBlock">The checkpoint of term - 3, whose state the roll is made from.</param>
/// <param name="DrawBlock">The checkpoint of term - 2, which draws.</param>
/// <param name="Seed">The seed of term - 2, from reveals.</param>
/// <param name="Roll">The roll, computed here.</param>
/// <param name="Impeached">The impeached numbers of term - 2, from its headers.</param>
/// <param name="Seats">Seat by seat.</param>
/// <param name="Differences">What does not agree, in words; empty if all does.</param>
/// <param name="ProvenWords">Words and balances that were proven for it.</param>
public sealed record TermVerdict(
    ulong Term,
    ulong RollBlock,
    ulong DrawBlock,
    Hash256 Seed,
    Roll Roll,
    ImmutableArray<ImpeachedNumber> Impeached,
    ImmutableArray<SeatVerdict> Seats,
    ImmutableArray<string> Differences,
    int ProvenWords)
{
    /// <summary>Whether rules, state and node agree.</summary>
    public bool Agrees => Differences.IsEmpty;
}
