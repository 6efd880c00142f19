using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CPChain.App.Demo.People;

/// <summary>
/// One end of the pipe between the demo and a person's process: one JSON object a line, with a format version, bounded. Both ends are
/// this program, so a line that is not understood ends the conversation.
/// </summary>
internal sealed class PersonLines(Stream output) : IDisposable
{
    public const int Version = 1;

    /// <summary>Longest line, bytes: the manifests of some thousand uploads.</summary>
    public const int LineBytesMax = 16 << 20;

    private readonly SemaphoreSlim turn = new(1, 1);

    /// <summary>Writes a line whole.</summary>
    public async Task WriteAsync<T>(T line, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(line, type);
        if (json.Length > LineBytesMax) throw new InvalidDataException($"A line of {json.Length} bytes is longer than {LineBytesMax}.");
        await turn.WaitAsync(cancel);
        try
        {
            await output.WriteAsync((byte[])[.. json, (byte)'\n'], cancel);
            await output.FlushAsync(cancel);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Reads lines until the other end closes.</summary>
    /// <exception cref="InvalidDataException">A line is too long or not what the other end writes.</exception>
    public static async IAsyncEnumerable<T> ReadAsync<T>(
        Stream input, JsonTypeInfo<T> type, [EnumeratorCancellation] CancellationToken cancel)
    {
        PipeReader reader = PipeReader.Create(input);
        while (true)
        {
            // A console stream does not heed the token by itself.
            ReadResult read = await reader.ReadAsync(cancel).AsTask().WaitAsync(cancel);
            ReadOnlySequence<byte> rest = read.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                yield return Parse(rest.Slice(0, end), type);
                rest = rest.Slice(rest.GetPosition(1, end));
            }

            if (rest.Length > LineBytesMax) throw new InvalidDataException($"A line is longer than {LineBytesMax} bytes.");
            reader.AdvanceTo(rest.Start, read.Buffer.End);
            if (read.IsCompleted) yield break;
        }
    }

    public void Dispose() => turn.Dispose();

    private static T Parse<T>(in ReadOnlySequence<byte> line, JsonTypeInfo<T> type)
    {
        try
        {
            Utf8JsonReader reader = new(line);
            return JsonSerializer.Deserialize(ref reader, type) ?? throw new InvalidDataException("A line is empty.");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"A line cannot be read: {fault.Message}", fault);
        }
    }
}
