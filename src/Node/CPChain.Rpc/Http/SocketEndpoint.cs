using System.Buffers;
using System.Net.WebSockets;
using CPChain.Rpc.Protocol;
using CPChain.Rpc.Subscriptions;

namespace CPChain.Rpc.Http;

/// <summary>
/// JSON-RPC over one WebSocket: each text message is a request or a batch. Requests of a connection run side by side up to a bound; answers
/// and notifications go out through one line.
/// </summary>
internal sealed class SocketEndpoint(Dispatcher dispatcher, SubscriptionFeed feed, RpcOptions options, SemaphoreSlim turns)
{
    private const int ReadBytes = 16 * 1024;
    private static readonly TimeSpan s_closing = TimeSpan.FromSeconds(1);

    /// <summary>Returns when either side has closed, or when the server stops: then the client is told so.</summary>
    public async Task ServeAsync(WebSocket socket, CancellationToken stopping)
    {
        using CancellationTokenSource cut = new();
        Subscriber subscriber = new(options, cut);
        using SemaphoreSlim room = new(options.RequestsPerSocketMax, options.RequestsPerSocketMax);
        Task writing = WriteAsync(socket, subscriber, cut);
        feed.Join(subscriber);
        Task<WebSocketCloseStatus> reading = ReadAsync(socket, subscriber, room, cut.Token);
        try
        {
            await reading.WaitAsync(stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            cut.CancelAfter(s_closing);
        }
        feed.Leave(subscriber);
        // Who is not there any more needs no answers.
        if (socket.State != WebSocketState.Open) await cut.CancelAsync().ConfigureAwait(false);
        if (reading.IsCompleted) await WaitForAnswersAsync(room).ConfigureAwait(false);
        subscriber.Close();
        await writing.ConfigureAwait(false);
        await CloseAsync(socket, reading.IsCompletedSuccessfully ? reading.Result : WebSocketCloseStatus.EndpointUnavailable)
            .ConfigureAwait(false);
        // The client's own close ends the reading, or the time is over.
        await reading.ConfigureAwait(false);
        await WaitForAnswersAsync(room).ConfigureAwait(false);
    }

    private async Task WaitForAnswersAsync(SemaphoreSlim room)
    {
        for (int i = 0; i < options.RequestsPerSocketMax; i++) await room.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        room.Release(options.RequestsPerSocketMax);
    }

    /// <summary>Reads until the client closes or is gone, and says with which status this side closes.</summary>
    private async Task<WebSocketCloseStatus> ReadAsync(WebSocket socket, Subscriber subscriber, SemaphoreSlim room, CancellationToken cancel)
    {
        try
        {
            return await ReadAllAsync(socket, subscriber, room, cancel).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or IOException)
        {
            return WebSocketCloseStatus.EndpointUnavailable;
        }
    }

    private async Task<WebSocketCloseStatus> ReadAllAsync(WebSocket socket, Subscriber subscriber, SemaphoreSlim room, CancellationToken cancel)
    {
        byte[] buffer = new byte[ReadBytes];
        while (true)
        {
            ArrayBufferWriter<byte> message = new();
            ValueWebSocketReceiveResult read;
            do
            {
                read = await socket.ReceiveAsync(buffer.AsMemory(), cancel).ConfigureAwait(false);
                if (read.MessageType == WebSocketMessageType.Close) return WebSocketCloseStatus.NormalClosure;
                if (read.MessageType != WebSocketMessageType.Text) return WebSocketCloseStatus.InvalidMessageType;
                if (message.WrittenCount + read.Count > options.BodyBytesMax) return WebSocketCloseStatus.MessageTooBig;
                message.Write(buffer.AsSpan(0, read.Count));
            }
            while (!read.EndOfMessage);
            await room.WaitAsync(cancel).ConfigureAwait(false);
            _ = AnswerAsync(message.WrittenMemory, subscriber, room, cancel);
        }
    }

    // Ends by itself and never throws; whoever closes the connection waits for the room of all.
    private async Task AnswerAsync(ReadOnlyMemory<byte> message, Subscriber subscriber, SemaphoreSlim room, CancellationToken cancel)
    {
        try
        {
            await Task.Yield();
            await turns.WaitAsync(cancel).ConfigureAwait(false);
            try
            {
                SubscriberTurn turn = new(subscriber);
                ArrayBufferWriter<byte>? answer = await dispatcher.AnswerAsync(message, cancel, turn).ConfigureAwait(false);
                if (answer is not null) subscriber.Send(answer.WrittenMemory);
                turn.Answered();
            }
            finally
            {
                turns.Release();
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody waits for the answer any more.
        }
        finally
        {
            room.Release();
        }
    }

    private static async Task WriteAsync(WebSocket socket, Subscriber subscriber, CancellationTokenSource cut)
    {
        try
        {
            await foreach (ReadOnlyMemory<byte> message in subscriber.Outgoing.ReadAllAsync(cut.Token).ConfigureAwait(false))
            {
                await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, cut.Token).ConfigureAwait(false);
                subscriber.Written(message.Length);
            }
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            await cut.CancelAsync().ConfigureAwait(false);
        }
    }

    private static async Task CloseAsync(WebSocket socket, WebSocketCloseStatus status)
    {
        if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived)) return;
        using CancellationTokenSource limit = new(s_closing);
        try
        {
            await socket.CloseOutputAsync(status, statusDescription: null, limit.Token).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or IOException)
        {
            socket.Abort();
        }
    }
}
