using CPChain.Dpor;

namespace CPChain.App.Proposing;

/// <summary>
/// When a claim may be sent. Its commitments are for the terms after that of the block which takes it in (D12), so it is sent only where
/// the next few blocks are all of one term.
/// </summary>
public static class ClaimWindow
{
    /// <summary>Blocks within which a transaction is taken in; of a short term no more than half.</summary>
    public const ulong Blocks = 3;

    /// <summary>Who is on the list of a term serves so many terms later.</summary>
    public const ulong Lead = Terms.RollLead;

    /// <summary>The term that will take in a claim sent now, or null where the end of the term is too near to tell.</summary>
    /// <param name="terms">Where terms end.</param>
    /// <param name="head">The newest block.</param>
    public static ulong? TermAfter(Terms terms, ulong head)
    {
        ulong blocks = Math.Min(Blocks, Math.Max(1, terms.Length / 2));
        ulong term = terms.TermOf(head + 1);
        return head + blocks <= terms.CheckpointOf(term) ? term : null;
    }

    /// <summary>The first term served by a claim that a block of <paramref name="term"/> takes in.</summary>
    public static ulong FirstServed(ulong term) => term + 1 + Lead;
}
