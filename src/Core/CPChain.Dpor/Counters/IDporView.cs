using System.Collections.Immutable;
using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>
/// All that roll and draw read, as of one block: the trie's state, a simulation or a light verifier's own count stand behind it.
/// Every member is a function of that block; none may fail.
/// </summary>
public interface IDporView
{
    /// <summary>An account's balance, base units.</summary>
    UInt256 BalanceOf(Address account);

    /// <summary>Its deposit in the RNode pool, base units; 0 for no RNode.</summary>
    UInt256 DepositOf(Address account);

    /// <summary>What it did in a term of the window.</summary>
    Deeds DeedsOf(Address account, ulong term);

    /// <summary>Its money in a term of the window.</summary>
    Money MoneyOf(Address account, ulong term);

    /// <summary>Its impeached slots.</summary>
    PenaltyQueue PenaltiesOf(Address account);

    /// <summary>Totals of a term of the window.</summary>
    TermTotals TotalsOf(ulong term);

    /// <summary>The list of a term, in its order, repetitions included.</summary>
    ImmutableArray<Candidate> CandidatesOf(ulong term);

    /// <summary>A default proposer's commitment for serving a term; zero without one.</summary>
    Hash256 DefaultCommitmentOf(Address account, ulong term);

    /// <summary>The validator set of a term, as known in this block.</summary>
    ImmutableArray<Address> ValidatorsOf(ulong term);
}

/// <summary>An entry of a list: who stands, and its commitment for the term that the list serves (D9.1).</summary>
public readonly record struct Candidate(Address Account, Hash256 Commitment);
