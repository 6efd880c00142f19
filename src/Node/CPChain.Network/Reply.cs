namespace CPChain.Network;

/// <summary>How a request ended.</summary>
public enum ReplyStatus : byte
{
    Ok = 0,

    /// <summary>The peer has no such thing, or no handler for it.</summary>
    Refused = 1,

    /// <summary>The peer serves as many requests of ours as it allows; ask later or elsewhere.</summary>
    Busy = 2,
    TimedOut = 3,
    Disconnected = 4,
    NotConnected = 5,

    /// <summary>Our own queue towards the peer is full.</summary>
    QueueFull = 6,
}

/// <summary>Answer to a request; the payload is empty unless the status is <see cref="ReplyStatus.Ok"/>.</summary>
public readonly record struct Reply(ReplyStatus Status, ReadOnlyMemory<byte> Payload)
{
    public bool IsOk => Status == ReplyStatus.Ok;
}
