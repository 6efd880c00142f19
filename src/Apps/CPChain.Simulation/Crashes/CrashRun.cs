using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Consensus.Wire;
using CPChain.Lbft;
using CPChain.Lbft.Messages;
using CPChain.Lbft.Votes;
using CPChain.Simulation.Disks;
using CPChain.Simulation.Nodes.Checks;
using CPChain.Simulation.Nodes.World;
using CPChain.Types;

namespace CPChain.Simulation.Crashes;

/// <summary>What one run has shown.</summary>
/// <param name="Requests">What the subject asked of its disk, when there was no crash.</param>
/// <param name="Violations">What must never be; empty when all is well.</param>
/// <param name="HasCrashed">Whether the crash point was met.</param>
/// <param name="RecoveryMs">From the restart until the subject took part again, virtual milliseconds; -1 without a crash.</param>
public sealed record CrashOutcome(
    IReadOnlyList<DiskOperation> Requests, IReadOnlyList<string> Violations, bool HasCrashed, long RecoveryMs);

/// <summary>
/// One stretch of a chain of whole nodes: four validators, of whom one is replaced by a fifth at <see cref="ChangeAt"/>, three proposers,
/// of whom one is not heard at <see cref="ImpeachedAt"/>, and payments all the time. At the crash point the power goes; then everything
/// must be as if it had not, but later.
/// </summary>
internal sealed class CrashRun
{
    internal const ulong ImpeachedAt = 3;
    internal const ulong ChangeAt = 5;
    internal const ulong Heights = 7;

    private const ulong Seed = 20;
    private const long LookUs = 20_000;
    private const long DownUs = 300_000;
    private const long PaymentUs = 350_000;

    private readonly CrashScenario scenario;
    private readonly CrashPoint? point;
    private readonly VirtualWorld world;
    private readonly VirtualNode subject;
    private readonly List<DiskOperation> requests = [];
    private long crashedAt = -1;
    private long restartedAt = -1;
    private long recoveredAt = -1;
    private ulong headAtCrash;
    private int startsAtCrash;

    private CrashRun(CrashScenario scenario, CrashPoint? point, CacheLoss loss, Action<string>? line)
    {
        this.scenario = scenario;
        this.point = point;
        world = new VirtualWorld(PlanOfWorld(), LbftRules.Certified, new SeededRandom(Seed), new WorldTrace(line));
        subject = world.Nodes[scenario.Subject];
        subject.DiskJudge = Judge;
        subject.Mouth = (VirtualPeer _, ushort type, ref ReadOnlyMemory<byte> payload) => Listen(type, payload);
        foreach (VirtualNode node in world.Nodes)
            node.CacheLoss = loss;
        Silence(world.Nodes.Single(node => node.Key.Address == world.Plan.Genesis.Schedule.ProposerOf(ImpeachedAt)));
    }

    /// <summary>Plays it to its end; without a point nobody crashes and the subject's requests are returned.</summary>
    internal static CrashOutcome Play(CrashScenario scenario, CrashPoint? point, CacheLoss loss, Action<string>? line = null)
    {
        CrashRun run = new(scenario, point, loss, line);
        run.Run();
        return new CrashOutcome(
            run.requests, [.. run.world.Watch.Violations], run.crashedAt >= 0,
            run.recoveredAt < 0 ? -1 : (run.recoveredAt - run.restartedAt) / 1000);
    }

    private IEnumerable<VirtualNode> Living => world.Nodes.Where(static node => !node.IsGone);

    private ulong LowestHead => Living.Min(static node => node.Running?.Ledger.Head.Number ?? 0);

    private void Run()
    {
        foreach (VirtualNode node in world.Nodes)
            node.Start();
        for (int client = 0; client < SharedKeys.ClientCount; client++)
            PlanPayment(client);
        // Every height may be impeached, and every validator may have to fetch what it missed.
        long end = Bounds.FirstBlockUs(world.Plan) + ((long)(Heights + 6) * 2 * Bounds.BlockUs(world.Plan));
        while (world.Watch.Violations.Count == 0 && !IsDone)
        {
            long next = world.Time.Now + LookUs;
            while (world.Time.TryStep(next))
            {
            }
            Look();
            if (world.Time.Now > end)
            {
                world.Watch.Report($"heads {string.Join(' ', world.Nodes.Select(static node => node.Running?.Ledger.Head.Number))} and no more");
                return;
            }
        }
        foreach (string broken in world.Watch.Promises.Broken(world).Concat(Books.Audit(world)))
            world.Watch.Report(broken);
    }

    private bool IsDone => point is null
        ? LowestHead >= Heights
        : crashedAt >= 0 && recoveredAt >= 0 && LowestHead >= headAtCrash + 3;

    private DiskVerdict? Judge(DiskOperation request)
    {
        if (point is not { } where)
        {
            if (world.Watch.Chain.Head < Heights)
                requests.Add(request);
            return null;
        }
        if (request.Ordinal != where.Operation.Ordinal || crashedAt >= 0)
            return null;
        if (request != where.Operation)
            world.Watch.Report($"another request than in the run before: {request}, not {where.Operation}");
        crashedAt = world.Time.Now;
        headAtCrash = world.Watch.Chain.Head;
        startsAtCrash = subject.Starts;
        world.Trace.Happened(world.Time.Now, subject.Index, where.ToString());
        if (scenario.Reach == CrashReach.Refusal)
            return DiskVerdict.Fail;
        if (scenario.Reach != CrashReach.Subject)
            world.Time.In(0, LoseAllPower);
        world.Time.In(DownUs, Restart);
        return where.Verdict;
    }

    private void LoseAllPower()
    {
        Address proposer = world.Plan.Genesis.Schedule.ProposerOf(headAtCrash + 1);
        foreach (VirtualNode node in world.Nodes)
        {
            bool isGone = scenario.Reach == CrashReach.ValidatorsAndProposerForGood && node.Key.Address == proposer;
            node.IsGone |= isGone;
            if (isGone || node.Index < world.Plan.Validators || scenario.Reach == CrashReach.Everyone)
                node.Crash(losesPower: true, "loses power with the others");
        }
    }

    private void Restart()
    {
        foreach (VirtualNode node in world.Nodes)
            node.Start();
    }

    private void Look()
    {
        if (crashedAt < 0 || recoveredAt >= 0)
            return;
        if (scenario.Reach == CrashReach.Refusal && restartedAt < 0 && subject.Starts == startsAtCrash && subject.Running is not null
            && world.Time.Now - crashedAt > VirtualTime.FromMs(2_000))
        {
            world.Watch.Report($"goes on after a refused request: {point}");
        }
        if (subject.Running is not { } running || (subject.Starts == startsAtCrash && restartedAt < 0))
            return;
        if (restartedAt < 0)
        {
            restartedAt = world.Time.Now;
            if (running.MemoryLoss is { } loss)
                world.Watch.Report($"mute after a crash: {loss}");
        }
        if (!IsMember && running.Ledger.Head.Number >= world.Watch.Chain.Head)
            recoveredAt = world.Time.Now;
        if (scenario.RecoveryMsMax is { } most && recoveredAt < 0 && world.Time.Now - restartedAt > VirtualTime.FromMs(most))
            world.Watch.Report($"takes no part {most} ms after its restart");
    }

    private bool IsMember =>
        world.Plan.Genesis.Schedule.ValidatorsOf(world.Watch.Chain.Head + 1).Contains(subject.Key.Address);

    // A vote is the part that a validator takes. What it merely repeats from its journal counts: others may need it.
    private bool Listen(ushort type, ReadOnlyMemory<byte> payload)
    {
        if (restartedAt >= 0 && recoveredAt < 0 && type == ChainMessages.Lbft
            && LbftMessageCodec.TryDecode(payload.Span, 0, out LbftMessage? message, out _)
            && message is LbftMessage.Said { Signed.Statement: var statement }
            && statement.Kind.IsVote() && statement.Height.Value == world.Watch.Chain.Head + 1)
        {
            recoveredAt = world.Time.Now;
        }
        return true;
    }

    private static void Silence(VirtualNode proposer)
    {
        Mouth? before = proposer.Mouth;
        proposer.Mouth = (VirtualPeer to, ushort type, ref ReadOnlyMemory<byte> payload) =>
            (before is null || before(to, type, ref payload))
            && !(type == ChainMessages.Proposal && proposer.Running?.Ledger.Head.Number == ImpeachedAt - 1);
    }

    private void PlanPayment(int client) => world.Time.In(PaymentUs + (client * 40_000), () =>
    {
        PlanPayment(client);
        VirtualNode home = client % 2 == 0 ? subject : world.Nodes[client];
        if (home.Running is { } node)
        {
            Crypto.PrivateKey key = SharedKeys.OfClient(client);
            UnsignedTransaction payment = UnsignedTransaction.FeeMarket(
                world.Plan.Genesis.ChainId, node.Pool.NextNonce(key.Address), 100_000_000_000, 1_000_000_000, 21_000) with
            {
                To = SharedKeys.OfClient((client + 1) % SharedKeys.ClientCount).Address,
                Value = new UInt256(1),
            };
            _ = node.Pool.SubmitAsync(Transaction.Sign(payment, key), CancellationToken.None).AsTask();
        }
    });

    internal static WorldPlan PlanOfWorld()
    {
        const int committee = 4;
        const int proposers = 3;
        ImmutableArray<Address> members = [.. Enumerable.Range(0, committee + 1).Select(i => SharedKeys.OfNode(i).Address)];
        ImmutableArray<Address> makers = [.. Enumerable.Range(committee + 1, proposers).Select(i => SharedKeys.OfNode(i).Address)];
        bool made = CommitteeSchedule.TryCreate(
            [new CommitteeEntry(1, members[..committee], makers), new CommitteeEntry(ChangeAt, members.RemoveAt(CrashScenario.Leaving), makers)],
            out CommitteeSchedule? schedule, out (int Entry, string Reason) fault);
        Invariant.Check(made, fault.Reason ?? "");
        WorldPlan drawn = WorldPlan.Draw(new SeededRandom(Seed), committee, (int)Heights, isCalm: true);
        return drawn with
        {
            Committee = committee,
            Validators = committee + 1,
            Proposers = proposers,
            Observers = 0,
            ChangeAt = ChangeAt,
            Genesis = drawn.Genesis with { Schedule = schedule! },
        };
    }
}
