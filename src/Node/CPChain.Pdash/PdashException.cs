namespace CPChain.Pdash;

/// <summary>Why a data operation could not be finished.</summary>
public enum PdashFault
{
    /// <summary>Too few storage nodes took a shard, or too few shards came back.</summary>
    Storage,

    /// <summary>A peer refused or did not answer.</summary>
    Peer,

    /// <summary>The chain does not say what was promised.</summary>
    Chain,

    /// <summary>A manifest, key record or grant is not what it claims to be.</summary>
    Verification,

    /// <summary>Keys, blocks or content do not match what the owner signed.</summary>
    Content,

    /// <summary>Too few proxies gave a valid fragment.</summary>
    Proxies,

    /// <summary>The file of readings is refused.</summary>
    Input,
}

/// <summary>A data operation that failed; the message says what and the fix where there is one.</summary>
public sealed class PdashException(PdashFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Which kind of failure.</summary>
    public PdashFault Fault { get; } = fault;
}
