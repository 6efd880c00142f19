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

/// <summary>Wraps a key bundle for the label of an interval range; the re-encryption scheme stands behind it.</summary>
public delegate KeyEnvelope WrapKeys(ulong firstInterval, ulong lastInterval, KeyBundle keys);

/// <summary>The owner's side of the pipeline as a state machine: rows of a block in, an upload out after every u blocks (spec D6, D7).</summary>
public sealed class UploadBuilder
{
    private readonly StreamShape _shape;
    private readonly SymmetricKey _master;
    private readonly PrivateKey _owner;
    private readonly PrivateKey _device;
    private readonly WrapKeys _wrap;
    private readonly IBlockCipher _cipher;
    private readonly int _quality;
    private readonly List<UploadBlock> _pending = [];
    private readonly List<SignedHeader> _headers = [];
    private Hash256 _prevBlock;
    private Hash256 _prevManifest;

    /// <summary>Begins a stream at block 0.</summary>
    public UploadBuilder(StreamShape shape, SymmetricKey master, PrivateKey owner, PrivateKey device, WrapKeys wrap,
        IBlockCipher cipher, int quality = 9)
    {
        Invariant.Check(shape.Profile.IsValid, "a stream profile is valid");
        (_shape, _master, _owner, _device, _wrap, _cipher, _quality) = (shape, master, owner, device, wrap, cipher, quality);
    }

    /// <summary>Number of the next block.</summary>
    public ulong NextSeq { get; private set; }

    /// <summary>Goes on behind an upload that is stored and anchored.</summary>
    public void ResumeAfter(Manifest last)
    {
        NextSeq = last.LastSeq + 1;
        _prevBlock = last.Blocks[^1].Header.Hash();
        _prevManifest = last.ManifestHash();
    }

    /// <summary>Seals, signs and shards a block; gives the upload that it completes.</summary>
    public Upload? Add(BlockRows rows)
    {
        StreamProfile profile = _shape.Profile;
        ulong interval = profile.IntervalOf(NextSeq);
        ReadOnlySpan<byte> headerRow = NextSeq % profile.BlocksPerKey == 0 ? _shape.HeaderRow : [];
        using SymmetricKey key = IntervalKey(interval);
        BlockPlace place = new(_shape.StreamId, NextSeq, _prevBlock, rows.FromMs, rows.ToMs, rows.Count, interval);
        SealedBlock block = BlockSeal.Seal(place, headerRow, rows.Rows, _shape.Dialect, key, _cipher, _quality);
        _pending.Add(new UploadBlock(block, Shard.Cut(block.Ciphertext, profile.Code())));
        _headers.Add(SignedHeader.Sign(block.Header, _device));
        _prevBlock = block.Header.Hash();
        NextSeq++;
        return NextSeq % profile.BlocksPerUpload == 0 ? Close() : null;
    }

    /// <summary>Closes an upload that has fewer than u blocks; null when there is none. The stream ends an interval early then.</summary>
    public Upload? Close()
    {
        if (_pending.Count == 0) return null;
        ulong first = _headers[0].Header.Interval, last = _headers[^1].Header.Interval;
        Invariant.Check(KeyTree.EpochOf(first) == KeyTree.EpochOf(last), "an upload lies inside one epoch");
        List<Hash256> commitments = [];
        for (ulong i = first; i <= last; i++)
        {
            using SymmetricKey key = IntervalKey(i);
            commitments.Add(key.Commitment());
        }
        using SymmetricKey seed = KeyTree.EpochSeed(_master, _shape.StreamId, KeyTree.EpochOf(first));
        using KeyBundle bundle = KeyBundle.Cut(seed, first, last);
        Manifest unsigned = new(_shape.StreamId, _owner.PublicKey, _device.PublicKey, _shape.Profile, _shape.SchemaId, _prevManifest,
            [.. _pending.Select((b, i) => new ManifestBlock(_headers[i], [.. b.Shards.Select(s => s.Id)]))], commitments,
            _wrap(first, last, bundle), default);
        Manifest manifest = Manifest.Sign(unsigned, _owner);
        byte[] bytes = manifest.Encode();
        Upload upload = new(manifest, bytes, SegmentTree.Root(bytes), [.. _pending]);
        _prevManifest = upload.ManifestHash;
        _pending.Clear();
        _headers.Clear();
        return upload;
    }

    private SymmetricKey IntervalKey(ulong interval)
    {
        using SymmetricKey seed = KeyTree.EpochSeed(_master, _shape.StreamId, KeyTree.EpochOf(interval));
        return KeyTree.IntervalKey(seed, interval);
    }
}
