using CPChain.Chain;
using CPChain.Consensus.Wire;
using CPChain.Crypto;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Messages;
using CPChain.Lbft.Votes;
using CPChain.Network;
using CPChain.Storage.Disks;
using CPChain.Types;

namespace CPChain.Consensus.Tests;

public sealed class FirstStartTests
{
    [Fact]
    public async Task L18_a_wiped_validator_that_is_handed_the_old_first_block_is_mute()
    {
        await using TestCluster cluster = new();
        (Block block, Certificate certificate) = await RunAndWipeAsync(cluster);

        ChainNode wiped = cluster.Start(1);
        await using (PeerNetwork peer = await ConnectAsync(cluster, wiped))
        {
            peer.Broadcast(ChainMessages.Validate, LbftMessageCodec.Encode(new LbftMessage.Validate(certificate, block.Encode())));
            await cluster.WaitForBlockAsync(wiped, 1);
        }

        await cluster.StopAsync(1);
        AssertMute(cluster, head: 1);
    }

    [Fact]
    public async Task L18_a_wiped_validator_gives_an_old_proposal_no_vote()
    {
        await using TestCluster cluster = new();
        (Block block, Certificate certificate) = await RunAndWipeAsync(cluster);

        ChainNode wiped = cluster.Start(1);
        await using (PeerNetwork peer = await ConnectAsync(cluster, wiped))
        {
            // The round's timer ends the time for a PREPARE: its first word about the height must be the wish.
            TaskCompletionSource<StatementKind> first = new(TaskCreationOptions.RunContinuationsAsynchronously);
            peer.OnMessage(ChainMessages.Lbft, (from, bytes) =>
            {
                if (LbftMessageCodec.TryDecode(bytes.Span, TestCluster.Validators, out LbftMessage? message, out _) && message is LbftMessage.Said said)
                {
                    first.TrySetResult(said.Signed.Statement.Kind);
                }
                return ValueTask.CompletedTask;
            });
            peer.Broadcast(ChainMessages.Proposal, LbftMessageCodec.Encode(new LbftMessage.Proposal(block.Encode())));
            Assert.Equal(StatementKind.Wish, await first.Task.WaitAsync(TestCluster.Patience));
            peer.Broadcast(ChainMessages.Validate, LbftMessageCodec.Encode(new LbftMessage.Validate(certificate, block.Encode())));
            await cluster.WaitForBlockAsync(wiped, 1);
        }

        await cluster.StopAsync(1);
        AssertMute(cluster, head: 1);
    }

    [Fact]
    public async Task L18_a_restart_before_the_first_block_changes_nothing()
    {
        await using TestCluster cluster = new();
        (Block block, Certificate certificate) = await RunAndWipeAsync(cluster);
        cluster.Start(1);
        await cluster.StopAsync(1);

        ChainNode wiped = cluster.Start(1);
        await using (PeerNetwork peer = await ConnectAsync(cluster, wiped))
        {
            peer.Broadcast(ChainMessages.Validate, LbftMessageCodec.Encode(new LbftMessage.Validate(certificate, block.Encode())));
            await cluster.WaitForBlockAsync(wiped, 1);
        }

        await cluster.StopAsync(1);
        AssertMute(cluster, head: 1);
    }

    [Fact]
    public async Task L18_a_wiped_validator_is_mute_and_votes_again_when_the_chain_has_gone_on()
    {
        await using TestCluster cluster = new();
        cluster.StartAll();
        await cluster.WaitForBlockAsync(2);
        await cluster.StopAsync(1);
        Directory.Delete(cluster.DirectoryOf(1), recursive: true);

        ChainNode wiped = cluster.Start(1);
        await cluster.WaitForBlockAsync(wiped, cluster[0].Ledger.Head.Number + 5);
        Assert.Contains(" n1 The journal is lost", cluster.Log, StringComparison.Ordinal);

        await cluster.StopAsync(0);
        await cluster.WaitForBlockAsync(wiped, wiped.Ledger.Head.Number + 3);
        cluster.AssertAgrees();
    }

    [Fact]
    public async Task L18_a_new_network_begins_with_a_block_of_its_proposer_and_nobody_is_mute()
    {
        await using TestCluster cluster = new();
        // The proposers first: block 1 waits for the validators, who would not vote for one older than themselves.
        for (int node = 7; node >= 0; node--)
        {
            cluster.Start(node);
        }

        await cluster.WaitForBlockAsync(2);

        Assert.False(cluster[0].Ledger.HeaderByNumber(1)!.IsImpeach);
        Assert.DoesNotContain("The journal is lost", cluster.Log, StringComparison.Ordinal);
        cluster.AssertAgrees();
    }

    [Fact]
    public async Task L18_a_validator_that_joins_a_new_network_late_is_the_only_mute_one_and_votes_later()
    {
        await using TestCluster cluster = new();
        cluster.StartAll(except: 3);
        await cluster.WaitForBlockAsync(cluster[0], 2);

        ChainNode late = cluster.Start(3);
        await cluster.WaitForBlockAsync(late, cluster[0].Ledger.Head.Number + 5);
        Assert.DoesNotContain(" n0 The journal is lost", cluster.Log, StringComparison.Ordinal);

        await cluster.StopAsync(0);
        await cluster.WaitForBlockAsync(late, late.Ledger.Head.Number + 3);
        cluster.AssertAgrees();
    }

    [Fact]
    public async Task L18_a_new_network_whose_first_proposer_is_missing_mutes_nobody()
    {
        await using TestCluster cluster = new();
        cluster.StartAll(except: TestCluster.ProposerOf(1));

        await cluster.WaitForBlockAsync(3);

        Assert.True(cluster[0].Ledger.HeaderByNumber(1)!.IsImpeach);
        Assert.DoesNotContain(" n0 The journal is lost", cluster.Log, StringComparison.Ordinal);
        cluster.AssertAgrees();
    }

    /// <summary>Block 1 of a chain that has ended, whose validator 1 has an empty directory again.</summary>
    private static async Task<(Block Block, Certificate Certificate)> RunAndWipeAsync(TestCluster cluster)
    {
        cluster.StartAll();
        await cluster.WaitForBlockAsync(2);
        Block block = cluster[0].Ledger.BlockByNumber(1)!;
        Assert.True(CertificateCodec.TryDecode(cluster[0].Ledger.CertificateOf(1)!, out Certificate? certificate, out _));
        await cluster.StopAllAsync();
        Directory.Delete(cluster.DirectoryOf(1), recursive: true);
        return (block, certificate);
    }

    /// <summary>Another validator's connection.</summary>
    private static async Task<PeerNetwork> ConnectAsync(TestCluster cluster, ChainNode node)
    {
        PeerNetwork network = new(new NetworkOptions
        {
            Key = cluster.Key(0),
            Role = PeerRole.Validator,
            ChainId = cluster.Genesis.ChainId,
            Genesis = node.Ledger.GenesisHash,
            Catalog = ChainMessages.Catalog(cluster.Genesis.Limits),
        });
        network.Start();
        Assert.Null(await network.ConnectAsync(cluster.PeerOf(1)));
        return network;
    }

    private static void AssertMute(TestCluster cluster, ulong head)
    {
        using NodeMemory memory = NodeMemory.Open(
            FileSystemDisk.Instance, Path.Combine(cluster.DirectoryOf(1), "consensus"), head, BlockLimits.Default);
        Assert.NotNull(memory.Loss);
        Assert.Null(memory.Signer.Record.Prepare);
        Assert.Null(memory.Signer.Record.Commit);
    }
}
