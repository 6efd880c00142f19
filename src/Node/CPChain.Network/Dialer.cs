using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using CPChain.Types;
using Microsoft.Extensions.Logging;

namespace CPChain.Network;

/// <summary>Keeps one connection to one configured peer: dials, waits while connected, dials again after a jittered, bounded pause.</summary>
internal sealed class Dialer(PeerNetwork network, PeerAddress target)
{
    private HandshakeFault lastLogged;

    internal async Task RunAsync(CancellationToken stopping)
    {
        int failures = 0;
        while (!stopping.IsCancellationRequested)
        {
            if (network.TryGetPeer(target.Identity, out Peer? peer))
            {
                failures = 0;
                lastLogged = HandshakeFault.None;
                await peer.Completion.WaitAsync(stopping).ConfigureAwait(false);
            }
            else
            {
                Refusal? refusal = await network.ConnectAsync(target, stopping).ConfigureAwait(false);
                if (refusal is null && network.TryGetPeer(target.Identity, out _))
                {
                    continue;
                }
                failures++;
                LogOnce(refusal);
            }
            await Task.Delay(Pause(failures), network.Options.Time, stopping).ConfigureAwait(false);
        }
    }

    internal static async Task<Socket?> OpenAsync(string endpoint, CancellationToken deadline)
    {
        if (!TryParseEndpoint(endpoint, out string host, out int port))
        {
            return null;
        }
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, deadline).ConfigureAwait(false);
            return socket;
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            return null;
        }
    }

    internal static bool TryParseEndpoint(string endpoint, out string host, out int port)
    {
        int colon = endpoint.LastIndexOf(':');
        host = colon > 0 ? endpoint[..colon].Trim('[', ']') : "";
        port = 0;
        return colon > 0 && int.TryParse(endpoint.AsSpan(colon + 1), out port) && port is > 0 and <= IPEndPoint.MaxPort;
    }

    private TimeSpan Pause(int failures)
    {
        NetworkLimits limits = network.Options.Limits;
        long limitMs = (long)limits.BackoffMax.TotalMilliseconds;
        long baseMs = Math.Min(limitMs, (long)limits.BackoffMin.TotalMilliseconds << Math.Min(failures, 16));
        // Half fixed, half random: peers that lost each other together do not come back together.
        return TimeSpan.FromMilliseconds((baseMs / 2) + RandomNumberGenerator.GetInt32((int)Math.Max(1, baseMs / 2) + 1));
    }

    private void LogOnce(Refusal? refusal)
    {
        if (refusal is not null && refusal.Fault != lastLogged && refusal.Fault != HandshakeFault.Unreachable)
        {
            network.Options.Logger.DialRefused(target.Endpoint, refusal.Message);
        }
        lastLogged = refusal?.Fault ?? HandshakeFault.None;
    }
}
