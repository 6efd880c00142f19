namespace CPChain.Sdk;

/// <summary>How a <see cref="ChainClient"/> talks to its node.</summary>
public sealed record ChainClientOptions
{
    /// <summary>Time for one request, answer included.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Largest answer that is read.</summary>
    public int ResponseBytesMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>Time between two looks for a receipt.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Where the time of polling comes from.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Blocks that one query for logs covers at most; fewer where the node finds it too much.</summary>
    public ulong LogBlocksPerQuery { get; init; } = 2_000;

    /// <summary>Whether new blocks are heard of by WebSocket too; without one the node is asked again and again.</summary>
    public bool UsesSocket { get; init; } = true;

    /// <summary>The WebSocket's URL; the node's own where it is null.</summary>
    public Uri? Socket { get; init; }
}
