using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Chain;

/// <summary>
/// Who validates and who proposes a block number (rule C10, L8.2, L21): a pure function of the entries it was made
/// from. Proposers take turns by number, counted from the start of their entry.
/// </summary>
public sealed class CommitteeSchedule
{
    /// <summary>Members of one validator set, at most.</summary>
    public const int ValidatorsMax = 100;

    /// <summary>Proposers of one entry, at most.</summary>
    public const int ProposersMax = 256;

    /// <summary>Entries of one schedule, at most.</summary>
    public const int EntriesMax = 4096;

    private readonly ImmutableArray<CommitteeEntry> _entries;
    private readonly ImmutableArray<Hash256> _hashes;

    private CommitteeSchedule(ImmutableArray<CommitteeEntry> entries)
    {
        _entries = entries;
        _hashes = [.. entries.Select(entry => HashOf(entry.Validators.AsSpan()))];
    }

    /// <summary>The entries, by rising number; the first holds from block 1.</summary>
    public ImmutableArray<CommitteeEntry> Entries => _entries;

    /// <summary>
    /// Checks the entries: the first from number 1, rising numbers, 3f+1 distinct validators, distinct proposers, and
    /// no key in both roles (L21). On a fault says which entry and why.
    /// </summary>
    public static bool TryCreate(
        ImmutableArray<CommitteeEntry> entries,
        [NotNullWhen(true)] out CommitteeSchedule? schedule,
        out (int Entry, string Reason) fault)
    {
        schedule = null;
        if (entries.IsDefaultOrEmpty || entries.Length > EntriesMax)
        {
            fault = (0, $"needs 1 to {EntriesMax} entries");
            return false;
        }
        for (int i = 0; i < entries.Length; i++)
        {
            string? reason = FaultOf(entries[i], i == 0 ? null : entries[i - 1].FromNumber);
            if (reason is not null)
            {
                fault = (i, reason);
                return false;
            }
        }
        schedule = new CommitteeSchedule(entries);
        fault = default;
        return true;
    }

    /// <summary>The ordered validator set V(number); 3f+1 members.</summary>
    public ImmutableArray<Address> ValidatorsOf(ulong number) => _entries[IndexOf(number)].Validators;

    /// <summary>All proposers that take turns at this number.</summary>
    public ImmutableArray<Address> ProposersOf(ulong number) => _entries[IndexOf(number)].Proposers;

    /// <summary>The one proposer of this number.</summary>
    public Address ProposerOf(ulong number)
    {
        CommitteeEntry entry = _entries[IndexOf(number)];
        ulong turn = number < entry.FromNumber ? 0 : number - entry.FromNumber;
        return entry.Proposers[(int)(turn % (ulong)entry.Proposers.Length)];
    }

    /// <summary>Hash of V(number), which the header of the block before carries.</summary>
    public Hash256 ValidatorsHash(ulong number) => _hashes[IndexOf(number)];

    /// <summary>
    /// First and last number of the run around this one in which the validators are the same; Through is null when no change follows (L21).
    /// </summary>
    public (ulong From, ulong? Through) ValidatorsRun(ulong number)
    {
        int first = IndexOf(number);
        int last = first;
        while (first > 0 && _hashes[first - 1] == _hashes[last])
            first--;
        while (last + 1 < _entries.Length && _hashes[last + 1] == _hashes[first])
            last++;
        return (_entries[first].FromNumber, last + 1 < _entries.Length ? _entries[last + 1].FromNumber - 1 : null);
    }

    /// <summary>keccak256("CPC-VALIDATORS/1" || count as 4 bytes || addresses in order).</summary>
    public static Hash256 HashOf(ReadOnlySpan<Address> validators)
    {
        ReadOnlySpan<byte> domain = "CPC-VALIDATORS/1"u8;
        byte[] input = new byte[domain.Length + 4 + validators.Length * Address.Length];
        domain.CopyTo(input);
        BinaryPrimitives.WriteUInt32BigEndian(input.AsSpan(domain.Length), (uint)validators.Length);
        for (int i = 0; i < validators.Length; i++)
            validators[i].CopyTo(input.AsSpan(domain.Length + 4 + i * Address.Length, Address.Length));
        return Keccak256.Hash(input);
    }

    private static string? FaultOf(CommitteeEntry entry, ulong? previousFrom)
    {
        if (previousFrom is null && entry.FromNumber != 1)
            return "the first entry must hold from number 1";
        if (previousFrom is ulong previous && entry.FromNumber <= previous)
            return "numbers must rise";
        if (entry.Validators.IsDefaultOrEmpty || entry.Validators.Length > ValidatorsMax
            || entry.Validators.Length % 3 != 1)
            return $"{(entry.Validators.IsDefault ? 0 : entry.Validators.Length)} validators: "
                + $"3f+1 are needed, {ValidatorsMax} at most";
        if (entry.Proposers.IsDefaultOrEmpty || entry.Proposers.Length > ProposersMax)
            return $"1 to {ProposersMax} proposers are needed";
        HashSet<Address> seen = [];
        foreach (Address validator in entry.Validators)
        {
            if (validator.IsZero || !seen.Add(validator))
                return $"validator {validator} is zero or listed twice";
        }
        HashSet<Address> proposers = [];
        foreach (Address proposer in entry.Proposers)
        {
            if (seen.Contains(proposer))
                return $"{proposer} is validator and proposer at once (L21)";
            if (proposer.IsZero || !proposers.Add(proposer))
                return $"proposer {proposer} is zero or listed twice";
        }
        return null;
    }

    private int IndexOf(ulong number)
    {
        int low = 0;
        int high = _entries.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (_entries[middle].FromNumber <= number)
                low = middle;
            else
                high = middle - 1;
        }
        return low;
    }
}
