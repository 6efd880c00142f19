using Microsoft.Extensions.Logging;

namespace CPChain.Network;

internal static partial class NetworkLog
{
    [LoggerMessage(LogLevel.Information, "Listening for peers on {EndPoint}")]
    public static partial void Listening(this ILogger logger, string endPoint);

    [LoggerMessage(LogLevel.Information, "Connected to {Role} {Peer}")]
    public static partial void PeerConnected(this ILogger logger, PeerRole role, string peer);

    [LoggerMessage(LogLevel.Information, "Disconnected from {Role} {Peer}: {Fault}")]
    public static partial void PeerDisconnected(this ILogger logger, PeerRole role, string peer, PeerFault fault);

    [LoggerMessage(LogLevel.Warning, "No connection to {Endpoint}. {Reason}")]
    public static partial void DialRefused(this ILogger logger, string endpoint, string reason);

    [LoggerMessage(LogLevel.Debug, "Incoming connection ended in the handshake. {Reason}")]
    public static partial void AcceptRefused(this ILogger logger, string reason);

    [LoggerMessage(LogLevel.Warning, "Banned peer {Peer} for a while: {Why}")]
    public static partial void PeerBanned(this ILogger logger, string peer, string why);

    [LoggerMessage(LogLevel.Error, "A network handler failed")]
    public static partial void HandlerFailed(this ILogger logger, Exception failure);
}
