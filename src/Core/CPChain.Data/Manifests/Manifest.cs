using System.Security.Cryptography;
using CPChain.Crypto;
using CPChain.Data.Blocks;
using CPChain.Data.Encoding;
using CPChain.Data.Merkle;
using CPChain.Types;

namespace CPChain.Data.Manifests;

/// <summary>One block of a manifest: its signed header and the content ids of its shards.</summary>
public sealed record ManifestBlock(SignedHeader Signed, IReadOnlyList<Hash256> ShardIds)
{
    /// <summary>The header.</summary>
    public BlockHeader Header => Signed.Header;
}

/// <summary>What one record on the chain vouches for: up to u blocks, their shards and key commitments, signed by the
/// owner (spec D7).</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Owner">Key of the owner.</param>
/// <param name="Device">Key of the device that signed the headers.</param>
/// <param name="Profile">How the stream is cut.</param>
/// <param name="SchemaId">Hash that names the columns.</param>
/// <param name="PrevManifest">Content id of the manifest before; zero for the first.</param>
/// <param name="Blocks">The blocks, in order and without a gap.</param>
/// <param name="KeyCommitments">hK of each interval that the blocks fall in, in order.</param>
/// <param name="Envelope">The wrapped seed of the epoch that these intervals belong to.</param>
/// <param name="OwnerSignature">Over <see cref="SigningHash"/>: S[E(data)].</param>
public sealed record Manifest(Hash256 StreamId, PublicKey Owner, PublicKey Device, StreamProfile Profile, Hash256 SchemaId,
    Hash256 PrevManifest, IReadOnlyList<ManifestBlock> Blocks, IReadOnlyList<Hash256> KeyCommitments, KeyEnvelope Envelope,
    Signature OwnerSignature)
{
    /// <summary>Version that this program writes.</summary>
    public const byte Version = 1;

    /// <summary>Largest encoding, in bytes.</summary>
    public const int BytesMax = 4 << 20;

    /// <summary>Number of the first block.</summary>
    public ulong FirstSeq => Blocks[0].Header.Seq;

    /// <summary>Number of the last block.</summary>
    public ulong LastSeq => Blocks[^1].Header.Seq;

    /// <summary>Ciphertext bytes of all blocks.</summary>
    public ulong CipherBytes => (ulong)Blocks.Sum(b => (long)b.Header.Size);

    /// <summary>Root over the header hashes.</summary>
    public Hash256 HeadersRoot => MerkleTree.OfList([.. Blocks.Select(b => b.Header.Hash())]);

    /// <summary>Root over all shard ids.</summary>
    public Hash256 ShardsRoot => MerkleTree.OfList([.. Blocks.SelectMany(b => b.ShardIds)]);

    /// <summary>Root over the ciphertext roots.</summary>
    public Hash256 CipherRoots => MerkleTree.OfList([.. Blocks.Select(b => b.Header.CipherRoot)]);

    /// <summary>Root over the key commitments.</summary>
    public Hash256 KeysRoot => MerkleTree.OfList(KeyCommitments);

    /// <summary>Content id of the encoding: what is anchored on the chain (DAT-05).</summary>
    public Hash256 ManifestHash() => SegmentTree.Root(Encode());

    /// <summary>What the owner signs: the ciphertext roots and everything that gives them their place.</summary>
    public Hash256 SigningHash()
    {
        ByteSink sink = new();
        sink.Bytes("cpchain/manifest/1"u8);
        sink.Hashes([StreamId, SchemaId, PrevManifest, CipherRoots, HeadersRoot, ShardsRoot, KeysRoot]);
        sink.Bytes(Owner.ToCompressed());
        sink.Bytes(Device.ToCompressed());
        Profile.Write(sink);
        Envelope.Write(sink);
        return Hash256.FromBytes(SHA256.HashData(sink.Written));
    }

    /// <summary>Signs a manifest; <paramref name="unsigned"/> may carry any signature.</summary>
    public static Manifest Sign(Manifest unsigned, PrivateKey owner) => unsigned with { OwnerSignature = owner.Sign(unsigned.SigningHash()) };

    /// <summary>Whether the signature is by this key: the owner's, or the device's on the way to the owner.</summary>
    public bool IsSignedBy(in PublicKey key) => SignedBy.Check(key, SigningHash(), OwnerSignature);

    /// <summary>Canonical bytes.</summary>
    public byte[] Encode()
    {
        ByteSink sink = new(2048);
        sink.U8(Version);
        sink.Hashes([StreamId, SchemaId, PrevManifest]);
        sink.Bytes(Owner.ToCompressed());
        sink.Bytes(Device.ToCompressed());
        Profile.Write(sink);
        sink.U16((ushort)Blocks.Count);
        foreach (ManifestBlock block in Blocks)
        {
            block.Signed.Write(sink);
            sink.Hashes(block.ShardIds);
        }
        sink.U16((ushort)KeyCommitments.Count);
        sink.Hashes(KeyCommitments);
        Envelope.Write(sink);
        sink.Bytes(OwnerSignature.ToArray());
        return sink.ToArray();
    }

    /// <summary>Reads a manifest; it is well-formed then, but nothing is verified yet.</summary>
    public static ManifestFault TryDecode(ReadOnlySpan<byte> bytes, out Manifest? manifest)
    {
        manifest = null;
        if (bytes.Length > BytesMax) return ManifestFault.Malformed;
        ByteSource source = new(bytes);
        byte version = source.U8();
        if (source.Failed) return ManifestFault.Malformed;
        if (version != Version) return ManifestFault.UnknownVersion;
        Hash256 streamId = source.Hash(), schemaId = source.Hash(), prev = source.Hash();
        PublicKey owner = source.Key(), device = source.Key();
        StreamProfile profile = StreamProfile.Read(ref source);
        int count = source.U16();
        if (source.Failed || count is 0 or > StreamProfile.BlocksPerUploadMax) return ManifestFault.Malformed;
        List<ManifestBlock> blocks = [];
        for (int i = 0; i < count && !source.Failed; i++)
            blocks.Add(new ManifestBlock(SignedHeader.Read(ref source), source.Hashes(profile.TotalShards)));
        int keys = source.U16();
        List<Hash256> commitments = source.Hashes(Math.Min(keys, StreamProfile.BlocksPerUploadMax + 1));
        KeyEnvelope envelope = KeyEnvelope.Read(ref source);
        Signature signature = source.Signature();
        if (!source.AtEnd) return ManifestFault.Malformed;
        manifest = new Manifest(streamId, owner, device, profile, schemaId, prev, blocks, commitments, envelope, signature);
        return ManifestFault.None;
    }

    /// <summary>Checks everything that the manifest alone can prove: signatures, chain of headers, intervals, counts
    /// (rule D7.4).</summary>
    /// <param name="previous">The last header of the manifest before; null for a stream's first manifest, or to begin
    /// in the middle.</param>
    public ManifestFault Verify(BlockHeader? previous = null)
    {
        if (!IsSignedBy(Owner)) return ManifestFault.OwnerSignature;
        Hash256? expected = previous?.Hash() ?? (FirstSeq == 0 ? Hash256.Zero : null);
        ulong seq = previous is null ? FirstSeq : previous.Seq + 1;
        ulong firstInterval = Blocks[0].Header.Interval;
        foreach (ManifestBlock block in Blocks)
        {
            BlockHeader header = block.Header;
            if (header.StreamId != StreamId || header.Seq != seq) return ManifestFault.Sequence;
            if (expected is { } hash && header.PrevHash != hash) return ManifestFault.HashPointer;
            if (header.Interval != Profile.IntervalOf(header.Seq)) return ManifestFault.Interval;
            if (!block.Signed.IsSignedBy(Device)) return ManifestFault.DeviceSignature;
            expected = header.Hash();
            seq++;
        }
        ulong lastInterval = Blocks[^1].Header.Interval;
        bool keysCover = (ulong)KeyCommitments.Count == lastInterval - firstInterval + 1
            && Envelope.FirstInterval <= firstInterval && Envelope.LastInterval >= lastInterval;
        return keysCover ? ManifestFault.None : ManifestFault.Interval;
    }

    /// <summary>The commitment to the key of an interval of this manifest.</summary>
    public bool TryCommitment(ulong interval, out Hash256 commitment)
    {
        commitment = default;
        ulong first = Blocks[0].Header.Interval;
        if (interval < first || interval - first >= (ulong)KeyCommitments.Count) return false;
        commitment = KeyCommitments[(int)(interval - first)];
        return true;
    }
}

/// <summary>Why a manifest or key record was refused.</summary>
public enum ManifestFault : byte
{
    /// <summary>Nothing was refused.</summary>
    None = 0,

    /// <summary>The version byte is not one that this program knows.</summary>
    UnknownVersion = 1,

    /// <summary>The bytes are not what any encoder writes.</summary>
    Malformed = 2,

    /// <summary>The owner's signature does not match.</summary>
    OwnerSignature = 3,

    /// <summary>A device signature does not match.</summary>
    DeviceSignature = 4,

    /// <summary>A block is of another stream, missing or out of order.</summary>
    Sequence = 5,

    /// <summary>A header does not name the one before it.</summary>
    HashPointer = 6,

    /// <summary>Intervals of blocks, commitments and envelope do not agree.</summary>
    Interval = 7,

    /// <summary>The record is past its expiry.</summary>
    Expired = 8,

    /// <summary>A key does not match its commitment.</summary>
    KeyCommitment = 9,
}
