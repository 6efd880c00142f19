using CPChain.Chain;
using CPChain.Consensus.Journals;
using CPChain.Crypto;
using CPChain.Lbft;
using CPChain.Lbft.Journal;
using CPChain.Lbft.Signing;
using CPChain.Lbft.Votes;
using CPChain.Storage.Disks;
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
        foreach (string file in Directory.GetFiles(FixtureFolder()))
        {
            File.Copy(file, Path.Combine(directory, Path.GetFileName(file)));
        }

        using NodeMemory memory = NodeMemory.Open(FileSystemDisk.Instance, directory, head: 2, BlockLimits.Default);

        Assert.Null(memory.Loss);
        Assert.Equal(JournalCondition.Intact, memory.Journal.Condition);
        LbftState state = memory.Restore(LbftParameters.Default, 2);
        Assert.Equal(Vote, state.Recovered!.Own[0].Prepare!.Statement);
        Assert.Equal(new BlockNumber(1), state.MuteThrough);
        Assert.Equal(SigningFault.AnotherVote, memory.Signer.Record.TryAuthorize(Vote with { Hash = Hash256.Zero }, out _));
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
