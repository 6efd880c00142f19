using CPChain.Lbft.Certificates;
using CPChain.Lbft.Evidence;
using CPChain.Lbft.Messages;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Tests.Simulation;

/// <summary>What a run has shown.</summary>
public sealed record Verdict(string? Violation, int Undecided, int Impeachments, int Steps, ulong TraceHash, long EndMs);

/// <summary>A committee, its proposers and its network in virtual time on one thread; one seed, one run.</summary>
internal sealed class Cluster
{
    private readonly PriorityQueue<Action, (long DueMs, long Order)> _agenda = new();
    private readonly Dictionary<Hash256, SimulatedBlock> _blocks = [];
    private readonly SeededRandom _random;
    private readonly Adversary _adversary;
    private readonly ClusterNode?[] _nodes;
    private readonly SortedDictionary<ulong, Hash256> _final = [];
    private long _order;
    private ulong _traceHash = 14695981039346656037;
    private int _steps;
    private string? _violation;

    public Cluster(Scenario scenario)
    {
        Scenario = scenario;
        _random = new SeededRandom(scenario.Seed);
        _nodes = new ClusterNode?[scenario.Committee.Validators];
        for (int index = 0; index < _nodes.Length; index++)
            _nodes[index] = scenario.Byzantine.Contains(new Seat(index)) ? null : new ClusterNode(this, new Seat(index));
        _adversary = new Adversary(this, _random);
        _blocks[Genesis] = new SimulatedBlock(0, Genesis, 0, IsValid: true);
    }

    public static Hash256 Genesis { get; } = Fixture.Hash("genesis");

    public Scenario Scenario { get; }

    public long NowMs { get; private set; }

    public ulong WallMs => (ulong)(NowMs + 1_000_000);

    public bool IsCertified => ReferenceEquals(Scenario.Rules, LbftRules.Certified);

    public bool IsHealed => NowMs >= Scenario.HealAtMs;

    public IEnumerable<ClusterNode> Honest => _nodes.OfType<ClusterNode>();

    public Verdict Run()
    {
        foreach (ClusterNode node in Honest) At(_random.Below(50), node.EnterNext);
        Propose(1);
        _adversary.Start();
        while (_violation is null && _agenda.TryDequeue(out Action? action, out (long DueMs, long Order) key))
        {
            NowMs = key.DueMs;
            if (NowMs > Scenario.DeadlineMs) break;
            action();
            if (IsHealed && Honest.All(n => n.IsUp && n.Head >= (ulong)Scenario.Heights)) break;
        }

        int undecided = Honest.Count(n => n.Head < (ulong)Scenario.Heights);
        int impeachments = _final.Values.Count(hash => _blocks[hash].IsImpeach);
        return new Verdict(_violation, undecided, impeachments, _steps, _traceHash, NowMs);
    }

    public HeightFacts FactsOf(ClusterNode node)
    {
        Hash256 parent = node.Head == 0 ? Genesis : node.Ledger[^1].Hash;
        return new HeightFacts(
            new BlockNumber(node.Head + 1), parent, ParentTimeMs(parent), Scenario.Committee, node.Seat,
            ImpeachOf(node.Head + 1, parent));
    }

    public Hash256 ImpeachOf(ulong height, Hash256 parent)
    {
        Hash256 hash = Fixture.Hash($"I{height}/{parent.ToString()[2..24]}");
        ulong timeMs = ParentTimeMs(parent) + (ulong)Scenario.Times.PeriodMs + (ulong)Scenario.Times.TimeoutMs;
        _blocks.TryAdd(hash, new SimulatedBlock(height, parent, timeMs, IsValid: true, IsImpeach: true));
        return hash;
    }

    public bool IsValid(Hash256 hash) => _blocks[hash].IsValid;

    /// <summary>Blocks that somebody has made at a height on this parent.</summary>
    public List<Hash256> ValuesAt(ulong height) =>
        [.. _blocks.Where(pair => pair.Value.Height == height).Select(pair => pair.Key)];

    public static LbftEvent.FromPeer EventOf(Seat from, LbftMessage message) => message switch
    {
        LbftMessage.Said { Signed: var said, Attached: var attached } => said.Statement.Kind switch
        {
            StatementKind.Wish => new LbftEvent.WishReceived(from, said, attached),
            StatementKind.Status => new LbftEvent.StatusReceived(from, said, attached),
            StatementKind.Propose => new LbftEvent.ProposeReceived(from, said, attached),
            _ => new LbftEvent.VoteReceived(from, said, attached),
        },
        LbftMessage.Cert m => new LbftEvent.CertificateReceived(m.Certificate, from),
        _ => throw new InvariantViolation($"No event for {message}."),
    };

    public void At(long delayMs, Action action) => _agenda.Enqueue(action, (NowMs + delayMs, _order++));

    public void After(long delayMs, ClusterNode node, LbftEvent.TimerExpired timer, int number)
    {
        // Early timers: a clock that runs fast while faults last.
        long dueMs = !IsHealed && timer.Kind != TimerKind.Resend && _random.Chance(5) ? delayMs / 4 : delayMs;
        if (node.Seat.Index == 0 && timer.Kind == TimerKind.Round) dueMs = Math.Max(0, dueMs - Scenario.FastClockMs);
        At(dueMs, () => node.TimerRanOut(timer, number));
    }

    public void PostLocal(ClusterNode node, LbftEvent input) => At(_random.Below(IsHealed ? 20 : 200), () =>
    {
        if (node.IsUp) node.Handle(input);
    });

    /// <summary>Sends with the faults of the scenario; once healed, in time and whole.</summary>
    public void Post(Seat from, Seat to, LbftEvent.FromPeer input)
    {
        if (input is LbftEvent.VoteReceived { Vote: var vote }) _adversary.Overhears(from, vote);
        if (!IsHealed && _random.Chance(Scenario.LossPercent)) return;

        Deliver(to, input);
        if (!IsHealed && _random.Chance(Scenario.DuplicatePercent)) Deliver(to, input);
    }

    public void PostProposal(Seat? from, Seat to, Hash256 hash)
    {
        SimulatedBlock block = _blocks[hash];
        Post(from ?? to, to, new LbftEvent.ProposalReceived(
            new BlockNumber(block.Height), from, hash, block.TimeMs, Fixture.SignatureOf(100), 0));
    }

    public void RequestBody(ClusterNode node, LbftEffect.RequestBody request)
    {
        foreach (Seat seat in request.From)
        {
            ClusterNode? holder = _nodes[seat.Index];
            bool serves = holder is null ? _random.Chance(20) : holder.Holds(request.Hash);
            if (serves) Post(seat, node.Seat, new LbftEvent.BodyReceived(request.Height, request.Hash, seat));
        }
    }

    public void ReplyCertificate(ClusterNode node, Seat to, ulong height)
    {
        if (height == 0) return; // genesis has no certificate

        Certificate? certificate = height <= node.Head ? node.Ledger[(int)height - 1] : node.State.Decision;
        if (certificate is not null && certificate.Height.Value == height)
            Post(node.Seat, to, new LbftEvent.CertificateReceived(certificate, node.Seat));
    }

    public void RequestCertificate(ClusterNode node, Seat from, ulong height)
    {
        if (_nodes[from.Index] is { IsUp: true } asked) ReplyCertificate(asked, node.Seat, height);
    }

    public void QueryHeads(ClusterNode node, Hash256 nonce)
    {
        foreach (ClusterNode other in Honest)
        {
            if (other == node || !other.IsUp || (!IsHealed && _random.Chance(Scenario.LossPercent))) continue;

            LbftEvent answer = new LbftEvent.HeadReceived(other.Seat, nonce, new BlockNumber(other.Head));
            At(1 + _random.Below(Scenario.Times.DelayMs), () =>
            {
                if (node.IsUp) node.Handle(answer);
            });
        }
    }

    public void Finalized(ClusterNode node, Certificate certificate)
    {
        ulong height = certificate.Height.Value;
        if (height != node.Head) Violation($"{node.Seat} finalised {height} at head {node.Head}");
        if (!_blocks[certificate.Hash].IsValid) Violation($"{node.Seat} finalised an invalid block");
        if (_final.TryGetValue(height, out Hash256 known))
        {
            if (known != certificate.Hash) Violation($"fork at {height}: {node.Seat} has {certificate}");
        }
        else
        {
            _final[height] = certificate.Hash;
            if (height < (ulong)Scenario.Heights + 2) Propose(height + 1);
        }

        At(_random.Below(20), () =>
        {
            if (node.IsUp && node.Head == height) node.EnterNext();
        });
    }

    public void RestartLater(ClusterNode node) => At(100 + _random.Below(3000), node.Restart);

    public bool CrashesNow() => !IsHealed && Scenario.CrashPercent > 0 && _random.Below(1000) < Scenario.CrashPercent;

    public void WasSigned(Seat seat, Statement statement) => _adversary.HonestSigned(seat, statement);

    public void Accused(Misconduct misconduct)
    {
        // Seat numbers stand for signatures; seat 100 is the proposer.
        bool isGuilty = Scenario.Byzantine.Bits != 0 || misconduct.Kind == MisconductKind.TwoSeals;
        foreach (ClusterNode node in Honest)
            if (misconduct.First.Signature == Fixture.SignatureOf(node.Seat.Index)) isGuilty = false;
        if (!isGuilty) Violation($"an honest validator was convicted: {misconduct}");
    }

    public void Violation(string what) => _violation ??= $"seed {Scenario.Seed} n={_nodes.Length} at {NowMs} ms: {what}";

    public void Trace(ClusterNode node, LbftEvent input, LbftState next, int effects)
    {
        _steps++;
        Mix((ulong)NowMs);
        Mix((ulong)node.Seat.Index);
        foreach (char letter in input.GetType().Name) Mix(letter);
        Mix((ulong)next.Phase);
        Mix((ulong)next.Round);
        Mix((ulong)effects);
    }

    private void Mix(ulong value) => _traceHash = unchecked((_traceHash ^ value) * 1099511628211);

    private void Deliver(Seat to, LbftEvent.FromPeer input) =>
        At(1 + _random.Below(IsHealed ? Scenario.Times.DelayMs : Scenario.DelayMsMax), () =>
        {
            if (_nodes[to.Index] is not { IsUp: true } node) return;

            LbftEvent.FromPeer dated = input is LbftEvent.ProposalReceived e ? e with { WallMs = WallMs } : input;
            if (dated is LbftEvent.BodyReceived body) node.Hold(body.Hash);
            if (dated is LbftEvent.CertificateReceived { IsBodyHeld: true } validate) node.Hold(validate.Certificate.Hash);
            node.Handle(dated);
        });

    private ulong ParentTimeMs(Hash256 parent) => parent == Genesis ? 1_000_000 : _blocks[parent].TimeMs;

    // The proposer of a height: sends when its slot opens, then again every rho.
    private void Propose(ulong height)
    {
        Hash256 parent = height == 1 ? Genesis : _final[height - 1];
        bool mayMisbehave = !IsHealed && _random.Chance(50);
        ProposerConduct conduct = mayMisbehave ? (ProposerConduct)_random.Below(6) : ProposerConduct.Honest;
        if (conduct == ProposerConduct.Silent) return;

        long opensAtMs = (long)ParentTimeMs(parent) + Scenario.Times.PeriodMs - (long)WallMs;
        long delayMs = Math.Max(opensAtMs, 0) + (conduct == ProposerConduct.Late ? _random.Below(3000) : 0);
        At(delayMs, () => Send(height, parent, conduct));
    }

    private void Send(ulong height, Hash256 parent, ProposerConduct conduct)
    {
        ulong timeMs = Math.Max(ParentTimeMs(parent) + (ulong)Scenario.Times.PeriodMs, WallMs);
        Hash256[] made = [Fixture.Hash($"b{height}/{parent.ToString()[2..20]}"), Fixture.Hash($"c{height}/{parent.ToString()[2..20]}")];
        foreach (Hash256 hash in made)
            _blocks.TryAdd(hash, new SimulatedBlock(height, parent, timeMs, conduct != ProposerConduct.Illicit || hash != made[0]));

        int[] choice = [.. _nodes.Select(_ => conduct switch
        {
            ProposerConduct.Equivocating or ProposerConduct.Illicit => _random.Below(2),
            ProposerConduct.ShowsToFew => _random.Below(3) - 1,
            _ => 0,
        })];
        Again(0);

        void Again(int times)
        {
            for (int index = 0; index < _nodes.Length; index++)
                if (_nodes[index] is { } node && node.Head < height && choice[index] >= 0)
                    PostProposal(null, node.Seat, made[conduct == ProposerConduct.ShowsToFew ? 0 : choice[index]]);
            bool sendsAgain = conduct is ProposerConduct.Honest or ProposerConduct.Late;
            if (sendsAgain && times < 200 && Honest.Any(n => n.Head < height)) At(Scenario.Times.ResendMs, () => Again(times + 1));
        }
    }

    private sealed record SimulatedBlock(ulong Height, Hash256 Parent, ulong TimeMs, bool IsValid, bool IsImpeach = false);
}
