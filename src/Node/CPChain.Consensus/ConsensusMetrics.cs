namespace CPChain.Consensus;

/// <summary>Distribution of one duration in milliseconds.</summary>
public readonly record struct DurationSummary(int Samples, double MedianMs, double P99Ms, double MaxMs);

/// <summary>Counters and samples of one node since its start. Safe to read from any thread.</summary>
public sealed class ConsensusMetrics
{
    private const int SamplesMax = 8192;

    private readonly Lock gate = new();
    private readonly Queue<double> proposalToCertificate = new();
    private long finalBlocks;
    private long impeachBlocks;
    private long importedBlocks;
    private long refusedSignatures;
    private long misconduct;
    private long alarms;
    private long journalSectors;

    /// <summary>Blocks that became final while this node ran, imported ones included.</summary>
    public long FinalBlocks => Interlocked.Read(ref finalBlocks);

    /// <summary>Impeach blocks among them.</summary>
    public long ImpeachBlocks => Interlocked.Read(ref impeachBlocks);

    /// <summary>Blocks taken from peers because this node was behind.</summary>
    public long ImportedBlocks => Interlocked.Read(ref importedBlocks);

    /// <summary>Signatures that the signer's record refused; anything but 0 is a defect or an attack on the disk.</summary>
    public long RefusedSignatures => Interlocked.Read(ref refusedSignatures);

    /// <summary>Proofs seen that a member contradicted itself (L22).</summary>
    public long Misconduct => Interlocked.Read(ref misconduct);

    /// <summary>Times that this node stopped voting for good and called its operator.</summary>
    public long Alarms => Interlocked.Read(ref alarms);

    /// <summary>Bytes that the journal has written.</summary>
    public long JournalBytes => Interlocked.Read(ref journalSectors) * Storage.Sectors.SectorFile.SectorBytes;

    /// <summary>From the first sight of a proposal that may be judged to its C-certificate, of the latest 8,192 blocks.</summary>
    public DurationSummary ProposalToCertificate()
    {
        double[] samples;
        lock (gate)
        {
            samples = [.. proposalToCertificate];
        }
        Array.Sort(samples);
        return samples.Length == 0
            ? default
            : new DurationSummary(samples.Length, samples[samples.Length / 2], samples[(samples.Length - 1) * 99 / 100], samples[^1]);
    }

    internal void Certified(double milliseconds)
    {
        lock (gate)
        {
            if (proposalToCertificate.Count == SamplesMax)
            {
                proposalToCertificate.Dequeue();
            }
            proposalToCertificate.Enqueue(milliseconds);
        }
    }

    internal void Finalized(bool isImpeach, bool isImported)
    {
        Interlocked.Increment(ref finalBlocks);
        if (isImpeach)
        {
            Interlocked.Increment(ref impeachBlocks);
        }
        if (isImported)
        {
            Interlocked.Increment(ref importedBlocks);
        }
    }

    internal void SignatureRefused() => Interlocked.Increment(ref refusedSignatures);

    internal void MisconductSeen() => Interlocked.Increment(ref misconduct);

    internal void AlarmRaised() => Interlocked.Increment(ref alarms);

    internal void JournalSectors(long total) => Interlocked.Exchange(ref journalSectors, total);
}
