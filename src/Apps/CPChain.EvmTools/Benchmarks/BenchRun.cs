using CPChain.Types;

namespace CPChain.EvmTools.Benchmarks;

/// <summary>Times programs on our machine and on anvil in turn, so that both see the same load.</summary>
internal sealed class BenchRun(Anvil? anvil, int rounds, ulong gasWanted)
{
    private const double Million = 1e6;

    /// <summary>Calls that settle compiled code before anything counts.</summary>
    private const int WarmUps = 3;

    internal async Task<BenchFigure> MeasureAsync(BenchProgram program, CancellationToken cancel)
    {
        BenchCall call = new(program);
        ulong count = CallsFor(call);
        (ulong emptyLeft, _) = call.Run(0);
        for (int i = 0; i < WarmUps; i++) call.Run(count);
        if (anvil is not null) await anvil.LoadAsync(call.Accounts, cancel);
        double best = double.MaxValue, anvilBest = double.MaxValue;
        ulong gas = 0;
        bool same = true;
        List<double> ratios = [];
        for (int i = 0; i < rounds; i++)
        {
            (ulong left, TimeSpan elapsed) = call.Run(count);
            gas = emptyLeft - left;
            best = Math.Min(best, elapsed.TotalSeconds);
            if (anvil is null) continue;
            (double seconds, UInt256 anvilLeft) = await TimeAnvilAsync(call, count, cancel);
            same &= anvilLeft == left;
            anvilBest = Math.Min(anvilBest, seconds);
            ratios.Add(seconds / elapsed.TotalSeconds);
        }

        ratios.Sort();
        return new BenchFigure(
            program.Name, gas, Math.Round(gas / Million / best, 1),
            anvil is null ? null : Math.Round(gas / Million / anvilBest, 1),
            anvil is null ? null : Math.Round(ratios[ratios.Count / 2], 2),
            anvil is null ? null : same);
    }

    private async Task<(double Seconds, UInt256 Left)> TimeAnvilAsync(BenchCall call, ulong count, CancellationToken cancel)
    {
        (UInt256 left, TimeSpan whole) = await anvil!.CallAsync(call.Program.Sender, call.Input(count), cancel);
        (_, TimeSpan empty) = await anvil.CallAsync(call.Program.Sender, call.Input(0), cancel);
        return (Math.Max((whole - empty).TotalSeconds, TimeSpan.FromTicks(1).TotalSeconds), left);
    }

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
