using CPChain.Chain;
using CPChain.Consensus.Wire;
using CPChain.Crypto;
using CPChain.Execution;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Messages;
using CPChain.Network;
using CPChain.Types;

namespace CPChain.Consensus.Tests.Cases;

/// <summary>
/// A certificate and a seal are over the header: transactions and seal that are not those of the header are nobody's block, and a peer
/// that sends them neither stops a node (L20) nor has a proposer impeached (L9.1).
/// </summary>
public sealed class BodyCases
{
    [Fact]
    public async Task Case_Body_1_a_certified_header_with_another_body_in_VALIDATE_stops_nobody()
    {
        await using TestCluster cluster = new();
        Final[] final = await RunAsync(cluster);
        ChainNode behind = cluster.Start(3);
        await using (PeerNetwork liar = await ConnectAsync(cluster, 9))
        {
            for (int copy = 0; copy < 10; copy++)
            {
                liar.Broadcast(ChainMessages.Validate, Validate(final[0] with { Block = Mangle(cluster, final[0].Block, isSealWrong: copy % 2 == 0) }));
            }
            await liar.Peers[0].Completion.WaitAsync(TestCluster.Patience);
        }

        await using PeerNetwork honest = await ConnectAsync(cluster, 10);
        foreach (Final one in final) honest.Broadcast(ChainMessages.Validate, Validate(one));
        await cluster.WaitForBlockAsync(behind, 2);
        Assert.Equal(0, behind.Metrics.Alarms);
    }

    [Fact]
    public async Task Case_Body_2_a_sync_peer_that_gives_certified_headers_with_other_bodies_is_dropped()
    {
        await using TestCluster cluster = new();
        Final[] final = await RunAsync(cluster);
        ChainNode behind = cluster.Start(3);
        await using (PeerNetwork liar = await ConnectAsync(cluster, 9))
        {
            bool isSealWrong = false;
            Serve(liar, () =>
            {
                isSealWrong = !isSealWrong;
                return [.. final.Select(one => one with { Block = Mangle(cluster, one.Block, isSealWrong) })];
            });
            while (liar.Peers is [{ } victim] && victim.ClosedBecause == PeerFault.None)
            {
                liar.Broadcast(ChainMessages.Status, new ChainStatus(50, Hash256.Zero).Encode());
                await Task.WhenAny(victim.Completion, Task.Delay(50, TestContext.Current.CancellationToken));
            }
        }

        Assert.Equal(0UL, behind.Ledger.Head.Number);
        await using PeerNetwork honest = await ConnectAsync(cluster, 10);
        Serve(honest, () => final);
        honest.Broadcast(ChainMessages.Status, new ChainStatus(2, final[1].Block.Hash).Encode());
        await cluster.WaitForBlockAsync(behind, 2);
        Assert.Equal(0, behind.Metrics.Alarms);
    }

    [Fact]
    public async Task Case_Body_3_a_member_that_answers_GET_BODY_with_another_body_is_asked_no_longer_than_needed()
    {
        await using TestCluster cluster = new();
        Final[] final = await RunAsync(cluster);
        ChainNode behind = cluster.Start(3);
        int answers = 0;
        await using PeerNetwork member = await ConnectAsync(cluster, 0);
        member.OnRequest(ChainMessages.GetBody, (_, _, _) => ValueTask.FromResult<byte[]?>(
            (Interlocked.Increment(ref answers) <= 2 ? Mangle(cluster, final[0].Block, answers == 1) : final[0].Block).Encode()));
        member.Broadcast(ChainMessages.Lbft, LbftMessageCodec.Encode(new LbftMessage.Cert(final[0].Certificate)));

        await cluster.WaitForBlockAsync(behind, 1);
        Assert.True(answers > 2);
        Assert.Equal(0, behind.Metrics.Alarms);
    }

    // The proposer's own seal, but not its transactions: whoever hands the block on could have it impeached.
    [Fact]
    public async Task Case_Body_4_a_sealed_header_with_other_transactions_impeaches_nobody()
    {
        await using TestCluster cluster = new();
        int proposer = TestCluster.ProposerOf(3);
        cluster.StartAll(except: proposer);
        await cluster.WaitForBlockAsync(cluster[0], 2);
        Block block = HostBlocks.Sealed(cluster, proposer, 3);
        byte[] mangled = Proposal(Mangle(cluster, block, isSealWrong: false));
        await using (PeerNetwork stranger = await HostBlocks.ConnectToValidatorsAsync(cluster, cluster.Outsider(9), PeerRole.Observer))
        {
            stranger.Broadcast(ChainMessages.Proposal, mangled);
            stranger.Broadcast(ChainMessages.Proposal, mangled);
            await using PeerNetwork network = await HostBlocks.ConnectToValidatorsAsync(cluster, cluster.Key(proposer), PeerRole.Proposer);
            network.Broadcast(ChainMessages.Proposal, mangled);
            network.Broadcast(ChainMessages.Proposal, Proposal(block));
            await cluster.WaitForBlockAsync(3);
        }

        Assert.Equal(block.Hash, cluster[0].Ledger.HashOf(3));
        cluster.AssertAgrees();
    }

    private static byte[] Proposal(Block block) => LbftMessageCodec.Encode(new LbftMessage.Proposal(block.Encode()));

    private static byte[] Validate(Final one) =>
        LbftMessageCodec.Encode(new LbftMessage.Validate(one.Certificate, one.Block.Encode()));

    private static void Serve(PeerNetwork network, Func<Final[]> blocks) =>
        network.OnRequest(ChainMessages.GetBlocks, (_, query, _) =>
        {
            Assert.True(BlockRangeQuery.TryDecode(query.Span, out BlockRangeQuery range));
            return ValueTask.FromResult<byte[]?>(BlockRangeAnswer.Encode(
                [.. blocks().Skip((int)range.First - 1).Select(one => (one.Block.Encode(), CertificateCodec.Encode(one.Certificate)))]));
        });

    /// <summary>The same header, hence the same hash, with one transaction more or the seal of another key.</summary>
    private static Block Mangle(TestCluster cluster, Block block, bool isSealWrong)
    {
        Hash256 digest = SealDigest.Of(GenesisState.Create(cluster.Genesis).Block.Hash, cluster.Genesis.ChainId, block.Header.Number, block.Hash);
        return isSealWrong
            ? block with { Seal = cluster.Key(0).Sign(digest) }
            : block with { Transactions = block.Transactions.Add(cluster.Transfer(7)) };
    }

    /// <summary>Two blocks of a chain that has ended; validator 3 has an empty directory again.</summary>
    private static async Task<Final[]> RunAsync(TestCluster cluster)
    {
        cluster.StartAll();
        await cluster.WaitForBlockAsync(cluster[0], 2);
        Final[] final = [.. Enumerable.Range(1, 2).Select(number => Final.Of(cluster[0], (ulong)number))];
        await cluster.StopAllAsync();
        Directory.Delete(cluster.DirectoryOf(3), recursive: true);
        return final;
    }

    private static async Task<PeerNetwork> ConnectAsync(TestCluster cluster, int key)
    {
        PeerNetwork network = HostBlocks.Network(
            cluster, key < TestCluster.Validators ? cluster.Key(key) : cluster.Outsider(key),
            key < TestCluster.Validators ? PeerRole.Validator : PeerRole.Observer);
        network.Start();
        Assert.Null(await network.ConnectAsync(cluster.PeerOf(3)));
        return network;
    }
}
