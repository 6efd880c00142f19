using System.Net;
using Microsoft.AspNetCore.Http;

namespace CPChain.Rpc.Http;

/// <summary>
/// Which HTTP requests reach the methods. The Host must name this machine, so that a web page cannot rebind its own name to
/// it; an Origin must be allowed, so that a page of another site cannot use the node of who looks at it.
/// </summary>
internal sealed class RequestGuard(RpcOptions options)
{
    private readonly HashSet<string> _hosts = new(["localhost", .. options.AllowedHosts], StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _origins = new(options.AllowedOrigins, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the Host header is localhost, an IP address or an allowed name.</summary>
    public bool AcceptsHost(HostString host) =>
        host.HasValue && (_hosts.Contains(host.Host) || IPAddress.TryParse(host.Host.Trim('[', ']'), out _));

    /// <summary>Whether there is no Origin header, or an allowed one.</summary>
    public bool AcceptsOrigin(string? origin) => string.IsNullOrEmpty(origin) || _origins.Contains("*") || _origins.Contains(origin);

    /// <summary>Adds what lets an allowed page read the answer.</summary>
    public void AllowReading(HttpRequest request, HttpResponse response)
    {
        string? origin = request.Headers.Origin;
        if (string.IsNullOrEmpty(origin)) return;
        response.Headers.AccessControlAllowOrigin = _origins.Contains("*") ? "*" : origin;
        response.Headers.AccessControlAllowMethods = "POST";
        response.Headers.AccessControlAllowHeaders = "content-type";
        response.Headers.AccessControlMaxAge = "600";
        response.Headers.Vary = "Origin";
    }
}
