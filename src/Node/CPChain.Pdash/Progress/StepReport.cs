namespace CPChain.Pdash.Progress;

/// <summary>The layers of the platform that a step runs in (ARC-01).</summary>
public enum PlatformLayer : byte
{
    /// <summary>Sensors and devices.</summary>
    Physical = 1,

    /// <summary>Encrypted data and its storage.</summary>
    Data = 2,

    /// <summary>Contracts on the chain.</summary>
    Contract = 3,

    /// <summary>What users do.</summary>
    Application = 4,

    /// <summary>Records of who did what.</summary>
    Control = 5,
}

/// <summary>One step that a participant finished.</summary>
/// <param name="Layer">Where it ran.</param>
/// <param name="Name">What was done, such as "store shards".</param>
/// <param name="Proven">What is known now, in one sentence without secrets.</param>
/// <param name="Ms">How long it took, milliseconds.</param>
public sealed record StepReport(PlatformLayer Layer, string Name, string Proven, double Ms);

/// <summary>Measures steps and hands them to whoever shows them.</summary>
internal sealed class StepClock(TimeProvider time, Action<StepReport>? show)
{
    private long _from = time.GetTimestamp();

    /// <summary>Begins a step.</summary>
    public void Begin() => _from = time.GetTimestamp();

    /// <summary>Ends the step that began last and begins the next.</summary>
    public void End(PlatformLayer layer, string name, string proven)
    {
        long now = time.GetTimestamp();
        show?.Invoke(new StepReport(layer, name, proven, time.GetElapsedTime(_from, now).TotalMilliseconds));
        _from = now;
    }
}
