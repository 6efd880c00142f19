using CPChain.Chain;
using CPChain.Consensus.Wire;
using CPChain.Crypto;
using CPChain.Execution;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Messages;
using CPChain.Network;
using CPChain.Types;

namespace CPChain.Consensus.Tests;

public sealed class AdversaryTests
{
    [Fact]
    public async Task L9_a_proposer_that_seals_an_invalid_block_is_impeached()
    {
        await using TestCluster cluster = new();
        int liar = TestCluster.ProposerOf(3);
        cluster.StartAll(except: liar);
        await using PeerNetwork network = await ConnectAsync(cluster, cluster.Key(liar), PeerRole.Proposer);
        await cluster.WaitForBlockAsync(cluster[0], 2);

        ChainNode view = cluster[0];
        BuiltBlock honest = BlockBuilder.Build(
            view.Ledger.HeaderByNumber(2)!, view.Ledger.HeadState, [], new BlockPlan(cluster.Key(liar).Address, 0), view.Rules);
        BlockHeader lie = honest.Header with { StateRoot = Keccak256.Hash("a lie"u8) };
        Signature seal = cluster.Key(liar).Sign(SealDigest.Of(view.Ledger.GenesisHash, view.Genesis.ChainId, 3, lie.Hash));
        byte[] proposal = LbftMessageCodec.Encode(new LbftMessage.Proposal(new Block(lie, seal, []).Encode()));
        Assert.Equal(TestCluster.Validators, network.Broadcast(ChainMessages.Proposal, proposal));

        await cluster.WaitForBlockAsync(4);
        Assert.True(view.Ledger.HeaderByNumber(3)!.IsImpeach);
        cluster.AssertAgrees();
    }

    [Fact]
    public async Task L22_a_proposer_that_seals_two_blocks_divides_nobody_and_leaves_its_proof()
    {
        await using TestCluster cluster = new();
        int liar = TestCluster.ProposerOf(3);
        cluster.StartAll(except: liar);
        await using PeerNetwork network = await ConnectAsync(cluster, cluster.Key(liar), PeerRole.Proposer);
        await cluster.WaitForBlockAsync(cluster[0], 2);

        for (int twin = 0; twin < 2; twin++)
        {
            byte[] proposal = LbftMessageCodec.Encode(new LbftMessage.Proposal(Sealed(cluster, liar, [(byte)twin]).Encode()));
            network.Send(cluster.Key(2 * twin).Address, ChainMessages.Proposal, proposal);
            network.Send(cluster.Key((2 * twin) + 1).Address, ChainMessages.Proposal, proposal);
        }

        await cluster.WaitForBlockAsync(4);
        cluster.AssertAgrees();
        Assert.Contains(
            Enumerable.Range(0, TestCluster.Validators),
            index => File.Exists(Path.Combine(cluster.DirectoryOf(index), "consensus", "evidence")));
    }

    [Fact]
    public async Task L19_a_peer_that_claims_a_high_head_and_gives_uncertified_blocks_is_dropped_and_nothing_else_happens()
    {
        await using TestCluster cluster = new();
        cluster.StartAll();
        await cluster.WaitForBlockAsync(cluster[0], 1);
        using PrivateKey key = PrivateKey.Generate(System.Security.Cryptography.RandomNumberGenerator.Fill);
        await using PeerNetwork network = await ConnectAsync(cluster, key, PeerRole.Observer);
        Block genesis = cluster[0].Ledger.BlockByNumber(0)!;
        network.OnRequest(ChainMessages.GetBlocks, (_, _, _) =>
            ValueTask.FromResult<byte[]?>(BlockRangeAnswer.Encode([(genesis.Encode(), [1, 2, 3])])));
        Peer victim = network.Peers[0];

        while (victim.ClosedBecause == PeerFault.None)
        {
            victim.Send(ChainMessages.Status, new ChainStatus(1_000_000, Hash256.Zero).Encode());
            await Task.WhenAny(victim.Completion, cluster.WaitForBlockAsync(cluster[0], cluster[0].Ledger.Head.Number + 1));
        }

        await cluster.WaitForBlockAsync(cluster[0].Ledger.Head.Number + 2);
        cluster.AssertAgrees();
    }

    [Fact]
    public async Task L19_a_peer_that_hands_over_what_is_final_already_makes_nobody_follow()
    {
        await using TestCluster cluster = new();
        cluster.StartAll();
        await cluster.WaitForBlockAsync(2);
        using PrivateKey key = PrivateKey.Generate(System.Security.Cryptography.RandomNumberGenerator.Fill);
        await using PeerNetwork network = await ConnectAsync(cluster, key, PeerRole.Observer);
        network.OnRequest(ChainMessages.GetBlocks, async (peer, query, stopping) =>
        {
            Assert.True(BlockRangeQuery.TryDecode(query.Span, out BlockRangeQuery range));
            ChainNode victim = cluster.Running.First(node => node.Identity == peer.Identity);
            await victim.WaitForBlockAsync(range.First, stopping);
            return BlockRangeAnswer.Encode(
                [(victim.Ledger.BlockByNumber(range.First)!.Encode(), victim.Ledger.CertificateOf(range.First)!)]);
        });

        for (ulong block = cluster[0].Ledger.Head.Number + 1, last = block + 6; block <= last; block++)
        {
            network.Broadcast(ChainMessages.Status, new ChainStatus(1_000_000, Hash256.Zero).Encode());
            await cluster.WaitForBlockAsync(cluster[0], block);
        }

        // A validator that imported nothing has not followed, hence voted all the time.
        Assert.All(Enumerable.Range(0, TestCluster.Validators), index => Assert.True(
            cluster[index].Metrics.ImportedBlocks > 0 || !cluster.Log.Contains($" n{index} Caught up", StringComparison.Ordinal), cluster.Log));
        cluster.AssertAgrees();
    }

    [Fact]
    public async Task L24_a_proposer_that_seals_many_blocks_stops_nobody_who_is_one_height_behind()
    {
        await using TestCluster cluster = new();
        cluster.StartAll(except: 3);
        await cluster.WaitForBlockAsync(cluster[0], 2);
        (Block Block, Certificate Certificate)[] final = [.. Enumerable.Range(1, 2).Select(number => FinalOf(cluster[0], (ulong)number))];
        Hash256 genesis = cluster[0].Ledger.GenesisHash;
        await cluster.StopAllAsync();
        ChainNode behind = cluster.Start(3);
        using PrivateKey key = PrivateKey.Generate(System.Security.Cryptography.RandomNumberGenerator.Fill);
        await using PeerNetwork network = Network(cluster, genesis, key, PeerRole.Observer);
        network.Start();
        Assert.Null(await network.ConnectAsync(cluster.PeerOf(3)));

        // Three more blocks of the second height than the certified one, all sealed by its proposer, before the first height is final here.
        PrivateKey proposer = cluster.Key(TestCluster.ProposerOf(2));
        for (byte i = 0; i < 3; i++)
        {
            BlockHeader other = final[1].Block.Header with { Coinbase = proposer.Address, StateRoot = Keccak256.Hash([i]) };
            Signature seal = proposer.Sign(SealDigest.Of(genesis, cluster.Genesis.ChainId, 2, other.Hash));
            network.Broadcast(ChainMessages.Proposal, LbftMessageCodec.Encode(new LbftMessage.Proposal(new Block(other, seal, []).Encode())));
        }
        foreach ((Block block, Certificate certificate) in Enumerable.Reverse(final))
        {
            network.Broadcast(ChainMessages.Validate, LbftMessageCodec.Encode(new LbftMessage.Validate(certificate, block.Encode())));
        }

        await cluster.WaitForBlockAsync(behind, 2);
        Assert.False(behind.Completion.IsCompleted);
    }

    [Fact]
    public async Task L24_noise_on_every_channel_harms_nobody()
    {
        await using TestCluster cluster = new();
        cluster.StartAll();
        await cluster.WaitForBlockAsync(cluster[0], 1);
        foreach (ushort type in (ushort[])[ChainMessages.Lbft, ChainMessages.Proposal, ChainMessages.Validate, ChainMessages.Status, ChainMessages.TransactionHashes])
        {
            using PrivateKey key = PrivateKey.Generate(System.Security.Cryptography.RandomNumberGenerator.Fill);
            await using PeerNetwork network = await ConnectAsync(cluster, key, PeerRole.Observer);
            for (int i = 1; i <= 32; i++)
            {
                network.Broadcast(type, System.Security.Cryptography.RandomNumberGenerator.GetBytes(2 * i));
            }
            await Task.WhenAll(network.Peers.Select(peer => peer.Completion)).WaitAsync(TestCluster.Patience);
        }
        await cluster.WaitForBlockAsync(cluster[0].Ledger.Head.Number + 2);
        cluster.AssertAgrees();
    }

    /// <summary>A valid block 3 of that proposer with these extra bytes.</summary>
    private static Block Sealed(TestCluster cluster, int proposer, byte[] extra)
    {
        ChainNode view = cluster[0];
        BuiltBlock built = BlockBuilder.Build(
            view.Ledger.HeaderByNumber(2)!, view.Ledger.HeadState, [], new BlockPlan(cluster.Key(proposer).Address, 0, extra), view.Rules);
        return built.Seal(cluster.Key(proposer).Sign(built.SealDigest(view.Rules)));
    }

    private static (Block Block, Certificate Certificate) FinalOf(ChainNode node, ulong number)
    {
        Assert.True(CertificateCodec.TryDecode(node.Ledger.CertificateOf(number)!, out Certificate? certificate, out _));
        return (node.Ledger.BlockByNumber(number)!, certificate);
    }

    /// <summary>An authenticated network of a stranger or a liar, connected to all validators.</summary>
    private static async Task<PeerNetwork> ConnectAsync(TestCluster cluster, PrivateKey key, PeerRole role)
    {
        PeerNetwork network = Network(cluster, cluster[0].Ledger.GenesisHash, key, role);
        network.Start();
        for (int i = 0; i < TestCluster.Validators; i++)
        {
            Assert.Null(await network.ConnectAsync(cluster.PeerOf(i)));
        }
        return network;
    }

    private static PeerNetwork Network(TestCluster cluster, Hash256 genesis, PrivateKey key, PeerRole role) => new(new NetworkOptions
    {
        Key = key,
        Role = role,
        ChainId = cluster.Genesis.ChainId,
        Genesis = genesis,
        Catalog = ChainMessages.Catalog(cluster.Genesis.Limits),
    });
}
