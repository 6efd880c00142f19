using CPChain.Chain;
using CPChain.Consensus.Journals;
using CPChain.Crypto;
using CPChain.Lbft;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Evidence;
using CPChain.Lbft.Journal;
using CPChain.Lbft.Signing;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Storage.Disks;
using CPChain.Storage.Journals;
using CPChain.Types;

namespace CPChain.Consensus.Tests;

/// <summary>Files of version 1 open for ever. With CPCHAIN_FIXTURES_OUT=DIR the test writes those of the present version there.</summary>
public sealed class FixtureTests : IDisposable
{
    private static readonly Statement Vote = new(StatementKind.Prepare, new BlockNumber(3), 0, Keccak256.Hash("fixture"u8));

    private readonly string directory = Directory.CreateTempSubdirectory("cpchain-fixture-").FullName;

    [Fact]
    public void J7_journal_and_signers_record_of_version_1_open()
    {
        Copy(FixtureFolder(), directory);

        using NodeMemory memory = NodeMemory.Open(FileSystemDisk.Instance, directory, head: 2, BlockLimits.Default);

        Assert.Null(memory.Loss);
        Assert.Equal(JournalCondition.Intact, memory.Journal.Condition);
        LbftState state = memory.Restore(LbftParameters.Default, 2);
        Assert.Equal(Vote, state.Recovered!.Own[0].Prepare!.Statement);
        Assert.Equal(new BlockNumber(1), state.MuteThrough);
        Assert.Equal(SigningFault.AnotherVote, memory.Signer.Record.TryAuthorize(Vote with { Hash = Hash256.Zero }, out _));
    }

    [Fact]
    public void J7_every_kind_of_record_of_version_1_is_read()
    {
        Copy(Path.Combine(FixtureFolder(), "kinds"), directory);
        List<byte[]> records = [];
        using SectorJournal journal = SectorJournal.Open(
            FileSystemDisk.Instance, directory, "consensus", record => records.Add(record.ToArray()), segmentBytes: 8192);

        Assert.Equal(EveryKind().Select(Convert.ToHexString), records.Select(Convert.ToHexString));
        HashSet<NodeRecordKind> kinds = [.. records.Select(bytes => NodeRecord.TryDecode(bytes, out NodeRecord? record) ? record.Value.Kind : default)];
        Assert.Equal(Enum.GetValues<NodeRecordKind>().ToHashSet(), kinds);
        HashSet<Type> lbft = [.. records.Where(bytes => bytes[0] == (byte)NodeRecordKind.Lbft)
            .Select(bytes => JournalCodec.TryDecode(bytes.AsSpan(1), out JournalRecord? record, out _) ? record.GetType() : typeof(void))];
        Assert.Equal(typeof(JournalRecord).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(JournalRecord))).ToHashSet(), lbft);
    }

    [Fact]
    public void J7_the_book_of_evidence_of_version_1_opens_and_goes_on()
    {
        Copy(Path.Combine(FixtureFolder(), "kinds"), directory);
        List<string> old = Read("evidence");
        Assert.Equal(3, old.Count);
        using (EvidenceBook present = new(FileSystemDisk.Instance, Path.Combine(directory, "evidence")))
        {
            WriteEvidence(present);
        }

        List<string> all = Read("evidence");
        Assert.Equal(old, all.Take(3));
        // J6.1: a misconduct is its proof (L22.4) now, type 3; alarms are as they were.
        Assert.Equal(["0301000000E501"], all.Skip(3).Where(static record => record[1] == '3').Select(static record => record[..14]));
        Assert.Equal(old.Where(static record => record[1] == '2'), all.Skip(3).Where(static record => record[1] == '2'));

        List<string> Read(string name)
        {
            List<string> records = [];
            using AppendJournal journal = AppendJournal.Open(
                Path.Combine(directory, name), EvidenceBook.Format, record => records.Add(Convert.ToHexString(record)), disk: FileSystemDisk.Instance);
            return records;
        }
    }

    [Fact]
    public void J7_the_present_version_writes_every_kind()
    {
        string? folder = Environment.GetEnvironmentVariable("CPCHAIN_FIXTURES_OUT");
        string target = folder is null ? directory : Path.Combine(folder, "consensus", "kinds");
        Directory.CreateDirectory(target);
        int read = 0;
        using (SectorJournal journal = SectorJournal.Open(FileSystemDisk.Instance, target, "consensus", _ => { }, segmentBytes: 8192))
        {
            foreach (byte[] record in EveryKind())
            {
                journal.Append(record);
                journal.Flush();
            }
        }
        using (EvidenceBook book = new(FileSystemDisk.Instance, Path.Combine(target, "evidence")))
        {
            WriteEvidence(book);
        }
        using SectorJournal again = SectorJournal.Open(FileSystemDisk.Instance, target, "consensus", _ => read++, segmentBytes: 8192);
        Assert.Equal(EveryKind().Count(), read);
    }

    [Fact]
    public void J7_the_present_version_writes_what_it_reads()
    {
        string? folder = Environment.GetEnvironmentVariable("CPCHAIN_FIXTURES_OUT");
        string target = folder is null ? directory : Path.Combine(folder, "consensus");
        Directory.CreateDirectory(target);
        List<byte[]> records = [];
        using (SectorJournal journal = SectorJournal.Open(
            FileSystemDisk.Instance, target, "consensus", _ => { }, segmentBytes: 4096))
        {
            journal.Append(NodeRecord.Encode(new JournalRecord.MutedThrough(new BlockNumber(1))));
            journal.Append(NodeRecord.Encode(new JournalRecord.HeightOpened(Vote.Height)));
            journal.Flush();
            journal.Append(NodeRecord.Encode(new JournalRecord.VoteIntended(Vote)));
            journal.Flush();
        }
        using (Signing.SignerFile signer = Signing.SignerFile.Open(FileSystemDisk.Instance, Path.Combine(target, "signer")))
        {
            signer.Record.TryAuthorize(Vote, out SignerRecord next);
            signer.Save(next);
        }
        using SectorJournal again = SectorJournal.Open(
            FileSystemDisk.Instance, target, "consensus", record => records.Add(record.ToArray()), segmentBytes: 4096);
        Assert.Equal(3, records.Count);
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    // One record of each kind, with every optional part there once and missing once.
    private static IEnumerable<byte[]> EveryKind()
    {
        Certificate certificate = CertificateOf(VoteClass.Prepare, Vote.Hash);
        Statement propose = new(StatementKind.Propose, Vote.Height, 2, Vote.Hash, 0);
        Block body = BlockOf();
        yield return NodeRecord.Encode(NodeRecordKind.FirstStart, [0, 1, 2, 3, 4, 5, 6, 7]);
        yield return NodeRecord.Encode(NodeRecordKind.ChainIsNew, []);
        yield return NodeRecord.Encode(NodeRecordKind.Lost, []);
        yield return NodeRecord.Encode(new JournalRecord.MutedThrough(new BlockNumber(1)));
        yield return NodeRecord.Encode(new JournalRecord.HeightOpened(Vote.Height));
        yield return NodeRecord.Encode(NodeRecordKind.SealIntent, body.Encode());
        yield return NodeRecord.Encode(NodeRecordKind.Body, body.Encode());
        yield return NodeRecord.Encode(new JournalRecord.VoteIntended(Vote));
        yield return NodeRecord.Encode(new JournalRecord.StatementSigned(SignedBy(0, Vote)));
        yield return NodeRecord.Encode(new JournalRecord.HighCertificate(certificate));
        yield return NodeRecord.Encode(new JournalRecord.RoundEntered(Vote.Height, 1, null));
        yield return NodeRecord.Encode(new JournalRecord.RoundEntered(Vote.Height, 2, certificate));
        yield return NodeRecord.Encode(new JournalRecord.ProposeIntended(propose, certificate));
        yield return NodeRecord.Encode(new JournalRecord.ProposeIntended(propose with { ValidRound = Statement.NoRound }, null));
        yield return NodeRecord.Encode(new JournalRecord.Halted(Vote.Height));
    }

    private static void WriteEvidence(EvidenceBook book)
    {
        Hash256 other = Keccak256.Hash("another"u8);
        book.Add(new Misconduct(MisconductKind.TwoPrepares, SignedBy(0, Vote), SignedBy(0, Vote with { Hash = other })));
        book.Add(new LbftEffect.Alarm(
            AlarmReason.TwoDecisionsAtOneHeight, CertificateOf(VoteClass.Commit, Vote.Hash), CertificateOf(VoteClass.Commit, other)));
        book.Add(new LbftEffect.Alarm(AlarmReason.CertifiedBlockFailsExecution, CertificateOf(VoteClass.Commit, Vote.Hash), null));
    }

    private static Block BlockOf()
    {
        string hex = File.ReadAllText(Path.Combine(FixtureFolder(), "..", "wire", "block-v1.hex")).Trim();
        Assert.True(Block.TryDecode(Hex.Decode(hex), BlockLimits.Default, out Block? block, out _));
        return block;
    }

    private static SignedStatement SignedBy(int seat, Statement statement) => new(statement, SignatureOf(seat));

    private static Certificate CertificateOf(VoteClass votes, Hash256 hash) => new(
        votes, Vote.Height, 0, hash, CommitteeSize.Of(4), SeatSet.Of(new Seat(0)).With(new Seat(1)).With(new Seat(3)),
        votes == VoteClass.Prepare ? ValueArray<int>.Repeat(Statement.NoRound, 3) : ValueArray<int>.Empty,
        ValueArray<Signature>.Of(SignatureOf(0), SignatureOf(1), SignatureOf(3)));

    // Formats carry any signature; nobody checks these.
    private static Signature SignatureOf(int seat)
    {
        byte[] bytes = new byte[Signature.Length];
        (bytes[31], bytes[63]) = ((byte)(seat + 1), 1);
        Assert.True(Signature.TryFromBytes(bytes, out Signature signature));
        return signature;
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    private static string FixtureFolder()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "CPChain.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }
        return Path.Combine(folder!, "fixtures", "consensus");
    }
}
