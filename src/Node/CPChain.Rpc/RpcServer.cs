using System.Net;
using System.Net.Sockets;
using CPChain.Rpc.Http;
using CPChain.Rpc.Subscriptions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CPChain.Rpc;

/// <summary>The RPC server cannot listen where it was told to.</summary>
public sealed class RpcListenException(IPEndPoint endPoint, string reason, Exception inner)
    : Exception($"The RPC server cannot listen on {endPoint}: {reason}. Choose another port, or stop what uses it.", inner)
{
    public IPEndPoint EndPoint { get; } = endPoint;
}

/// <summary>JSON-RPC 2.0 over HTTP and WebSocket for one node, inside its process. Disposing it lets running requests end.</summary>
public sealed class RpcServer : IAsyncDisposable
{
    /// <summary>Requests that still run after this are cut off.</summary>
    private static readonly TimeSpan s_shutdown = TimeSpan.FromSeconds(3);

    /// <summary>A WebSocket client that is silent so long is pinged, and as long again cut off.</summary>
    private static readonly TimeSpan s_keepAlive = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;
    private readonly RpcEndpoint _endpoint;
    private readonly RpcService _service;
    private readonly SubscriptionFeed _feed;

    private RpcServer(WebApplication app, RpcEndpoint endpoint, RpcService service, SubscriptionFeed feed, Uri url) =>
        (_app, _endpoint, _service, _feed, Url) = (app, endpoint, service, feed, url);

    /// <summary>Where clients reach it; the port is the one in use.</summary>
    public Uri Url { get; }

    /// <summary>Starts listening.</summary>
    /// <exception cref="RpcListenException">The address or port is taken or not ours.</exception>
    public static async Task<RpcServer> StartAsync(
        RpcOptions options, RpcBackend backend, ILoggerFactory? loggers = null, CancellationToken cancel = default)
    {
        ILogger logger = (loggers ?? NullLoggerFactory.Instance).CreateLogger("rpc");
        RpcNode node = new(backend);
        RpcService service = new(options, node, logger);
        SubscriptionFeed feed = new(node, options);
        RpcEndpoint endpoint = new(service.Dispatcher, feed, options);
        WebApplication app = Build(options, endpoint, loggers);
        try
        {
            await app.StartAsync(cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException or AddressInUseException)
        {
            await app.DisposeAsync().ConfigureAwait(false);
            endpoint.Dispose();
            service.Dispose();
            await feed.DisposeAsync().ConfigureAwait(false);
            string reason = e is AddressInUseException || e.InnerException is AddressInUseException ? "the port is in use" : e.Message;
            throw new RpcListenException(new IPEndPoint(options.Address, options.Port), reason, e);
        }
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new RpcServer(app, endpoint, service, feed, new Uri(address));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync().ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        _endpoint.Dispose();
        _service.Dispose();
        await _feed.DisposeAsync().ConfigureAwait(false);
    }

    private static WebApplication Build(RpcOptions options, RpcEndpoint endpoint, ILoggerFactory? loggers)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        if (loggers is not null) builder.Services.AddSingleton(loggers);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.BodyBytesMax;
            kestrel.Limits.MaxConcurrentConnections = options.ConnectionsMax;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.MinRequestBodyDataRate = new(bytesPerSecond: 1_024, gracePeriod: TimeSpan.FromSeconds(5));
            kestrel.Listen(options.Address, options.Port);
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = s_shutdown);
        WebApplication app = builder.Build();
        endpoint.Stopping = app.Lifetime.ApplicationStopping;
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = s_keepAlive, KeepAliveTimeout = s_keepAlive });
        app.Run(endpoint.HandleAsync);
        return app;
    }
}
