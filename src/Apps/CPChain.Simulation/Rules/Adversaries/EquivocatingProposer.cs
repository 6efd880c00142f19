using CPChain.Lbft.Values;

namespace CPChain.Simulation.Rules.Adversaries;

/// <summary>Seals two blocks for its height, or one invalid one, or shows its block to a few and dies.</summary>
internal sealed class EquivocatingProposer(RulesWorld world, SimulatedBlock parent, ProposerConduct conduct)
{
    private const int TimesMax = 200;

    public void Begin()
    {
        long opensAtMs = (long)parent.TimeMs + world.Scenario.Times.PeriodMs - world.NowMs;
        int lateMs = conduct == ProposerConduct.Late ? world.Random.Below(3000) : 0;
        world.At(Math.Max(opensAtMs, 0) + lateMs, Send);
    }

    private void Send()
    {
        ulong timeMs = Math.Max(parent.TimeMs + (ulong)world.Scenario.Times.PeriodMs, (ulong)world.NowMs);
        SimulatedBlock first = world.Blocks.Make(
            parent, timeMs, conduct is not (ProposerConduct.Illicit or ProposerConduct.AllIllicit));
        SimulatedBlock second = conduct is ProposerConduct.Equivocating or ProposerConduct.Illicit
            ? world.Blocks.Make(parent, timeMs) : first;
        SimulatedBlock?[] shown = new SimulatedBlock?[world.Scenario.Committee.Validators];
        for (int seat = 0; seat < shown.Length; seat++)
            shown[seat] = conduct == ProposerConduct.ShowsToFew && world.Random.Below(3) > 0 ? null
                : world.Random.Chance(50) ? first : second;
        Again(0);

        void Again(int times)
        {
            if (world.Highest >= first.Height.Value) return;
            for (int seat = 0; seat < shown.Length; seat++)
                if (shown[seat] is { } block) world.SendProposal(null, null, new Seat(seat), block.Hash);
            if (conduct is ProposerConduct.Late or ProposerConduct.AllIllicit && times < TimesMax)
                world.At(world.Scenario.Times.ResendMs, () => Again(times + 1));
        }
    }
}
