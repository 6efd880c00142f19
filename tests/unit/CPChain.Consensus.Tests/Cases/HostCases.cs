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

/// <summary>A network that all cases of <see cref="HostCases"/> attack in turn; it must outlive every one of them.</summary>
public sealed class RunningCluster : IAsyncLifetime
{
    internal TestCluster Cluster { get; } = new();

    public async ValueTask InitializeAsync()
    {
        Cluster.StartAll();
        await Cluster.WaitForBlockAsync(1);
    }

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}

/// <summary>Cases of the original's test plan that end in the host: who may say what, and what a claim is worth.</summary>
public sealed class HostCases(RunningCluster running) : IClassFixture<RunningCluster>
{
    private readonly TestCluster cluster = running.Cluster;

    // Ours: nobody syncs for it and nobody needs a blacklist; without the proposer's seal the block ends at the connection (F7).
    [Fact]
    public async Task Case_20_1_A3_3_a_strangers_blocks_of_present_and_future_heights_are_not_heard()
    {
        PrivateKey stranger = cluster.Outsider(0);
        await using PeerNetwork network = await HostBlocks.ConnectToValidatorsAsync(cluster, stranger, PeerRole.Observer);
        BlockHeader head = cluster[0].Ledger.Head;
        for (ulong ahead = 1; ahead <= 5; ahead++)
        {
            BlockHeader header = head with { Number = head.Number + ahead, ParentHash = head.Hash, Coinbase = stranger.Address };
            network.Broadcast(ChainMessages.Proposal, SealedBy(stranger, header));
        }

        await AssertGoesOnAsync();
        Assert.DoesNotContain(Headers(), header => header.Coinbase == stranger.Address);
    }

    [Fact]
    public async Task Case_20_11_X8_blocks_dated_20_s_ahead_under_a_bad_seal_block_nobody()
    {
        await using PeerNetwork network = await HostBlocks.ConnectToValidatorsAsync(cluster, cluster.Outsider(1), PeerRole.Observer);
        BlockHeader head = cluster[0].Ledger.Head;
        for (byte copy = 0; copy < 200; copy++)
        {
            BlockHeader header = head with
            {
                Number = head.Number + 1,
                ParentHash = head.Hash,
                TimestampMs = head.TimestampMs + 20_000,
                Coinbase = cluster[0].Genesis.Schedule.ProposerOf(head.Number + 1),
                Extra = new byte[] { copy },
            };
            network.Broadcast(ChainMessages.Proposal, SealedBy(cluster.Outsider(1), header));
        }

        await AssertGoesOnAsync();
    }

    [Fact]
    public async Task Case_20_1_A7_a_flood_of_a_node_that_is_no_member_is_not_heard()
    {
        PrivateKey stranger = cluster.Outsider(2);
        await using PeerNetwork network = await HostBlocks.ConnectToValidatorsAsync(cluster, stranger, PeerRole.Observer);
        ulong height = cluster[0].Ledger.Head.Number + 1;
        for (int round = 1; round <= 500; round++)
        {
            foreach (Statement said in (Statement[])
            [
                new(StatementKind.Wish, new BlockNumber(height + ((ulong)round % 3)), round, Hash256.Zero),
                Statement.Vote(VoteClass.Prepare, new BlockNumber(height), round, Hash256.Zero),
                Statement.Vote(VoteClass.Commit, new BlockNumber(height), round, Hash256.Zero),
            ])
            {
                network.Broadcast(ChainMessages.Lbft, Said(stranger, said));
            }
        }

        await AssertGoesOnAsync();
    }

    // The original remembers the number and refuses every later VALIDATE of it. Here an unverified one leaves no trace (L11).
    [Fact]
    public async Task Case_20_11_X3_a_bogus_impeach_validate_of_an_elected_proposer_has_no_effect_on_later_ones()
    {
        ChainNode view = cluster[0];
        BlockHeader head = view.Ledger.Head;
        Block impeach = ImpeachBlock.Create(head, view.Ledger.HeadState, view.Rules).Block;
        await cluster.StopAsync(7);
        await using (PeerNetwork network = await HostBlocks.ConnectToValidatorsAsync(cluster, cluster.Key(7), PeerRole.Proposer))
        {
            for (ulong ahead = 0; ahead < 3; ahead++)
            {
                Certificate bogus = Certify(head.Number + 1 + ahead, 1, impeach.Hash, [4, 5, 6]);
                network.Broadcast(
                    ChainMessages.Validate, LbftMessageCodec.Encode(new LbftMessage.Validate(bogus, impeach.Encode())));
            }
            await cluster.WaitForBlockAsync(cluster[0], head.Number + 2);
        }

        cluster.Start(7);
        await AssertGoesOnAsync();
    }

    [Fact]
    public async Task Case_20_11_X4_a_peer_that_claims_height_10_to_the_9_changes_nothing()
    {
        await using PeerNetwork network = await HostBlocks.ConnectToValidatorsAsync(cluster, cluster.Outsider(3), PeerRole.Observer);
        for (ulong claim = 0; claim < 20; claim++)
        {
            network.Broadcast(ChainMessages.Status, new ChainStatus(1_000_000_000 + claim, Hash256.Zero).Encode());
        }
        await AssertGoesOnAsync();

        // Proposers, too, go on making blocks.
        ulong first = cluster[0].Ledger.Head.Number;
        await cluster.WaitForBlockAsync(first + 2);
        Assert.Contains(Headers().Where(header => header.Number >= first), header => !header.IsImpeach);
    }

    private static byte[] SealedBy(PrivateKey key, BlockHeader header)
    {
        Block block = new(header, key.Sign(header.Hash), []);
        return LbftMessageCodec.Encode(new LbftMessage.Proposal(block.Encode()));
    }

    private byte[] Said(PrivateKey key, Statement statement) => LbftMessageCodec.Encode(new LbftMessage.Said(
        new SignedStatement(statement, key.Sign(statement.Digest(new ChainDomain(cluster[0].Ledger.GenesisHash, cluster.Genesis.ChainId)))),
        null));

    /// <summary>Signed by nodes that are no validators, in the seats of the first three.</summary>
    private Certificate Certify(ulong height, int round, Hash256 hash, int[] keys)
    {
        ChainDomain domain = new(cluster[0].Ledger.GenesisHash, cluster.Genesis.ChainId);
        Statement vote = Statement.Vote(VoteClass.Commit, new BlockNumber(height), round, hash);
        return new Certificate(
            VoteClass.Commit, new BlockNumber(height), round, hash, CommitteeSize.Of(4), new SeatSet(0b0111), default,
            ValueArray<Signature>.Of([.. keys.Select(key => cluster.Key(key).Sign(vote.Digest(domain)))]));
    }

    private IEnumerable<BlockHeader> Headers() => Enumerable.Range(1, (int)cluster[0].Ledger.Head.Number)
        .Select(number => cluster[0].Ledger.HeaderByNumber((ulong)number)!);

    private async Task AssertGoesOnAsync()
    {
        await cluster.WaitForBlockAsync(cluster[0].Ledger.Head.Number + 2);
        cluster.AssertAgrees();
        Assert.All(cluster.Running, node => Assert.Equal((0L, 0L), (node.Metrics.Alarms, node.Metrics.Misconduct)));
    }
}
