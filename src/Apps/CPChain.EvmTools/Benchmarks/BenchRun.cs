using CPChain.Evm;
using CPChain.Types;

namespace CPChain.EvmTools.Benchmarks;

/// <summary>Times programs on our machine and on anvil in turn, so that both see the same load.</summary>
internal sealed class BenchRun(Anvil? anvil, EvmRules rules, int rounds, ulong gasWanted)
{
    private const double Million = 1e6;

    /// <summary>Calls that settle compiled code before anything counts.</summary>
    private const int WarmUps = 3;

    internal async Task<BenchFigure> MeasureAsync(BenchProgram program, CancellationToken cancel)
    {
        BenchCall call = new(program, rules);
        ulong count = CallsFor(call);
        (ulong emptyLeft, _) = call.Run(0);
        for (int i = 0; i < WarmUps; i++) call.Run(count);
        if (anvil is not null) await anvil.LoadAsync(call.Accounts, cancel);
        BenchTime best = BenchTime.Endless, anvilBest = BenchTime.Endless;
        ulong gas = 0;
        bool same = true;
        List<double> ratios = [];
        for (int i = 0; i < rounds; i++)
        {
            (ulong left, BenchTime time) = call.Run(count);
            gas = emptyLeft - left;
            best = best.OrLess(time);
            if (anvil is null) continue;
            (UInt256 anvilLeft, BenchTime whole) = await anvil.CallAsync(program.Sender, call.Input(count), cancel);
            (_, BenchTime empty) = await anvil.CallAsync(program.Sender, call.Input(0), cancel);
            BenchTime anvilTime = whole.Without(empty);
            same &= anvilLeft == left;
            anvilBest = anvilBest.OrLess(anvilTime);
            ratios.Add(anvilTime.Cpu / time.Cpu);
        }

        ratios.Sort();
        return new BenchFigure(
            program.Name, gas, Speed(gas, best.Cpu), Speed(gas, best.Wall),
            anvil is null ? null : Speed(gas, anvilBest.Cpu),
            anvil is null ? null : Speed(gas, anvilBest.Wall),
            anvil is null ? null : Math.Round(ratios[ratios.Count / 2], 2),
            anvil is null ? null : same);
    }

    private static double Speed(ulong gas, double seconds) => Math.Round(gas / Million / seconds, 1);

    /// <summary>How many calls make up the gas wanted.</summary>
    private ulong CallsFor(BenchCall call)
    {
        (ulong none, _) = call.Run(0);
        (ulong two, _) = call.Run(2);
        (ulong one, _) = call.Run(1);
        ulong later = Math.Max(one - two, 1);
        return Math.Max(1, (gasWanted - Math.Min(gasWanted, none - one) + later - 1) / later);
    }
}
