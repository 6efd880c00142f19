using CPChain.Chain;
using CPChain.Consensus.Wire;
using CPChain.Crypto;
using CPChain.Network;
using CPChain.TxPool;
using CPChain.Types;

namespace CPChain.Consensus.Tests;

public sealed class ClusterTests
{
    [Fact]
    public async Task Blocks_become_final_everywhere_and_carry_what_was_sent_to_any_node()
    {
        await using TestCluster cluster = new();
        cluster.StartAll();
        await cluster.WaitForBlockAsync(1);
        Transaction[] sent = [.. Enumerable.Range(0, 20).Select(nonce => cluster.Transfer((ulong)nonce))];
        foreach (Transaction transaction in sent)
        {
            PoolAnswer answer = await cluster[0].Pool.SubmitAsync(transaction, CancellationToken.None);
            Assert.True(answer.IsAccepted, answer.Fault.ToString());
        }

        ulong number = 2;
        while (sent.Any(transaction => cluster[1].Ledger.Locate(transaction.Hash) is null))
        {
            Assert.True(number < 40, "the transactions are in none of forty blocks");
            await cluster.WaitForBlockAsync(cluster[1], number++);
        }

        await cluster.WaitForBlockAsync(number);
        cluster.AssertAgrees();
        Assert.True(cluster[0].Metrics.ProposalToCertificate().Samples > 0);
    }

    [Fact]
    public async Task L12_a_silent_proposer_is_impeached_and_the_chain_goes_on()
    {
        await using TestCluster cluster = new();
        int silent = TestCluster.ProposerOf(2);
        cluster.StartAll(except: silent);

        await cluster.WaitForBlockAsync(3);

        Assert.True(cluster[0].Ledger.HeaderByNumber(2)!.IsImpeach);
        Assert.All(cluster.Running, node => Assert.True(node.Metrics.ImpeachBlocks >= 1));
        cluster.AssertAgrees();

        // It comes back and is heard again in its next turn.
        cluster.Start(silent);
        await cluster.WaitForBlockAsync(cluster[silent], 3);
        ulong turn = cluster[0].Ledger.Head.Number + 1;
        while (TestCluster.ProposerOf(turn) != silent)
        {
            turn++;
        }
        await cluster.WaitForBlockAsync(turn + 4);
        cluster.AssertAgrees();
        Assert.Contains(
            Enumerable.Range((int)turn, 5), number => cluster[0].Ledger.HeaderByNumber((ulong)number)!.Coinbase == cluster.Key(silent).Address);
    }

    [Fact]
    public async Task L19_one_validator_of_four_is_not_needed_and_catches_up_when_it_is_back()
    {
        await using TestCluster cluster = new();
        cluster.StartAll();
        await cluster.WaitForBlockAsync(2);
        await cluster.StopAsync(3);
        ulong away = cluster[0].Ledger.Head.Number;
        await cluster.WaitForBlockAsync(away + 5);

        ChainNode back = cluster.Start(3);
        await cluster.WaitForBlockAsync(back, away + 5);
        Assert.True(back.Metrics.ImportedBlocks > 0);

        // It votes again: the others alone are no quorum without it.
        await cluster.StopAsync(2);
        ulong without = cluster[0].Ledger.Head.Number;
        await cluster.WaitForBlockAsync(without + 3);
        cluster.AssertAgrees();
    }

    [Fact]
    public async Task L7_after_a_pause_of_all_the_next_block_is_an_ordinary_one()
    {
        await using TestCluster cluster = new();
        cluster.StartAll();
        await cluster.WaitForBlockAsync(2);
        await cluster.StopAllAsync();

        cluster.StartAll();
        ulong first = cluster.Running.Max(node => node.Ledger.Head.Number) + 1;
        await cluster.WaitForBlockAsync(first + 1);

        Assert.False(cluster[0].Ledger.HeaderByNumber(first)!.IsImpeach);
        Assert.False(cluster[0].Ledger.HeaderByNumber(first + 1)!.IsImpeach);
        cluster.AssertAgrees();
    }

    [Fact]
    public async Task H3_a_proposer_that_still_fetches_what_the_others_have_is_waited_for()
    {
        bool isSlow = false;
        await using TestCluster cluster = new() { Links = () => new SlowSyncLink(() => isSlow) };
        cluster.StartAll();
        await cluster.WaitForBlockAsync(2);
        ulong next = cluster[0].Ledger.Head.Number + 4;
        int behind = TestCluster.ProposerOf(next);
        await cluster.StopAsync(behind);
        await cluster.WaitForBlockAsync(next - 1);
        await cluster.StopAllAsync();

        isSlow = true;
        cluster.StartAll();
        await cluster.WaitForBlockAsync(next);

        Assert.Equal(cluster.Key(behind).Address, cluster[0].Ledger.HeaderByNumber(next)!.Coinbase);
        cluster.AssertAgrees();
    }

    [Fact]
    public async Task L18_a_validator_that_lost_its_journal_stays_mute_and_the_chain_goes_on()
    {
        await using TestCluster cluster = new();
        cluster.StartAll();
        await cluster.WaitForBlockAsync(2);
        await cluster.StopAsync(1);
        Directory.Delete(Path.Combine(cluster.DirectoryOf(1), "consensus"), recursive: true);

        ChainNode mute = cluster.Start(1);
        ulong head = cluster[0].Ledger.Head.Number;
        await cluster.WaitForBlockAsync(head + 6);

        // After M + 2 it votes again: without it the others would be two.
        await cluster.StopAsync(0);
        await cluster.WaitForBlockAsync(mute, mute.Ledger.Head.Number + 3);
        cluster.AssertAgrees();
    }

    [Fact]
    public async Task L15_every_third_message_lost_the_chain_goes_on()
    {
        await using TestCluster cluster = new() { Links = () => new LosingLink() };
        cluster.StartAll();

        await cluster.WaitForBlockAsync(6);

        cluster.AssertAgrees();
    }

    [Fact]
    public async Task L19_an_observer_that_comes_late_gets_the_chain_and_passes_transactions_on()
    {
        await using TestCluster cluster = new();
        cluster.StartAll();
        await cluster.WaitForBlockAsync(cluster[0], 4);
        using PrivateKey key = PrivateKey.Generate(System.Security.Cryptography.RandomNumberGenerator.Fill);
        await using ChainNode observer = cluster.StartObserver(key);
        await cluster.WaitForBlockAsync(observer, 5);
        Assert.True(observer.HighestStated >= 4, "nobody has stated the head that this node was brought to");
        Transaction sent = cluster.Transfer(0);
        Assert.True((await observer.Pool.SubmitAsync(sent, CancellationToken.None)).IsAccepted);

        ulong number = observer.Ledger.Head.Number;
        while (observer.Ledger.Locate(sent.Hash) is null)
        {
            Assert.True(number < 60, "the transaction is in none of the blocks");
            await cluster.WaitForBlockAsync(observer, ++number);
        }
        Assert.Equal(cluster[0].Ledger.HashOf(5), observer.Ledger.HashOf(5));
    }

    [Fact]
    public async Task L18_a_validator_that_is_away_for_the_first_time_is_not_mute_when_it_is_back()
    {
        await using TestCluster cluster = new();
        cluster.StartAll();
        await cluster.WaitForBlockAsync(2);
        for (int away = 2; away < 4; away++)
        {
            await cluster.StopAsync(away);
            await cluster.WaitForBlockAsync(cluster[0], cluster[0].Ledger.Head.Number + 3);
            cluster.Start(away);
            await cluster.WaitForBlockAsync(cluster[away], cluster[0].Ledger.Head.Number);
        }

        // Were both mute, two voters would be left and no block could follow.
        await cluster.WaitForBlockAsync(cluster[0].Ledger.Head.Number + 3);
        cluster.AssertAgrees();
    }

    /// <summary>Drops every third one-way message, whatever it is; requests pass, since their askers have time limits of their own.</summary>
    /// <summary>Asks for blocks only when the others' timeout is over.</summary>
    private sealed class SlowSyncLink(Func<bool> isSlow) : LinkFilter
    {
        public override LinkVerdict Outgoing(Address peer, ushort type, ReadOnlySpan<byte> payload) =>
            type == ChainMessages.GetBlocks && isSlow()
                ? LinkVerdict.After(TimeSpan.FromMilliseconds(TestCluster.Times.TimeoutMs + 1000))
                : LinkVerdict.Deliver;
    }

    private sealed class LosingLink : LinkFilter
    {
        private int count;

        public override LinkVerdict Outgoing(Address peer, ushort type, ReadOnlySpan<byte> payload) =>
            type is not (ChainMessages.GetBody or ChainMessages.GetBlocks or ChainMessages.GetTransactions)
            && Interlocked.Increment(ref count) % 3 == 0
                ? LinkVerdict.Drop
                : LinkVerdict.Deliver;
    }
}
