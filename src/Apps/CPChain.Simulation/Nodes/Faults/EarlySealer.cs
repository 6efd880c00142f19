using CPChain.Chain;
using CPChain.Consensus;
using CPChain.Consensus.Wire;
using CPChain.Crypto;
using CPChain.Execution;
using CPChain.Lbft.Messages;
using CPChain.Simulation.Nodes.World;
using CPChain.Types;

namespace CPChain.Simulation.Nodes.Faults;

/// <summary>
/// A proposer that shows no block of its own, and many sealed ones of the number after the next, on the impeach block that everybody can compute: if it
/// were given room for them, whoever answers for the impeached number would find none.
/// </summary>
internal sealed class EarlySealer(VirtualWorld world, VirtualNode node, SeededRandom chance) : Adversary(world, node, chance)
{
    private const int Copies = 4;

    private readonly HashSet<(ulong Head, int To)> told = [];
    private bool isForging;

    /// <summary>Blocks that it has sent.</summary>
    internal int Sent { get; private set; }

    protected override bool Say(VirtualPeer to, ushort type, ref ReadOnlyMemory<byte> payload)
    {
        if (isForging || type == ChainMessages.Proposal)
        {
            return isForging;
        }
        if (Node.Running is { } running && told.Add((running.Ledger.Head.Number, to.Other.Network.Index)))
        {
            Forge(to, running);
        }
        return true;
    }

    private void Forge(VirtualPeer to, ChainNode running)
    {
        BlockHeader head = running.Ledger.Head;
        Block impeach = ImpeachBlock.Create(head, running.Ledger.HeadState, running.Rules).Block;
        isForging = true;
        for (int copy = 0; copy < Copies; copy++)
        {
            BlockHeader header = impeach.Header with
            {
                ParentHash = impeach.Hash,
                Number = impeach.Header.Number + 1,
                Coinbase = Node.Key.Address,
                TimestampMs = impeach.Header.TimestampMs + World.Plan.Genesis.Times.PeriodMs,
                Extra = new byte[] { (byte)copy },
            };
            Hash256 digest = SealDigest.Of(World.Watch.Chain.GenesisHash, World.Plan.Genesis.ChainId, header.Number, header.Hash);
            to.Send(ChainMessages.Proposal, LbftMessageCodec.Encode(new LbftMessage.Proposal(new Block(header, Node.Key.Sign(digest), []).Encode())));
            Sent++;
        }
        isForging = false;
    }
}
