using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Threading.Channels;
using CPChain.Rpc.Methods;

namespace CPChain.Rpc.Subscriptions;

/// <summary>
/// One connection that can be told things: its subscriptions and what waits to be written to it. What waits is bounded in bytes; a client
/// that does not read is cut off. Any thread may call.
/// </summary>
internal sealed class Subscriber(RpcOptions options, CancellationTokenSource cut)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Subscription> _subscriptions = new(StringComparer.Ordinal);
    private readonly Channel<ReadOnlyMemory<byte>> _outgoing = Channel.CreateUnbounded<ReadOnlyMemory<byte>>(
        new UnboundedChannelOptions { SingleReader = true });

    private long _waitingBytes;

    /// <summary>What is to be written, in order.</summary>
    public ChannelReader<ReadOnlyMemory<byte>> Outgoing => _outgoing.Reader;

    /// <summary>Adds a subscription that is not active yet; null when there are too many.</summary>
    public Subscription? Add(SubscriptionKind kind, LogQuery? logs, bool isFull)
    {
        Subscription added = new("0x" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), kind, logs, isFull);
        lock (_gate)
        {
            if (_subscriptions.Count >= options.SubscriptionsMax) return null;
            _subscriptions.Add(added.Id, added);
            return added;
        }
    }

    public bool Remove(string id)
    {
        lock (_gate) return _subscriptions.Remove(id);
    }

    /// <summary>The active subscriptions of a kind.</summary>
    public IReadOnlyList<Subscription> Of(SubscriptionKind kind)
    {
        lock (_gate) return [.. _subscriptions.Values.Where(one => one.Kind == kind && one.IsActive)];
    }

    /// <summary>Sends one eth_subscription message.</summary>
    public void Notify(Subscription subscription, Action<Utf8JsonWriter> writeResult)
    {
        ArrayBufferWriter<byte> output = new();
        using (Utf8JsonWriter json = new(output, new JsonWriterOptions { SkipValidation = true }))
        {
            json.WriteStartObject();
            json.WriteString("jsonrpc"u8, "2.0"u8);
            json.WriteString("method"u8, "eth_subscription"u8);
            json.WriteStartObject("params"u8);
            json.WriteString("subscription"u8, subscription.Id);
            json.WritePropertyName("result"u8);
            writeResult(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        Send(output.WrittenMemory);
    }

    /// <summary>Puts a message in line; where too much waits already the connection ends.</summary>
    public void Send(ReadOnlyMemory<byte> message)
    {
        if (Interlocked.Add(ref _waitingBytes, message.Length) > options.SocketBytesMax)
        {
            _outgoing.Writer.TryComplete();
            Cut();
            return;
        }
        _outgoing.Writer.TryWrite(message);
    }

    private void Cut()
    {
        try
        {
            cut.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The connection has ended meanwhile.
        }
    }

    /// <summary>A message has been written.</summary>
    public void Written(int bytes) => Interlocked.Add(ref _waitingBytes, -bytes);

    /// <summary>Nothing more is to be written.</summary>
    public void Close() => _outgoing.Writer.TryComplete();
}

/// <summary>The connection that one request came over, with the subscriptions that the request made.</summary>
internal sealed class SubscriberTurn(Subscriber subscriber)
{
    private readonly List<Subscription> _made = [];

    public Subscription? Subscribe(SubscriptionKind kind, LogQuery? logs = null, bool isFull = false)
    {
        Subscription? made = subscriber.Add(kind, logs, isFull);
        if (made is not null) _made.Add(made);
        return made;
    }

    public bool Unsubscribe(string id) => subscriber.Remove(id);

    /// <summary>The answer is in line, so what follows it may be too.</summary>
    public void Answered() => _made.ForEach(static made => made.Activate());
}
