using System.Security.Cryptography;
using CPChain.Crypto;
using CPChain.Data.Encoding;
using CPChain.Data.Merkle;
using CPChain.Types;

namespace CPChain.Data.Manifests;

/// <summary>The key-to-block record of the storage network: which manifests hold the blocks of some intervals and where
/// their wrapped keys are (DAT-07, rule D7.3).</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Epoch">Epoch of the intervals.</param>
/// <param name="Envelope">The interval range and its wrapped keys.</param>
/// <param name="Manifests">Content ids of the manifests that hold the blocks, in order.</param>
/// <param name="KeysRoot">Root over the key commitments of the range.</param>
/// <param name="Version">Counts up when the owner replaces the record.</param>
/// <param name="ExpiryMs">Time after which nodes may drop it, milliseconds since 1970.</param>
/// <param name="Owner">Key of the owner.</param>
/// <param name="OwnerSignature">Over <see cref="SigningHash"/>.</param>
public sealed record KeyRecord(Hash256 StreamId, uint Epoch, KeyEnvelope Envelope, IReadOnlyList<Hash256> Manifests, Hash256 KeysRoot,
    ulong Version, long ExpiryMs, PublicKey Owner, Signature OwnerSignature)
{
    /// <summary>Format that this program writes.</summary>
    public const byte FormatVersion = 1;

    /// <summary>Largest encoding, in bytes.</summary>
    public const int BytesMax = 64 << 10;

    private const int ManifestsMax = 1024;

    /// <summary>Where the record lives: SHA-256 of owner, stream, epoch and label, so that nobody can sit on another's
    /// place.</summary>
    public static Hash256 PlaceOf(Address owner, in Hash256 streamId, uint epoch, in Hash256 label)
    {
        ByteSink sink = new();
        sink.Bytes("kbm"u8);
        sink.Bytes(owner.ToArray());
        sink.Bytes(streamId.ToArray());
        sink.U32(epoch);
        sink.Bytes(label.ToArray());
        return Hash256.FromBytes(SHA256.HashData(sink.Written));
    }

    /// <summary>Where this record lives.</summary>
    public Hash256 Place => PlaceOf(Owner.Address, StreamId, Epoch, Envelope.Label);

    /// <summary>What the owner signs.</summary>
    public Hash256 SigningHash()
    {
        ByteSink sink = new();
        sink.Bytes("cpchain/key-record/1"u8);
        WriteBody(sink);
        return Hash256.FromBytes(SHA256.HashData(sink.Written));
    }

    /// <summary>Signs a record; <paramref name="unsigned"/> may carry any signature.</summary>
    public static KeyRecord Sign(KeyRecord unsigned, PrivateKey owner) => unsigned with { OwnerSignature = owner.Sign(unsigned.SigningHash()) };

    /// <summary>Canonical bytes.</summary>
    public byte[] Encode()
    {
        ByteSink sink = new();
        sink.U8(FormatVersion);
        WriteBody(sink);
        sink.Bytes(OwnerSignature.ToArray());
        return sink.ToArray();
    }

    private void WriteBody(ByteSink sink)
    {
        sink.Bytes(StreamId.ToArray());
        sink.U32(Epoch);
        Envelope.Write(sink);
        sink.U16((ushort)Manifests.Count);
        sink.Hashes(Manifests);
        sink.Bytes(KeysRoot.ToArray());
        sink.U64(Version);
        sink.I64(ExpiryMs);
        sink.Bytes(Owner.ToCompressed());
    }

    /// <summary>Reads a record and checks the owner's signature and the expiry.</summary>
    public static ManifestFault TryDecode(ReadOnlySpan<byte> bytes, long nowMs, out KeyRecord? record)
    {
        record = null;
        if (bytes.Length > BytesMax) return ManifestFault.Malformed;
        ByteSource source = new(bytes);
        byte version = source.U8();
        if (source.Failed) return ManifestFault.Malformed;
        if (version != FormatVersion) return ManifestFault.UnknownVersion;
        Hash256 streamId = source.Hash();
        uint epoch = source.U32();
        KeyEnvelope envelope = KeyEnvelope.Read(ref source);
        int count = source.U16();
        if (source.Failed || count > ManifestsMax) return ManifestFault.Malformed;
        KeyRecord read = new(streamId, epoch, envelope, source.Hashes(count), source.Hash(), source.U64(), source.I64(),
            source.Key(), source.Signature());
        if (!source.AtEnd) return ManifestFault.Malformed;
        if (epoch != Keys.KeyTree.EpochOf(envelope.FirstInterval)) return ManifestFault.Malformed;
        if (!Blocks.SignedBy.Check(read.Owner, read.SigningHash(), read.OwnerSignature)) return ManifestFault.OwnerSignature;
        if (read.ExpiryMs <= nowMs) return ManifestFault.Expired;
        record = read;
        return ManifestFault.None;
    }

    /// <summary>Content id of the encoding.</summary>
    public Hash256 ContentId() => SegmentTree.Root(Encode());
}
