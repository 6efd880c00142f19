namespace CPChain.Dpor;

/// <summary>What a proof of admission shows (D12.1).</summary>
public enum AdmissionWork
{
    /// <summary>A processor: SHA-256.</summary>
    Processor,

    /// <summary>Memory: scrypt, 4 MiB at a time.</summary>
    Memory,
}
