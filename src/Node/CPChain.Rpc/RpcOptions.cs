using System.Net;

namespace CPChain.Rpc;

/// <summary>Where the RPC server listens and what it lets one client cost.</summary>
public sealed record RpcOptions
{
    /// <summary>The interface; only this machine by default.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The TCP port; 0 takes a free one.</summary>
    public int Port { get; init; } = 8545;

    /// <summary>
    /// Host names that requests may be addressed to besides localhost and IP addresses. A page that makes its own name
    /// point here (DNS rebinding) fails by this.
    /// </summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Web origins that may read answers, such as <c>https://wallet.example</c>; <c>*</c> is any. None by default.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>Longest request body.</summary>
    public int BodyBytesMax { get; init; } = 5 * 1024 * 1024;

    /// <summary>Longest answer.</summary>
    public int AnswerBytesMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>Most requests in one batch.</summary>
    public int BatchMax { get; init; } = 100;

    /// <summary>Open connections.</summary>
    public int ConnectionsMax { get; init; } = 512;

    /// <summary>Requests that are worked on at once; more wait in line.</summary>
    public int RequestsAtOnceMax { get; init; } = 64;

    /// <summary>Requests of one WebSocket that are worked on at once; the next is read when one is done.</summary>
    public int RequestsPerSocketMax { get; init; } = 16;

    /// <summary>Bytes that may wait for a WebSocket client to read them; beyond it the connection ends.</summary>
    public long SocketBytesMax { get; init; } = 128 * 1024 * 1024;

    /// <summary>Most subscriptions of one WebSocket.</summary>
    public int SubscriptionsMax { get; init; } = 100;

    /// <summary>Most gas of one eth_call, eth_estimateGas or debug_traceCall, and of all calls of one eth_simulateV1.</summary>
    public ulong CallGasMax { get; init; } = 50_000_000;

    /// <summary>Longest result of one debug_trace*.</summary>
    public int TraceBytesMax { get; init; } = 32 * 1024 * 1024;

    /// <summary>Most blocks that one eth_getLogs may look through.</summary>
    public ulong LogsBlocksMax { get; init; } = 10_000;

    /// <summary>Most logs in one answer.</summary>
    public int LogsMax { get; init; } = 10_000;

    /// <summary>Most filters that are kept.</summary>
    public int FiltersMax { get; init; } = 1_000;

    /// <summary>A filter that nobody asks for so long is dropped.</summary>
    public TimeSpan FilterLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The tip per gas that is suggested while blocks have room, base units.</summary>
    public ulong SuggestedTip { get; init; } = 1_000_000_000;

    /// <summary>Where time comes from.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
