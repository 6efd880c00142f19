using CPChain.Simulation.Disks;

namespace CPChain.Simulation.Tests.Disks;

/// <summary>
/// Runs a program to its end and counts, then once for every place where the power can go and every way in which the cache can be lost,
/// and a second time over the recovery of each. What the program was told is durable is noted in <typeparamref name="T"/>.
/// </summary>
internal sealed class CrashEverywhere<T>(Func<T> newNotes, Action<SimulatedDisk, T> program, Action<SimulatedDisk, T> check)
{
    private const int BoundariesMax = 16;
    private static readonly CacheLoss[] Losses = [CacheLoss.All, CacheLoss.None, CacheLoss.Some];

    /// <summary>Runs that ended in a loss of power.</summary>
    internal int Crashes { get; private set; }

    internal void Run()
    {
        foreach (CrashPoint point in CrashPoints.Of(Requests(new SimulatedDisk(0), disk => program(disk, newNotes())), BoundariesMax))
        {
            for (int i = 0; i < Losses.Length; i++)
            {
                try
                {
                    RunOnce(point, Losses[i], seed: (ulong)i + 1);
                }
                catch (Exception failure) when (failure is not InvalidOperationException)
                {
                    throw new InvalidOperationException($"{point}, cache loss {Losses[i]} (seed {i + 1}): {failure.Message}", failure);
                }
            }
        }
    }

    private static List<DiskOperation> Requests(SimulatedDisk disk, Action<SimulatedDisk> run)
    {
        List<DiskOperation> requests = [];
        disk.Judge = operation =>
        {
            requests.Add(operation);
            return DiskVerdict.Proceed;
        };
        run(disk);
        disk.Judge = null;
        return requests;
    }

    private void RunOnce(CrashPoint point, CacheLoss loss, ulong seed)
    {
        SimulatedDisk disk = new(seed);
        T notes = newNotes();
        Crash(disk, point, one => program(one, notes));
        disk.Start(loss);

        SimulatedDisk untouched = disk.Copy(seed);
        List<DiskOperation> recovery = Requests(disk, one => check(one, notes));
        long before = untouched.Operations;
        foreach (CrashPoint second in CrashPoints.Of(recovery, boundariesMax: 2))
        {
            SimulatedDisk again = untouched.Copy(seed + 100);
            CrashPoint shifted = second with
            {
                Operation = second.Operation with { Ordinal = second.Operation.Ordinal - disk.Operations + recovery.Count + before },
            };
            Crash(again, shifted, one => check(one, notes));
            again.Start(loss);
            check(again, notes);
        }
    }

    private void Crash(SimulatedDisk disk, CrashPoint point, Action<SimulatedDisk> run)
    {
        CrashPoints.Arm(disk, point);
        Assert.Throws<PowerLossException>(() => run(disk));
        disk.Judge = null;
        Crashes++;
    }
}
