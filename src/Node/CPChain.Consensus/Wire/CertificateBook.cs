using System.Collections.Concurrent;
using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Consensus.Wire;

/// <summary>Verifies certificates of any height by V(height) and remembers the first valid one of each (height, round, class, hash) (L24). Thread-safe.</summary>
internal sealed class CertificateBook(CommitteeSchedule schedule, ChainDomain domain)
{
    private const int EntriesMax = 1024;

    private readonly ConcurrentDictionary<(ulong, int, VoteClass, Hash256), Certificate> valid = new();
    private readonly ConcurrentDictionary<Hash256, Committee> committees = new();

    internal ChainDomain Domain => domain;

    internal Committee CommitteeOf(ulong height)
    {
        Hash256 key = schedule.ValidatorsHash(height);
        if (committees.TryGetValue(key, out Committee? committee))
        {
            return committee;
        }
        ImmutableArray<Address> members = schedule.ValidatorsOf(height);
        return committees.GetOrAdd(key, new Committee(members.AsSpan()));
    }

    internal bool IsValid(Certificate certificate)
    {
        (ulong, int, VoteClass, Hash256) key = (certificate.Height.Value, certificate.Round, certificate.Class, certificate.Hash);
        if (valid.TryGetValue(key, out Certificate? known) && known == certificate)
        {
            return true;
        }
        if (CertificateVerifier.Verify(certificate, CommitteeOf(certificate.Height.Value), domain) != CertificateFault.None)
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
