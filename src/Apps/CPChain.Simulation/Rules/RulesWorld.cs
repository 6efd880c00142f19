using CPChain.Lbft;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Journal;
using CPChain.Lbft.Messages;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Simulation.Rules.Adversaries;
using CPChain.Types;

namespace CPChain.Simulation.Rules;

/// <summary>A committee, its proposers and its network in virtual time on one thread; one scenario, one run.</summary>
public sealed class RulesWorld
{
    /// <summary>The chain that all signatures are for; adversaries know another one, too.</summary>
    public const ulong Chain = 337;

    private readonly Agenda _agenda = new();
    private readonly List<RulesNode> _nodes = [];
    private readonly RulesNode?[] _honest;
    private readonly RulesProposer _proposer;
    private readonly RulesNetwork _network;
    private readonly StubVerifier _verifier;
    private readonly Adversary? _adversary;
    private ulong _traceHash = 14695981039346656037;
    private (ulong Height, int Round) _healedAt;
    private ulong _nonces;
    private long _steps;
    private int _short;

    public RulesWorld(RulesScenario scenario)
    {
        Scenario = scenario;
        Random = new SeededRandom(scenario.Seed);
        Blocks = new BlockPool((ulong)GenesisTimeMs);
        Checks = new RulesChecks(this);
        IsCertified = ReferenceEquals(scenario.Rules, LbftRules.Certified);
        _verifier = new StubVerifier(scenario.Committee, scenario.Rules);
        _network = new RulesNetwork(this);
        _honest = new RulesNode?[scenario.Committee.Validators];
        for (int seat = 0; seat < _honest.Length; seat++)
            if (!scenario.Byzantine.Contains(new Seat(seat)))
                _honest[seat] = Join(new Seat(seat), isHonest: true, scenario.Amnesiac.Contains(new Seat(seat)));
        _short = _nodes.Count;
        _proposer = new RulesProposer(this);
        _adversary = scenario.Adversary?.Invoke(this);
    }

    /// <summary>True time when a run begins, Unix milliseconds; far enough from zero for clocks that are behind.</summary>
    public static long GenesisTimeMs => 100_000_000;

    public RulesScenario Scenario { get; }

    public SeededRandom Random { get; }

    public BlockPool Blocks { get; }

    public RulesChecks Checks { get; }

    public long NowMs { get; private set; } = GenesisTimeMs;

    /// <summary>Time since the run began.</summary>
    public long ElapsedMs => NowMs - GenesisTimeMs;

    public bool IsCertified { get; }

    public bool IsHealed => ElapsedMs >= Scenario.HealAtMs;

    /// <summary>Messages that the verifier of a host would not have let through.</summary>
    public long Refused { get; private set; }

    /// <summary>Nodes of all seats, those of adversaries included.</summary>
    public IReadOnlyList<RulesNode> Nodes => _nodes;

    /// <summary>The honest node of a seat; null for a Byzantine seat.</summary>
    public RulesNode? HonestAt(Seat seat) => _honest[seat.Index];

    public RulesVerdict Run()
    {
        foreach (RulesNode node in _nodes) At(Random.Below(50), () => Enter(node));
        _proposer.Start();
        _adversary?.Start();
        At(Scenario.HealAtMs, Heal);
        foreach (Halt halt in Scenario.Halts) At(halt.AtMs, () => Stop(halt));
        try
        {
            long deadline = GenesisTimeMs + Scenario.DeadlineMs;
            while (Checks.Violation is null && (_short > 0 || !IsHealed) && _agenda.TryNext(out Agenda.Entry entry, out long dueMs))
            {
                if (dueMs > deadline) break;

                NowMs = dueMs;
                Do(entry);
            }
        }
        catch (InvariantViolation violation)
        {
            Checks.Violated(violation.Message);
        }

        return new RulesVerdict(
            Checks.Violation, _short, Checks.Impeached.Count, Highest, Checks.RoundMax, _steps, Checks.Votes, Refused,
            _traceHash, ElapsedMs);
    }

    /// <summary>Height of the newest block that is final to somebody honest.</summary>
    public ulong Highest { get; private set; }

    /// <summary>How far chain time was ahead of true time at most, milliseconds, when a block became final.</summary>
    public long LeadMsMax { get; private set; }

    /// <summary>
    /// Rounds that began after healing until their height was decided, at most, over all heights: the round that was
    /// open when the network healed does not count.
    /// </summary>
    public int RoundsAfterHealing { get; private set; }

    /// <summary>The final block of a height; genesis for 0.</summary>
    public SimulatedBlock FinalBlock(ulong height) =>
        height == 0 ? Blocks.Genesis : Blocks[Checks.FinalAt(height) ?? throw new InvariantViolation($"{height} is not final.")];

    /// <summary>Proposers have the keys after those of the seats; each height has another one in turn.</summary>
    public int ProposerKeyOf(ulong height) => Scenario.Committee.Validators + (int)(height % RulesProposer.Count);

    /// <summary>Whether a key is that of a Byzantine seat.</summary>
    public bool IsByzantine(int key) => key < Scenario.Committee.Validators && Scenario.Byzantine.Contains(new Seat(key));

    public bool HasTwoSeals(ulong height) => _proposer.HasTwoSeals(height);

    /// <summary>Another node with a key of this seat; adversaries add theirs before the run begins.</summary>
    public RulesNode Join(Seat seat, bool isHonest = false, bool isAmnesiac = false)
    {
        RulesNode node = new(this, _nodes.Count, seat, isHonest) { IsAmnesiac = isAmnesiac };
        _nodes.Add(node);
        return node;
    }

    public void At(long delayMs, Action action) => _agenda.Add(NowMs + delayMs, new Agenda.Entry(null, null, 0, action));

    public static SignedStatement Sign(int key, in Statement statement) =>
        new(statement, StubSignatures.Sign(key, statement, Chain));

    /// <summary>I_h on this parent (L2.2).</summary>
    public SimulatedBlock ImpeachOn(SimulatedBlock parent) => Blocks.ImpeachOf(
        parent, parent.TimeMs + (ulong)Scenario.Times.PeriodMs + (ulong)Scenario.Times.TimeoutMs);

    public HeightFacts FactsOf(RulesNode node)
    {
        SimulatedBlock parent = node.Head == 0 ? Blocks.Genesis : Blocks[node.Ledger[^1].Hash];
        return new HeightFacts(
            parent.Height.Next, parent.Hash, parent.TimeMs, Scenario.Committee, node.Seat, ImpeachOn(parent).Hash);
    }

    /// <summary>Hands over what has arrived, once it has passed the checks of a host.</summary>
    public void Deliver(RulesNode node, LbftEvent.FromPeer input)
    {
        if (!node.IsUp || (!node.IsHonest && _adversary?.Hears(node, input) == false)) return;

        if (_verifier.Establish(input, this, node) is not { } established)
        {
            Refused++;
            return;
        }

        switch (established)
        {
            case LbftEvent.CertificateReceived { Certificate: var old } when old.Height.Value <= node.Head:
                // The host judges what is final already; only another value would be news (L20).
                if (old.Class == VoteClass.Commit && old.Hash != node.Ledger[(int)old.Height.Value - 1].Hash)
                    Checks.Violated($"a second C-certificate at {old.Height}: {old}");
                return;
            case LbftEvent.ProposalReceived e:
                // A seal says nothing about another parent; what is early is sent again.
                if (e.Height != node.State.Height || Blocks[e.Hash].Parent != node.State.Facts.ParentHash) return;
                node.Hold(e.Hash);
                established = e with { WallMs = node.WallMs };
                break;
            case LbftEvent.BodyReceived e:
                node.Hold(e.Hash);
                break;
            case LbftEvent.CertificateReceived { IsBodyHeld: true } e:
                node.Hold(e.Certificate.Hash);
                break;
            case LbftEvent.VoteReceived e when node.IsHonest:
                _proposer.VoteSeen(e);
                break;
        }

        node.Handle(established);
    }

    internal void Send(RulesNode node, LbftEffect.Send send)
    {
        LbftEvent.FromPeer said = EventOf(node.Seat, send.Message);
        _adversary?.Overhears(node, said);
        foreach (Seat to in send.To) _network.Post(node.Seat, to, said);
    }

    /// <summary>Sends to every node of a seat with the faults of the scenario.</summary>
    internal void Post(Seat from, Seat to, LbftEvent.FromPeer said) => _network.Post(from, to, said);

    internal void SendProposal(RulesNode? via, Seat? from, Seat to, in Hash256 hash)
    {
        SimulatedBlock block = Blocks[hash];
        Statement seal = new(StatementKind.Seal, block.Height, 0, hash);
        _network.Post(via?.Seat ?? to, to, new LbftEvent.ProposalReceived(
            block.Height, from, hash, block.TimeMs,
            StubSignatures.Sign(ProposerKeyOf(block.Height.Value), seal, Chain), WallMs: 0));
    }

    internal void StartTimer(RulesNode node, LbftEvent.TimerExpired timer, long delayMs, int number) =>
        _agenda.Add(NowMs + delayMs, new Agenda.Entry(node, timer, number, null));

    internal void Schedule(RulesNode node, LbftEvent input, long delayMs) =>
        _agenda.Add(NowMs + delayMs, new Agenda.Entry(node, input, 0, null));

    internal void ExecuteLater(RulesNode node, BlockNumber height, in Hash256 hash)
    {
        int longest = Scenario.Slow.Seats.Contains(node.Seat) ? Scenario.Times.ExecuteMs : IsHealed ? 20 : 200;
        Schedule(node, new LbftEvent.BlockExecuted(height, hash, Blocks[hash].IsValid), Random.Below(longest));
    }

    internal void RequestBody(RulesNode node, LbftEffect.RequestBody request)
    {
        foreach (Seat seat in request.From)
        {
            if (_honest[seat.Index] is not { } holder) _adversary?.AskedForBody(seat, node, request.Hash);
            else if (holder.Holds(request.Hash))
                _network.Post(seat, node.Seat, new LbftEvent.BodyReceived(request.Height, request.Hash, seat));
        }
    }

    internal void RequestCertificate(RulesNode node, Seat from, ulong height)
    {
        if (_honest[from.Index] is not { } asked) _adversary?.AskedForCertificate(from, node, height);
        else if (asked.IsUp) Reply(asked, node.Seat, height);
    }

    internal void Reply(RulesNode node, Seat to, ulong height)
    {
        if (height == 0) return; // genesis has no certificate

        Certificate? certificate = height <= node.Head ? node.Ledger[(int)height - 1] : node.State.Decision;
        if (certificate is not null && certificate.Height.Value == height)
            _network.Post(node.Seat, to, new LbftEvent.CertificateReceived(certificate, node.Seat));
    }

    internal void Announce(RulesNode node, Certificate certificate)
    {
        if (Scenario.LosesFirstCopies) return;

        LbftEvent.CertificateReceived said = new(certificate, node.Seat, IsBodyHeld: true);
        foreach (Seat to in SeatSet.All(Scenario.Committee).Without(node.Seat)) _network.Post(node.Seat, to, said);
    }

    internal void QueryHeads(RulesNode node, Hash256 nonce)
    {
        foreach (RulesNode other in _nodes)
        {
            if (other.Seat == node.Seat || !other.IsUp || (!IsHealed && Random.Chance(Scenario.LossPercent))) continue;

            // The Byzantine may claim any head that they can prove; the lowest hurts most.
            BlockNumber head = new(other.IsHonest ? other.Head : 0);
            Schedule(node, new LbftEvent.HeadReceived(other.Seat, nonce, head), 1 + Random.Below(Scenario.Times.DelayMs));
        }
    }

    internal Hash256 Nonce() => Hash256.FromUInt256(new UInt256(++_nonces, Scenario.Seed, 1));

    internal void Finalized(RulesNode node, Certificate certificate)
    {
        if (node.IsHonest)
        {
            Checks.Finalized(node, certificate);
            if (node.Head == (ulong)Scenario.Heights) _short--;
            if (node.Head > Highest)
            {
                Highest = node.Head;
                LeadMsMax = Math.Max(LeadMsMax, (long)Blocks[certificate.Hash].TimeMs - NowMs);
                if (IsHealed) RoundsAfterHealing = Math.Max(RoundsAfterHealing, certificate.Round - RoundAtHealing(node.Head));
                _proposer.Enter(Highest + 1);
            }
        }

        ulong head = node.Head;
        At(Random.Below(20), () =>
        {
            if (node.IsUp && node.Head == head) node.EnterNext();
        });
    }

    internal bool CrashesNow(RulesNode node) =>
        Scenario.CrashPerMille > 0 && node.IsHonest && !IsHealed && Random.Below(1000) < Scenario.CrashPerMille;

    internal bool IsBackedUpNow(RulesNode node) => Scenario.Restored.Contains(node.Seat) && Random.Chance(30);

    /// <summary>
    /// Host rule H1: after a halt a member enters when 2f others and the proposer are there, the latter for no longer
    /// than three timeouts; or when somebody has finalised more than it has.
    /// </summary>
    internal bool MayEnter(RulesNode node, long waitedMs = 0)
    {
        int others = 0;
        foreach (RulesNode other in _nodes)
            if (other.IsUp && other.Seat != node.Seat) others++;
        return others >= Scenario.Committee.StrongQuorum - 1 && (!_proposer.IsDown || waitedMs > 3L * Scenario.Times.TimeoutMs)
            || Highest > node.Head;
    }

    internal void EnterWhenReady(RulesNode node, long waitedMs = 0)
    {
        int stepMs = Scenario.Times.ResendMs;
        At(stepMs, () =>
        {
            if (!node.IsUp) return;
            if (MayEnter(node, waitedMs + stepMs)) node.EnterNext();
            else EnterWhenReady(node, waitedMs + stepMs);
        });
    }

    internal void RestartLater(RulesNode node) => At(100 + Random.Below(3000), node.Restart);

    // Weakened rules make certificates that no format carries, and their signer looks away.
    internal JournalRecord Reread(JournalRecord record)
    {
        if (!IsCertified) return record;

        Invariant.Check(
            JournalCodec.TryDecode(JournalCodec.Encode(record), out JournalRecord? again, out _), "A record does not decode.");
        return again!;
    }

    internal void TimerRanOut(RulesNode node, LbftEvent.TimerExpired timer) => Checks.TimerRanOut(node, timer);

    internal void Stepped(RulesNode node, LbftEvent input, LbftState before, int effects)
    {
        _steps++;
        LbftState next = node.State;
        Mix((ulong)NowMs);
        Mix(((ulong)node.Index << 32) | (uint)next.Round);
        Mix(((ulong)next.Phase << 32) | (uint)effects);
        Mix(next.Height.Value);
        Mix(input is LbftEvent.VoteReceived vote ? vote.Vote.Signature.R.U0 : (ulong)(input.GetType().Name.Length + 1));
        if (node.IsHonest && (next.Round != before.Round || next.Marks != before.Marks)) Checks.Stepped(node, before);
    }

    private static LbftEvent.FromPeer EventOf(Seat from, LbftMessage message) => message switch
    {
        LbftMessage.Said said when MessageVerifier.EventOf(from, said.Signed, said.Attached) is { } heard => heard,
        LbftMessage.Cert m => new LbftEvent.CertificateReceived(m.Certificate, from),
        _ => throw new InvariantViolation($"No event for {message}."),
    };

    private void Do(in Agenda.Entry entry)
    {
        switch (entry)
        {
            case { Do: { } action }:
                action();
                break;
            case { Node: { } node, Input: LbftEvent.TimerExpired timer }:
                node.TimerRanOut(timer, entry.Number);
                break;
            case { Node: { } node, Input: LbftEvent.FromPeer said }:
                Deliver(node, said);
                break;
            case { Node: { IsUp: true } node, Input: { } input }:
                node.Handle(input);
                break;
        }
    }

    private int RoundAtHealing(ulong height) => height == _healedAt.Height ? _healedAt.Round : 0;

    // The highest round of the newest open height when faults end.
    private void Heal()
    {
        foreach (RulesNode node in _nodes)
        {
            if (!node.IsHonest || node.State.Height.Value < _healedAt.Height) continue;
            int round = node.State.Height.Value > _healedAt.Height ? 0 : _healedAt.Round;
            _healedAt = (node.State.Height.Value, Math.Max(round, node.State.Round));
        }
    }

    private static void Enter(RulesNode node)
    {
        if (node.IsUp) node.EnterNext();
    }

    private void Stop(Halt halt)
    {
        foreach (RulesNode node in _nodes)
        {
            if (node.IsUp) node.Crash();
            At(halt.ForMs + Random.Below(halt.SpreadMs), node.Restart);
        }

        _proposer.Crash(halt.ForMs + Random.Below(halt.SpreadMs));
    }

    private void Mix(ulong value) => _traceHash = unchecked((_traceHash ^ value) * 1099511628211);
}
