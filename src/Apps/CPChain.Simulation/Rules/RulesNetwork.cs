using CPChain.Lbft;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;

namespace CPChain.Simulation.Rules;

/// <summary>Messages between seats: lost, doubled, late and cut off while faults last; whole and in time afterwards.</summary>
internal sealed class RulesNetwork(RulesWorld world)
{
    private readonly RulesScenario _scenario = world.Scenario;
    private readonly HashSet<(int From, int To, Type Kind, Statement Said)> _seen = [];

    public void Post(Seat from, Seat to, LbftEvent.FromPeer said)
    {
        bool isHealed = world.IsHealed;
        if (!isHealed && (world.Random.Chance(_scenario.LossPercent) || IsCut(from, to))) return;
        if (_scenario.LosesFirstCopies && IsFirst(from, to, said)) return;

        int longest = isHealed ? _scenario.Times.DelayMs : _scenario.DelayMsMax;
        int copies = !isHealed && world.Random.Chance(_scenario.DuplicatePercent) ? 2 : 1;
        bool isSlow = _scenario.Slow.Seats.Contains(from) || _scenario.Slow.Seats.Contains(to);
        for (int copy = 0; copy < copies; copy++)
        {
            long delayMs = isSlow ? _scenario.Slow.DelayMs : 1 + world.Random.Below(longest);
            foreach (RulesNode node in world.Nodes)
                if (node.Seat == to) world.Schedule(node, said, delayMs);
        }
    }

    private bool IsCut(Seat from, Seat to)
    {
        foreach (LinkCut cut in _scenario.Cuts)
            if (world.ElapsedMs >= cut.FromMs && world.ElapsedMs < cut.UntilMs
                && ((cut.Senders >> from.Index) & 1) != 0 && ((cut.Receivers >> to.Index) & 1) != 0)
                return true;
        return false;
    }

    private bool IsFirst(Seat from, Seat to, LbftEvent.FromPeer said)
    {
        if (_seen.Count > 100_000) _seen.Clear();
        Statement statement = said switch
        {
            LbftEvent.VoteReceived e => e.Vote.Statement,
            LbftEvent.WishReceived e => e.Wish.Statement,
            LbftEvent.StatusReceived e => e.Status.Statement,
            LbftEvent.ProposeReceived e => e.Propose.Statement,
            LbftEvent.ProposalReceived e => new Statement(StatementKind.Seal, e.Height, 0, e.Hash),
            LbftEvent.CertificateReceived e => new Statement(
                StatementKind.Head, e.Height, e.Certificate.Round, e.Certificate.Hash, (int)e.Certificate.Class),
            LbftEvent.BodyReceived e => new Statement(StatementKind.Head, e.Height, -1, e.Hash),
            _ => default,
        };
        return _seen.Add((from.Index, to.Index, said.GetType(), statement));
    }
}
