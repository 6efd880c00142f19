using System.Globalization;
using CPChain.Types;

namespace CPChain.EndToEnd;

/// <summary>SIGKILL of a whole devnet at random moments, again and again on one folder: nothing that was said is taken back.</summary>
public sealed class KillTests
{
    private const int Kills = 20;
    private const int KilledWhileStartingOneIn = 5;
    private const int RunMsMax = 2_500;
    private const int StartMsMax = 2_500;

    /// <summary>CPCHAIN_SEED repeats a run's moments; each run prints its own.</summary>
    private static readonly ulong Seed = Environment.GetEnvironmentVariable("CPCHAIN_SEED") is { Length: > 0 } given
        ? ulong.Parse(given, CultureInfo.InvariantCulture) : (ulong)Random.Shared.NextInt64(1, int.MaxValue);

    [Fact]
    public async Task Twenty_kills_at_random_moments_lose_nothing()
    {
        Console.WriteLine($"CPCHAIN_SEED={Seed}");
        using TempFolder temp = new();
        string folder = temp["devnet"];
        int port = RunningDevnet.FreeRpcPorts();
        Random random = new((int)(Seed % int.MaxValue));
        ChainMemory memory = new();
        string where = "before the first start";
        try
        {
            for (int kill = 1; kill <= Kills; kill++)
            {
                bool processes = kill % 2 == 0;
                bool whileStarting = kill > 2 && random.Next(KilledWhileStartingOneIn) == 0;
                int afterMs = random.Next(whileStarting ? StartMsMax : RunMsMax);
                where = $"kill {kill} of {Kills}, {(processes ? "a process a node" : "one process")}, {afterMs} ms after {(whileStarting ? "launch" : "the checks")}";
                await using RunningDevnet devnet = RunningDevnet.Launch(folder, processes, port);
                if (whileStarting)
                {
                    await Task.Delay(afterMs);
                    await devnet.Process.KillAsync();
                    memory.KilledWhileStarting();
                    continue;
                }

                await devnet.ReadyAsync();
                string start = await memory.CheckAsync(devnet);
                Console.WriteLine($"{where}: {start}");
                await RunAsync(devnet, memory, afterMs);
            }

            where = "the last start";
            await using RunningDevnet last = await RunningDevnet.StartAsync(folder, processes: false, port);
            await memory.CheckAsync(last);
            Console.WriteLine(await memory.CheckAllIsInBlocksAsync(last));
            Assert.Equal(0, await last.Process.InterruptAsync());
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException(
                $"{where}; repeat with CPCHAIN_SEED={Seed}. {failure.Message}\n{Logs(folder)}", failure);
        }
    }

    private static async Task RunAsync(RunningDevnet devnet, ChainMemory memory, int forMs)
    {
        using CancellationTokenSource stopping = new();
        Task sending = new TransferLoad(memory).RunAsync(devnet, stopping.Token);
        Task watching = memory.WatchAsync(devnet, stopping.Token);
        await Task.Delay(forMs / 2);
        await ChainMemory.AssertSoundAsync(devnet);
        await Task.Delay(forMs / 2);
        await devnet.Process.KillAsync();
        await stopping.CancelAsync();
        await Task.WhenAll(sending, watching);
    }

    private static string Logs(string folder)
    {
        const int linesEach = 8;
        IEnumerable<string> logs = Directory.EnumerateFiles(folder, "node.log", SearchOption.AllDirectories).Order();
        return string.Join('\n', logs.Select(log => $"--- {log}\n{string.Join('\n', File.ReadLines(log).Where(line => !line.Contains("onnected", StringComparison.Ordinal)).TakeLast(linesEach))}"));
    }
}
