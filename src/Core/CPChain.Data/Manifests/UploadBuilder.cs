using CPChain.Crypto;
using CPChain.Data.Blocks;
using CPChain.Data.Columns;
using CPChain.Data.Csv;
using CPChain.Data.Erasure;
using CPChain.Data.Keys;
using CPChain.Data.Merkle;
using CPChain.Types;

namespace CPChain.Data.Manifests;

/// <summary>A block that the builder sealed, with its shards.</summary>
public sealed record UploadBlock(SealedBlock Sealed, IReadOnlyList<(Hash256 Id, byte[] Bytes)> Shards);

/// <summary>The blocks of one upload interval and the manifest that waits for the owner's signature.</summary>
public sealed record UnsignedUpload(Manifest Manifest, IReadOnlyList<UploadBlock> Blocks);

/// <summary>The blocks of one upload interval and the manifest that vouches for them.</summary>
/// <param name="Manifest">Signed by the owner.</param>
/// <param name="ManifestBytes">Its canonical bytes.</param>
/// <param name="ManifestHash">Their content id.</param>
/// <param name="Blocks">Sealed blocks with shards, in order.</param>
public sealed record Upload(Manifest Manifest, byte[] ManifestBytes, Hash256 ManifestHash, IReadOnlyList<UploadBlock> Blocks)
{
    /// <summary>Sums of what the codec did.</summary>
    public CodecTally Tally => Blocks.Aggregate(default(CodecTally), (sum, b) => sum + b.Sealed.Tally);
}

/// <summary>What of a stream never changes: identities, cut, header row and dialect.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Profile">How it is cut.</param>
/// <param name="HeaderRow">Header row of the CSV with its line end; carried by the first block of every interval.</param>
/// <param name="Dialect">Delimiter and line ends.</param>
public sealed record StreamShape(Hash256 StreamId, StreamProfile Profile, byte[] HeaderRow, CsvDialect Dialect)
{
    /// <summary>Hash that names the columns.</summary>
    public Hash256 SchemaId => Hash256.FromBytes(System.Security.Cryptography.SHA256.HashData([.. "cpchain/schema/1"u8, .. HeaderRow]));
}

/// <summary>The gateway's side of the pipeline as a state machine: rows of a block in, an upload out after every u
/// blocks (spec D6, D7).</summary>
/// <remarks>The owner signs each upload, with or without being asked over a network, before the next one is begun.</remarks>
public sealed class UploadBuilder
{
    private readonly StreamShape _shape;
    private readonly SymmetricKey _master;
    private readonly PublicKey _owner;
    private readonly PrivateKey _device;
    private readonly IBlockCipher _cipher;
    private readonly int _quality;
    private readonly List<UploadBlock> _pending = [];
    private readonly List<SignedHeader> _headers = [];
    private Hash256 _prevBlock;
    private Hash256 _prevManifest;

    /// <summary>Begins a stream at block 0; <paramref name="master"/> is the secret of its epoch seeds.</summary>
    public UploadBuilder(StreamShape shape, SymmetricKey master, PublicKey owner, PrivateKey device,
        IBlockCipher cipher, int quality = 9)
    {
        Invariant.Check(shape.Profile.IsValid, "a stream profile is valid");
        (_shape, _master, _owner, _device, _cipher, _quality) = (shape, master, owner, device, cipher, quality);
    }

    /// <summary>Number of the next block.</summary>
    public ulong NextSeq { get; private set; }

    /// <summary>Whether u blocks are there, so that <see cref="Close"/> is due.</summary>
    public bool IsFull => _pending.Count == _shape.Profile.BlocksPerUpload;

    /// <summary>Number of blocks since the last upload.</summary>
    public int PendingBlocks => _pending.Count;

    /// <summary>Goes on behind an upload that is stored and anchored.</summary>
    public void ResumeAfter(Manifest last)
    {
        NextSeq = last.LastSeq + 1;
        _prevBlock = last.Blocks[^1].Header.Hash();
        _prevManifest = last.ManifestHash();
    }

    /// <summary>Seals, signs and shards a block.</summary>
    public UploadBlock Add(BlockRows rows)
    {
        Invariant.Check(!IsFull, "an upload has at most u blocks");
        StreamProfile profile = _shape.Profile;
        ulong interval = profile.IntervalOf(NextSeq);
        ReadOnlySpan<byte> headerRow = NextSeq % profile.BlocksPerKey == 0 ? _shape.HeaderRow : [];
        using SymmetricKey key = IntervalKey(interval);
        BlockPlace place = new(_shape.StreamId, NextSeq, _prevBlock, rows.FromMs, rows.ToMs, rows.Count, interval);
        SealedBlock block = BlockSeal.Seal(place, headerRow, rows.Rows, _shape.Dialect, key, _cipher, _quality);
        UploadBlock added = new(block, Shard.Cut(block.Ciphertext, profile.Code()));
        _pending.Add(added);
        _headers.Add(SignedHeader.Sign(block.Header, _device));
        _prevBlock = block.Header.Hash();
        NextSeq++;
        return added;
    }

    /// <summary>The manifest of the pending blocks with the device's signature in the place of the owner's; at least
    /// one is pending.</summary>
    /// <param name="envelope">The wrapped seed of the epoch.</param>
    public UnsignedUpload Close(KeyEnvelope envelope)
    {
        Invariant.Check(_pending.Count > 0, "an upload has a block");
        ulong first = _headers[0].Header.Interval, last = _headers[^1].Header.Interval;
        List<Hash256> commitments = [];
        for (ulong i = first; i <= last; i++)
        {
            using SymmetricKey key = IntervalKey(i);
            commitments.Add(key.Commitment());
        }
        Manifest manifest = new(_shape.StreamId, _owner, _device.PublicKey, _shape.Profile, _shape.SchemaId, _prevManifest,
            [.. _pending.Select((b, i) => new ManifestBlock(_headers[i], [.. b.Shards.Select(s => s.Id)]))], commitments,
            envelope, default);
        return new UnsignedUpload(Manifest.Sign(manifest, _device), [.. _pending]);
    }

    /// <summary>Takes the owner's signature and begins the next upload; null when the signature is not the owner's.</summary>
    public Upload? Complete(UnsignedUpload unsigned, Signature ownerSignature)
    {
        Manifest manifest = unsigned.Manifest with { OwnerSignature = ownerSignature };
        if (!SignedBy.Check(_owner, manifest.SigningHash(), ownerSignature)) return null;
        byte[] bytes = manifest.Encode();
        Upload upload = new(manifest, bytes, SegmentTree.Root(bytes), unsigned.Blocks);
        _prevManifest = upload.ManifestHash;
        _pending.Clear();
        _headers.Clear();
        return upload;
    }

    /// <summary>The root node of an epoch's keys, to be wrapped for the owner.</summary>
    public KeyBundle EpochKeys(uint epoch)
    {
        ulong first = (ulong)epoch << KeyTree.Depth;
        using SymmetricKey seed = KeyTree.EpochSeed(_master, _shape.StreamId, epoch);
        return KeyBundle.Cut(seed, first, first + KeyTree.Intervals - 1);
    }

    private SymmetricKey IntervalKey(ulong interval)
    {
        using SymmetricKey seed = KeyTree.EpochSeed(_master, _shape.StreamId, KeyTree.EpochOf(interval));
        return KeyTree.IntervalKey(seed, interval);
    }
}
