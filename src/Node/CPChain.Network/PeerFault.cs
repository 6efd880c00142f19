namespace CPChain.Network;

/// <summary>Why a connection ended.</summary>
public enum PeerFault : byte
{
    None = 0,
    ClosedByPeer = 1,
    Stopped = 2,
    Replaced = 3,
    Malformed = 4,
    TooLong = 5,
    UnknownType = 6,
    SlowFrame = 7,
    SlowReader = 8,
    Idle = 9,
    QueueFull = 10,
    Penalized = 11,
    HandlerFailed = 12,
    MadeRoom = 13,
}
