using CPChain.Chain;
using CPChain.Consensus.Wire;
using CPChain.Crypto;
using CPChain.Lbft.Messages;
using CPChain.Simulation.Nodes.World;
using CPChain.Types;

namespace CPChain.Simulation.Nodes.Faults;

/// <summary>A production node with another mouth: what it says on the wire is the adversary's, everything behind is the real thing.</summary>
internal abstract class Adversary(VirtualWorld world, VirtualNode node, SeededRandom chance)
{
    protected VirtualWorld World => world;

    protected VirtualNode Node => node;

    protected SeededRandom Chance => chance;

    /// <summary>Takes the node over, before its first start.</summary>
    internal virtual void TakeOver()
    {
        node.IsHonest = false;
        node.Mouth = Say;
        node.Lips = Answer;
        world.Trace.Happened(0, node.Index, $"is a {GetType().Name}");
    }

    /// <summary>May change what is said; false says nothing.</summary>
    protected virtual bool Say(VirtualPeer to, ushort type, ref ReadOnlyMemory<byte> payload) => true;

    /// <summary>May change an answer; null refuses.</summary>
    protected virtual byte[]? Answer(VirtualPeer to, ushort type, ReadOnlyMemory<byte> question, byte[]? answer) => answer;

    protected byte[] Noise(int bytesMax)
    {
        byte[] noise = new byte[1 + chance.Below(bytesMax)];
        for (int i = 0; i < noise.Length; i++)
        {
            noise[i] = unchecked((byte)chance.Next());
        }
        return noise;
    }

    /// <summary>The block of an encoded PROPOSAL.</summary>
    protected Block? BlockOf(ReadOnlyMemory<byte> payload) =>
        LbftMessageCodec.TryDecode(payload.Span, world.Plan.Genesis.Limits.BytesMax, out LbftMessage? message, out _)
        && message is LbftMessage.Proposal { Block: var bytes } && Block.TryDecode(bytes.Span, world.Plan.Genesis.Limits, out Block? block, out _)
            ? block
            : null;
}

/// <summary>A proposer that seals two blocks of one height and shows either to anybody, each time anew.</summary>
internal sealed class EquivocatingProposer(VirtualWorld world, VirtualNode node, SeededRandom chance) : Adversary(world, node, chance)
{
    private readonly Dictionary<Hash256, byte[]> others = [];

    protected override bool Say(VirtualPeer to, ushort type, ref ReadOnlyMemory<byte> payload)
    {
        if (type == ChainMessages.Proposal && Chance.Chance(50) && BlockOf(payload) is { } block
            && block.Header.Coinbase == Node.Key.Address)
        {
            if (!others.TryGetValue(block.Hash, out byte[]? other))
            {
                others[block.Hash] = other = Second(block);
            }
            payload = other;
        }
        return true;
    }

    private byte[] Second(Block block)
    {
        BlockHeader header = block.Header with { Extra = new byte[] { 2 } };
        Hash256 digest = SealDigest.Of(World.Watch.Chain.GenesisHash, World.Plan.Genesis.ChainId, header.Number, header.Hash);
        return LbftMessageCodec.Encode(new LbftMessage.Proposal(new Block(header, Node.Key.Sign(digest), block.Transactions).Encode()));
    }
}

/// <summary>A proposer that shows one block to f+1 validators and is never seen again; perhaps its power cut takes all others down too.</summary>
internal sealed class DyingProposer(VirtualWorld world, VirtualNode node, SeededRandom chance, Action loseAllPower)
    : Adversary(world, node, chance)
{
    private readonly ulong diesAt = 2 + (ulong)chance.Below(20);
    private readonly HashSet<int> told = [];

    protected override bool Say(VirtualPeer to, ushort type, ref ReadOnlyMemory<byte> payload)
    {
        if (type != ChainMessages.Proposal || BlockOf(payload) is not { } block || block.Header.Number < diesAt)
        {
            return true;
        }
        if (told.Count <= World.Plan.Faulty && told.Add(to.Other.Network.Index) && told.Count > World.Plan.Faulty)
        {
            Node.IsGone = true;
            World.Time.In(1, () => Node.Crash(losesPower: true, "dies for ever"));
            if (Chance.Chance(50))
            {
                World.Time.In(VirtualTime.FromMs(Chance.Below(300)), loseAllPower);
            }
        }
        return told.Contains(to.Other.Network.Index);
    }
}

/// <summary>A peer that claims blocks which do not exist and answers with blocks, bodies and certificates that are not what was asked for.</summary>
internal sealed class LyingSyncPeer(VirtualWorld world, VirtualNode node, SeededRandom chance) : Adversary(world, node, chance)
{
    protected override bool Say(VirtualPeer to, ushort type, ref ReadOnlyMemory<byte> payload)
    {
        if (type == ChainMessages.Status && Chance.Chance(50))
        {
            byte[] claim = payload.ToArray();
            claim[7 + Chance.Below(2)] ^= (byte)(1 + Chance.Below(200));
            payload = claim;
        }
        return true;
    }

    protected override byte[]? Answer(VirtualPeer to, ushort type, ReadOnlyMemory<byte> question, byte[]? answer)
    {
        if (answer is null || answer.Length == 0)
        {
            return Chance.Chance(50) ? Noise(200) : null;
        }
        switch (Chance.Below(4))
        {
            case 0:
                answer = [.. answer];
                answer[Chance.Below(answer.Length)] ^= 1;
                return answer;
            case 1:
                return answer[..Chance.Below(answer.Length)];
            case 2:
                return null;
            default:
                return answer;
        }
    }
}

/// <summary>A peer that sends noise and repeats whatever was ever said to anybody.</summary>
internal sealed class Flooder(VirtualWorld world, VirtualNode node, SeededRandom chance) : Adversary(world, node, chance)
{
    private const int KeptMax = 256;
    private const int Burst = 12;

    private static readonly ushort[] Types =
        [ChainMessages.Lbft, ChainMessages.Proposal, ChainMessages.Validate, ChainMessages.TransactionHashes, ChainMessages.Status];

    private readonly List<(ushort Type, ReadOnlyMemory<byte> Payload)> kept = [];
    private bool isFlooding;

    internal override void TakeOver()
    {
        base.TakeOver();
        World.Time.In(VirtualTime.FromMs(1_000), Flood);
    }

    protected override bool Say(VirtualPeer to, ushort type, ref ReadOnlyMemory<byte> payload)
    {
        if (!isFlooding && kept.Count < KeptMax)
        {
            kept.Add((type, payload));
        }
        return true;
    }

    private void Flood()
    {
        isFlooding = true;
        foreach (CPChain.Network.IPeer peer in Node.Running?.Network.Peers ?? [])
        {
            for (int i = 0; i < Burst; i++)
            {
                if (kept.Count == 0 || Chance.Chance(20))
                {
                    peer.Send(Chance.Pick(Types), Noise(60));
                }
                else
                {
                    (ushort type, ReadOnlyMemory<byte> payload) = Chance.Pick(kept);
                    peer.Send(type, payload);
                }
            }
        }
        isFlooding = false;
        World.Time.In(VirtualTime.FromMs(200 + Chance.Below(800)), Flood);
    }
}
