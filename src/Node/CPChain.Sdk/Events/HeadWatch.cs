using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;

namespace CPChain.Sdk.Events;

/// <summary>
/// Waits for blocks. A WebSocket only says that it is time to look; what counts is what the node then answers. So a lost
/// connection costs time and never a block: while there is none the node is asked at every poll interval.
/// </summary>
internal sealed class HeadWatch : IAsyncDisposable
{
    private const int MessageBytesMax = 1 << 20;

    // A connection can die without a word; this often the node is asked all the same.
    private static readonly TimeSpan s_trust = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_reconnectAfter = TimeSpan.FromSeconds(1);

    private readonly ChainClient _client;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _listening;

    private readonly Channel<bool> _hints = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private volatile bool _isConnected;

    public HeadWatch(ChainClient client)
    {
        _client = client;
        _listening = client.Options.UsesSocket ? ListenAsync() : Task.CompletedTask;
    }

    /// <summary>The newest block's number, once it is at least this.</summary>
    public async Task<ulong> WaitForAsync(ulong number, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                ulong head = await _client.GetBlockNumberAsync(cancel).ConfigureAwait(false);
                if (head >= number) return head;
            }
            catch (NodeUnreachableException)
            {
                // It may come back.
            }
            await HintAsync(cancel).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _listening.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task HintAsync(CancellationToken cancel)
    {
        using CancellationTokenSource limit = new(_isConnected ? s_trust : _client.Options.PollInterval, _client.Options.Time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            await _hints.Reader.ReadAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // Time to look without a hint.
        }
    }

    private async Task ListenAsync()
    {
        Uri url = _client.Options.Socket
            ?? new UriBuilder(_client.Node) { Scheme = _client.Node.Scheme == Uri.UriSchemeHttps ? "wss" : "ws" }.Uri;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using ClientWebSocket socket = new();
                socket.Options.Proxy = null;
                await socket.ConnectAsync(url, _stop.Token).ConfigureAwait(false);
                await socket.SendAsync(
                    Encoding.ASCII.GetBytes("""{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["newHeads"]}"""),
                    WebSocketMessageType.Text, endOfMessage: true, _stop.Token).ConfigureAwait(false);
                await ReceiveAsync(socket).ConfigureAwait(false);
            }
            catch (Exception e) when (e is WebSocketException or HttpRequestException or IOException)
            {
                // No connection now; the node is polled meanwhile.
            }
            catch (OperationCanceledException)
            {
                return;
            }
            _isConnected = false;
            _hints.Writer.TryWrite(true);
            try
            {
                await Task.Delay(s_reconnectAfter, _client.Options.Time, _stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Until the connection ends; the first message is the answer to the subscription, each later one a block.</summary>
    private async Task ReceiveAsync(ClientWebSocket socket)
    {
        byte[] buffer = new byte[8 * 1024];
        int length = 0;
        while (true)
        {
            ValueWebSocketReceiveResult part = await socket.ReceiveAsync(buffer.AsMemory(), _stop.Token).ConfigureAwait(false);
            if (part.MessageType == WebSocketMessageType.Close) return;
            length += part.Count;
            if (length > MessageBytesMax) return;
            if (!part.EndOfMessage) continue;
            if (!_isConnected && Encoding.UTF8.GetString(buffer.AsSpan(0, Math.Min(length, buffer.Length)))
                .Contains("\"error\"", StringComparison.Ordinal)) return;
            _isConnected = true;
            length = 0;
            _hints.Writer.TryWrite(true);
        }
    }
}
