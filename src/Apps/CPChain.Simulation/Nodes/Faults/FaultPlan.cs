using CPChain.Simulation.Disks;
using CPChain.Simulation.Nodes.World;

namespace CPChain.Simulation.Nodes.Faults;

/// <summary>
/// What goes wrong in one world, drawn from its seed: which kinds of faults there are at all, how hard they are, and when they end. The
/// ranges: loss up to 30 %, repetition up to 50 %, failing and misdirected disk requests up to 10 %, partitions, crashes.
/// </summary>
internal sealed class FaultPlan
{
    private readonly VirtualWorld world;
    private readonly SeededRandom chance;
    private readonly List<Action> kinds = [];
    private readonly HashSet<VirtualNode> forgetful = [];
    private readonly int pauseMs;

    private FaultPlan(VirtualWorld world, SeededRandom chance)
    {
        this.world = world;
        this.chance = chance;
        HealAtUs = VirtualTime.FromMs(4_000 + chance.Below(20_000));
        pauseMs = 200 + chance.Below(2_000);
    }

    /// <summary>When everything heals; 0 for a world without faults.</summary>
    internal long HealAtUs { get; }

    internal static FaultPlan Draw(VirtualWorld world, SeededRandom chance)
    {
        FaultPlan plan = new(world, chance);
        plan.DrawClocks();
        plan.DrawMembers();
        plan.DrawAdversaries();
        plan.DrawKinds();
        return plan;
    }

    internal void Begin()
    {
        world.Time.In(VirtualTime.FromMs(chance.Below(3_000)), Happen);
        world.Time.At(HealAtUs, Heal);
    }

    private void Happen()
    {
        if (world.Time.Now < HealAtUs)
        {
            // J5.4: who misses the first block of a proposer is mute for a while, which is a loss beyond those drawn.
            if (world.Watch.HaveAllSeenProposer)
            {
                chance.Pick(kinds)();
            }
            world.Time.In(VirtualTime.FromMs((pauseMs / 2) + chance.Below(pauseMs)), Happen);
        }
    }

    // All within the tolerance of each other, but f validators that are off by up to a minute (R10).
    private void DrawClocks()
    {
        int tolerance = (int)WorldPlan.Times.DriftMs * 1000;
        foreach (VirtualNode node in world.Nodes)
        {
            node.ClockOffset = chance.Below(tolerance) - (tolerance / 2);
            node.ClockDriftPpm = chance.Below(201) - 100;
        }
    }

    /// <summary>Up to f validators are unlike the others: clocks far off, or journals that get lost.</summary>
    private void DrawMembers()
    {
        List<VirtualNode> members = [.. world.Validators];
        int budget = world.Plan.Faulty;
        if (world.Plan.DoubledValidator is { } doubled)
        {
            // Its two halves do not know of each other: a twin (same key, two journals).
            budget--;
            members.RemoveAt(doubled);
            world.Nodes[doubled].IsHonest = false;
            world.Nodes[^1].IsHonest = false;
            world.Trace.Happened(0, doubled, $"has a twin, n{world.Plan.Nodes - 1}");
        }
        for (; budget > 0; budget--)
        {
            VirtualNode member = chance.Pick(members);
            members.Remove(member);
            switch (chance.Below(4))
            {
                case 0:
                    member.ClockOffset = VirtualTime.FromMs(chance.Below(120_000) - 60_000);
                    world.Trace.Happened(0, member.Index, $"clock is off by {member.ClockOffset / 1000} ms");
                    break;
                case 1:
                    forgetful.Add(member);
                    break;
                default:
                    break;
            }
        }
    }

    // Proposers may be anything; validators are judged by what they say.
    private void DrawAdversaries()
    {
        VirtualNode[] proposers = [.. world.Proposers];
        Adversary? adversary = chance.Below(8) switch
        {
            0 => new EquivocatingProposer(world, proposers[0], chance),
            1 => new DyingProposer(world, proposers[0], chance, LoseAllPowerBeforeHealing),
            2 => new LyingSyncPeer(world, world.Observers.FirstOrDefault(proposers[0]), chance),
            3 => new Flooder(world, world.Observers.FirstOrDefault(proposers[0]), chance),
            _ => null,
        };
        adversary?.TakeOver();
    }

    private void DrawKinds()
    {
        Action[] all =
        [
            ChangeLinks, ChangeLinks, Partition, CutOneWay, CrashOne, CrashOne, CrashAfterVote, CrashAfterVote, LosePowerInRequest, LoseAllPower, FailDisk, SlowDown, ResetLink,
        ];
        while (kinds.Count < 3)
        {
            kinds.AddRange(all.Where(_ => chance.Chance(45)));
        }
        if (forgetful.Count > 0)
        {
            kinds.Add(Forget);
            kinds.Add(LoseWrites);
        }
    }

    private void ChangeLinks()
    {
        int delayMin = 500 + chance.Below(20_000);
        world.Wires.Conditions = new LinkConditions(
            chance.Chance(60) ? chance.Below(31) : 0,
            chance.Chance(40) ? chance.Below(51) : 0,
            delayMin,
            delayMin + (chance.Chance(30) ? chance.Below(1_500_000) : chance.Below(150_000)),
            chance.Chance(40));
        world.Trace.Happened(world.Time.Now, -1, $"links: {world.Wires.Conditions}");
    }

    private void Partition()
    {
        int groups = 2 + chance.Below(2);
        int[] group = [.. world.Nodes.Select(_ => chance.Below(groups))];
        SetCuts((from, to) => group[from] != group[to]);
        world.Trace.Happened(world.Time.Now, -1, $"partition {string.Join("", group)}");
        world.Time.In(VirtualTime.FromMs(500 + chance.Below(10_000)), () => SetCuts((_, _) => false));
    }

    private void CutOneWay()
    {
        int node = chance.Below(world.Nodes.Count);
        bool isDeaf = chance.Chance(50);
        for (int other = 0; other < world.Nodes.Count; other++)
        {
            if (chance.Chance(70))
            {
                world.Wires.Cut(isDeaf ? other : node, isDeaf ? node : other, isCut: true);
            }
        }
        world.Trace.Happened(world.Time.Now, node, isDeaf ? "hears little" : "is heard little");
        world.Time.In(VirtualTime.FromMs(500 + chance.Below(8_000)), () => SetCuts((_, _) => false));
    }

    private void CrashOne()
    {
        VirtualNode node = chance.Pick(world.Nodes);
        bool losesPower = chance.Chance(50);
        node.CacheLoss = (CacheLoss)chance.Below(3);
        node.CrashFor(losesPower, VirtualTime.FromMs(100 + chance.Below(8_000)), losesPower ? "loses power" : "is killed");
    }

    // The sharpest moment: something has been said, and nothing else was written since.
    private void CrashAfterVote()
    {
        VirtualNode node = chance.Pick([.. world.Validators]);
        long downUs = VirtualTime.FromMs(50 + chance.Below(chance.Chance(50) ? 500 : 5_000));
        node.AfterVote = () =>
        {
            if (world.Time.Now >= HealAtUs)
            {
                return;
            }
            bool forgets = forgetful.Contains(node) && MayForget(node);
            node.CacheLoss = (CacheLoss)chance.Below(3);
            node.CrashFor(losesPower: true, downUs, "loses power after a vote");
            if (forgets)
            {
                node.LoseMemory(all: false);
            }
        };
    }

    private void LosePowerInRequest() => chance.Pick(world.Nodes).LosePowerAtRequest(1 + chance.Below(30));

    private void LoseAllPower()
    {
        if (chance.Chance(30))
        {
            LoseAllPowerNow();
        }
    }

    // A proposer may die at any time; that all others fall with it is a fault, and faults end.
    private void LoseAllPowerBeforeHealing()
    {
        if (world.Time.Now < HealAtUs)
        {
            LoseAllPowerNow();
        }
    }

    private void LoseAllPowerNow()
    {
        foreach (VirtualNode node in world.Nodes)
        {
            node.CrashFor(losesPower: true, VirtualTime.FromMs(100 + chance.Below(3_000)), "loses power with all others");
        }
    }

    private void FailDisk()
    {
        VirtualNode node = chance.Pick(world.Nodes);
        (node.WriteErrors, node.ReadErrors) = (chance.Below(1_001), chance.Below(1_001));
        world.Time.In(VirtualTime.FromMs(200 + chance.Below(5_000)), () => (node.WriteErrors, node.ReadErrors) = (0, 0));
    }

    // A disk that lies counts among the f: where both journal and signer's record are untrue, nobody could know what was said.
    private void LoseWrites()
    {
        VirtualNode node = chance.Pick([.. forgetful]);
        int astray = 1 + chance.Below(1_000);
        if (!MayForget(node))
        {
            return;
        }
        node.BeginToLie(astray);
        world.Time.In(VirtualTime.FromMs(200 + chance.Below(5_000)), () => node.WritesAstray = 0);
    }

    private void SlowDown()
    {
        VirtualNode node = chance.Pick(world.Nodes);
        if (node.Life is { } life)
        {
            life.WorkDelayMax = 1 + (1000 * (10 + chance.Below(400)));
            world.Time.In(VirtualTime.FromMs(500 + chance.Below(8_000)), () => life.WorkDelayMax = Incarnation.WorkDelayUsual);
        }
    }

    private void ResetLink() => world.Wires.Reset(chance.Below(world.Nodes.Count), chance.Below(world.Nodes.Count));

    // L18: a validator comes back without its journal, or with nothing at all.
    private void Forget()
    {
        VirtualNode node = chance.Pick([.. forgetful]);
        if (node.Running is { } running && running.Ledger.Head.Number > 0 && MayForget(node))
        {
            node.Crash(losesPower: true, "crashes");
            node.LoseMemory(all: chance.Chance(30));
            world.Time.In(VirtualTime.FromMs(100 + chance.Below(5_000)), node.Start);
        }
    }

    // Who is mute counts among the f (P1.1, P1.4): a new member that met an impeach block first, or one that is down and may be.
    private bool MayForget(VirtualNode node) => world.Validators.All(other =>
        other == node || forgetful.Contains(other) || other is { IsHonest: false } or { Running.IsMute: false });

    private void SetCuts(Func<int, int, bool> isCut)
    {
        for (int from = 0; from < world.Nodes.Count; from++)
        {
            for (int to = 0; to < world.Nodes.Count; to++)
            {
                world.Wires.Cut(from, to, isCut(from, to));
            }
        }
    }

    private void Heal()
    {
        world.Trace.Happened(world.Time.Now, -1, "all faults end");
        world.Wires.Conditions = LinkConditions.Quiet;
        SetCuts((_, _) => false);
        foreach (VirtualNode node in world.Nodes)
        {
            (node.WriteErrors, node.ReadErrors, node.WritesAstray) = (0, 0, 0);
            node.ForgivePower();
            if (node.Life is { } life)
            {
                life.WorkDelayMax = Incarnation.WorkDelayUsual;
            }
            world.Time.In(VirtualTime.FromMs(chance.Below(1_000)), node.Start);
        }
    }
}
