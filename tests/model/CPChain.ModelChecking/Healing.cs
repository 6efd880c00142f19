using CPChain.Crypto;
using CPChain.Lbft;
using CPChain.Lbft.Messages;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.ModelChecking;

/// <summary>
/// What follows from a cluster once the adversary is silent, every message arrives and timers fire in order.
/// </summary>
internal sealed class Healing
{
    private readonly LbftState[] _nodes;
    private readonly Queue<(int To, LbftEvent Input)> _network = new();

    private Healing(LbftState[] nodes)
    {
        _nodes = nodes;
        for (int seat = 0; seat < nodes.Length; seat++)
            nodes[seat] = nodes[seat] with { Facts = nodes[seat].Facts with { Self = new Seat(seat) } };
    }

    /// <summary>Whether every honest validator decides within f+2 rounds beyond the highest one entered.</summary>
    public static bool Decides(Model model, LbftState[] nodes)
    {
        Healing healing = new(nodes);
        int roundLast = nodes.Max(node => node.Round) + model.Committee.Faulty + 2;
        while (true)
        {
            if (healing.Fire(TimerKind.Resend) || healing.Fire(TimerKind.Coordinator) || healing.Fire(TimerKind.Resend)) return true;
            if (nodes.Max(node => node.Round) >= roundLast) return false;
            if (healing.Fire(TimerKind.Round)) return true;
        }
    }

    private bool IsDecided => Array.TrueForAll(_nodes, node => node.Phase is Phase.Final);

    private bool Fire(TimerKind kind)
    {
        for (int seat = 0; seat < _nodes.Length; seat++)
            _network.Enqueue((seat, new LbftEvent.TimerExpired(kind, _nodes[seat].Height, _nodes[seat].Round, ulong.MaxValue / 2)));
        while (_network.TryDequeue(out (int To, LbftEvent Input) next))
        {
            (_nodes[next.To], var effects) = LbftMachine.Step(_nodes[next.To], next.Input);
            foreach (LbftEffect effect in effects) Perform(next.To, effect);
        }

        return IsDecided;
    }

    private void Perform(int self, LbftEffect effect)
    {
        switch (effect)
        {
            case LbftEffect.Sign e:
                _network.Enqueue((self, new LbftEvent.Signed(new SignedStatement(e.Statement, LocalStates.AnySignature))));
                break;
            case LbftEffect.Send e:
                foreach (Seat to in e.To) Post(to, EventOf(new Seat(self), e.Message));
                break;
            case LbftEffect.ExecuteBlock e:
                _network.Enqueue((self, new LbftEvent.BlockExecuted(e.Height, e.Hash, IsValid: true)));
                break;
            case LbftEffect.RequestBody e when Array.Exists(_nodes, node => node.IsExecuted(e.Hash)):
                _network.Enqueue((self, new LbftEvent.BodyReceived(e.Height, e.Hash)));
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
        if (to.Index < _nodes.Length) _network.Enqueue((to.Index, input));
    }

    private static LbftEvent EventOf(Seat from, LbftMessage message) => message switch
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
}
