using System.Collections.Concurrent;
using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Votes;
using CPChain.Ledger;
using CPChain.Types;

namespace CPChain.Consensus.Wire;

/// <summary>
/// Verifies certificates by V(height) and remembers the first valid one of each (height, round, class, hash) (L24). Thread-safe.
/// </summary>
internal sealed class CertificateBook(ChainLedger ledger, ChainDomain domain)
{
    private const int EntriesMax = 1024;

    private readonly ConcurrentDictionary<(ulong, int, VoteClass, Hash256), Certificate> valid = new();
    private readonly ConcurrentDictionary<Hash256, Committee> committees = new();

    internal ChainDomain Domain => domain;

    /// <summary>V(height) in its order; null where it is not settled yet, some terms ahead of the head (D17).</summary>
    internal Committee? TryCommitteeOf(ulong height)
    {
        LedgerState state = ledger.HeadState;
        Hash256? setHash = null;
        if (height > 0 && height <= state.Number + 1)
        {
            // The header before it names the set, whatever the state says of later ones. The head may move meanwhile: it is read once.
            BlockHeader head = ledger.Head;
            setHash = height - 1 == head.Number ? head.NextValidatorsHash : ledger.HeaderByNumber(height - 1)?.NextValidatorsHash;
        }
        if (setHash is { } named && committees.TryGetValue(named, out Committee? known))
        {
            return known;
        }
        if (ledger.Rules.Committees.ValidatorsOf(height, setHash, state.Number, state) is not { } members)
        {
            return null;
        }
        Hash256 key = CommitteeSchedule.HashOf(members.AsSpan());
        return committees.TryGetValue(key, out Committee? committee) ? committee : committees.GetOrAdd(key, new Committee(members.AsSpan()));
    }

    /// <summary>V(height) of a height up to the open one, or of one whose messages were heard.</summary>
    internal Committee CommitteeOf(ulong height)
    {
        Committee? committee = TryCommitteeOf(height);
        Invariant.Check(committee is not null, $"the validators of {height} are settled");
        return committee;
    }

    /// <summary>Whether a certificate is one of V(height); false where that set is not settled.</summary>
    internal bool IsValid(Certificate certificate)
    {
        (ulong, int, VoteClass, Hash256) key = (certificate.Height.Value, certificate.Round, certificate.Class, certificate.Hash);
        if (valid.TryGetValue(key, out Certificate? known) && known == certificate)
        {
            return true;
        }
        if (TryCommitteeOf(certificate.Height.Value) is not { } committee
            || CertificateVerifier.Verify(certificate, committee, domain) != CertificateFault.None)
        {
            return false;
        }
        if (valid.Count >= EntriesMax)
        {
            valid.Clear();
        }
        valid.TryAdd(key, certificate);
        return true;
    }
}
