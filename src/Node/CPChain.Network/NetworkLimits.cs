namespace CPChain.Network;

/// <summary>Bounds of a <see cref="PeerNetwork"/>; every peer gets the same.</summary>
public sealed record NetworkLimits
{
    /// <summary>Connected peers; those that hold a place (<see cref="NetworkOptions.HoldsPlace"/>) may be more.</summary>
    public int PeersMax { get; init; } = 256;

    /// <summary>Incoming connections that have not proven who they are, in all and from one network address; more are closed at once.</summary>
    public int HandshakesMax { get; init; } = 32;
    public int HandshakesMaxPerAddress { get; init; } = 16;

    public int FramesMaxPerLane { get; init; } = 8192;
    public long BytesMaxPerLane { get; init; } = 32L << 20;
    public int RequestsInFlightMax { get; init; } = 64;

    /// <summary>Incoming bytes a second and burst; a peer beyond it is read more slowly.</summary>
    public long BytesPerSecond { get; init; } = 64L << 20;
    public long BytesBurst { get; init; } = 128L << 20;

    /// <summary>Incoming frames a second and burst; a peer beyond it is read more slowly.</summary>
    public long FramesPerSecond { get; init; } = 50_000;
    public long FramesBurst { get; init; } = 100_000;

    /// <summary>From the TCP connection to the last handshake message.</summary>
    public TimeSpan HandshakeDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>From the first byte of a frame to its last.</summary>
    public TimeSpan FrameDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For one write into the socket; a slower peer is dropped.</summary>
    public TimeSpan WriteDeadline { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>A silent peer is pinged after this and dropped after three times this.</summary>
    public TimeSpan IdlePing { get; init; } = TimeSpan.FromSeconds(15);
    public TimeSpan BackoffMin { get; init; } = TimeSpan.FromMilliseconds(100);
    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Penalty points (halved every minute) at which a peer is disconnected and refused for <see cref="BanTime"/>.</summary>
    public int PenaltyMax { get; init; } = 100;
    public TimeSpan BanTime { get; init; } = TimeSpan.FromSeconds(60);
}
