using CPChain.EvmTools.Benchmarks;
using CPChain.Simulation;
using CPChain.Types;

namespace CPChain.Fuzzing.Decoders;

/// <summary>Shows one decoder mutated bytes, and watches it.</summary>
public sealed class DecoderRun(DecoderEntry entry, SeededRandom chance)
{
    /// <summary>Processor seconds that no input may cost.</summary>
    public const double SecondsMax = 2;

    private const int FailuresMax = 3;
    private const int KeptMax = 64;

    private readonly Mutator _mutator = new(chance);
    private readonly List<byte[]> _pool = [.. entry.Seeds];
    private readonly List<DecoderFailure> _failures = [];
    private long _inputs, _taken, _allocatedMost;
    private double _secondsMost;

    /// <summary>What has failed so far.</summary>
    public IReadOnlyList<DecoderFailure> Failures => _failures;

    /// <summary>What has come of it so far.</summary>
    public DecoderTally Tally => new(entry.Name, _inputs, _taken, _allocatedMost, Math.Round(_secondsMost, 4));

    /// <summary>Checks that the encodings to start from are read at all.</summary>
    public void TrySeeds()
    {
        foreach (byte[] seed in entry.Seeds)
        {
            if (!Try(seed)) Fail("refuses what it must read", seed);
        }
    }

    /// <summary>Shows it this many inputs.</summary>
    public void Run(int inputs)
    {
        for (int index = 0; index < inputs && _failures.Count < FailuresMax; index++)
        {
            byte[] input = _mutator.Mutate(_pool, entry.IsText);
            if (!Try(input)) continue;
            // What was read is a step further from where the seeds are.
            if (input.Length > 4096) continue;
            if (_pool.Count < entry.Seeds.Count + KeptMax) _pool.Add(input);
            else _pool[entry.Seeds.Count + chance.Below(KeptMax)] = input;
        }
    }

    /// <summary>Shows it one input; true where it was read.</summary>
    public bool Try(byte[] input)
    {
        _inputs++;
        byte[] shown = [.. input];
        Decoded decoded;
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        double seconds = CpuClock.OfThread();
        try
        {
            decoded = entry.Decode(shown);
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            Fail($"{broken.GetType().Name}: {broken.Message}", input);
            return false;
        }

        seconds = CpuClock.OfThread() - seconds;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        _secondsMost = Math.Max(_secondsMost, seconds);
        _allocatedMost = Math.Max(_allocatedMost, allocated);
        if (decoded.IsTaken) _taken++;
        long most = entry.AllocatedMax + (entry.AllocatedPerByte * input.Length);
        if (allocated > most) Fail($"allocates {allocated} bytes for {input.Length}, at most {most} are allowed", input);
        if (seconds > SecondsMax) Fail($"takes {seconds:0.00} s of processor time", input);
        if (!shown.AsSpan().SequenceEqual(input)) Fail("changes its input", input);
        if (decoded.Again is { } again && !again.AsSpan().SequenceEqual(input)) Fail($"reads what it would write as {Hex.Encode(again)}", input);
        return decoded.IsTaken;
    }

    private void Fail(string what, byte[] input)
    {
        if (_failures.Count < FailuresMax) _failures.Add(new DecoderFailure(entry.Name, what, Hex.Encode(input)));
    }
}
