using CPChain.Data.Manifests;
using CPChain.Network;
using CPChain.Pdash.Wire;
using CPChain.Types;

namespace CPChain.Pdash.Storage;

/// <summary>Bounds of a storage node.</summary>
/// <param name="QuotaBytes">Bytes of content.</param>
/// <param name="RecordsMax">Number of key records.</param>
public sealed record StorageLimits(long QuotaBytes = 8L << 30, int RecordsMax = 100_000);

/// <summary>A node that keeps shards, manifests and key records for others and cannot read any of it (DAT-04, DAT-22).</summary>
public sealed class StorageNode : IAsyncDisposable
{
    private readonly Participant _self;
    private PeerAddress? _peer;
    private readonly RecordStore _records;

    /// <summary>Opens the node's directory; <see cref="Start"/> begins to serve.</summary>
    public StorageNode(ParticipantOptions options, StorageLimits? limits = null)
    {
        limits ??= new StorageLimits();
        _self = new Participant(options, PeerRole.Storage);
        Content = new ContentStore(_self.PathOf("content"), limits.QuotaBytes);
        _records = new RecordStore(_self.PathOf("records"), limits.RecordsMax);
        PeerNetwork network = _self.Network;
        network.Serve(PdashMessages.PutContent, options.Logger, (_, payload, _) => Answer(PutContent(payload.Span)));
        network.Serve(PdashMessages.GetContent, options.Logger, (_, payload, _) => Answer(GetContent(payload.Span)));
        network.Serve(PdashMessages.HaveContent, options.Logger, (_, payload, _) => Answer(HaveContent(payload.Span)));
        network.Serve(PdashMessages.PutRecord, options.Logger, (_, payload, _) => Answer([(byte)_records.Put(payload.Span, _self.NowMs)]));
        network.Serve(PdashMessages.GetRecord, options.Logger, (_, payload, _) => Answer(GetRecord(payload.Span)));
    }

    /// <summary>The node's identity.</summary>
    public Address Address => _self.Address;

    /// <summary>Where it listens, once started.</summary>
    public PeerAddress Peer => _peer ?? throw new InvalidOperationException("Start it first.");

    /// <summary>What it keeps.</summary>
    public ContentStore Content { get; }

    /// <summary>The node's own directory.</summary>
    public string Directory => _self.Options.Directory;

    /// <summary>Binds and serves.</summary>
    public void Start()
    {
        _self.Network.Start();
        _peer = new PeerAddress(Address, _self.Network.ListenEndPoint!.ToString());
    }

    /// <summary>Stops serving; what was acknowledged stays on the disk.</summary>
    public ValueTask DisposeAsync() => _self.DisposeAsync();

    private static ValueTask<byte[]?> Answer(byte[]? reply) => ValueTask.FromResult(reply);

    private byte[] PutContent(ReadOnlySpan<byte> content) =>
        [(byte)(content.IsEmpty ? PutStatus.Refused : Content.Put(content, out _))];

    private byte[]? GetContent(ReadOnlySpan<byte> id)
    {
        if (id.Length != Hash256.Length) return null;
        GetStatus status = Content.Get(Hash256.FromBytes(id), out byte[] content);
        return [(byte)status, .. content];
    }

    private byte[]? HaveContent(ReadOnlySpan<byte> ids)
    {
        if (ids.Length % Hash256.Length != 0) return null;
        byte[] held = new byte[ids.Length / Hash256.Length];
        for (int i = 0; i < held.Length; i++)
            held[i] = (byte)(Content.Has(Hash256.FromBytes(ids.Slice(i * Hash256.Length, Hash256.Length))) ? 1 : 0);
        return held;
    }

    private byte[]? GetRecord(ReadOnlySpan<byte> place) =>
        place.Length == Hash256.Length ? _records.Get(Hash256.FromBytes(place), _self.NowMs) : null;
}
