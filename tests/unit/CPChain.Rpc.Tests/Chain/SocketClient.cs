using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace CPChain.Rpc.Tests.Chain;

/// <summary>A WebSocket to a server: requests, and what comes without being asked for.</summary>
internal sealed class SocketClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ClientWebSocket _socket = new();
    private int _lastId;

    private SocketClient()
    {
    }

    public static async Task<SocketClient> ConnectAsync(RpcServer server, string? origin = null)
    {
        SocketClient client = new();
        if (origin is not null) client._socket.Options.SetRequestHeader("Origin", origin);
        await client._socket.ConnectAsync(new UriBuilder(server.Url) { Scheme = "ws" }.Uri, CancellationToken.None);
        return client;
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text);

    public async Task SendAsync(byte[] bytes, WebSocketMessageType type) =>
        await _socket.SendAsync(bytes, type, endOfMessage: true, CancellationToken.None);

    /// <summary>The next message, or null when the server has closed.</summary>
    public async Task<JsonElement?> NextAsync()
    {
        using CancellationTokenSource limit = new(Patience);
        using MemoryStream message = new();
        byte[] buffer = new byte[8192];
        WebSocketReceiveResult read;
        do
        {
            read = await _socket.ReceiveAsync(buffer, limit.Token);
            if (read.MessageType == WebSocketMessageType.Close) return null;
            message.Write(buffer, 0, read.Count);
        }
        while (!read.EndOfMessage);
        return JsonDocument.Parse(message.ToArray()).RootElement.Clone();
    }

    /// <summary>One request whose answer is the next message; its result.</summary>
    public async Task<JsonElement> ResultAsync(string method, string parameters = "[]")
    {
        JsonElement answer = await AskAsync(method, parameters);
        Assert.True(answer.TryGetProperty("result", out JsonElement result), answer.GetRawText());
        return result;
    }

    /// <summary>One request whose answer is the next message.</summary>
    public async Task<JsonElement> AskAsync(string method, string parameters = "[]")
    {
        int id = ++_lastId;
        await SendAsync($$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{parameters}}}""");
        JsonElement answer = (await NextAsync())!.Value;
        Assert.Equal(id, answer.GetProperty("id").GetInt32());
        return answer;
    }

    /// <summary>What a subscription is told next, as the next message.</summary>
    public async Task<JsonElement> ToldAsync(string subscription)
    {
        JsonElement message = (await NextAsync())!.Value;
        Assert.Equal("eth_subscription", message.GetProperty("method").GetString());
        JsonElement told = message.GetProperty("params");
        Assert.Equal(subscription, told.GetProperty("subscription").GetString());
        return told.GetProperty("result");
    }

    /// <summary>Why the server closed, when it has.</summary>
    public WebSocketCloseStatus? Closed => _socket.CloseStatus;

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
