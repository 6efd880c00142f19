using CPChain.Consensus.Wire;
using CPChain.Lbft;
using CPChain.Lbft.Messages;
using CPChain.Lbft.Votes;
using CPChain.Simulation.Crashes;
using CPChain.Simulation.Nodes.World;

namespace CPChain.Simulation.Tests.Crashes;

/// <summary>F12: a member that starts with an empty directory beside a running chain finds out what it may say, and then says it.</summary>
public sealed class NewMemberTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    public void L18_a_new_member_is_not_mute_for_ever(int startsAtBlock)
    {
        VirtualWorld world = new(CrashRun.PlanOfWorld(), LbftRules.Certified, new SeededRandom(5), new WorldTrace(null));
        VirtualNode member = world.Nodes[CrashScenario.Joining];
        ulong firstVote = 0;
        member.Mouth = (VirtualPeer peer, ushort type, ref ReadOnlyMemory<byte> payload) =>
        {
            if (firstVote == 0 && type == ChainMessages.Lbft
                && LbftMessageCodec.TryDecode(payload.Span, 0, out LbftMessage? message, out _)
                && message is LbftMessage.Said { Signed.Statement: var statement } && statement.Kind.IsVote())
            {
                firstVote = statement.Height.Value;
            }
            return true;
        };
        foreach (VirtualNode node in world.Nodes.Where(node => node != member))
            node.Start();
        RunTo(world, (ulong)startsAtBlock);
        ulong head = world.Watch.Chain.Head;
        member.Start();
        RunTo(world, Math.Max(head, CrashRun.ChangeAt) + 8);

        Assert.Empty(world.Watch.Violations);
        Assert.True(firstVote >= head + 3, $"it votes at {firstVote}, though what it said up to {head + 2} is not known");
        Assert.True(firstVote <= Math.Max(head + 3, CrashRun.ChangeAt) + 2, $"it votes at {firstVote} only");
    }

    private static void RunTo(VirtualWorld world, ulong head)
    {
        long end = world.Time.Now + VirtualTime.FromMs(60_000);
        while (world.Watch.Chain.Head < head && world.Time.Now < end)
            world.Time.TryStep(end);
        Assert.True(world.Watch.Chain.Head >= head, $"block {head} does not come");
    }
}
