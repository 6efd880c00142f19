using CPChain.Lbft;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Messages;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.ModelChecking;

/// <summary>A cluster after faults have stopped: every message arrives and timers fire in order.</summary>
internal sealed class Healing
{
    private readonly LbftState[] _nodes;
    private List<(int To, LbftEvent Input)> _network = [];

    private Healing(IEnumerable<LbftState> nodes)
    {
        _nodes = [.. nodes.Select((node, seat) => node with { Facts = node.Facts with { Self = new Seat(seat) } })];
    }

    private bool IsDecided => Array.TrueForAll(_nodes, node => node.Phase is Phase.Final);

    private int RoundMax => _nodes.Max(node => node.Round);

    /// <summary>
    /// Whether all decide once the adversary is silent: within f+2 rounds beyond the highest one entered, and by round
    /// f+2 when that one is below 2.
    /// </summary>
    public static bool Decides(Model model, IEnumerable<LbftState> nodes)
    {
        Healing healing = new(nodes);
        int further = model.Committee.Faulty + 2;
        int roundLast = healing.RoundMax < 2 ? further : healing.RoundMax + further;
        while (true)
        {
            foreach (TimerKind kind in (ReadOnlySpan<TimerKind>)[TimerKind.Resend, TimerKind.Coordinator, TimerKind.Resend])
            {
                healing.Fire(kind);
                healing.Deliver(_ => true);
                if (healing.IsDecided) return true;
            }

            if (healing.RoundMax >= roundLast) return false;

            healing.Fire(TimerKind.Round);
            healing.Deliver(_ => true);
        }
    }

    /// <summary>
    /// Whether one timely round with an honest coordinator decides although the adversary shows a certificate that it
    /// has hidden, to some before they enter and to others between the PROPOSE and its arrival.
    /// </summary>
    public static bool DecidesDespite(
        Model model, IEnumerable<LbftState> nodes, Certificate hidden, SeatSet before, SeatSet after)
    {
        Healing healing = new(nodes);
        healing.Show(hidden, before);
        healing.Deliver(input => input is LbftEvent.Signed or LbftEvent.BodyReceived or LbftEvent.BlockExecuted);
        int round = Math.Max(healing.RoundMax + 1, 2);
        while (healing._nodes[0].Facts.CoordinatorOf(round).Index >= model.Honest) round++;

        for (int seat = 0; seat < model.Honest; seat++) healing.Enter(seat, round, model.Committee);
        healing.Deliver(input => input is LbftEvent.Signed or LbftEvent.StatusReceived);
        healing.Fire(TimerKind.Coordinator);
        healing.Deliver(input => input is LbftEvent.Signed or LbftEvent.TimerExpired);
        healing.Show(hidden, after);
        healing.Deliver(input => input is LbftEvent.ProposeReceived or LbftEvent.Signed);
        healing.Fire(TimerKind.Resend);
        healing.Deliver(input => input is not LbftEvent.WishReceived);
        return healing.IsDecided;
    }

    private void Enter(int seat, int round, CommitteeSize committee)
    {
        for (int from = 0; from < committee.Validators; from++)
            if (from != seat)
                Step(seat, new LbftEvent.WishReceived(
                    new Seat(from), Vocabulary.Wish(round)));
    }

    private void Show(Certificate certificate, SeatSet seats)
    {
        foreach (Seat seat in seats) Step(seat.Index, new LbftEvent.CertificateReceived(certificate));
    }

    private void Fire(TimerKind kind)
    {
        for (int seat = 0; seat < _nodes.Length; seat++)
            Step(seat, new LbftEvent.TimerExpired(kind, _nodes[seat].Height, _nodes[seat].Round, ulong.MaxValue / 2));
    }

    // Delivers in order of sending what may be delivered now; the rest stays on its way.
    private void Deliver(Predicate<LbftEvent> isDue)
    {
        List<(int, LbftEvent)> later = [];
        for (int next = 0; next < _network.Count; next++)
        {
            if (isDue(_network[next].Input)) Step(_network[next].To, _network[next].Input);
            else later.Add(_network[next]);
        }

        _network = later;
    }

    private void Step(int seat, LbftEvent input)
    {
        (_nodes[seat], var effects) = LbftMachine.Step(_nodes[seat], input);
        foreach (LbftEffect effect in effects) Perform(seat, effect);
    }

    private void Perform(int self, LbftEffect effect)
    {
        switch (effect)
        {
            case LbftEffect.Sign e:
                Post(new Seat(self), new LbftEvent.Signed(Vocabulary.Sign(e.Statement)));
                break;
            case LbftEffect.Send e:
                foreach (Seat to in e.To) Post(to, EventOf(new Seat(self), e.Message));
                break;
            case LbftEffect.ExecuteBlock e:
                Post(new Seat(self), new LbftEvent.BlockExecuted(e.Height, e.Hash, IsValid: true));
                break;
            case LbftEffect.RequestBody e when Array.Exists(_nodes, node => node.IsExecuted(e.Hash)):
                Post(new Seat(self), new LbftEvent.BodyReceived(e.Height, e.Hash));
                break;
            case LbftEffect.Announce e:
                for (int to = 0; to < _nodes.Length; to++)
                    Post(new Seat(to), new LbftEvent.CertificateReceived(e.Certificate, new Seat(self), IsBodyHeld: true));
                break;
            case LbftEffect.ReplyCertificate e when _nodes[self].Decision is { } decision:
                Post(e.To, new LbftEvent.CertificateReceived(decision, new Seat(self)));
                break;
        }
    }

    private void Post(Seat to, LbftEvent input)
    {
        if (to.Index < _nodes.Length) _network.Add((to.Index, input));
    }

    private static LbftEvent.FromPeer EventOf(Seat from, LbftMessage message) => message switch
    {
        LbftMessage.Said said when MessageVerifier.EventOf(from, said.Signed, said.Attached) is { } heard => heard,
        LbftMessage.Cert m => new LbftEvent.CertificateReceived(m.Certificate, from),
        _ => throw new InvariantViolation($"No event for {message}."),
    };
}
