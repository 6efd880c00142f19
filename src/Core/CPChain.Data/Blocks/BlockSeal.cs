using System.Buffers.Binary;
using System.Security.Cryptography;
using CPChain.Data.Columns;
using CPChain.Data.Keys;
using CPChain.Data.Merkle;
using CPChain.Types;

namespace CPChain.Data.Blocks;

/// <summary>Why a block was not opened.</summary>
public enum BlockFault : byte
{
    /// <summary>It was opened.</summary>
    None = 0,

    /// <summary>The ciphertext does not have the size and root of the header.</summary>
    CipherRoot = 1,

    /// <summary>The key does not open it.</summary>
    Key = 2,

    /// <summary>The plaintext does not have the salted root of the header.</summary>
    PlainRoot = 3,

    /// <summary>The content codec is one that this program does not know.</summary>
    UnknownCodec = 4,

    /// <summary>The content cannot be decoded.</summary>
    Content = 5,

    /// <summary>The content does not have the number of readings that the header says.</summary>
    Count = 6,
}

/// <summary>A block that is ready to be signed and stored.</summary>
/// <param name="Header">What is said in the open.</param>
/// <param name="Ciphertext">Sealed chunks, one behind the other.</param>
/// <param name="Tally">What the codec did.</param>
public sealed record SealedBlock(BlockHeader Header, byte[] Ciphertext, CodecTally Tally);

/// <summary>Seals content with its interval's key and opens it again, checking every root on the way (rules D3.5 to
/// D3.7).</summary>
public static class BlockSeal
{
    /// <summary>Plaintext bytes of a sealed chunk; the last one may be shorter.</summary>
    public const int ChunkBytes = 64 << 10;

    private const int NonceBytes = 12;

    /// <summary>Codes and seals rows; <paramref name="place"/> says where the block stands.</summary>
    public static SealedBlock Seal(BlockPlace place, ReadOnlySpan<byte> headerRow, ReadOnlySpan<byte> rows, Csv.CsvDialect dialect,
        SymmetricKey intervalKey, IBlockCipher cipher, int quality = 11)
    {
        byte[] coded = BlockCodec.Encode(headerRow, rows, dialect, out CodecTally tally, quality);
        SealedBlock block = SealCoded(place, coded, tally, intervalKey, cipher);
        CryptographicOperations.ZeroMemory(coded);
        return block;
    }

    /// <summary>Seals content that is coded already: both roots and the ciphertext.</summary>
    public static SealedBlock SealCoded(BlockPlace place, ReadOnlySpan<byte> coded, CodecTally tally,
        SymmetricKey intervalKey, IBlockCipher cipher)
    {
        UInt128 salt = SaltOf(intervalKey, place.Seq, coded);
        using SymmetricKey key = BlockKey(intervalKey, place.Seq, salt);
        using SymmetricKey leafKey = LeafKey(intervalKey, place.Seq, salt);
        Hash256 plainRoot = SegmentTree.SaltedRoot(coded, leafKey.Bytes);
        byte[] ciphertext = SealChunks(place.StreamId, place.Seq, coded, key, cipher);
        BlockHeader header = new(place.StreamId, place.Seq, place.PrevHash, place.FromMs, place.ToMs, place.Count, BlockCodec.Version,
            plainRoot, SegmentTree.Root(ciphertext), (uint)ciphertext.Length, (uint)tally.RawBytes, place.Interval, salt);
        return new SealedBlock(header, ciphertext, tally);
    }

    /// <summary>Opens a block with its interval's key; every refusal is a fault, nothing throws.</summary>
    public static BlockFault Open(BlockHeader header, ReadOnlySpan<byte> ciphertext, SymmetricKey intervalKey, IBlockCipher cipher,
        out BlockContent? content)
    {
        content = null;
        if (ciphertext.Length != header.Size || SegmentTree.Root(ciphertext) != header.CipherRoot) return BlockFault.CipherRoot;
        using SymmetricKey key = BlockKey(intervalKey, header.Seq, header.KeySalt);
        using SymmetricKey leafKey = LeafKey(intervalKey, header.Seq, header.KeySalt);
        if (!TryOpenChunks(header, ciphertext, key, cipher, out byte[] coded)) return BlockFault.Key;
        if (SegmentTree.SaltedRoot(coded, leafKey.Bytes) != header.PlainRoot) return BlockFault.PlainRoot;
        if (!BlockCodec.TryDecode(coded, (int)header.RawBytes, out content, out CodecFault fault))
            return fault == CodecFault.UnknownVersion ? BlockFault.UnknownCodec : BlockFault.Content;
        return content!.RowCount == header.Count ? BlockFault.None : BlockFault.Count;
    }

    /// <summary>Whether a block key opens the first chunk, without knowing the interval's key.</summary>
    public static bool OpensChunk(BlockHeader header, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> blockKey32,
        IBlockCipher cipher)
    {
        int sealedChunk = ChunkBytes + cipher.TagBytes;
        int chunks = (ciphertext.Length + sealedChunk - 1) / sealedChunk;
        int length = Math.Min(sealedChunk, ciphertext.Length);
        if (length < cipher.TagBytes) return false;
        Span<byte> nonce = stackalloc byte[NonceBytes];
        Span<byte> bound = stackalloc byte[48];
        Bind(header.StreamId, header.Seq, 0, chunks, nonce, bound);
        return cipher.TryOpen(blockKey32, nonce, bound, ciphertext[..length], new byte[length - cipher.TagBytes]);
    }

    /// <summary>The key of one block; it depends on the content, so a block sealed anew after a crash gets another one.</summary>
    public static SymmetricKey BlockKey(SymmetricKey intervalKey, ulong seq, UInt128 salt) =>
        Derived(intervalKey, "cpchain/block-key/1", seq, salt);

    private static SymmetricKey LeafKey(SymmetricKey intervalKey, ulong seq, UInt128 salt) =>
        Derived(intervalKey, "cpchain/leaf-salt/1", seq, salt);

    private static SymmetricKey Derived(SymmetricKey intervalKey, string label, ulong seq, UInt128 salt)
    {
        Span<byte> context = stackalloc byte[24];
        BinaryPrimitives.WriteUInt64BigEndian(context, seq);
        BinaryPrimitives.WriteUInt128BigEndian(context[8..], salt);
        return intervalKey.Derive(label, context);
    }

    private static UInt128 SaltOf(SymmetricKey intervalKey, ulong seq, ReadOnlySpan<byte> coded)
    {
        Span<byte> input = stackalloc byte[8 + 32];
        BinaryPrimitives.WriteUInt64BigEndian(input, seq);
        SHA256.HashData(coded, input[8..]);
        return BinaryPrimitives.ReadUInt128BigEndian(HMACSHA256.HashData(intervalKey.Bytes, input));
    }

    private static byte[] SealChunks(in Hash256 streamId, ulong seq, ReadOnlySpan<byte> coded, SymmetricKey key,
        IBlockCipher cipher)
    {
        int chunks = (coded.Length + ChunkBytes - 1) / ChunkBytes;
        byte[] output = new byte[coded.Length + chunks * cipher.TagBytes];
        Span<byte> nonce = stackalloc byte[NonceBytes];
        Span<byte> bound = stackalloc byte[48];
        Span<byte> rest = output;
        for (int i = 0; i < chunks; i++)
        {
            ReadOnlySpan<byte> chunk = coded.Slice(i * ChunkBytes, Math.Min(ChunkBytes, coded.Length - i * ChunkBytes));
            Bind(streamId, seq, i, chunks, nonce, bound);
            cipher.Seal(key.Bytes, nonce, bound, chunk, rest[..(chunk.Length + cipher.TagBytes)]);
            rest = rest[(chunk.Length + cipher.TagBytes)..];
        }
        return output;
    }

    private static bool TryOpenChunks(BlockHeader header, ReadOnlySpan<byte> ciphertext, SymmetricKey key,
        IBlockCipher cipher, out byte[] coded)
    {
        int sealedChunk = ChunkBytes + cipher.TagBytes;
        int chunks = (ciphertext.Length + sealedChunk - 1) / sealedChunk;
        coded = [];
        if (ciphertext.Length < chunks * cipher.TagBytes) return false;
        byte[] output = new byte[ciphertext.Length - chunks * cipher.TagBytes];
        Span<byte> nonce = stackalloc byte[NonceBytes];
        Span<byte> bound = stackalloc byte[48];
        for (int i = 0; i < chunks; i++)
        {
            ReadOnlySpan<byte> input = ciphertext.Slice(i * sealedChunk, Math.Min(sealedChunk, ciphertext.Length - i * sealedChunk));
            if (input.Length < cipher.TagBytes) return false;
            Bind(header.StreamId, header.Seq, i, chunks, nonce, bound);
            if (!cipher.TryOpen(key.Bytes, nonce, bound, input, output.AsSpan(i * ChunkBytes, input.Length - cipher.TagBytes))) return false;
        }
        coded = output;
        return true;
    }

    /// <summary>The nonce is the chunk's index, since each key seals one block; the rest is bound as associated data.</summary>
    private static void Bind(in Hash256 streamId, ulong seq, int index, int chunks, Span<byte> nonce, Span<byte> bound)
    {
        BinaryPrimitives.WriteUInt64BigEndian(nonce[4..], (ulong)index);
        streamId.CopyTo(bound);
        BinaryPrimitives.WriteUInt64BigEndian(bound[32..], seq);
        BinaryPrimitives.WriteInt32BigEndian(bound[40..], index);
        BinaryPrimitives.WriteInt32BigEndian(bound[44..], chunks);
    }
}

/// <summary>Where a block stands in its stream and what time it covers.</summary>
public readonly record struct BlockPlace(Hash256 StreamId, ulong Seq, Hash256 PrevHash, long FromMs, long ToMs, uint Count, ulong Interval);
