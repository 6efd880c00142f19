using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using CPChain.Types;

namespace CPChain.Sdk;

/// <summary>
/// A JSON-RPC 2.0 client of one node over HTTP. Safe for use by many callers at once. Every method throws a
/// <see cref="ChainClientException"/> when the node refuses, is away, or answers nonsense.
/// </summary>
public sealed partial class ChainClient : IDisposable
{
    private static readonly JsonDocumentOptions s_documentOptions = new() { MaxDepth = 64 };
    private readonly HttpClient _http;
    private readonly Uri _node;
    private long _lastId;
    private ulong _chainId;

    public ChainClient(Uri node, ChainClientOptions? options = null)
    {
        _node = node;
        Options = options ?? new ChainClientOptions();
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AutomaticDecompression = DecompressionMethods.None })
        {
            Timeout = Options.Timeout,
            MaxResponseContentBufferSize = Options.ResponseBytesMax,
        };
    }

    /// <summary>The node's URL.</summary>
    public Uri Node => _node;

    public ChainClientOptions Options { get; }

    /// <summary>Asks one question; the answer's <c>result</c>.</summary>
    public async Task<JsonElement> AskAsync(string method, JsonArray parameters, CancellationToken cancel = default)
    {
        long id = Interlocked.Increment(ref _lastId);
        using JsonDocument document = await PostAsync(method, Request(id, method, parameters), cancel).ConfigureAwait(false);
        return ResultOf(method, id, document.RootElement).Clone();
    }

    /// <summary>Asks several questions in one request; results in the order of the questions. The first refusal throws.</summary>
    public async Task<IReadOnlyList<JsonElement>> AskAllAsync(
        IReadOnlyList<(string Method, JsonArray Parameters)> questions, CancellationToken cancel = default)
    {
        if (questions.Count == 0) return [];
        long last = Interlocked.Add(ref _lastId, questions.Count);
        long first = last - questions.Count + 1;
        JsonArray batch = [];
        for (int i = 0; i < questions.Count; i++)
            batch.Add((JsonNode)Request(first + i, questions[i].Method, questions[i].Parameters));
        using JsonDocument document = await PostAsync("a batch", batch, cancel).ConfigureAwait(false);
        if (document.RootElement.ValueKind != JsonValueKind.Array) ResultOf("a batch", first, document.RootElement);

        JsonElement?[] results = new JsonElement?[questions.Count];
        foreach (JsonElement answer in document.RootElement.EnumerateArray())
        {
            if (!answer.TryGetProperty("id", out JsonElement id) || !id.TryGetInt64(out long number)
                || number < first || number > last) throw new BadAnswerException("a batch", "an answer has a strange id");
            string method = questions[(int)(number - first)].Method;
            results[number - first] = ResultOf(method, number, answer).Clone();
        }
        return [.. results.Select((r, i) => r ?? throw new BadAnswerException(questions[i].Method, "it is missing in the batch"))];
    }

    public void Dispose() => _http.Dispose();

    private static JsonObject Request(long id, string method, JsonArray parameters) =>
        new() { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = method, ["params"] = parameters };

    private async Task<JsonDocument> PostAsync(string method, JsonNode body, CancellationToken cancel)
    {
        try
        {
            using MemoryStream buffer = new();
            using (Utf8JsonWriter writer = new(buffer)) body.WriteTo(writer);
            using ByteArrayContent content = new(buffer.GetBuffer(), 0, (int)buffer.Length);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using HttpResponseMessage response = await _http.PostAsync(_node, content, cancel).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
                throw new BadAnswerException(method, $"HTTP status {(int)response.StatusCode}");
            byte[] bytes = await response.Content.ReadAsByteArrayAsync(cancel).ConfigureAwait(false);
            return JsonDocument.Parse(bytes, s_documentOptions);
        }
        catch (JsonException e)
        {
            throw new BadAnswerException(method, "it is not JSON", e);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new BadAnswerException(method, $"it is longer than {Options.ResponseBytesMax} bytes", e);
        }
        catch (HttpRequestException e)
        {
            throw new NodeUnreachableException(_node, e.Message, e);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new NodeUnreachableException(_node, $"no answer within {Options.Timeout.TotalSeconds:0.#} s", e);
        }
    }

    private static JsonElement ResultOf(string method, long id, JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Object) throw new BadAnswerException(method, "it is no object");
        if (answer.TryGetProperty("error", out JsonElement error) && error.ValueKind == JsonValueKind.Object)
            throw RefusalOf(method, error);
        if (!answer.TryGetProperty("id", out JsonElement given) || given.ValueKind != JsonValueKind.Number
            || !given.TryGetInt64(out long number) || number != id) throw new BadAnswerException(method, "its id is another");
        return answer.TryGetProperty("result", out JsonElement result)
            ? result
            : throw new BadAnswerException(method, "it has neither result nor error");
    }

    private static RpcException RefusalOf(string method, JsonElement error)
    {
        int code = error.TryGetProperty("code", out JsonElement c) && c.ValueKind == JsonValueKind.Number
            && c.TryGetInt32(out int number) ? number : 0;
        string message = error.TryGetProperty("message", out JsonElement m) && m.ValueKind == JsonValueKind.String
            ? m.GetString()! : "no reason given";
        byte[]? data = error.TryGetProperty("data", out JsonElement d) && d.ValueKind == JsonValueKind.String
            && Hex.TryDecode(d.GetString()!, out byte[] bytes) ? bytes : null;
        return new RpcException(method, code, message, data);
    }
}
