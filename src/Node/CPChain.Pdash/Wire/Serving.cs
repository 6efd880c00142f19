using System.IO;
using CPChain.Network;
using CPChain.Sdk;
using CPChain.Types;
using Microsoft.Extensions.Logging;

namespace CPChain.Pdash.Wire;

/// <summary>The edge of request handlers: what the world does (chain away, contract refuses, disk full) refuses one request and is logged.</summary>
internal static class Serving
{
    /// <summary>Registers a handler whose environment may fail without harm to the connection.</summary>
    public static void Serve(this PeerNetwork network, ushort type, ILogger logger, RequestHandler handler) =>
        network.OnRequest(type, async (peer, payload, stopping) =>
        {
            try
            {
                return await handler(peer, payload, stopping).ConfigureAwait(false);
            }
            catch (Exception e) when (e is ChainClientException or PdashException or IOException or UnauthorizedAccessException)
            {
                Refused(logger, type, peer.Identity, e);
                return null;
            }
        });

    private static void Refused(ILogger logger, ushort type, Address peer, Exception e) =>
        logger.LogWarning(e, "Request {Type:x4} of {Peer} was refused: {Reason}", type, peer, e.Message);
}
