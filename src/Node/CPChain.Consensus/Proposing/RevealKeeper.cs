using CPChain.Crypto;
using CPChain.Dpor;
using CPChain.Execution;
using CPChain.Types;

namespace CPChain.Consensus.Proposing;

/// <summary>What this node's key has committed itself to reveal, number by number (D9).</summary>
internal sealed class RevealKeeper(PrivateKey key, ChainRules rules)
{
    // A claim that gets into a block terms later than it was made for serves as much later, and its commitments with it. No contract can ask for
    // the hash of a block that lies further back, so no proof of work, and no claim, is later than that.
    private const ulong LateBlocks = 256;

    private (ulong Term, Hash256 Commitment, Hash256 Secret)? latest;

    /// <summary>The reveal of an own number; zero where none is due, null where the commitment is not this key's.</summary>
    internal Hash256? For(Turn turn)
    {
        if (turn.Commitment.IsZero || rules.Elections is not { } elections)
        {
            return Hash256.Zero;
        }
        Terms terms = elections.Dpor.Parameters.Terms;
        ulong term = terms.TermOf(turn.Number);
        if (latest is not { } known || known.Term != term || known.Commitment != turn.Commitment)
        {
            if (Find(term, turn.Commitment, terms.Length) is not { } secret)
            {
                return null;
            }
            latest = known = (term, turn.Commitment, secret);
        }
        return TermSeed.Reveal(known.Secret, terms.Length, terms.OffsetOf(turn.Number));
    }

    private Hash256? Find(ulong term, Hash256 commitment, ulong termLength)
    {
        ulong lateTerms = (LateBlocks / termLength) + 1;
        for (ulong late = 0; late <= Math.Min(lateTerms, term); late++)
        {
            Hash256 secret = RevealSecret.Of(key, rules.GenesisHash, term - late);
            if (TermSeed.Commitment(secret, termLength) == commitment)
            {
                return secret;
            }
        }
        return null;
    }
}
