using System.Buffers;
using System.Net.WebSockets;
using CPChain.Rpc.Protocol;
using CPChain.Rpc.Subscriptions;
using Microsoft.AspNetCore.Http;

namespace CPChain.Rpc.Http;

/// <summary>JSON-RPC over HTTP: POST of application/json to any path, or a WebSocket on any path.</summary>
internal sealed class RpcEndpoint : IDisposable
{
    private readonly Dispatcher _dispatcher;
    private readonly RpcOptions _options;
    private readonly RequestGuard _guard;
    private readonly SemaphoreSlim _turns;
    private readonly SocketEndpoint _sockets;

    public RpcEndpoint(Dispatcher dispatcher, SubscriptionFeed feed, RpcOptions options)
    {
        (_dispatcher, _options, _guard) = (dispatcher, options, new RequestGuard(options));
        _turns = new SemaphoreSlim(options.RequestsAtOnceMax, options.RequestsAtOnceMax);
        _sockets = new SocketEndpoint(dispatcher, feed, options, _turns);
    }

    /// <summary>Fires when the server ends; open WebSockets are closed then.</summary>
    public CancellationToken Stopping { get; set; }

    public async Task HandleAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        HttpResponse response = context.Response;
        if (!_guard.AcceptsHost(request.Host))
        {
            await RefuseAsync(response, StatusCodes.Status403Forbidden, "invalid host specified").ConfigureAwait(false);
            return;
        }
        if (!_guard.AcceptsOrigin(request.Headers.Origin))
        {
            await RefuseAsync(response, StatusCodes.Status403Forbidden, "origin not allowed").ConfigureAwait(false);
            return;
        }
        if (context.WebSockets.IsWebSocketRequest)
        {
            using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync().ConfigureAwait(false);
            await _sockets.ServeAsync(socket, Stopping).ConfigureAwait(false);
            return;
        }
        _guard.AllowReading(request, response);
        if (HttpMethods.IsOptions(request.Method))
        {
            response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }
        if (!HttpMethods.IsPost(request.Method))
        {
            response.Headers.Allow = "POST, OPTIONS";
            await RefuseAsync(response, StatusCodes.Status405MethodNotAllowed, "only POST is answered").ConfigureAwait(false);
            return;
        }
        if (request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) != true)
        {
            await RefuseAsync(response, StatusCodes.Status415UnsupportedMediaType,
                "invalid content type, only application/json is supported").ConfigureAwait(false);
            return;
        }
        if (request.ContentLength > _options.BodyBytesMax)
        {
            await RefuseAsync(response, StatusCodes.Status413PayloadTooLarge, "content too large").ConfigureAwait(false);
            return;
        }
        await AnswerAsync(context).ConfigureAwait(false);
    }

    public void Dispose() => _turns.Dispose();

    private async Task AnswerAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        CancellationToken cancel = context.RequestAborted;
        using MemoryStream body = new();
        try
        {
            await context.Request.Body.CopyToAsync(body, cancel).ConfigureAwait(false);
        }
        catch (BadHttpRequestException e)
        {
            await RefuseAsync(response, e.StatusCode, "the request cannot be read").ConfigureAwait(false);
            return;
        }
        await _turns.WaitAsync(cancel).ConfigureAwait(false);
        ArrayBufferWriter<byte>? answer;
        try
        {
            answer = await _dispatcher.AnswerAsync(body.GetBuffer().AsMemory(0, (int)body.Length), cancel).ConfigureAwait(false);
        }
        finally
        {
            _turns.Release();
        }
        response.ContentType = "application/json";
        response.ContentLength = answer?.WrittenCount ?? 0;
        if (answer is not null) await response.Body.WriteAsync(answer.WrittenMemory, cancel).ConfigureAwait(false);
    }

    private static Task RefuseAsync(HttpResponse response, int status, string reason)
    {
        response.StatusCode = status;
        response.ContentType = "text/plain";
        // What is left of the body is not read, so the connection serves nobody else.
        response.Headers.Connection = "close";
        return response.WriteAsync(reason + "\n");
    }
}
