using CPChain.Chain;
using CPChain.Consensus.Journals;
using CPChain.Consensus.Loop;
using CPChain.Crypto;
using CPChain.Lbft.Journal;
using CPChain.Lbft.Signing;
using CPChain.Lbft.Votes;
using CPChain.Storage.Disks;
using CPChain.Types;

namespace CPChain.Consensus.Tests;

public sealed class MemoryTests : IDisposable
{
    private static readonly Statement Vote = new(StatementKind.Prepare, new BlockNumber(3), 0, Keccak256.Hash("x"u8));

    private readonly string directory = Directory.CreateTempSubdirectory("cpchain-memory-").FullName;

    [Fact]
    public void L18_an_empty_directory_at_genesis_is_a_first_start_and_no_loss()
    {
        using NodeMemory memory = Open(head: 0);
        Assert.True(memory.IsFirstStart);
        Assert.Null(memory.Loss);
    }

    [Fact]
    public void L18_an_empty_directory_beside_a_chain_is_a_loss()
    {
        using NodeMemory memory = Open(head: 2);
        Assert.False(memory.IsFirstStart);
        Assert.NotNull(memory.Loss);
    }

    [Fact]
    public void L18_a_first_start_is_remembered_until_the_chain_is_known_to_be_new()
    {
        using (NodeMemory memory = Open(head: 0))
        {
            memory.Journal.Append(new FirstStart(1234, 90).Record());
            memory.Journal.Flush();
        }
        using (NodeMemory again = Open(head: 0))
        {
            Assert.False(again.IsFirstStart);
            Assert.Equal(1234UL, again.FirstStartedMs);
            again.Journal.Append(NodeRecord.Encode(NodeRecordKind.ChainIsNew, []));
            again.Journal.Flush();
        }
        using NodeMemory known = Open(head: 1);
        Assert.Null(known.FirstStartedMs);
        Assert.Null(known.Loss);
    }

    [Fact]
    public void L17_a_vote_that_the_signer_knows_and_the_journal_does_not_is_a_loss_while_its_block_is_open()
    {
        using (NodeMemory memory = Open(head: 0))
        {
            Assert.Equal(SigningFault.None, memory.Signer.Record.TryAuthorize(Vote, out SignerRecord next));
            memory.Signer.Save(next);
            memory.Journal.Append(NodeRecord.Encode(new JournalRecord.HeightOpened(Vote.Height)));
            memory.Journal.Flush();
        }
        using (NodeMemory open = Open(head: 2))
        {
            Assert.NotNull(open.Loss);
        }
        using NodeMemory final = Open(head: 3);
        Assert.Null(final.Loss);
    }

    [Fact]
    public void L17_a_vote_in_both_is_continued()
    {
        using (NodeMemory memory = Open(head: 0))
        {
            memory.Journal.Append(NodeRecord.Encode(new JournalRecord.VoteIntended(Vote)));
            memory.Journal.Flush();
            memory.Signer.Record.TryAuthorize(Vote, out SignerRecord next);
            memory.Signer.Save(next);
        }
        using NodeMemory again = Open(head: 2);
        Assert.Null(again.Loss);
        Assert.Equal(Vote, again.Restore(Lbft.LbftParameters.Default, 2).Recovered!.Own[0].Prepare!.Statement);
    }

    [Fact]
    public void L18_a_loss_is_remembered_until_the_machine_knows_how_long_it_is_mute()
    {
        using (NodeMemory memory = Open(head: 2))
        {
            memory.Journal.Append(NodeRecord.Encode(NodeRecordKind.Lost, []));
            memory.Journal.Flush();
        }
        using (NodeMemory still = Open(head: 2))
        {
            Assert.NotNull(still.Loss);
            still.Journal.Append(NodeRecord.Encode(new JournalRecord.MutedThrough(new BlockNumber(5))));
            still.Journal.Flush();
        }
        using NodeMemory good = Open(head: 2);
        Assert.Null(good.Loss);
        Assert.Equal(new BlockNumber(5), good.Restore(Lbft.LbftParameters.Default, 2).MuteThrough);
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private NodeMemory Open(ulong head) => NodeMemory.Open(FileSystemDisk.Instance, directory, head, BlockLimits.Default);
}
