using System.Text;
using CPChain.Consensus.Journals;
using CPChain.Storage.Disks;
using FsCheck;
using FsCheck.Fluent;

namespace CPChain.Consensus.Tests;

public sealed class SectorJournalTests : IDisposable
{
    private const long SmallSegment = 8 * 1024;

    private readonly string directory = Directory.CreateTempSubdirectory("cpchain-journal-").FullName;

    [Fact]
    public void J2_what_was_flushed_is_replayed_in_order()
    {
        using (SectorJournal journal = Open(out List<string> before))
        {
            Assert.Equal(JournalCondition.New, journal.Condition);
            Assert.Empty(before);
            Write(journal, "a", "b");
            Write(journal, new string('c', 3000));
            journal.Append("never flushed"u8);
        }

        using SectorJournal again = Open(out List<string> after);
        Assert.Equal(JournalCondition.Intact, again.Condition);
        Assert.Equal(["a", "b", new string('c', 3000)], after);
    }

    [Fact]
    public void J2_a_small_flush_costs_one_sector()
    {
        using SectorJournal journal = Open(out _);
        Write(journal, new string('x', 400));
        Assert.Equal(1, journal.SectorsWritten);
    }

    [Fact]
    public void J4_a_torn_last_flush_is_dropped_whole_and_writing_goes_on()
    {
        using (SectorJournal journal = Open(out _))
        {
            Write(journal, "kept");
            Write(journal, new string('t', 1200));
        }
        // The second frame has three sectors from sector 2 on; the last one never reached the disk.
        Overwrite("consensus.0", 4 * 512, 512);

        using (SectorJournal torn = Open(out List<string> records))
        {
            Assert.Equal(JournalCondition.Torn, torn.Condition);
            Assert.Equal(["kept"], records);
            Write(torn, "after");
        }
        using SectorJournal last = Open(out List<string> all);
        Assert.Equal(JournalCondition.Intact, last.Condition);
        Assert.Equal(["kept", "after"], all);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(60)]
    public void J4_a_crash_after_any_sector_of_a_flush_keeps_all_before_it_and_all_or_nothing_of_it(int flushesBefore)
    {
        List<string> before = [];
        using (SectorJournal journal = Open(out _))
        {
            for (int i = 0; i < flushesBefore; i++)
            {
                string record = new((char)('a' + (i % 26)), 200 + (i * 13 % 900));
                Write(journal, record);
                before.Add(record);
                journal.MayForget([]);
            }
        }
        string[] files = ["consensus.0", "consensus.1"];
        byte[][] old = [.. files.Select(file => File.ReadAllBytes(Path.Combine(directory, file)))];
        string last = new('z', 1900);
        using (SectorJournal journal = Open(out _))
        {
            Write(journal, last);
        }
        byte[][] full = [.. files.Select(file => File.ReadAllBytes(Path.Combine(directory, file)))];
        int changed = old[0].AsSpan().SequenceEqual(full[0].AsSpan(0, old[0].Length)) && old[0].Length == full[0].Length ? 1 : 0;
        int first = old[changed].AsSpan().CommonPrefixLength(full[changed]) / 512;

        for (int written = 0; written <= 4; written++)
        {
            byte[] torn = (byte[])full[changed].Clone();
            int from = Math.Min((first + written) * 512, torn.Length);
            torn.AsSpan(from).Clear();
            old[changed].AsSpan(Math.Min(from, old[changed].Length)).CopyTo(torn.AsSpan(Math.Min(from, old[changed].Length)));
            File.WriteAllBytes(Path.Combine(directory, files[changed]), torn);
            File.WriteAllBytes(Path.Combine(directory, files[1 - changed]), full[1 - changed]);

            using SectorJournal journal = Open(out List<string> records);

            bool isWhole = written == 4;
            Assert.Equal(isWhole ? last : before[^1], records[^1]);
            Assert.NotEqual(JournalCondition.Damaged, journal.Condition);
            List<string> expected = isWhole ? [.. before, last] : before;
            Assert.Equal(expected.TakeLast(records.Count), records);
        }
    }

    [Fact]
    public void J4_damage_before_the_last_flush_is_reported()
    {
        using (SectorJournal journal = Open(out _))
        {
            Write(journal, "one");
            Write(journal, "two");
            Write(journal, "three");
        }
        Overwrite("consensus.0", 2 * 512, 512);

        using SectorJournal damaged = Open(out List<string> records);
        Assert.Equal(JournalCondition.Damaged, damaged.Condition);
        Assert.Equal(["one"], records);
    }

    [Fact]
    public void J3_files_change_in_turn_only_when_the_past_may_be_forgotten()
    {
        using (SectorJournal journal = Open(out _))
        {
            for (int i = 0; i < 40; i++)
            {
                Write(journal, $"{i}");
            }
            Assert.True(journal.MayForget([Encoding.ASCII.GetBytes("carried")]));
            Write(journal, "new");
            Assert.False(journal.MayForget([]));
        }
        using SectorJournal again = Open(out List<string> records);
        Assert.Equal(JournalCondition.Intact, again.Condition);
        Assert.Equal([.. Enumerable.Range(0, 40).Select(i => $"{i}"), "carried", "new"], records);
    }

    [Fact]
    public void J3_any_sequence_of_flushes_changes_and_reopenings_replays_a_suffix_that_holds_everything_since_the_last_change() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(),
        script =>
        {
            foreach (string file in Directory.GetFiles(directory))
            {
                File.Delete(file);
            }
            List<string> written = [];
            int sinceChange = 0;
            SectorJournal journal = Open(out _);
            for (int i = 0; i < script.Length; i++)
            {
                string record = new((char)('a' + (script[i] % 26)), 1 + (script[i] * 9));
                Write(journal, record);
                written.Add(record);
                if (journal.MayForget([]))
                {
                    sinceChange = written.Count;
                }
                if (script[i] % 5 == 0)
                {
                    journal.Dispose();
                    journal = Open(out List<string> found);
                    bool holds = journal.Condition == JournalCondition.Intact
                        && found.Count >= written.Count - sinceChange
                        && written.TakeLast(found.Count).SequenceEqual(found);
                    if (!holds)
                    {
                        return false;
                    }
                }
            }
            journal.Dispose();
            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void J2_bytes_shaped_like_a_frame_inside_a_record_are_no_frame()
    {
        byte[] forged = new byte[2048];
        for (int at = 0; at + 64 <= forged.Length; at += 4)
        {
            "CPJF"u8.CopyTo(forged.AsSpan(at));
        }
        using (SectorJournal journal = Open(out _))
        {
            Write(journal, "first");
            for (int i = 0; i < 20; i++)
            {
                journal.Append(forged);
                journal.Flush();
            }
            Assert.True(journal.MayForget([]));
            for (int i = 0; i < 20; i++)
            {
                journal.Append(forged);
                journal.Flush();
            }
            Assert.True(journal.MayForget([]));
            Write(journal, "last");
        }
        using SectorJournal again = Open(out List<string> records);
        Assert.NotEqual(JournalCondition.Damaged, again.Condition);
        Assert.Equal("last", records[^1]);
    }

    [Fact]
    public void J1_another_version_or_kind_is_refused_with_what_to_do()
    {
        Open(out _).Dispose();
        byte[] bytes = File.ReadAllBytes(Path.Combine(directory, "consensus.0"));
        bytes[4] = 9;
        File.WriteAllBytes(Path.Combine(directory, "consensus.0"), bytes);

        UnknownJournalException failure = Assert.Throws<UnknownJournalException>(() => Open(out _));

        Assert.Contains("version 9", failure.Message, StringComparison.Ordinal);
        Assert.Contains("newer cpchain", failure.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private static void Write(SectorJournal journal, params string[] records)
    {
        foreach (string record in records)
        {
            journal.Append(Encoding.ASCII.GetBytes(record));
        }
        journal.Flush();
    }

    private SectorJournal Open(out List<string> records)
    {
        List<string> replayed = [];
        SectorJournal journal = SectorJournal.Open(
            FileSystemDisk.Instance, directory, "consensus", record => replayed.Add(Encoding.ASCII.GetString(record)), SmallSegment);
        records = replayed;
        return journal;
    }

    private void Overwrite(string file, int at, int count)
    {
        string path = Path.Combine(directory, file);
        byte[] bytes = File.ReadAllBytes(path);
        bytes.AsSpan(at, count).Clear();
        File.WriteAllBytes(path, bytes);
    }
}
