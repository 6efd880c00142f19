using System.Security.Cryptography;
using CPChain.Rpc.Methods;
using CPChain.Types;

namespace CPChain.Rpc.Filters;

/// <summary>What a client polls: new blocks, new pool transactions, or logs.</summary>
internal enum FilterKind { Blocks, PendingTransactions, Logs }

/// <summary>One installed filter; <see cref="NextBlock"/> is the first block that it has not reported.</summary>
internal sealed class InstalledFilter(FilterKind kind, LogQuery? logs, ulong nextBlock)
{
    public FilterKind Kind { get; } = kind;

    public LogQuery? Logs { get; } = logs;

    public ulong NextBlock { get; set; } = nextBlock;

    /// <summary>Pool transactions that were reported already.</summary>
    public HashSet<Hash256> Reported { get; set; } = [];

    public long LastUsed { get; set; }
}

/// <summary>The filters of all clients: bounded in number, dropped when nobody asks for them.</summary>
internal sealed class FilterTable(RpcOptions options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, InstalledFilter> _filters = new(StringComparer.Ordinal);

    /// <summary>Installs a filter; null when there are too many.</summary>
    public string? Install(InstalledFilter filter)
    {
        string id = "0x" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        lock (_gate)
        {
            DropUnused();
            if (_filters.Count >= options.FiltersMax) return null;
            filter.LastUsed = options.Time.GetTimestamp();
            _filters.Add(id, filter);
            return id;
        }
    }

    public InstalledFilter? Find(string id)
    {
        lock (_gate)
        {
            DropUnused();
            if (!_filters.TryGetValue(id, out InstalledFilter? filter)) return null;
            filter.LastUsed = options.Time.GetTimestamp();
            return filter;
        }
    }

    public bool Remove(string id)
    {
        lock (_gate) return _filters.Remove(id);
    }

    private void DropUnused()
    {
        string[] unused = [.. _filters.Where(f => options.Time.GetElapsedTime(f.Value.LastUsed) > options.FilterLifetime).Select(f => f.Key)];
        foreach (string id in unused) _filters.Remove(id);
    }
}
