using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CPChain.Crypto;
using CPChain.Sdk;

namespace CPChain.Rpc.Tests.Chain;

/// <summary>An instant chain with an RPC server on a free port, and a client of it.</summary>
internal sealed class RpcFixture : IAsyncDisposable
{
    private readonly HttpClient _http = new();

    private RpcFixture(InstantChain chain, RpcServer server)
    {
        (Chain, Server) = (chain, server);
        Client = new ChainClient(server.Url, new ChainClientOptions { PollInterval = TimeSpan.FromMilliseconds(5) });
    }

    public InstantChain Chain { get; }

    public RpcServer Server { get; }

    public ChainClient Client { get; }

    public static async Task<RpcFixture> StartAsync(
        bool sealsAtOnce = true, Func<RpcOptions, RpcOptions>? change = null, Func<RpcBackend, RpcBackend>? backend = null)
    {
        return await StartAsync(new InstantChain(sealsAtOnce), change, backend);
    }

    /// <summary>A server over a chain, which it takes over.</summary>
    public static async Task<RpcFixture> StartAsync(
        InstantChain chain, Func<RpcOptions, RpcOptions>? change = null, Func<RpcBackend, RpcBackend>? backend = null)
    {
        RpcOptions options = new() { Port = 0 };
        RpcBackend parts = new() { Chain = new LedgerSource(chain.Ledger), Pool = chain.Pool, NetworkName = chain.Genesis.Name };
        RpcServer server = await RpcServer.StartAsync(
            change is null ? options : change(options), backend is null ? parts : backend(parts));
        return new RpcFixture(chain, server);
    }

    /// <summary>A sender for one of the rich accounts.</summary>
    public AccountSender Sender(int rich) => new(Client, InstantChain.Rich[rich]);

    /// <summary>Posts a body as it is.</summary>
    public async Task<(HttpStatusCode Status, string Body)> PostAsync(
        string body, Action<HttpRequestMessage>? change = null, string contentType = "application/json")
    {
        using HttpRequestMessage request = new(HttpMethod.Post, Server.Url) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        change?.Invoke(request);
        using HttpResponseMessage response = await _http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>One request; the whole answer.</summary>
    public async Task<JsonElement> AskAsync(string method, string parameters = "[]")
    {
        (HttpStatusCode status, string body) = await PostAsync($$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{parameters}}}""");
        Assert.Equal(HttpStatusCode.OK, status);
        using JsonDocument document = JsonDocument.Parse(body);
        return document.RootElement.Clone();
    }

    /// <summary>One request; its result.</summary>
    public async Task<JsonElement> ResultAsync(string method, string parameters = "[]")
    {
        JsonElement answer = await AskAsync(method, parameters);
        Assert.True(answer.TryGetProperty("result", out JsonElement result), answer.GetRawText());
        return result;
    }

    /// <summary>One request that is refused; code and message.</summary>
    public async Task<(int Code, string Message)> RefusalAsync(string method, string parameters = "[]")
    {
        JsonElement answer = await AskAsync(method, parameters);
        Assert.True(answer.TryGetProperty("error", out JsonElement error), answer.GetRawText());
        return (error.GetProperty("code").GetInt32(), error.GetProperty("message").GetString()!);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        Client.Dispose();
        await Server.DisposeAsync();
        await Chain.DisposeAsync();
    }
}
