using CPChain.Lbft;
using CPChain.Lbft.Values;
using CPChain.Types;

namespace CPChain.Simulation.Rules.Adversaries;

/// <summary>Wishes for the next rounds as soon as a height opens, as if its timers had all run out.</summary>
public sealed class EarlyTimer(RulesWorld world) : Adversary(world)
{
    public override void Start() => Repeat(100, () =>
    {
        foreach (RulesNode target in Honest.ToList())
        {
            BlockNumber height = target.State.Height;
            foreach (Seat seat in Seats)
            {
                Say(seat, target, Wish(seat, height, 1));
                Say(seat, target, Wish(seat, height, target.State.Round + 1 + Random.Below(World.Scenario.Times.RoundWindow)));
            }
        }
    });
}
