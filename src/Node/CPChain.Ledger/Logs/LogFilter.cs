using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Types;

namespace CPChain.Ledger.Logs;

/// <summary>Which logs of which blocks, as eth_getLogs asks.</summary>
/// <param name="FromNumber">First block.</param>
/// <param name="ToNumber">Last block; what lies above the head counts as empty.</param>
/// <param name="Addresses">Emitters; empty for any.</param>
/// <param name="Topics">By position, the allowed topics; an empty position allows any.</param>
public sealed record LogFilter(
    ulong FromNumber,
    ulong ToNumber,
    ImmutableArray<Address> Addresses,
    ImmutableArray<ImmutableArray<Hash256>> Topics)
{
    /// <summary>Blocks that one search may walk over.</summary>
    public ulong BlocksMax { get; init; } = 10_000;

    /// <summary>Logs that one search may return.</summary>
    public int LogsMax { get; init; } = 10_000;

    /// <summary>Whether this one log matches, its place aside.</summary>
    public bool Matches(LogEntry log)
    {
        if ((!Addresses.IsEmpty && !Addresses.Contains(log.Address)) || log.Topics.Length < Topics.Length)
        {
            return false;
        }

        for (int i = 0; i < Topics.Length; i++)
        {
            if (!Topics[i].IsEmpty && !Topics[i].Contains(log.Topics[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>False means that nothing under this filter matches.</summary>
    public bool MayMatch(Bloom bloom)
    {
        Span<byte> address = stackalloc byte[Address.Length];
        bool any = Addresses.IsEmpty;
        foreach (Address wanted in Addresses)
        {
            wanted.CopyTo(address);
            any |= bloom.MayContain(address);
        }

        Span<byte> topic = stackalloc byte[Hash256.Length];
        foreach (ImmutableArray<Hash256> position in Topics)
        {
            bool some = position.IsEmpty;
            foreach (Hash256 wanted in position)
            {
                wanted.CopyTo(topic);
                some |= bloom.MayContain(topic);
            }

            any &= some;
        }

        return any;
    }
}
