using CPChain.Lbft;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Simulation.Rules.Adversaries;

/// <summary>
/// One mind behind all Byzantine seats: it hears everything, says what it likes, and signs for its own seats only.
/// </summary>
public abstract class Adversary(RulesWorld world)
{
    protected RulesWorld World { get; } = world;

    protected SeededRandom Random { get; } = new(world.Scenario.Seed ^ 0xADAD_ADAD);

    protected SeatSet Seats { get; } = world.Scenario.Byzantine;

    /// <summary>The run begins.</summary>
    public virtual void Start() { }

    /// <summary>A node has sent this; also where the network loses it.</summary>
    public virtual void Overhears(RulesNode from, LbftEvent.FromPeer said) { }

    /// <summary>Whether a node of its own gets this message.</summary>
    public virtual bool Hears(RulesNode own, LbftEvent.FromPeer said) => true;

    /// <summary>An honest node has asked a Byzantine seat for a body.</summary>
    public virtual void AskedForBody(Seat asked, RulesNode by, Hash256 hash) { }

    /// <summary>An honest node has asked a Byzantine seat for the C-certificate of a height.</summary>
    public virtual void AskedForCertificate(Seat asked, RulesNode by, ulong height) { }

    protected IEnumerable<RulesNode> Honest => World.Nodes.Where(node => node.IsHonest && node.IsUp);

    protected SignedStatement Sign(Seat seat, in Statement statement)
    {
        Invariant.Check(Seats.Contains(seat), "An adversary signs for its own seats only.");
        return RulesWorld.Sign(seat.Index, statement);
    }

    protected LbftEvent.VoteReceived Vote(
        Seat seat, VoteClass voteClass, BlockNumber height, int round, in Hash256 hash, int validRound = Statement.NoRound,
        Certificate? attached = null) =>
        new(seat, Sign(seat, Statement.Vote(voteClass, height, round, hash, validRound)), attached);

    protected LbftEvent.WishReceived Wish(Seat seat, BlockNumber height, int round, Certificate? high = null) =>
        new(seat, Sign(seat, new Statement(StatementKind.Wish, height, round, Hash256.Zero)), high);

    /// <summary>Says something to one node in one of the own seats' names.</summary>
    protected void Say(Seat from, RulesNode to, LbftEvent.FromPeer said) => World.Post(from, to.Seat, said);

    /// <summary>Does something again and again, at random intervals up to this.</summary>
    protected void Repeat(int intervalMs, Action action)
    {
        World.At(1 + Random.Below(intervalMs), Again);

        void Again()
        {
            action();
            World.At(1 + Random.Below(intervalMs), Again);
        }
    }
}
