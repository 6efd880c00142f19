using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using CPChain.Rpc.Subscriptions;
using Microsoft.Extensions.Logging;

namespace CPChain.Rpc.Protocol;

/// <summary>
/// Turns the bytes of a request into the bytes of an answer (JSON-RPC 2.0). The number of requests in a batch, the depth of
/// the JSON and the length of the answer are bounded; nothing that a client sends makes it throw.
/// </summary>
internal sealed class Dispatcher(MethodTable methods, RpcOptions options, ILogger logger)
{
    /// <summary>Nesting of JSON that is still read.</summary>
    public const int DepthMax = 32;

    private const int NameLengthMax = 200;

    private static readonly JsonDocumentOptions s_reading = new() { MaxDepth = DepthMax };

    /// <summary>The answer, or null when the body held only notifications.</summary>
    public async ValueTask<ArrayBufferWriter<byte>?> AnswerAsync(
        ReadOnlyMemory<byte> body, CancellationToken cancel, SubscriberTurn? subscriber = null)
    {
        JsonDocument document;
        if (!Utf8.IsValid(body.Span) || !JsonFields.HasReadableText(body.Span, DepthMax)) return Alone(RpcFault.Parse);
        try
        {
            document = JsonDocument.Parse(body, s_reading);
        }
        catch (JsonException)
        {
            return Alone(RpcFault.Parse);
        }
        using (document)
        {
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Array) return await AnswerOneAsync(root, null, 0, subscriber, cancel).ConfigureAwait(false);
            int count = root.GetArrayLength();
            if (count == 0) return Alone(RpcFault.BatchEmpty);
            if (count > options.BatchMax) return Alone(RpcFault.BatchTooLarge(options.BatchMax));
            return await AnswerBatchAsync(root, subscriber, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// All requests of a batch are begun in order before the first is awaited, so that submitted transactions share a flush.
    /// </summary>
    private async ValueTask<ArrayBufferWriter<byte>?> AnswerBatchAsync(
        JsonElement batch, SubscriberTurn? subscriber, CancellationToken cancel)
    {
        List<(JsonElement Id, Task<ArrayBufferWriter<byte>?> Answer)> begun = [];
        long bytes = 0;
        RpcBatch together = new(batch);
        foreach (JsonElement request in batch.EnumerateArray())
        {
            Task<ArrayBufferWriter<byte>?> task = bytes <= options.AnswerBytesMax
                ? AnswerOneAsync(request, together, begun.Count, subscriber, cancel).AsTask()
                : Task.FromResult<ArrayBufferWriter<byte>?>(Envelope(IdOf(request), RpcFault.AnswerTooLarge(options.AnswerBytesMax)));
            if (task.IsCompletedSuccessfully) bytes += task.Result?.WrittenCount ?? 0;
            begun.Add((IdOf(request), task));
        }
        ArrayBufferWriter<byte> output = new();
        output.Write("["u8);
        bool any = false;
        foreach ((JsonElement id, Task<ArrayBufferWriter<byte>?> task) in begun)
        {
            ArrayBufferWriter<byte>? answer = await task.ConfigureAwait(false);
            if (answer is null) continue;
            if (output.WrittenCount + answer.WrittenCount > options.AnswerBytesMax)
                answer = Envelope(id, RpcFault.AnswerTooLarge(options.AnswerBytesMax));
            if (any) output.Write(","u8);
            output.Write(answer.WrittenSpan);
            any = true;
        }
        output.Write("]"u8);
        return any ? output : null;
    }

    private async ValueTask<ArrayBufferWriter<byte>?> AnswerOneAsync(
        JsonElement request, RpcBatch? batch, int place, SubscriberTurn? subscriber, CancellationToken cancel)
    {
        JsonElement id = IdOf(request);
        if (request.ValueKind != JsonValueKind.Object
            || !request.TryGetProperty("jsonrpc", out JsonElement version)
            || version.ValueKind != JsonValueKind.String || !version.ValueEquals("2.0"u8)
            || !request.TryGetProperty("method", out JsonElement name) || !JsonFields.TryText(name, NameLengthMax, out string method)
            || id.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
            return Envelope(default, RpcFault.InvalidRequest);
        bool isNotification = id.ValueKind == JsonValueKind.Undefined;
        request.TryGetProperty("params", out JsonElement parameters);
        RpcArguments arguments = new(parameters, subscriber, cancel) { Batch = batch, Place = place };
        RpcAnswer answer = await RunAsync(method, arguments, cancel).ConfigureAwait(false);
        return isNotification ? null : Envelope(id, answer);
    }

    private async ValueTask<RpcAnswer> RunAsync(string name, RpcArguments arguments, CancellationToken cancel)
    {
        if (!methods.TryFind(name, out Func<RpcArguments, ValueTask<RpcAnswer>> method)) return RpcFault.MethodNotFound(name);
        if (arguments.Fault is { } fault) return fault;
        try
        {
            return await method(arguments).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e)
        {
            logger.LogError(e, "{Method} failed", name);
            return RpcFault.Internal;
        }
    }

    private ArrayBufferWriter<byte> Envelope(JsonElement id, RpcAnswer answer)
    {
        ArrayBufferWriter<byte> output = new();
        using (Utf8JsonWriter json = new(output, new JsonWriterOptions { SkipValidation = true }))
        {
            json.WriteStartObject();
            json.WriteString("jsonrpc"u8, "2.0"u8);
            json.WritePropertyName("id"u8);
            if (id.ValueKind == JsonValueKind.Undefined) json.WriteNullValue();
            else json.WriteRawValue(id.GetRawText(), skipInputValidation: true);
            if (answer.Fault is { } fault) WriteFault(json, fault);
            else
            {
                json.WritePropertyName("result"u8);
                if (answer.Write is { } write) write(json);
                else json.WriteNullValue();
            }
            json.WriteEndObject();
        }
        return output.WrittenCount <= options.AnswerBytesMax
            ? output
            : Envelope(id, RpcFault.AnswerTooLarge(options.AnswerBytesMax));
    }

    private ArrayBufferWriter<byte> Alone(RpcFault fault) => Envelope(default, fault);

    private static void WriteFault(Utf8JsonWriter json, RpcFault fault)
    {
        json.WriteStartObject("error"u8);
        json.WriteNumber("code"u8, fault.Code);
        json.WriteString("message"u8, fault.Message);
        if (fault.Data is { } data) json.WriteString("data"u8, data);
        json.WriteEndObject();
    }

    private static JsonElement IdOf(JsonElement request) =>
        request.ValueKind == JsonValueKind.Object && request.TryGetProperty("id", out JsonElement id) ? id : default;
}
