using CPChain.Chain;
using CPChain.Consensus;
using CPChain.Consensus.Journals;
using CPChain.Lbft;
using CPChain.Ledger;
using CPChain.Simulation.Disks;
using CPChain.Simulation.Nodes.World;
using CPChain.Storage;
using CPChain.Types;

namespace CPChain.Simulation.Nodes.Checks;

/// <summary>Sees every world from outside and says what must never be. What it says first is the cause, the rest may follow from it.</summary>
internal sealed class Watch
{
    private const int ViolationsKept = 8;

    private readonly VirtualWorld world;
    private readonly List<string> violations = [];
    private readonly Speeches speeches = new();
    private readonly ulong[] heads;
    private readonly HashSet<int> seenProposer = [];

    internal Watch(VirtualWorld world)
    {
        this.world = world;
        heads = new ulong[world.Plan.Nodes];
        Chain = new FinalChain(world.Plan.Genesis, world.Rules == LbftRules.Certified);
        Promises = new Promises();
        world.Wires.Banned = (node, peer, why) =>
        {
            if (world.Rules == LbftRules.Certified && world.Nodes[node].IsHonest && world.Nodes[peer].IsHonest)
            {
                Report($"n{node} refuses honest n{peer}: {why}");
            }
        };
    }

    internal IReadOnlyList<string> Violations => violations;

    internal FinalChain Chain { get; }

    internal Promises Promises { get; }

    /// <summary>From this number on every honest proposer is timely, so that none is impeached; null while there are faults.</summary>
    internal ulong? QuietFrom { get; set; }

    /// <summary>Every node has had a proposer's block final.</summary>
    // With elections some connect later: a candidate when it has a deposit, a new validator when it is named.
    internal bool HaveAllSeenProposer => world.Plan.Candidates == 0
        ? seenProposer.Count == world.Plan.Nodes
        : Enumerable.Range(0, world.Plan.Committee).All(seenProposer.Contains);

    internal long ImpeachBlocks { get; private set; }

    /// <summary>In which round a number was decided where it was final first.</summary>
    internal Dictionary<ulong, int> RoundOf { get; } = [];

    /// <summary>Told of each number that is final somewhere for the first time, and when.</summary>
    internal Action<ulong, long>? FirstFinal { get; set; }

    /// <summary>How the last numbers of terms ended; none without elections.</summary>
    internal CheckpointCounts Checkpoints { get; private set; } = new(0, 0, 0);

    /// <summary>Blocks made by elected proposers.</summary>
    internal long ElectedBlocks { get; private set; }

    /// <summary>A node has come up: what was final and promised before must still be there.</summary>
    internal void Opened(VirtualNode node, ChainNode opened)
    {
        BlockHeader head = opened.Ledger.Head;
        if (head.Number < heads[node.Index] && !node.HasLostDisk)
        {
            Report($"n{node.Index} had block {heads[node.Index]} final and starts at {head.Number}");
        }
        if (head.Number > 0 && Chain.Find(head.Number) is { } known && known != head.Hash)
        {
            Report($"n{node.Index} starts with another block {head.Number} than was final");
        }
        Chain.Opened(opened.Ledger.HeadState);
        opened.Ledger.SubscribeFinalized(final => Finalized(node, opened.Ledger, final));
        opened.Pool.Accepted += fresh =>
        {
            if (fresh.IsLocal)
            {
                Promises.Add(node.Index, fresh.Transactions, world.Time.Now);
            }
        };
    }

    internal void Stopped(VirtualNode node, Exception cause)
    {
        if (node.HasLyingDisk && IsRefusal(cause))
        {
            return;
        }
        // Certificates of weaker rules fit no journal.
        if (world.Rules == LbftRules.Certified && node.IsHonest && cause is not (StorageFailure { Fault: StorageFault.Io } or PowerLossException))
        {
            string where = cause.StackTrace?.Split('\n', 3)[0].Trim() ?? "";
            Report($"n{node.Index} stopped: {cause.GetType().Name}: {cause.Message} {where}");
            world.Trace.Note(world.Time.Now, node.Index, cause.ToString());
        }
    }

    /// <summary>The node says that its files are not what it left there.</summary>
    internal static bool IsRefusal(Exception cause) => cause is StorageFailure { Fault: not StorageFault.Io } or UnknownJournalException;

    internal void Said(VirtualNode node, ushort type, ReadOnlyMemory<byte> payload)
    {
        // The paper promises agreement and progress, and no more.
        if (world.Rules != LbftRules.Paper && speeches.Hear(node.Key.Address, type, payload, world.Plan.Genesis.Limits) is { } guilt)
        {
            Report($"honest n{node.Index} convicts itself: {guilt}");
        }
    }

    internal void Report(string violation)
    {
        world.Trace.Happened(world.Time.Now, -1, $"VIOLATION {violation}");
        if (violations.Count < ViolationsKept)
        {
            violations.Add(violation);
        }
    }

    private void Finalized(VirtualNode node, ChainLedger ledger, FinalizedBlock final)
    {
        Block block = final.Block;
        heads[node.Index] = block.Header.Number;
        if (!block.IsImpeach)
        {
            seenProposer.Add(node.Index);
        }
        byte[]? certificate = ledger.CertificateOf(block.Header.Number);
        bool isFirst = Chain.Find(block.Header.Number) is null;
        if (Chain.Add(block, certificate, ledger.HeadState, out int round) is { } fault && node.IsHonest)
        {
            Report($"n{node.Index}: {fault}");
        }
        world.Trace.Finalized(world.Time.Now, node.Index, block.Header.Number, block.Hash, block.IsImpeach, round);
        if (isFirst)
        {
            Promises.Final(block, world.Time.Now);
            RoundOf[block.Header.Number] = round;
            // Rewards and fees move coins in every block with elections; none may be made or lost in any.
            if (world.Plan.Candidates > 0 && Books.Total(world, ledger) is var total && total != Books.Issued(world.Plan.Genesis))
            {
                Report($"after block {block.Header.Number} there are {total} coins");
            }
            FirstFinal?.Invoke(block.Header.Number, world.Time.Now);
        }
        if (isFirst && !block.IsImpeach && Chain.TurnOf(block.Header.Number).IsElected)
        {
            ElectedBlocks++;
        }
        if (isFirst && world.Plan.Candidates > 0 && ElectionPlan.Parameters.Terms.IsCheckpoint(block.Header.Number))
        {
            Checkpoints = Checkpoints.Plus(block.IsImpeach, round);
        }
        if (isFirst && block.IsImpeach)
        {
            ImpeachBlocks++;
            JudgeImpeachment(block.Header.Number);
        }
    }

    private void JudgeImpeachment(ulong number)
    {
        Address proposer = Chain.TurnOf(number).Proposer;
        VirtualNode punished = world.Nodes.First(node => node.Key.Address == proposer);
        if (world.Rules != LbftRules.Paper && QuietFrom is { } quiet && number >= quiet && punished is { IsHonest: true, IsGone: false })
        {
            Report($"honest n{punished.Index} is impeached at block {number}, when all was quiet");
        }
    }
}
