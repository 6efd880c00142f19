using CPChain.Lbft.Values;

namespace CPChain.Simulation.Rules.Adversaries;

/// <summary>Runs each of its seats twice with one key: two honest programs that know nothing of each other.</summary>
public sealed class TwinValidator : Adversary
{
    public TwinValidator(RulesWorld world) : base(world)
    {
        foreach (Seat seat in Seats)
        {
            world.Join(seat);
            world.Join(seat);
        }
    }
}
