using System.Globalization;
using System.Text;
using CPChain.Consensus.Journals;
using CPChain.Simulation.Disks;
using CPChain.Storage;
using CPChain.Storage.Journals;

namespace CPChain.Simulation.Tests.Disks;

/// <summary>The journals and the store lose nothing that they said is durable, wherever the power goes.</summary>
public sealed class JournalCrashTests(ITestOutputHelper output)
{
    private static readonly JournalFormat Format = new("crash", 1);

    [Fact]
    public void S5_an_append_journal_keeps_every_durable_flush_and_opens_again()
    {
        Run(
            (disk, notes) =>
            {
                using AppendJournal journal = AppendJournal.Open("/node/pool/journal", Format, static _ => { }, disk: disk);
                int next = 0;
                foreach (int bytes in (int[])[10, 700, 4, 1300, 2600])
                {
                    string first = Record(next++, bytes);
                    string second = Record(next++, bytes / 2);
                    journal.Append(Encoding.ASCII.GetBytes(first));
                    journal.Append(Encoding.ASCII.GetBytes(second));
                    notes.Tried(first, second);
                    journal.Flush(durable: true);
                    notes.Durable();
                    if (bytes == 4)
                    {
                        notes.Forget();
                        journal.Rewrite([Encoding.ASCII.GetBytes(notes.Last)]);
                    }
                }
            },
            (disk, notes) =>
            {
                List<string> found = [];
                using AppendJournal journal = AppendJournal.Open(
                    "/node/pool/journal", Format, record => found.Add(Encoding.ASCII.GetString(record)), disk: disk);
                notes.Check(found, wholeFlushes: true);
                journal.Append("goes on"u8);
                journal.Flush(durable: true);
            });
    }

    [Fact]
    public void S5_what_a_failed_synchronisation_left_in_the_cache_is_written_again_before_anything_follows_it()
    {
        const ulong seeds = 100;
        for (ulong seed = 0; seed < seeds; seed++)
        {
            bool fails = false;
            SimulatedDisk disk = new(seed)
            {
                Judge = operation => fails && operation.Kind == DiskOperationKind.Sync ? DiskVerdict.Fail : DiskVerdict.Proceed,
            };
            using (AppendJournal journal = Reopen(disk, []))
            {
                Say(journal, "first");
                fails = true;
                Assert.Throws<StorageFailure>(() => Say(journal, new string('x', 2_000)));
                fails = false;
            }
            disk.Kill();
            using (AppendJournal journal = Reopen(disk, [])) Say(journal, "last");
            disk.LosePower();
            disk.Start(CacheLoss.Some);

            List<string> found = [];
            using (Reopen(disk, found))
            {
                Assert.Equal(["first", new string('x', 2_000), "last"], found);
            }
        }

        static AppendJournal Reopen(SimulatedDisk disk, List<string> found) => AppendJournal.Open(
            "/node/pool/journal", Format, record => found.Add(Encoding.ASCII.GetString(record)), disk: disk);

        static void Say(AppendJournal journal, string text)
        {
            journal.Append(Encoding.ASCII.GetBytes(text));
            journal.Flush(durable: true);
        }
    }

    [Fact]
    public void J4_a_sector_journal_keeps_every_flush_and_is_never_found_damaged()
    {
        Run(
            (disk, notes) =>
            {
                disk.CreateDirectory("/node/consensus");
                using SectorJournal journal = OpenSectors(disk, []);
                for (int i = 0; i < 30; i++)
                {
                    string record = Record(i, 200 + (i * 397 % 1700));
                    journal.Append(Encoding.ASCII.GetBytes(record));
                    notes.Tried(record);
                    journal.Flush();
                    notes.Durable();
                    if (i % 4 == 3 && journal.MayForget([Encoding.ASCII.GetBytes(record)]))
                        notes.Forget();
                }
            },
            (disk, notes) =>
            {
                List<string> found = [];
                disk.CreateDirectory("/node/consensus");
                using SectorJournal journal = OpenSectors(disk, found);
                Assert.NotEqual(JournalCondition.Damaged, journal.Condition);
                notes.Check(found, wholeFlushes: true);
                journal.Append("goes on"u8);
                journal.Flush();
            });
    }

    [Fact]
    public void S3_a_store_keeps_every_batch_whole_and_opens_again()
    {
        StoreFormat format = new("crash", 1);
        Run(
            (disk, notes) =>
            {
                using SimulatedStore store = SimulatedStore.Open(disk, "/node/ledger", format);
                for (int i = 0; i < 14; i++)
                {
                    WriteBatch batch = new();
                    string record = Record(i, i == 4 ? 262_000 : 100 + (i * 911 % 3000));
                    batch.Put(Key(i), Encoding.ASCII.GetBytes(record));
                    batch.Put("head"u8, Encoding.ASCII.GetBytes($"{i}"));
                    notes.Tried(record);
                    store.Write(batch, durable: true);
                    notes.Durable();
                }
            },
            (disk, notes) =>
            {
                using SimulatedStore store = SimulatedStore.Open(disk, "/node/ledger", format);
                string[] found = [.. store.Scan("k"u8.ToArray()).Select(row => Encoding.ASCII.GetString(row.Value))];
                notes.Check(found, wholeFlushes: true);
                bool hasHead = store.TryGet("head"u8, out byte[] head);
                Assert.Equal(found.Length - 1, hasHead ? int.Parse(head, CultureInfo.InvariantCulture) : -1);
                WriteBatch again = new();
                again.Put("z"u8, "goes on"u8);
                store.Write(again, durable: true);
            });
    }

    private static SectorJournal OpenSectors(SimulatedDisk disk, List<string> found) => SectorJournal.Open(
        disk, "/node/consensus", "consensus", record => found.Add(Encoding.ASCII.GetString(record)), segmentBytes: 8 * 1024);

    private static byte[] Key(int number) => [(byte)'k', (byte)number];

    private static string Record(int number, int bytes) => $"{number:d4}" + new string((char)('a' + (number % 26)), bytes);

    private void Run(Action<SimulatedDisk, Notes> program, Action<SimulatedDisk, Notes> check)
    {
        CrashEverywhere<Notes> everywhere = new(() => new Notes(), program, check);
        everywhere.Run();
        output.WriteLine($"{everywhere.Crashes} losses of power");
        Assert.True(everywhere.Crashes > 500);
    }

    /// <summary>What a program was told: flushes that are durable, and the one that may be.</summary>
    private sealed class Notes
    {
        private readonly List<string> _durable = [];
        private string[] _tried = [];
        private int _needed;

        internal string Last => _durable[^1];

        internal void Tried(params string[] records) => _tried = records;

        internal void Durable()
        {
            _durable.AddRange(_tried);
            _tried = [];
        }

        /// <summary>What is older than the last durable record serves nobody from now on.</summary>
        internal void Forget() => _needed = _durable.Count - 1;

        internal void Check(IReadOnlyCollection<string> found, bool wholeFlushes)
        {
            string[] old = [.. found.Where(record => record != "goes on")];
            bool hasTried = _tried.Length > 0 && old.TakeLast(_tried.Length).SequenceEqual(_tried);
            string[] kept = hasTried ? [.. old.SkipLast(_tried.Length)] : old;
            Assert.True(kept.Length >= _durable.Count - _needed, $"{kept.Length} of {_durable.Count} records are there");
            // A record that is carried over a change of files stands in both.
            Assert.Equal(_durable.TakeLast(kept.Distinct().Count()), kept.Distinct());
            Assert.True(!wholeFlushes || hasTried || !_tried.Any(record => old.Contains(record)));
        }
    }
}
