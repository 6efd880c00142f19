using CPChain.Chain;
using CPChain.Consensus.Wire;
using CPChain.Crypto;
using CPChain.Execution;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Messages;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Network;
using CPChain.Types;

namespace CPChain.Consensus.Tests.Cases;

/// <summary>Certificates made by hand with the validators' keys, shown to nodes that have an empty directory.</summary>
public sealed class CertificateCases
{
    // Test 10, second half: nothing in state, hash or the next block comes from the certificate (L22.1, L23).
    [Fact]
    public async Task Case_Test_10_different_certificates_of_one_block_give_equal_nodes_and_false_ones_give_nothing()
    {
        await using TestCluster cluster = new();
        cluster.StartAll();
        await cluster.WaitForBlockAsync(cluster[0], 2);
        Final[] final = [.. Enumerable.Range(1, 2).Select(number => Final.Of(cluster[0], (ulong)number))];
        await cluster.StopAllAsync();
        Directory.Delete(cluster.DirectoryOf(2), recursive: true);
        Directory.Delete(cluster.DirectoryOf(3), recursive: true);

        ChainNode one = cluster.Start(2);
        await using (PeerNetwork liar = await ConnectAsync(cluster, 9, 2))
        {
            foreach (Certificate bad in (Certificate[])
            [
                Certify(cluster, final[0], 0, [8, 9, 10], [0, 1, 2]),
                Certify(cluster, final[0], 0, [0, 1, 1], [0, 1, 2]),
                Certify(cluster, final[0], 0, [0, 1], [0, 1]),
                Certify(cluster, final[0], 1, [4, 5, 6], [0, 1, 2]),
                Certify(cluster, final[0], 0, [1, 0, 2], [0, 1, 2]),
            ])
            {
                liar.Broadcast(ChainMessages.Validate, LbftMessageCodec.Encode(new LbftMessage.Validate(bad, final[0].Block.Encode())));
            }
            await liar.Peers[0].Completion.WaitAsync(TestCluster.Patience);
        }
        Assert.Equal(0UL, one.Ledger.Head.Number);

        await ShowAsync(cluster, 2, final, 0, [0, 1, 2]);
        var first = OutcomeOf(one);
        await cluster.StopAsync(2); // or it would hand its certificates on
        ChainNode other = cluster.Start(3);
        await ShowAsync(cluster, 3, final, 3, [1, 2, 3]);
        var second = OutcomeOf(other);
        Assert.NotEqual(first.Certificate, second.Certificate);
        Assert.Equal((first.Head, first.Next, 0L, 0L), (second.Head, second.Next, first.Alarms, second.Alarms));

        // The state shows in the block that would follow: its roots are those of an execution on it.
        static (string Certificate, BlockHeader Head, Hash256 Next, long Alarms) OutcomeOf(ChainNode node) => (
            Convert.ToHexString(node.Ledger.CertificateOf(2)!),
            node.Ledger.Head,
            ImpeachBlock.Create(node.Ledger.Head, node.Ledger.HeadState, node.Rules).Block.Hash,
            node.Metrics.Alarms);
    }

    // The proposer shows its block to validators 0 and 1 alone, which may not hand it on, and is gone.
    [Fact]
    public async Task Case_Show_5_over_sockets_a_block_with_f_plus_1_holders_reaches_every_honest_node()
    {
        await using TestCluster cluster = new() { Links = () => new FewLink() };
        int proposer = TestCluster.ProposerOf(3);
        cluster.StartAll(except: proposer);
        await cluster.WaitForBlockAsync(cluster[0], 2);
        Block block = HostBlocks.Sealed(cluster, proposer, 3);
        await using (PeerNetwork few = await HostBlocks.ConnectToValidatorsAsync(cluster, cluster.Key(proposer), PeerRole.Proposer, 0, 1))
        {
            few.Broadcast(ChainMessages.Proposal, LbftMessageCodec.Encode(new LbftMessage.Proposal(block.Encode())));
            await cluster.WaitForBlockAsync(cluster[0], 3);
        }

        await cluster.WaitForBlockAsync(4);
        Assert.True(block.Hash == cluster[0].Ledger.HashOf(3), cluster.Log);
        cluster.AssertAgrees();
    }

    private static ChainDomain Domain(TestCluster cluster) =>
        new(GenesisState.Create(cluster.Genesis).Block.Hash, cluster.Genesis.ChainId);

    private static async Task ShowAsync(TestCluster cluster, int node, Final[] final, int round, int[] signers)
    {
        await using PeerNetwork network = await ConnectAsync(cluster, 10, node);
        foreach (Final one in final)
        {
            network.Broadcast(ChainMessages.Validate, LbftMessageCodec.Encode(
                new LbftMessage.Validate(Certify(cluster, one, one.Block.IsImpeach ? 1 : round, signers, signers), one.Block.Encode())));
        }
        await cluster.WaitForBlockAsync(cluster[node], (ulong)final.Length);
    }

    private static async Task<PeerNetwork> ConnectAsync(TestCluster cluster, int outsider, int node)
    {
        PeerNetwork network = HostBlocks.Network(cluster, cluster.Outsider(outsider), PeerRole.Observer);
        network.Start();
        Assert.Null(await network.ConnectAsync(cluster.PeerOf(node)));
        return network;
    }

    private static Certificate Certify(TestCluster cluster, Final of, int round, int[] keys, int[] seats)
    {
        Statement vote = Statement.Vote(VoteClass.Commit, of.Block.Number, round, of.Block.Hash);
        SeatSet signers = SeatSet.Empty;
        foreach (int seat in seats)
        {
            signers = signers.With(new Seat(seat));
        }
        return new Certificate(
            VoteClass.Commit, of.Block.Number, round, of.Block.Hash, CommitteeSize.Of(TestCluster.Validators), signers, default,
            ValueArray<Signature>.Of([.. keys.Select(key => cluster.Key(key).Sign(vote.Digest(Domain(cluster))))]));
    }

    /// <summary>Nobody hands block 3 on, and the first questions of each node for its body are lost.</summary>
    private sealed class FewLink : LinkFilter
    {
        private const int LostQuestions = 3;

        private int questions;

        public override LinkVerdict Outgoing(Address peer, ushort type, ReadOnlySpan<byte> payload) => type switch
        {
            ChainMessages.Proposal => Number(payload) == 3 ? LinkVerdict.Drop : LinkVerdict.Deliver,
            ChainMessages.GetBody => Interlocked.Increment(ref questions) <= LostQuestions ? LinkVerdict.Drop : LinkVerdict.Deliver,
            _ => LinkVerdict.Deliver,
        };

        private static ulong Number(ReadOnlySpan<byte> payload) =>
            LbftMessageCodec.TryDecode(payload, int.MaxValue, out LbftMessage? message, out _)
            && message is LbftMessage.Proposal { Block: var bytes }
            && Block.TryDecodeHead(bytes.Span, BlockLimits.Default, out BlockHeader? header, out _, out _) ? header.Number : 0;
    }
}
