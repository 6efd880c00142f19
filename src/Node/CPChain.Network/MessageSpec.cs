namespace CPChain.Network;

/// <summary>Order in which queued frames leave: all of a lower lane before any of a higher one (rule W5.2).</summary>
public enum Lane : byte
{
    Consensus = 0,
    Gossip = 1,
    Bulk = 2,
}

/// <summary>
/// What both ends know about one message type: its number (1..65535), its lane and the greatest payload in bytes that a frame of it,
/// and a reply to it, may carry. A longer length on the wire ends the connection before a byte of the payload is kept (rule W4.2).
/// </summary>
public sealed record MessageSpec(ushort Type, string Name, Lane Lane, int PayloadBytesMax, int ReplyBytesMax = 0);

/// <summary>The closed set of message types a network speaks, by number.</summary>
public sealed class MessageCatalog
{
    private readonly Dictionary<ushort, MessageSpec> specs = [];

    /// <summary>Throws <see cref="ArgumentException"/> on a number used twice, the reserved number 0, or a negative cap.</summary>
    public MessageCatalog(IEnumerable<MessageSpec> specs)
    {
        ArgumentNullException.ThrowIfNull(specs);
        foreach (MessageSpec spec in specs)
        {
            if (spec.Type == 0 || spec.PayloadBytesMax < 0 || spec.ReplyBytesMax < 0 || !this.specs.TryAdd(spec.Type, spec))
            {
                throw new ArgumentException($"Message type {spec.Type} ({spec.Name}) is reserved, repeated or has a negative cap.", nameof(specs));
            }
        }
    }

    public bool TryGet(ushort type, out MessageSpec spec) => specs.TryGetValue(type, out spec!);
}
