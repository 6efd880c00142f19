using System.Formats.Tar;
using System.Text;
using CPChain.Chain;
using CPChain.Ledger;
using CPChain.Storage.Journals;
using CPChain.Storage.Tests.Ledgers;
using CPChain.Trie;
using CPChain.Trie.Proofs;
using CPChain.Types;

namespace CPChain.Storage.Tests.Fixtures;

/// <summary>
/// What every version of this program wrote must open for ever (specs/storage S7). To write the fixtures of a new version:
/// CPCHAIN_FIXTURES_OUT=DIR dotnet run --project tests/unit/CPChain.Storage.Tests -- --filter-class "*StorageFixtures*"
/// </summary>
public sealed class StorageFixtures : IDisposable
{
    private static readonly int s_newest = ChainLedger.Format.Version;
    private const string JournalFile = "journal-v1.bin";
    private static readonly JournalFormat s_journal = new("fixture", 1);
    private readonly TestDirectory _directory = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void S7_the_ledger_of_each_version_opens_and_goes_on(int version) => CheckLedger(Root(), version);

    [Fact]
    public void S7_the_journal_of_version_1_is_replayed() => CheckJournal(Root());

    [Fact]
    public void S7_the_writer_of_the_fixtures_makes_what_the_checks_expect()
    {
        string folder = Environment.GetEnvironmentVariable("CPCHAIN_FIXTURES_OUT") ?? _directory.File("fixtures");
        Directory.CreateDirectory(folder);
        WriteLedger(folder);
        WriteJournal(folder);
        CheckLedger(folder, s_newest);
        CheckJournal(folder);
    }

    public void Dispose() => _directory.Dispose();

    private void CheckLedger(string folder, int version)
    {
        string copy = _directory.File("copy");
        Directory.CreateDirectory(copy);
        TarFile.ExtractToDirectory(Path.Combine(folder, Files(version)), copy, overwriteFiles: false);
        string json = File.ReadAllText(Path.Combine(folder, GenesisOf(version)));
        Assert.True(Genesis.TryParse(json, out Genesis? genesis, out GenesisFault fault), $"{fault}");
        using ChainLedger ledger = ChainLedger.OpenDirectory(Path.Combine(copy, "ledger"), genesis!);
        Assert.Equal(File.ReadAllText(Path.Combine(folder, HeadOf(version))).Trim(), ledger.Head.Hash.ToString());
        Assert.Equal(new LedgerCheck(4, 4, 4, 4, null), ledger.Verify());
        Assert.Equal(22UL, ledger.HeadState.GetStorage(TestChain.Recorder, 1UL));
        using LedgerState older = ledger.StateAt(1)!;
        Assert.Equal(11UL, older.GetStorage(TestChain.Recorder, 1UL));
        byte[] key = StateTrieKeys.OfAddress(TestChain.Recorder).ToArray();
        foreach (LedgerState state in (LedgerState[])[older, ledger.HeadState])
        {
            Assert.Equal(ProofVerdict.Present, TrieProof.Verify(
                state.StateRoot, key, TrieProof.Of(state.TrieNodes, TrieOwner.Accounts, state.StateRoot, key), out _));
        }

        Assert.Equal(3, ledger.FindLogs(new Ledger.Logs.LogFilter(0, 9, [], [])).Logs.Length);
        Assert.Equal(TestChain.Certificate(2), ledger.CertificateOf(2));
        TestChain.AppendChanges(ledger, Evm.StateChanges.None);
        Assert.Null(ledger.Verify().Problem);
    }

    private static string Files(int version) => $"ledger-v{version}.tar";

    private static string GenesisOf(int version) => $"ledger-v{version}-genesis.json";

    private static string HeadOf(int version) => $"ledger-v{version}-head.txt";

    private void CheckJournal(string folder)
    {
        string copy = _directory.File("journal");
        File.Copy(Path.Combine(folder, JournalFile), copy);
        List<string> records = [];
        using AppendJournal journal = AppendJournal.Open(copy, s_journal, r => records.Add(Encoding.ASCII.GetString(r)));
        Assert.Equal(["first", "second", "", "last"], records);
        Assert.Equal(0, journal.DroppedBytes);
    }

    private static void WriteJournal(string folder)
    {
        File.Delete(Path.Combine(folder, JournalFile));
        using AppendJournal journal = AppendJournal.Open(Path.Combine(folder, JournalFile), s_journal, _ => { });
        journal.Append("first"u8);
        journal.Append("second"u8);
        journal.Append([]);
        journal.Flush(durable: true);
        journal.Append("last"u8);
        journal.Flush(durable: true);
    }

    private void WriteLedger(string folder)
    {
        TestChain chain = new("fixture");
        string path = _directory.File("ledger");
        using ChainLedger ledger = ChainLedger.OpenDirectory(path, chain.Genesis);
        Address friend = Address.Parse("0x00000000000000000000000000000000000000f1");
        chain.Append(ledger, chain.Record(1, 11), chain.Pay(friend, 5));
        chain.Append(ledger, chain.Record(1, 22));
        chain.Append(ledger, chain.Record(2, 33));
        File.WriteAllText(Path.Combine(folder, HeadOf(s_newest)), ledger.Head.Hash + "\n");
        File.WriteAllText(Path.Combine(folder, GenesisOf(s_newest)), chain.Genesis.Print());

        // The files of the open store, as a crash would leave them: nothing in them names the machine.
        using FileStream tar = File.Create(Path.Combine(folder, Files(s_newest)));
        using TarWriter writer = new(tar, TarEntryFormat.Ustar);
        foreach (string name in Directory.GetFiles(path).Select(Path.GetFileName).Order(StringComparer.Ordinal).OfType<string>().Where(IsData))
        {
            using FileStream source = new(Path.Combine(path, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            byte[] bytes = new byte[source.Length];
            source.ReadExactly(bytes);
            int used = bytes.AsSpan().TrimEnd((byte)0).Length;
            int kept = name == "COMMITS" ? (used + 511) / 512 * 512 : bytes.Length;
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, $"ledger/{name}")
            {
                DataStream = new MemoryStream(bytes, 0, kept),
                ModificationTime = DateTimeOffset.UnixEpoch,
            });
        }
    }

    private static bool IsData(string name) =>
        name is "CURRENT" or "COMMITS" || name.StartsWith("MANIFEST", StringComparison.Ordinal);

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "CPChain.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return Path.Combine(folder ?? throw new InvalidOperationException("not inside the repository"), "fixtures", "storage");
    }
}
