using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Consensus.Wire;
using CPChain.Lbft.Messages;
using CPChain.Lbft.Votes;
using CPChain.Network;
using CPChain.Storage.Disks;
using CPChain.Types;

namespace CPChain.Consensus.Tests.Cases;

/// <summary>Changes of the validator set over real nodes and sockets (L21, L19.1, L18).</summary>
public sealed class SetChangeCases
{
    private const ulong LastOfFirst = 4;

    private static readonly ConsensusTimes Quick = new()
    {
        PeriodMs = 300,
        TimeoutMs = 1800,
        BlockDelayMs = 900,
        DriftMs = 60,
        DelayMs = 50,
        ExecutionMs = 250,
        ResendMs = 100,
        RoundBaseMs = 1400,
        RoundStepMs = 200,
        RoundMaxMs = 6000,
    };

    // Nobody of the new set was in the old one. The last block of the old set is not announced to the new one, which has to ask.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Case_Set_1_the_last_height_of_a_set_is_decided_in_any_round_and_the_new_set_goes_on_alone(int round)
    {
        await using TestCluster cluster = new(TwoSets(LastOfFirst + 1), Quick) { Links = () => new BoundaryLink(round) };
        int absent = round == 0 ? -1 : TestCluster.ProposerOf(LastOfFirst);
        StartNewSetFirst(cluster, absent);
        await cluster.WaitForBlockAsync(LastOfFirst);
        Final[] last = [.. cluster.Running.Select(node => Final.Of(node, LastOfFirst))];
        for (int old = 0; old < TestCluster.Validators; old++)
        {
            await cluster.StopAsync(old);
        }

        await cluster.WaitForBlockAsync(LastOfFirst + 3);
        cluster.AssertAgrees();
        Assert.All(last, one => Assert.Equal((last[0].Block.Hash, round), (one.Block.Hash, one.Certificate.Round)));
        Assert.Equal(round != 0, last[0].Block.IsImpeach);
        for (int old = 0; old < TestCluster.Validators; old++)
        {
            using NodeMemory memory = NodeMemory.Open(
                FileSystemDisk.Instance, Path.Combine(cluster.DirectoryOf(old), "consensus"), LastOfFirst, BlockLimits.Default);
            Assert.InRange(memory.Signer.Record.Height.Value, 1UL, LastOfFirst);
        }
    }

    // All members of the new set start on a chain that has begun without them: each learns before its first height that it need not be mute.
    [Fact]
    public async Task Case_Set_2_a_set_of_late_starters_only_is_not_mute_when_its_first_height_comes()
    {
        const ulong first = 16;
        await using TestCluster cluster = new(TwoSets(first), Quick);
        cluster.StartAll(except: [8, 9, 10, 11]);
        await cluster.WaitForBlockAsync(cluster[0], 2);
        for (int late = 8; late < 12; late++)
        {
            cluster.Start(late);
        }

        await cluster.WaitForBlockAsync(first + 2);
        Assert.Contains(" n8 The journal is lost", cluster.Log, StringComparison.Ordinal);
        cluster.AssertAgrees();
    }

    // A term of another set passes while the validator is away; it cannot know it, and imports across both changes.
    [Fact]
    public async Task Case_20_1_A3_4_a_validator_that_was_away_for_a_term_syncs_through_the_other_set_and_votes_again()
    {
        await using TestCluster cluster = new(
            nodes =>
            [
                new CommitteeEntry(1, nodes[..4], nodes[4..8]),
                new CommitteeEntry(4, [nodes[8], nodes[0], nodes[1], nodes[2]], nodes[4..8]),
                new CommitteeEntry(8, nodes[..4], nodes[4..8]),
            ],
            Quick);
        cluster.StartAll();
        await cluster.WaitForBlockAsync(cluster[0], 2);
        await cluster.StopAsync(3);
        await cluster.WaitForBlockAsync(cluster[0], 9);

        ChainNode back = cluster.Start(3);
        await cluster.WaitForBlockAsync(back, 9);
        Assert.True(back.Metrics.ImportedBlocks > 0);
        await cluster.StopAsync(2);
        await cluster.WaitForBlockAsync(cluster[0].Ledger.Head.Number + 3); // no quorum without node 3
        cluster.AssertAgrees();
    }

    // The machines' own messages across the boundary, with the same seats in other hands: who is behind is answered, and by its address.
    [Fact]
    public async Task Case_Set_3_a_member_of_the_old_set_that_is_behind_is_answered_by_the_new_one()
    {
        await using TestCluster cluster = new(TwoSets(LastOfFirst + 1), Quick);
        StartNewSetFirst(cluster);
        await cluster.WaitForBlockAsync(LastOfFirst + 1);
        await cluster.StopAsync(2);
        PeerNetwork behind = HostBlocks.Network(cluster, cluster.Key(2), PeerRole.Validator);
        await using (behind)
        {
            TaskCompletionSource<Address> answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
            behind.OnMessage(ChainMessages.Lbft, (peer, bytes) =>
            {
                if (LbftMessageCodec.TryDecode(bytes.Span, 0, out LbftMessage? message, out _)
                    && message is LbftMessage.Cert { Certificate: { Class: VoteClass.Commit, Height.Value: LastOfFirst } })
                {
                    answered.TrySetResult(peer.Identity);
                }
                return ValueTask.CompletedTask;
            });
            behind.Start();
            // Seat 2 of both sets: node 10 must not take it for itself.
            Assert.Null(await behind.ConnectAsync(cluster.PeerOf(10)));
            Statement wish = new(StatementKind.Wish, new BlockNumber(LastOfFirst), 1, Hash256.Zero);
            ChainDomain domain = new(cluster[0].Ledger.GenesisHash, cluster.Genesis.ChainId);
            behind.Broadcast(ChainMessages.Lbft, LbftMessageCodec.Encode(new LbftMessage.Said(
                new SignedStatement(wish, cluster.Key(2).Sign(wish.Digest(domain))), null)));

            Assert.Equal(cluster.Key(10).Address, await answered.Task.WaitAsync(TestCluster.Patience));
        }
    }

    // Who starts before the first block has nothing to ask (J5.4).
    private static void StartNewSetFirst(TestCluster cluster, int except = -1)
    {
        foreach (int node in (int[])[8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3])
        {
            if (node != except)
            {
                cluster.Start(node);
            }
        }
    }

    private static Func<ImmutableArray<Address>, ImmutableArray<CommitteeEntry>> TwoSets(ulong second) => nodes =>
    [
        new CommitteeEntry(1, nodes[..4], nodes[4..8]),
        new CommitteeEntry(second, nodes[8..12], nodes[4..8]),
    ];

    /// <summary>At the last height of the first set: no VALIDATE, and no impeach vote of a round before the one that shall decide.</summary>
    private sealed class BoundaryLink(int round) : LinkFilter
    {
        public override LinkVerdict Outgoing(Address peer, ushort type, ReadOnlySpan<byte> payload)
        {
            bool isLost = type switch
            {
                ChainMessages.Validate => LbftMessageCodec.TryDecode(payload, int.MaxValue, out LbftMessage? message, out _)
                    && message is LbftMessage.Validate { Certificate.Height.Value: LastOfFirst },
                ChainMessages.Lbft => LbftMessageCodec.TryDecode(payload, 0, out LbftMessage? message, out _)
                    && message is LbftMessage.Said { Signed.Statement: { Height.Value: LastOfFirst } said }
                    && said.Kind is StatementKind.ImpeachPrepare or StatementKind.ImpeachCommit && said.Round < round,
                _ => false,
            };
            return isLost ? LinkVerdict.Drop : LinkVerdict.Deliver;
        }
    }
}
