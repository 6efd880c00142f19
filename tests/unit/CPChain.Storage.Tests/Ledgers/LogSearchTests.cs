using System.Collections.Immutable;
using CPChain.Ledger;
using CPChain.Ledger.Logs;
using CPChain.Types;

namespace CPChain.Storage.Tests.Ledgers;

public sealed class LogSearchTests : IDisposable
{
    private readonly TestChain _chain = new();
    private readonly ChainLedger _ledger;

    public LogSearchTests()
    {
        _ledger = ChainLedger.Open(new InMemoryStore(ChainLedger.Format), _chain.Genesis);
        for (ulong i = 1; i <= 6; i++)
        {
            _chain.Append(_ledger);
            _chain.Append(_ledger, _chain.Record(i % 3, i), _chain.Record(100 + i, i));
        }
    }

    [Fact]
    public void L8_a_topic_selects_its_logs_with_their_places()
    {
        LogSearch search = _ledger.FindLogs(Filter(0, 100, [Topic(0)]));
        Assert.Equal(LogSearchFault.None, search.Fault);
        Assert.Equal([6UL, 12UL], search.Logs.Select(l => l.Number));
        FoundLog log = _ledger.FindLogs(Filter(0, 100, [Topic(105)])).Logs.Single();
        Assert.Equal((10UL, 1, 1), (log.Number, log.TransactionIndex, log.LogIndex));
        Assert.Equal(_ledger.BlockByNumber(10)!.Transactions[1].Hash, log.TransactionHash);
        Assert.Equal(_ledger.HashOf(10), log.BlockHash);
    }

    [Fact]
    public void L8_a_search_equals_a_walk_over_all_receipts()
    {
        foreach (ImmutableArray<ImmutableArray<Hash256>> topics in
            (ImmutableArray<ImmutableArray<Hash256>>[])[[], [[]], [[Topic(1), Topic(103)]], [[Topic(1)], []]])
        {
            LogFilter filter = new(3, 9, [TestChain.Recorder], topics);
            IEnumerable<(ulong, int)> walked =
                from number in Enumerable.Range(3, 7)
                from found in LogSearch.InBlock(_ledger.BlockByNumber((ulong)number)!, _ledger.ReceiptsOf((ulong)number), filter)
                select (found.Number, found.LogIndex);
            Assert.Equal(walked, _ledger.FindLogs(filter).Logs.Select(static l => (l.Number, l.LogIndex)));
        }

        Assert.Empty(_ledger.FindLogs(new LogFilter(0, 100, [_chain.Sender], [])).Logs);
        Assert.Equal(12, _ledger.FindLogs(new LogFilter(0, 100, [], [])).Logs.Length);
    }

    [Fact]
    public void L8_a_search_is_bounded_in_blocks_and_logs()
    {
        Assert.Equal(LogSearchFault.EmptyRange, _ledger.FindLogs(Filter(5, 4, [])).Fault);
        Assert.Equal(LogSearchFault.RangeTooLong, _ledger.FindLogs(Filter(1, 12, []) with { BlocksMax = 11 }).Fault);
        Assert.Equal(LogSearchFault.None, _ledger.FindLogs(Filter(1, 12, []) with { BlocksMax = 12 }).Fault);
        Assert.Equal(LogSearchFault.TooManyLogs, _ledger.FindLogs(Filter(1, 12, []) with { LogsMax = 11 }).Fault);
        Assert.Equal(LogSearchFault.None, _ledger.FindLogs(Filter(0, ulong.MaxValue, [])).Fault);
        Assert.Empty(_ledger.FindLogs(Filter(13, ulong.MaxValue, [])).Logs);
    }

    public void Dispose() => _ledger.Dispose();

    private static LogFilter Filter(ulong from, ulong to, ImmutableArray<Hash256> topics) => new(from, to, [], [topics]);

    private static Hash256 Topic(ulong slot) => Hash256.FromUInt256(slot);
}
