using System.Net;
using System.Net.Sockets;

namespace CPChain.Network;

/// <summary>The listen endpoint could not be bound; the message names it and what to do.</summary>
public sealed class ListenException(IPEndPoint endPoint, SocketException cause) : Exception(
    cause.SocketErrorCode == SocketError.AddressAlreadyInUse
        ? $"Cannot listen on {endPoint}: the port is in use. Stop the other program or choose another port."
        : $"Cannot listen on {endPoint}: {cause.Message}.",
    cause)
{
    public IPEndPoint EndPoint { get; } = endPoint;
}
