using CPChain.Lbft;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Messages;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Simulation.Twins;

/// <summary>Nodes, network and proposers of one scenario at one height; obeys effects and decides nothing.</summary>
internal sealed class TwinHost
{
    private const ulong SlotMs = 11_000;

    private static readonly LbftParameters Times = LbftParameters.ForPeriod(1000);
    private static readonly Hash256 Parent = HashOf(9);

    private readonly TwinScenario _scenario;
    private readonly TwinChecks _checks;
    private readonly TwinNode[] _nodes;
    private readonly LbftState[] _entered;
    private readonly LbftEvent.ProposalReceived[] _proposals = new LbftEvent.ProposalReceived[2];
    private readonly LbftEvent.TimerExpired _resend;
    private readonly LbftEvent.TimerExpired _admission;
    private readonly BlockNumber _height;
    private readonly Queue<(TwinNode To, LbftEvent Input)> _mail = new(1024);
    private readonly Queue<LbftEvent> _local = new(16);
    private byte[] _groups = [];
    private Crossing _crossing;
    private uint _deafToCommits;
    private uint _deafToPrepares;
    private bool _isWhole;
    private int _undecided;
    private int _steps;

    public TwinHost(TwinScenario scenario, LbftRules rules)
    {
        _scenario = scenario;
        _height = new BlockNumber((ulong)scenario.Validators * 2); // coordinator of r is seat r mod n
        _nodes = new TwinNode[scenario.Nodes];
        for (int index = 0; index < _nodes.Length; index++) _nodes[index] = new TwinNode(index);
        _checks = new TwinChecks(scenario, _nodes);
        _entered = new LbftState[scenario.Validators];
        CommitteeSize committee = CommitteeSize.Of(scenario.Validators);
        LbftState before = LbftState.Create(Times, rules, _height.Previous);
        for (int seat = 0; seat < _entered.Length; seat++)
        {
            HeightFacts facts = new(
                _height, Parent, SlotMs - (ulong)Times.PeriodMs, committee, new Seat(seat), HashOf(0));
            _entered[seat] = LbftMachine.Step(before, new LbftEvent.HeightEntered(facts, SlotMs)).State;
        }

        for (int block = 0; block < _proposals.Length; block++)
            _proposals[block] = new LbftEvent.ProposalReceived(
                _height, null, HashOf(block + 1), SlotMs, StubSignatures.OfSeat(scenario.Validators), SlotMs);
        _resend = new LbftEvent.TimerExpired(TimerKind.Resend, _height, 0, SlotMs);
        _admission = new LbftEvent.TimerExpired(TimerKind.Admission, _height, 0, SlotMs);
    }

    public Action<string>? Trace { get; set; }

    public string? Violation => _checks.Violation;

    public int RoundMax { get; private set; }

    /// <summary>All honest nodes have decided, or they have forked; a lesser violation may still become a fork.</summary>
    public bool IsOver => _undecided == 0 || _checks.IsForked;

    public static Hash256 HashOf(int value) => Hash256.FromUInt256(new UInt256(0, 0, 0, (ulong)(value + 1) << 56));

    public static int ValueOf(in Hash256 hash) => (int)(hash.ToUInt256().U3 >> 56) - 1;

    public void Reset()
    {
        foreach (TwinNode node in _nodes)
        {
            int seat = _scenario.SeatOf(node.Index);
            node.Reset(_entered[seat], Array.IndexOf(_scenario.TwinSeats, seat) >= 0);
        }

        _undecided = _nodes.Length - (2 * _scenario.TwinSeats.Length);
        _checks.Reset();
        _mail.Clear();
        _local.Clear();
        _isWhole = false;
        _steps = 0;
        RoundMax = 0;
    }

    public void Divide(int slot)
    {
        _groups = _scenario.Groups[slot];
        _crossing = _scenario.Crossings[slot];
        _deafToCommits = _scenario.Deaf[slot];
        _deafToPrepares = _scenario.DeafTo[slot] == Deafness.ToVotes ? _deafToCommits : 0;
        Trace?.Invoke($"slot {slot}");
    }

    public void Unite()
    {
        _isWhole = true;
        _deafToCommits = 0;
        _deafToPrepares = 0;
        Trace?.Invoke("whole");
    }

    /// <summary>Every proposer sends its block to its group.</summary>
    public void Propose()
    {
        for (int proposer = 0; proposer < _scenario.Proposers; proposer++)
            foreach (TwinNode node in _nodes)
                if (_groups[node.Index] == _groups[_nodes.Length + proposer])
                    _mail.Enqueue((node, _proposals[proposer]));
        Drain();
    }

    public void FireResend()
    {
        foreach (TwinNode node in _nodes) Handle(node, _resend);
        Drain();
    }

    public void FireCoordinatorTimers()
    {
        foreach (TwinNode node in _nodes)
        {
            if (node.CoordinatorTimer < 0) continue;
            int round = node.CoordinatorTimer;
            node.CoordinatorTimer = -1;
            Handle(node, new LbftEvent.TimerExpired(TimerKind.Coordinator, _height, round, SlotMs));
        }

        Drain();
    }

    /// <summary>The timer of the round that each node is in runs out, at these seats.</summary>
    public void FireRoundTimers(int fromSeat = 0, int toSeat = int.MaxValue)
    {
        foreach (TwinNode node in _nodes)
        {
            if (node.RoundTimer < 0 || node.Seat.Index < fromSeat || node.Seat.Index >= toSeat) continue;
            int round = node.RoundTimer;
            node.RoundTimer = -1;
            if (node.State.Stage == HeightStage.Open) node.HasTimedOut = true;
            Handle(node, new LbftEvent.TimerExpired(TimerKind.Round, _height, round, SlotMs));
        }

        Drain();
    }

    public void CheckEnd()
    {
        _checks.CheckImpeachment();
        _checks.CheckDoubled();
    }

    public string Undecided() => string.Join(", ", _nodes.Where(node => !node.IsDoubled && node.Decided < 0)
        .Select(node => $"v{node.Seat.Index} in {node.State.Phase} of round {node.State.Round}"));

    public TwinVerdict Verdict(TwinOutcome outcome, string? what) =>
        new(outcome, what, _steps, RoundMax, _checks.DoubleSigners);

    private void Drain()
    {
        while (!IsOver && _mail.TryDequeue(out (TwinNode To, LbftEvent Input) letter))
            Handle(letter.To, letter.Input);

        // A proposal that f+1 PREPAREs make timely asks for the clock once more (L9.2).
        bool isAgain = false;
        foreach (TwinNode node in _nodes)
        {
            if (!node.IsAdmissionDue) continue;
            node.IsAdmissionDue = false;
            isAgain = true;
            Handle(node, _admission);
        }

        if (isAgain && !IsOver) Drain();
    }

    private void Handle(TwinNode node, LbftEvent input)
    {
        _local.Enqueue(input);
        while (_local.TryDequeue(out LbftEvent? next))
        {
            Hold(node, next);
            LbftState before = node.State;
            Transition transition = LbftMachine.Step(before, next);
            node.State = transition.State;
            _steps++;
            if (!node.IsDoubled)
            {
                if (node.State.Round > before.Round) Entered(node);
                if (next is LbftEvent.VoteReceived vote && before.Stage == HeightStage.Open
                    && node.State.Stage == HeightStage.Open)
                    _checks.Heard(node, vote.Voter, vote.Vote.Statement);
            }

            if (Trace is not null) Print(node, next, before);
            foreach (LbftEffect effect in transition.Effects) Perform(node, effect);
        }
    }

    private void Entered(TwinNode node)
    {
        if (node.State.Round > RoundMax) RoundMax = node.State.Round;
        _checks.Entered(node);
    }

    private static void Hold(TwinNode node, LbftEvent input)
    {
        switch (input)
        {
            case LbftEvent.ProposalReceived e:
                node.Held |= 1 << ValueOf(e.Hash);
                break;
            case LbftEvent.BodyReceived e:
                node.Held |= 1 << ValueOf(e.Hash);
                break;
            case LbftEvent.CertificateReceived { IsBodyHeld: true } e:
                node.Held |= 1 << ValueOf(e.Certificate.Hash);
                break;
        }
    }

    private void Perform(TwinNode node, LbftEffect effect)
    {
        switch (effect)
        {
            case LbftEffect.Send e:
                Send(node, e);
                break;
            case LbftEffect.Sign e:
                _checks.Signed(node, e.Statement);
                _local.Enqueue(new LbftEvent.Signed(
                    new SignedStatement(e.Statement, StubSignatures.OfSeat(node.Seat.Index))));
                break;
            case LbftEffect.StartTimer { Kind: TimerKind.Round } e:
                node.RoundTimer = e.Round;
                break;
            case LbftEffect.StartTimer { Kind: TimerKind.Coordinator } e:
                node.CoordinatorTimer = e.Round;
                break;
            case LbftEffect.StartTimer { Kind: TimerKind.Admission }:
                node.IsAdmissionDue = true;
                break;
            case LbftEffect.ForwardProposal e:
                Forward(node, e);
                break;
            case LbftEffect.ExecuteBlock e:
                bool isValid = _scenario.Mode != ProposerMode.TwinsOneIllicit || ValueOf(e.Hash) != 1;
                _local.Enqueue(new LbftEvent.BlockExecuted(_height, e.Hash, isValid));
                break;
            case LbftEffect.RequestBody e:
                Fetch(node, e.Hash);
                break;
            case LbftEffect.Finalize e:
                node.Decided = ValueOf(e.Certificate.Hash);
                if (node.IsDoubled) break;
                _undecided--;
                _checks.Finalized(node);
                break;
            case LbftEffect.Announce e:
                Announce(node, e.Certificate);
                break;
            case LbftEffect.ReplyCertificate e when node.State.Decision is { } decision:
                Post(
                    node, SeatSet.Of(e.To), new LbftEvent.CertificateReceived(decision, node.Seat), null, Crossing.None,
                    _deafToCommits);
                break;
            case LbftEffect.RecordEvidence e:
                _checks.Accused(node, e.Misconduct);
                break;
            case LbftEffect.Alarm e:
                _checks.Violated($"v{node.Seat.Index} alarm {e.Reason}");
                break;
        }
    }

    private void Send(TwinNode node, LbftEffect.Send send)
    {
        if (send.Message is LbftMessage.Cert { Certificate: var certificate })
        {
            Post(node, send.To, new LbftEvent.CertificateReceived(certificate, node.Seat), null, Crossing.None);
            return; // a P-certificate by itself (L15)
        }

        LbftMessage.Said said = (LbftMessage.Said)send.Message;
        StatementKind kind = said.Signed.Statement.Kind;
        Crossing crossing = kind switch
        {
            StatementKind.Wish => Crossing.Wishes,
            StatementKind.Status or StatementKind.Propose => Crossing.Coordination,
            _ => kind.Class() == VoteClass.Prepare ? Crossing.Prepares : Crossing.Commits,
        };
        LbftEvent whole = MessageVerifier.EventOf(node.Seat, said.Signed, said.Attached)!;
        bool isStripped = said.Attached is not null && kind != StatementKind.Propose && (_crossing & crossing) != 0;
        uint deaf = crossing == Crossing.Commits ? _deafToCommits : crossing == Crossing.Prepares ? _deafToPrepares : 0;
        Post(node, send.To, whole, isStripped ? MessageVerifier.EventOf(node.Seat, said.Signed, null) : whole, crossing, deaf);
    }

    private void Forward(TwinNode node, LbftEffect.ForwardProposal forward)
    {
        LbftEvent.ProposalReceived proposal = _proposals[ValueOf(forward.Hash) - 1] with { From = node.Seat };
        Post(node, forward.To, proposal, null, Crossing.None);
    }

    private void Announce(TwinNode node, Certificate certificate) => Post(
        node, SeatSet.All(certificate.Committee).Without(node.Seat),
        new LbftEvent.CertificateReceived(certificate, node.Seat, IsBodyHeld: true), null, Crossing.None, _deafToCommits);

    private void Post(TwinNode from, SeatSet to, LbftEvent whole, LbftEvent? bare, Crossing kind, uint deaf = 0)
    {
        uint seats = (uint)to.Bits;
        foreach (TwinNode node in _nodes)
        {
            if (((seats >> node.Seat.Index) & 1) == 0 || ((deaf >> node.Index) & 1) != 0) continue;
            if (_isWhole || _groups[from.Index] == _groups[node.Index]) _mail.Enqueue((node, whole));
            else if (bare is not null && (_crossing & kind) != 0) _mail.Enqueue((node, bare));
        }
    }

    private void Fetch(TwinNode node, in Hash256 hash)
    {
        int bit = 1 << ValueOf(hash);
        if ((node.Held & bit) != 0)
        {
            _local.Enqueue(new LbftEvent.BodyReceived(_height, hash));
            return;
        }

        foreach (TwinNode holder in _nodes)
        {
            if ((holder.Held & bit) == 0) continue;
            if (!_isWhole && _groups[holder.Index] != _groups[node.Index]) continue;

            _mail.Enqueue((node, new LbftEvent.BodyReceived(_height, hash, holder.Seat)));
            return;
        }
    }

    private void Print(TwinNode node, LbftEvent input, LbftState before)
    {
        string name = $"v{node.Seat.Index}{(node.Index >= _scenario.Validators ? "'" : "")}";
        string what = input switch
        {
            LbftEvent.VoteReceived e => $"{e.Vote.Statement} of v{e.Voter.Index}{(e.Attached is null ? "" : $" with {e.Attached}")}",
            LbftEvent.WishReceived e => $"{e.Wish.Statement} of v{e.Sender.Index}{(e.High is null ? "" : $" with {e.High}")}",
            LbftEvent.StatusReceived e => $"{e.Status.Statement} of v{e.Sender.Index}",
            LbftEvent.ProposeReceived e => $"{e.Propose.Statement} of v{e.Sender.Index}",
            LbftEvent.CertificateReceived e => $"{e.Certificate}",
            LbftEvent.Signed e => $"signed {e.Own.Statement}",
            LbftEvent.TimerExpired e => $"{e.Kind} timer of round {e.Round}",
            LbftEvent.ProposalReceived e => $"proposal {ValueOf(e.Hash)}",
            _ => input.GetType().Name,
        };
        Trace!($"{name}  {before.Phase}/{before.Round} -> {node.State.Phase}/{node.State.Round}  {what}");
    }
}
