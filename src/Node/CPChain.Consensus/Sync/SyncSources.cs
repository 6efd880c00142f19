using CPChain.Types;

namespace CPChain.Consensus.Sync;

/// <summary>
/// Who claims to have more than this node, and in what order they are asked: first whoever gave what it claimed, so that a peer that claims and
/// never gives costs its wait once and not in every range. Any thread may call.
/// </summary>
internal sealed class SyncSources
{
    private const int MissesMax = 1_000;

    private readonly Lock gate = new();
    private readonly SortedDictionary<Address, Source> sources = [];

    /// <summary>A peer speaks as if this number were final or about to be.</summary>
    internal void Notice(Address peer, ulong number) => Change(peer, source => source with { Claim = Math.Max(source.Claim, number) });

    /// <summary>What a peer states of its own head; may be lower than before, after a restore.</summary>
    internal void Stated(Address peer, ulong number) => Change(peer, source => source with { Claim = number });

    /// <summary>The peer gave blocks that it claimed.</summary>
    internal void Gave(Address peer) => Change(peer, source => source with { Misses = 0 });

    /// <summary>The peer did not make its claim good: it is not asked again for this before it renews it, and then after the others.</summary>
    internal void Missed(Address peer, ulong first) => Change(
        peer, source => new Source(Math.Min(source.Claim, first - 1), Math.Min(source.Misses + 1, MissesMax)));

    internal void Gone(Address peer)
    {
        lock (gate)
        {
            sources.Remove(peer);
        }
    }

    /// <summary>The last head that a peer spoke of, or null.</summary>
    internal ulong? ClaimOf(Address peer)
    {
        lock (gate)
        {
            return sources.TryGetValue(peer, out Source source) ? source.Claim : null;
        }
    }

    /// <summary>The highest claim among these peers; 0 for none.</summary>
    internal ulong Highest(Predicate<Address> isConnected)
    {
        lock (gate)
        {
            return sources.Where(pair => isConnected(pair.Key)).Select(pair => pair.Value.Claim).DefaultIfEmpty().Max();
        }
    }

    /// <summary>Who claims this number or more, in the order to ask.</summary>
    internal List<Address> InOrder(ulong first)
    {
        lock (gate)
        {
            return [.. sources.Where(pair => pair.Value.Claim >= first).OrderBy(pair => pair.Value.Misses).Select(pair => pair.Key)];
        }
    }

    private void Change(Address peer, Func<Source, Source> change)
    {
        lock (gate)
        {
            sources[peer] = change(sources.GetValueOrDefault(peer));
        }
    }

    /// <param name="Claim">The highest number that the peer has spoken of.</param>
    /// <param name="Misses">How often in a row it gave nothing for a claim.</param>
    private readonly record struct Source(ulong Claim, int Misses);
}
