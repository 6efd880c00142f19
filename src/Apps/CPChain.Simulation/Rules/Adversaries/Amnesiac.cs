using CPChain.Lbft.Values;

namespace CPChain.Simulation.Rules.Adversaries;

/// <summary>Forgets journal and signer's record every few seconds and goes on as if it had never voted.</summary>
public sealed class Amnesiac : Adversary
{
    private readonly List<RulesNode> _forgetful = [];

    public Amnesiac(RulesWorld world) : base(world)
    {
        foreach (Seat seat in Seats) _forgetful.Add(world.Join(seat));
    }

    public override void Start() => Repeat(3000, () =>
    {
        foreach (RulesNode node in _forgetful)
        {
            if (!node.IsUp) continue;
            node.Crash();
            node.Forget();
            node.Restart();
        }
    });
}
