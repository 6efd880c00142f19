using CPChain.Types;

namespace CPChain.Network;

/// <summary>
/// The other end of one authenticated connection, as those see it who speak over it. Sending never waits. A reconnected peer is a new object
/// with the same identity.
/// </summary>
public interface IPeer
{
    Address Identity { get; }

    PeerRole Role { get; }

    /// <summary>"host:port" where the peer says it listens; empty when it does not. Not verified.</summary>
    string Endpoint { get; }

    /// <summary>True when this side opened the connection.</summary>
    bool Dialed { get; }

    /// <summary>Queues a one-way message. False when it was dropped.</summary>
    bool Send(ushort type, ReadOnlyMemory<byte> payload);

    /// <summary>Asks and waits for the answer; every way it can end is a <see cref="ReplyStatus"/>. Throws only on cancellation.</summary>
    Task<Reply> RequestAsync(ushort type, ReadOnlyMemory<byte> payload, TimeSpan timeout, CancellationToken stopping = default);

    /// <summary>Counts a fault of the peer against it; at the limit it is dropped and refused for a while (rule W7.3).</summary>
    void Penalize(int points, string why);
}
