using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Ledger.Logs;
using CPChain.Rpc.Filters;
using CPChain.Rpc.Json;
using CPChain.Rpc.Protocol;
using CPChain.Types;

namespace CPChain.Rpc.Methods;

/// <summary>eth_getLogs and the filters that clients poll.</summary>
internal sealed class LogMethods(RpcNode node, RpcOptions options)
{
    private static readonly RpcFault s_notFound = RpcFault.Server("filter not found");
    private static readonly RpcFault s_beyondHead = new(-32602, "block range extends beyond current head block");
    private readonly FilterTable _filters = new(options);

    public void Add(MethodTable table)
    {
        table.Add("eth_getLogs", GetLogs);
        table.Add("eth_newFilter", NewFilter);
        table.Add("eth_newBlockFilter", _ => Install(new InstalledFilter(FilterKind.Blocks, null, node.Chain.Head.Number + 1)));
        table.Add("eth_newPendingTransactionFilter", _ =>
            Install(new InstalledFilter(FilterKind.PendingTransactions, null, 0) { Reported = [.. PoolHashes()] }));
        table.Add("eth_getFilterChanges", GetChanges);
        table.Add("eth_getFilterLogs", GetFilterLogs);
        table.Add("eth_uninstallFilter", a =>
        {
            string id = a.Text(0);
            return a.Fault is { } fault ? fault : RpcAnswer.Flag(_filters.Remove(id));
        });
    }

    private RpcAnswer GetLogs(RpcArguments a)
    {
        LogQuery query = LogQuery.Read(a, 0);
        return a.Fault is { } fault ? fault : Search(query);
    }

    private RpcAnswer NewFilter(RpcArguments a)
    {
        LogQuery query = LogQuery.Read(a, 0);
        if (a.Fault is { } fault) return fault;
        ulong head = node.Chain.Head.Number;
        ulong next = query.From?.Number is { } from && from > head ? from : head + 1;
        return Install(new InstalledFilter(FilterKind.Logs, query, next));
    }

    private RpcAnswer GetFilterLogs(RpcArguments a)
    {
        string id = a.Text(0);
        if (a.Fault is { } fault) return fault;
        return _filters.Find(id) is { Logs: { } query } ? Search(query) : s_notFound;
    }

    private RpcAnswer Search(LogQuery query)
    {
        ulong head = node.Chain.Head.Number;
        if (query.BlockHash is { } hash)
        {
            if (node.Chain.BlockOf(new BlockSelector(null, hash, false)) is not { } block) return RpcFault.Server("unknown block");
            return Answer(node.Chain.Source.FindLogs(query.Over(block.Header.Number, block.Header.Number, options)));
        }
        ulong from = query.From is { } f ? f.Number ?? head : head;
        ulong to = query.To is { } t ? t.Number ?? head : head;
        if (from <= to && to > head) return s_beyondHead;
        return Answer(node.Chain.Source.FindLogs(query.Over(from, to, options)));
    }

    private RpcAnswer Answer(LogSearch search) => search.Fault switch
    {
        LogSearchFault.EmptyRange => new RpcFault(-32602, "invalid block range params"),
        LogSearchFault.RangeTooLong => RpcFault.LimitExceeded($"query exceeds max block range {options.LogsBlocksMax}"),
        LogSearchFault.TooManyLogs => RpcFault.LimitExceeded($"query returned more than {options.LogsMax} results"),
        _ => Show(search.Logs),
    };

    private static RpcAnswer Show(ImmutableArray<FoundLog> logs) => RpcAnswer.Of(json =>
    {
        json.WriteStartArray();
        foreach (FoundLog log in logs) ReceiptJson.WriteLog(json, log);
        json.WriteEndArray();
    });

    private RpcAnswer Install(InstalledFilter filter) => _filters.Install(filter) is { } id
        ? RpcAnswer.Text(id)
        : RpcFault.LimitExceeded($"too many filters: at most {options.FiltersMax}");

    private RpcAnswer GetChanges(RpcArguments a)
    {
        string id = a.Text(0);
        if (a.Fault is { } fault) return fault;
        if (_filters.Find(id) is not { } filter) return s_notFound;
        lock (filter)
        {
            return filter.Kind switch
            {
                FilterKind.Blocks => NewBlocks(filter),
                FilterKind.PendingTransactions => NewPending(filter),
                _ => NewLogs(filter),
            };
        }
    }

    private RpcAnswer NewBlocks(InstalledFilter filter)
    {
        ulong last = Math.Min(node.Chain.Head.Number, filter.NextBlock + options.LogsBlocksMax - 1);
        List<Hash256> hashes = [];
        for (; filter.NextBlock <= last; filter.NextBlock++)
            if (node.Chain.Source.HeaderByNumber(filter.NextBlock) is { } header) hashes.Add(header.Hash);
        return Hashes(hashes);
    }

    private RpcAnswer NewPending(InstalledFilter filter)
    {
        HashSet<Hash256> now = [.. PoolHashes()];
        Hash256[] fresh = [.. now.Where(h => !filter.Reported.Contains(h)).Order()];
        filter.Reported = now;
        return Hashes(fresh);
    }

    private RpcAnswer NewLogs(InstalledFilter filter)
    {
        ulong head = node.Chain.Head.Number;
        ulong last = Math.Min(head, filter.NextBlock + options.LogsBlocksMax - 1);
        ulong to = filter.Logs!.To?.Number is { } end ? Math.Min(end, last) : last;
        if (filter.NextBlock > to) return Hashes([]);
        LogSearch search = node.Chain.Source.FindLogs(filter.Logs.Over(filter.NextBlock, to, options));
        if (search.Fault == LogSearchFault.None) filter.NextBlock = last + 1;
        return Answer(search);
    }

    private IEnumerable<Hash256> PoolHashes() => node.Pool.Content().Where(t => t.IsPending).Select(t => t.Transaction.Hash);

    private static RpcAnswer Hashes(IReadOnlyList<Hash256> hashes) => RpcAnswer.Of(json =>
    {
        json.WriteStartArray();
        foreach (Hash256 hash in hashes) json.WriteStringValue(hash.ToString());
        json.WriteEndArray();
    });
}
