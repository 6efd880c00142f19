using System.Buffers.Binary;
using System.Collections.Immutable;
using CPChain.Consensus.Loop;
using CPChain.Crypto;
using CPChain.Dpor;
using CPChain.Execution;
using CPChain.Types;

namespace CPChain.Consensus.Proposing;

/// <summary>
/// Commits a default proposer to its reveals some terms ahead (D9.1), so that nobody else can tell the seed of a term in which it has a number.
/// One transaction in many terms; nobody has to think of it.
/// </summary>
internal sealed class DefaultCommitter(LoopContext context, PrivateKey key, ElectedCommittees elections)
{
    /// <summary>Terms that one transaction commits to.</summary>
    private const int TermsAtOnce = 8;

    // Who commits in term T serves T + 4 at the earliest: the contract's rule.
    private const ulong Lead = 4;

    private const ulong GasBase = 100_000;
    private const ulong GasATerm = 30_000;

    private static readonly byte[] s_commit = [.. Keccak256.Hash("commit(uint64,bytes32[])"u8).ToArray().Take(4)];

    private readonly OwnTransactions own = new(context, key);
    private readonly Terms terms = elections.Dpor.Parameters.Terms;
    private ulong? lookedIn;

    /// <summary>Looks once a term, after a block is final. Called in order; what it sends goes the way of every transaction.</summary>
    internal void AfterBlock(ulong number)
    {
        ulong term = terms.TermOf(number + 1);
        if (lookedIn == term)
        {
            return;
        }
        lookedIn = term;
        StoredView view = new(new StateWords(context.Ledger.HeadState));
        ulong first = term + Lead;
        while (!view.DefaultCommitmentOf(context.Identity, first).IsZero)
        {
            first++;
        }
        // Half of what was committed to is still ahead: there is time.
        if (first > term + Lead + (TermsAtOnce / 2) || first + TermsAtOnce > Terms.Last)
        {
            return;
        }
        own.Send(
            SystemContracts.Campaign, DataOf(first), GasBase + (GasATerm * TermsAtOnce),
            reason => context.Logger.CommitmentRefused(first, reason));
    }

    private byte[] DataOf(ulong first)
    {
        const int word = 32;
        byte[] data = new byte[4 + (word * (3 + TermsAtOnce))];
        s_commit.CopyTo(data, 0);
        BinaryPrimitives.WriteUInt64BigEndian(data.AsSpan(4 + word - 8), first);
        data[4 + (2 * word) - 1] = 2 * word;
        data[4 + (3 * word) - 1] = TermsAtOnce;
        for (int i = 0; i < TermsAtOnce; i++)
        {
            RevealSecret.CommitmentOf(key, context.Rules.GenesisHash, first + (ulong)i, terms.Length)
                .CopyTo(data.AsSpan(4 + (word * (3 + i)), word));
        }
        return data;
    }
}
