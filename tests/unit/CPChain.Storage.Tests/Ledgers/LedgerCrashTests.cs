using CPChain.Chain;
using CPChain.Ledger;
using CPChain.Types;

namespace CPChain.Storage.Tests.Ledgers;

public sealed class LedgerCrashTests : IDisposable
{
    private static readonly Address s_friend = Address.Parse("0x00000000000000000000000000000000000000f1");
    private readonly TestDirectory _directory = new();
    private readonly TestChain _chain = new();
    private int _copies;

    [Fact]
    public void L3_every_cut_of_the_last_write_leaves_the_old_head_or_the_new_one()
    {
        string live = _directory.File("live");
        using ChainLedger ledger = ChainLedger.OpenDirectory(live, _chain.Genesis);
        _chain.Append(ledger, _chain.Record(1, 1), _chain.Pay(s_friend, 1));
        long before = UsedBytes(live);
        Block last = _chain.Append(ledger, _chain.Record(1, 2), _chain.Record(2, 2), _chain.Pay(s_friend, 1));
        long after = UsedBytes(live);
        Assert.True(after > before);

        // Every byte near both ends, every 97th between.
        for (long length = before; length <= after; length += length < before + 16 || length > after - 16 ? 1 : 97)
        {
            string copy = Crash(live);
            byte[] log = File.ReadAllBytes(CommitLog(copy));
            log.AsSpan((int)length).Clear();
            File.WriteAllBytes(CommitLog(copy), log);

            using ChainLedger again = ChainLedger.OpenDirectory(copy, _chain.Genesis);
            bool isNew = length == after;
            Assert.Equal(isNew ? 2UL : 1UL, again.Head.Number);
            Assert.Equal(isNew, again.BlockByHash(last.Hash) is not null);
            Assert.Equal(isNew ? 2UL : 1UL, again.HeadState.GetStorage(TestChain.Recorder, 1UL));
            Assert.Null(again.Verify().Problem);
        }
    }

    [Fact]
    public void L3_a_crash_after_any_append_keeps_that_block_and_the_chain_goes_on()
    {
        string live = _directory.File("live");
        using ChainLedger ledger = ChainLedger.OpenDirectory(live, _chain.Genesis);
        for (ulong number = 1; number <= 12; number++)
        {
            Block block = _chain.Append(ledger, _chain.Record(number % 3, number));
            using ChainLedger again = ChainLedger.OpenDirectory(Crash(live), _chain.Genesis);
            Assert.Equal(block.Hash, again.Head.Hash);
            Assert.Null(again.Verify().Problem);
            TestChain.AppendChanges(again, Evm.StateChanges.None);
            Assert.Equal(number + 1, again.Head.Number);
        }
    }

    public void Dispose() => _directory.Dispose();

    private string Crash(string live)
    {
        string copy = _directory.File($"copy{_copies++}");
        TestDirectory.Copy(live, copy);
        return copy;
    }

    private static string CommitLog(string directory) => Path.Combine(directory, "COMMITS");

    private static long UsedBytes(string directory) => File.ReadAllBytes(CommitLog(directory)).AsSpan().TrimEnd((byte)0).Length;
}
