using CPChain.Crypto;
using CPChain.Dpor;
using CPChain.Execution;
using CPChain.Types;

namespace CPChain.Consensus.Proposing;

/// <summary>What this node's key has committed itself to reveal, number by number (D9).</summary>
internal sealed class RevealKeeper(PrivateKey key, ChainRules rules)
{
    private (ulong Term, Hash256 Secret)? latest;

    /// <summary>The reveal of an own number; zero where none is due, null where the commitment is not this key's.</summary>
    internal Hash256? For(Turn turn)
    {
        if (turn.Commitment.IsZero || rules.Elections is not { } elections)
        {
            return Hash256.Zero;
        }
        Terms terms = elections.Dpor.Parameters.Terms;
        ulong term = terms.TermOf(turn.Number);
        if (latest?.Term != term)
        {
            latest = (term, RevealSecret.Of(key, rules.GenesisHash, term));
        }
        ulong offset = terms.OffsetOf(turn.Number);
        Hash256 reveal = TermSeed.Reveal(latest.Value.Secret, terms.Length, offset);
        return TermSeed.IsRight(reveal, turn.Commitment, offset) ? reveal : null;
    }
}
