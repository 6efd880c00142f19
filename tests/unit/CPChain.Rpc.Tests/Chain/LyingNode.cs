using System.Net;
using System.Text.Json.Nodes;
using CPChain.Sdk;

namespace CPChain.Rpc.Tests.Chain;

/// <summary>Stands between a client and a node and changes the results of one method.</summary>
internal sealed class LyingNode : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly HttpClient _http = new();
    private readonly Uri _node;
    private readonly Task _serving;

    public LyingNode(Uri node)
    {
        _node = node;
        int port = FreePort();
        Client = new ChainClient(new Uri($"http://127.0.0.1:{port}/"), new ChainClientOptions { UsesSocket = false });
        _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    public ChainClient Client { get; }

    /// <summary>The method whose results are changed, and how; what comes back is sent in its place.</summary>
    public (string Method, Func<JsonNode, JsonNode?> Change)? Lie { get; set; }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
        Client.Dispose();
        _http.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                JsonNode question = (await JsonNode.ParseAsync(context.Request.InputStream))!;
                using StringContent content = new(question.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
                using HttpResponseMessage response = await _http.PostAsync(_node, content);
                JsonNode answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
                if (question is JsonArray batch)
                {
                    foreach (JsonNode? one in batch) Change(one!, answer.AsArray().Single(a => (long)a!["id"]! == (long)one!["id"]!)!);
                }
                else
                {
                    Change(question, answer);
                }
                byte[] bytes = System.Text.Encoding.UTF8.GetBytes(answer.ToJsonString());
                await context.Response.OutputStream.WriteAsync(bytes);
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private void Change(JsonNode question, JsonNode answer)
    {
        if (Lie is { } lie && question["method"]!.GetValue<string>() == lie.Method)
            answer["result"] = lie.Change(answer["result"]!.DeepClone());
    }

    private static int FreePort()
    {
        using System.Net.Sockets.Socket socket = new(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
