using CPChain.Chain;
using CPChain.Consensus.Wire;
using CPChain.Crypto;
using CPChain.Dpor;
using CPChain.Execution;
using CPChain.Lbft;
using CPChain.Lbft.Messages;
using CPChain.Lbft.Votes;
using CPChain.Ledger;
using CPChain.Simulation.Nodes.Checks;
using CPChain.Simulation.Nodes.Faults;
using CPChain.Simulation.Nodes.World;
using CPChain.Types;

namespace CPChain.Simulation.Nodes;

/// <summary>What became of a chain whose elected proposers died.</summary>
/// <param name="Numbers">Numbers from the first death on: impeached or not, and final how long after T0, microseconds (L6).</param>
/// <param name="Penalties">Impeached slots in the queue of each candidate at the end.</param>
/// <param name="Waits">From a payment's acknowledgement until it is final, microseconds.</param>
/// <param name="Violations">As of any world.</param>
internal sealed record DeadProposers(
    IReadOnlyList<(ulong Number, bool IsElected, bool IsImpeach, long AfterT0Us)> Numbers, IReadOnlyList<int> Penalties,
    IReadOnlyList<long> Waits, IReadOnlyList<string> Violations);

/// <summary>What goes wrong at the last number of a term.</summary>
public enum BoundaryTrouble
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Nobody hears the proposer: the number is impeached.</summary>
    ProposalIsLost,

    /// <summary>The proposer's block is certified, and decided in round 2.</summary>
    CommitsOfTwoRoundsAreLost,

    /// <summary>The next term has other validators, and one of the old ones hears nobody.</summary>
    SetChangesWhileOneIsCutOff,
}

/// <summary>How a term ended.</summary>
/// <param name="IsImpeached">Whether its last number is an impeach block.</param>
/// <param name="Round">In which round it was decided.</param>
/// <param name="Compared">Committees that were worked out a second time, over all nodes.</param>
/// <param name="Violations">As of any world, and committees that differ.</param>
/// <param name="HasSameValidators">Whether the next term's set is the same.</param>
internal sealed record TermBoundary(bool IsImpeached, int Round, int Compared, IReadOnlyList<string> Violations, bool HasSameValidators);

/// <summary>A calm world with elections in which proposers die for good once they are elected.</summary>
internal static class ElectionRun
{
    /// <summary>Plays until so many numbers follow the death.</summary>
    /// <param name="seed">Of the world.</param>
    /// <param name="dying">How many of the two candidates die.</param>
    /// <param name="numbers">Numbers after it.</param>
    internal static DeadProposers KillElected(ulong seed, int dying, int numbers)
    {
        using SignerMemory signers = SignerMemory.Begin();
        SeededRandom chance = new(seed);
        WorldPlan plan = ElectionPlan.Over(WorldPlan.Draw(chance, 4, 60, isCalm: true));
        VirtualWorld world = new(plan, LbftRules.Certified, chance, new WorldTrace(null));
        foreach (VirtualNode node in world.Nodes)
            node.Start();
        Clients clients = new(world, new SeededRandom(chance.Next()));
        clients.Start();
        new ElectionClients(world, new SeededRandom(chance.Next())).Start();
        VirtualNode[] candidates = [.. Enumerable.Range(0, plan.Candidates).Select(i => world.Nodes[ElectionPlan.NodeOf(plan, i)])];
        long end = world.Time.Now + (600 * Bounds.BlockUs(plan));
        Run(world, end, () => world.Watch.ElectedBlocks >= 4);

        foreach (VirtualNode dead in candidates.Take(dying))
        {
            dead.IsGone = true;
            dead.Crash(losesPower: true, "dies for good");
        }
        ulong first = world.Watch.Chain.Head + 1;
        long diedAt = world.Time.Now;
        Dictionary<ulong, long> finalAt = [];
        world.Watch.FirstFinal = (number, at) => finalAt[number] = at;
        Run(world, end, () => world.Watch.Chain.Head >= first + (ulong)numbers);

        FinalChain chain = world.Watch.Chain;
        return new DeadProposers(
            [
                .. Enumerable.Range(0, numbers).Select(i => first + (ulong)i).Select(number => (
                    number, chain.TurnOf(number).IsElected, chain.Header(number).IsImpeach,
                    finalAt[number] - T0Us(chain.Header(number - 1).TimestampMs))),
            ],
            [.. candidates.Select(dead => PenaltiesOf(world, dead))],
            [.. world.Watch.Promises.Waits.Where(wait => wait.AtUs > diedAt).Select(static wait => wait.WaitUs)],
            [.. world.Watch.Violations]);
    }

    /// <summary>Both candidates withhold their blocks and seal early ones: which numbers are impeached, and how many blocks they sent.</summary>
    internal static (IReadOnlyList<bool> Impeached, int Sent, IReadOnlyList<string> Violations) SealEarly(ulong seed, int numbers)
    {
        using SignerMemory signers = SignerMemory.Begin();
        SeededRandom chance = new(seed);
        WorldPlan plan = ElectionPlan.Over(WorldPlan.Draw(chance, 4, 60, isCalm: true));
        VirtualWorld world = new(plan, LbftRules.Certified, chance, new WorldTrace(null));
        EarlySealer[] sealers =
            [.. Enumerable.Range(0, plan.Candidates).Select(i => new EarlySealer(world, world.Nodes[ElectionPlan.NodeOf(plan, i)], chance))];
        foreach (EarlySealer sealer in sealers)
            sealer.TakeOver();
        foreach (VirtualNode node in world.Nodes)
            node.Start();
        new ElectionClients(world, new SeededRandom(chance.Next())).Start();
        Run(world, world.Time.Now + (600 * Bounds.BlockUs(plan)), () => world.Watch.Chain.Head >= (ulong)numbers);
        return (
            [.. Enumerable.Range(1, numbers).Select(number => world.Watch.Chain.Header((ulong)number).IsImpeach)],
            sealers.Sum(static sealer => sealer.Sent), [.. world.Watch.Violations]);
    }

    /// <summary>Plays until an elected proposer that shows two blocks of one number is punished: its deposit then, and its faults on record.</summary>
    internal static (UInt256 Deposit, UInt256 Faults, IReadOnlyList<string> Violations) PunishEquivocation(ulong seed)
    {
        using SignerMemory signers = SignerMemory.Begin();
        SeededRandom chance = new(seed);
        WorldPlan plan = ElectionPlan.Over(WorldPlan.Draw(chance, 4, 60, isCalm: true));
        VirtualWorld world = new(plan, LbftRules.Certified, chance, new WorldTrace(null));
        VirtualNode guilty = world.Nodes[ElectionPlan.NodeOf(plan, 0)];
        new EquivocatingProposer(world, guilty, chance).TakeOver();
        foreach (VirtualNode node in world.Nodes)
            node.Start();
        new ElectionClients(world, new SeededRandom(chance.Next())).Start();
        UInt256 slot = Slots.Faults(guilty.Key.Address);
        UInt256 Faults() => new StateWords(world.Nodes[0].Running!.Ledger.HeadState).Load(SystemContracts.Evidence, slot);
        Run(world, world.Time.Now + (400 * Bounds.BlockUs(plan)), () => !Faults().IsZero);
        StoredView view = new(new StateWords(world.Nodes[0].Running!.Ledger.HeadState));
        return (view.DepositOf(guilty.Key.Address), Faults(), [.. world.Watch.Violations]);
    }

    /// <summary>
    /// Plays over the last number of a term while something is wrong there, and four more terms; every node must agree on every committee.
    /// </summary>
    internal static TermBoundary CrossBoundary(ulong seed, BoundaryTrouble trouble)
    {
        using SignerMemory signers = SignerMemory.Begin();
        SeededRandom chance = new(seed);
        WorldPlan drawn = WorldPlan.Draw(chance, 4, 60, isCalm: true);
        bool changes = trouble == BoundaryTrouble.SetChangesWhileOneIsCutOff;
        while (changes && drawn.ChangeAt is null)
            drawn = WorldPlan.Draw(chance, 4, 60, isCalm: true);
        VirtualWorld world = new(
            ElectionPlan.Over(drawn), LbftRules.Certified, chance, new WorldTrace(null));
        ulong last = 0;
        foreach (VirtualNode node in world.Nodes)
        {
            node.Mouth = (VirtualPeer _, ushort type, ref ReadOnlyMemory<byte> payload) => last == 0 || Passes(trouble, last, type, payload.Span);
            node.Start();
        }
        new Clients(world, new SeededRandom(chance.Next())).Start();
        new ElectionClients(world, new SeededRandom(chance.Next())).Start();
        long end = world.Time.Now + (600 * Bounds.BlockUs(world.Plan));
        Run(world, end, () => world.Watch.ElectedBlocks >= 4 && (!changes || ChangeOf(world) is not null));

        Terms terms = ElectionPlan.Parameters.Terms;
        ulong boundary = changes ? terms.FirstOf(ChangeOf(world)!.Value) - 1 : terms.CheckpointOf(terms.TermOf(world.Watch.Chain.Head + 2));
        Run(world, end, () => world.Watch.Chain.Head >= boundary - 2);
        last = boundary;
        world.Trace.Happened(world.Time.Now, -1, $"{trouble} at block {last}");
        if (changes)
            CutOff(world, isCut: true);
        Run(world, end, () => world.Watch.Chain.Head >= last + 2);
        CutOff(world, isCut: false);
        ulong then = last + (4 * terms.Length);
        Run(world, end, () => world.Nodes.All(node => node.Running?.Ledger.Head.Number >= then));

        (IReadOnlyList<string> differences, int compared) = ElectionAudit.Of(world);
        return new TermBoundary(
            world.Watch.Chain.Header(last).IsImpeach, world.Watch.RoundOf[last], compared, [.. world.Watch.Violations, .. differences],
            world.Watch.Chain.TurnOf(last).Validators.SequenceEqual(world.Watch.Chain.TurnOf(last + 1).Validators));
    }

    private static bool Passes(BoundaryTrouble trouble, ulong last, ushort type, ReadOnlySpan<byte> payload)
    {
        if (trouble == BoundaryTrouble.ProposalIsLost && type == ChainMessages.Proposal)
        {
            return !LbftMessageCodec.TryDecode(payload, WorldBytesMax, out LbftMessage? message, out _)
                || message is not LbftMessage.Proposal { Block: var bytes }
                || !Block.TryDecodeHead(bytes.Span, BlockLimits.Default, out BlockHeader? header, out _, out _) || header.Number != last;
        }
        // Without COMMITs in round 0 the certified block is decided in a later round; without those of round 1, in round 2.
        return trouble != BoundaryTrouble.CommitsOfTwoRoundsAreLost || type != ChainMessages.Lbft
            || Speeches.StatementOf(payload) is not { } said || said.Height.Value != last
            || said.Round > 1 || said.Kind is not (StatementKind.Commit or StatementKind.ImpeachCommit);
    }

    private const int WorldBytesMax = 4 << 20;

    private static ulong? ChangeOf(VirtualWorld world) =>
        new StoredView(new StateWords(world.Nodes[0].Running!.Ledger.HeadState)).ValidatorTerms().Next is > 0 and var next ? next : null;

    // The validator with the highest seat that stays: a third less one of four.
    private static void CutOff(VirtualWorld world, bool isCut)
    {
        const int one = 1;
        for (int other = 0; other < world.Plan.Nodes; other++)
        {
            world.Wires.Cut(one, other, isCut && other != one);
            world.Wires.Cut(other, one, isCut && other != one);
        }
    }

    private static void Run(VirtualWorld world, long end, Func<bool> isDone)
    {
        const long look = 10_000;
        while (!isDone() && world.Watch.Violations.Count == 0)
        {
            long next = world.Time.Now + look;
            while (world.Time.TryStep(next))
            {
            }
            Invariant.Check(world.Time.Now < end, "the chain stands still");
        }
    }

    // L6: T0 = parent's time + period + timeout.
    private static long T0Us(ulong parentMs) => ((long)(parentMs + WorldPlan.Times.PeriodMs + WorldPlan.Times.TimeoutMs)
        - WorldPlan.Beginning.ToUnixTimeMilliseconds()) * 1_000;

    private static int PenaltiesOf(VirtualWorld world, VirtualNode dead)
    {
        ChainLedger ledger = world.Nodes[0].Running!.Ledger;
        StoredView view = new(new StateWords(ledger.HeadState));
        return view.PenaltiesOf(dead.Key.Address).CountIn(
            ElectionPlan.Parameters.Terms.TermOf(ledger.Head.Number), ElectionPlan.Parameters.PenaltyWindow);
    }
}
