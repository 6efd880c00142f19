using CPChain.Lbft.Certificates;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Lbft.Tests.Simulation;

/// <summary>
/// All Byzantine seats under one mind: votes for everything, hides certificates and shows them to whom it likes.
/// </summary>
/// <remarks>It hears every vote that was sent, lost ones too, and can sign for its own seats only.</remarks>
internal sealed class Adversary(Cluster cluster, SeededRandom random)
{
    private const int RoundsMax = 4;

    private readonly HashSet<(int Seat, Statement Said)> _signed = [];
    private readonly SortedDictionary<(ulong Height, int Round, VoteClass Class, Hash256 Hash), SeatSet> _heard = [];
    private readonly List<Certificate> _hidden = [];
    private readonly Dictionary<(Statement, int), Statement> _votes = [];

    private Scenario Scenario => cluster.Scenario;

    public void Start()
    {
        if (!Scenario.Byzantine.IsEmpty && !Scenario.IsByzantineSilent) cluster.At(random.Below(400), Act);
    }

    public void HonestSigned(Seat seat, Statement statement) => _signed.Add((seat.Index, statement));

    /// <summary>Every vote on the wire may become part of a certificate that nobody else holds.</summary>
    public void Overhears(Seat from, SignedStatement vote)
    {
        if (Scenario.Byzantine.IsEmpty || Scenario.Byzantine.Contains(from)) return;

        Statement said = vote.Statement;
        if (!_signed.Contains((from.Index, said))) cluster.Violation($"{from} sent what it never signed: {said}");
        var key = (said.Height.Value, said.Round, said.Class, said.Hash);
        SeatSet before = _heard.GetValueOrDefault(key);
        SeatSet after = before.With(from);
        if (after == before) return;

        _heard[key] = after;
        _votes[(said with { ValidRound = Statement.NoRound }, from.Index)] = said;
        int quorum = Scenario.Committee.StrongQuorum;
        if (after.Count < quorum && after.Union(Scenario.Byzantine).Count >= quorum) Hide(key, after);
    }

    private void Hide((ulong Height, int Round, VoteClass Class, Hash256 Hash) key, SeatSet honest)
    {
        SeatSet signers = honest;
        foreach (Seat seat in Scenario.Byzantine)
            if (signers.Count < Scenario.Committee.StrongQuorum) signers = signers.With(seat);
        Statement vote = Statement.Vote(key.Class, new BlockNumber(key.Height), key.Round, key.Hash);
        _hidden.Add(Fixture.Certificate(
            Scenario.Committee, key.Class, new BlockNumber(key.Height), key.Round, key.Hash, signers,
            seat => _votes.TryGetValue((vote, seat.Index), out Statement said) ? said.ValidRound : Statement.NoRound));
    }

    private void Act()
    {
        foreach (Seat seat in Scenario.Byzantine)
            foreach (ClusterNode target in cluster.Honest)
                if (random.Chance(70)) Speak(seat, target);
        cluster.At(50 + random.Below(400), Act);
    }

    private void Speak(Seat self, ClusterNode target)
    {
        BlockNumber height = target.State.Height;
        List<Hash256> values = cluster.ValuesAt(height.Value);
        if (values.Count == 0) return;

        Hash256 hash = random.Pick(values);
        int round = random.Below(RoundsMax);
        List<Certificate> hidden = _hidden.FindAll(c => c.Height == height);
        Certificate? shown = hidden.Count > 0 && random.Chance(30) ? random.Pick(hidden) : null;
        LbftEvent.FromPeer? said = random.Below(6) switch
        {
            0 or 1 => new LbftEvent.VoteReceived(self, Sign(self, Statement.Vote(
                VoteClass.Prepare, height, round, hash, round == 0 ? -1 : random.Below(round + 1) - 1)), shown),
            2 => new LbftEvent.VoteReceived(self, Sign(self, Statement.Vote(VoteClass.Commit, height, round, hash)), shown),
            3 => new LbftEvent.WishReceived(
                self, Sign(self, new Statement(StatementKind.Wish, height, round + 1, Hash256.Zero)), shown),
            4 => Coordinate(self, target, height, hidden),
            _ => shown is null ? null : new LbftEvent.CertificateReceived(shown, self),
        };
        if (said is not null) cluster.Post(self, target.Seat, said);
    }

    // As coordinator it proposes whatever is well-formed: the impeach block, or any certificate it can show.
    private LbftEvent.ProposeReceived? Coordinate(
        Seat self, ClusterNode target, BlockNumber height, List<Certificate> hidden)
    {
        HeightFacts facts = target.State.Facts;
        for (int round = 2; round <= RoundsMax; round++)
        {
            if (facts.CoordinatorOf(round) != self) continue;

            List<Certificate> usable = hidden.FindAll(c => c.Class == VoteClass.Prepare && c.Round < round);
            Certificate? backing = usable.Count > 0 && random.Chance(50) ? random.Pick(usable) : null;
            Statement propose = new(
                StatementKind.Propose, height, round, backing?.Hash ?? facts.ImpeachHash, backing?.Round ?? Statement.NoRound);
            return new LbftEvent.ProposeReceived(self, Sign(self, propose), backing);
        }

        return null;
    }

    private static SignedStatement Sign(Seat self, Statement statement) => Fixture.Signed(self.Index, statement);
}
