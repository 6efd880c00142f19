using System.Security.Cryptography;
using CPChain.Crypto;
using CPChain.Data.Encoding;
using CPChain.Types;

namespace CPChain.Data.Blocks;

/// <summary>What is said in the open about a block; each names the one before it by hash (rule D6.2).</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Seq">Number of the block in its stream, from 0.</param>
/// <param name="PrevHash">Hash of the header before; zero for the first.</param>
/// <param name="FromMs">Time of the first reading, milliseconds.</param>
/// <param name="ToMs">Time of the last reading, milliseconds.</param>
/// <param name="Count">Readings (rows) in the block.</param>
/// <param name="Codec">Version of the content codec.</param>
/// <param name="PlainRoot">rootP: salted root over the coded content.</param>
/// <param name="CipherRoot">rootC: root over the ciphertext.</param>
/// <param name="Size">Bytes of the ciphertext, tags included.</param>
/// <param name="RawBytes">Bytes of the content before coding, which bounds the decoder.</param>
/// <param name="Interval">Number of the encryption interval in its stream.</param>
/// <param name="KeySalt">16 bytes that tie the block key to the content, so that no key ever seals two contents.</param>
public sealed record BlockHeader(Hash256 StreamId, ulong Seq, Hash256 PrevHash, long FromMs, long ToMs, uint Count, byte Codec,
    Hash256 PlainRoot, Hash256 CipherRoot, uint Size, uint RawBytes, ulong Interval, UInt128 KeySalt)
{
    /// <summary>Version that this program writes.</summary>
    public const byte Version = 1;

    /// <summary>Bytes of the encoding.</summary>
    public const int Length = 1 + 32 + 8 + 32 + 8 + 8 + 4 + 1 + 32 + 32 + 4 + 4 + 8 + 16;

    /// <summary>Largest content of a block, in bytes.</summary>
    public const int RawBytesMax = 4 << 20;

    /// <summary>The epoch of the interval.</summary>
    public uint Epoch => Keys.KeyTree.EpochOf(Interval);

    /// <summary>SHA-256 over a domain and the canonical bytes: hash pointer and what the device signs.</summary>
    public Hash256 Hash()
    {
        ByteSink sink = new(Length + 32);
        sink.Bytes("cpchain/block/1"u8);
        Write(sink);
        return Hash256.FromBytes(SHA256.HashData(sink.Written));
    }

    internal void Write(ByteSink sink)
    {
        sink.U8(Version);
        sink.Bytes(StreamId.ToArray());
        sink.U64(Seq);
        sink.Bytes(PrevHash.ToArray());
        sink.I64(FromMs);
        sink.I64(ToMs);
        sink.U32(Count);
        sink.U8(Codec);
        sink.Bytes(PlainRoot.ToArray());
        sink.Bytes(CipherRoot.ToArray());
        sink.U32(Size);
        sink.U32(RawBytes);
        sink.U64(Interval);
        sink.U64((ulong)(KeySalt >> 64));
        sink.U64((ulong)(KeySalt & ulong.MaxValue));
    }

    internal static BlockHeader Read(ref ByteSource source)
    {
        if (source.U8() != Version) source.Fail();
        BlockHeader header = new(source.Hash(), source.U64(), source.Hash(), source.I64(), source.I64(), source.U32(), source.U8(),
            source.Hash(), source.Hash(), source.U32(), source.U32(), source.U64(), new UInt128(source.U64(), source.U64()));
        if (header.FromMs > header.ToMs || header.Interval > Keys.KeyTree.IntervalMax || header.RawBytes > RawBytesMax || header.Size > 2 * RawBytesMax) source.Fail();
        return header;
    }
}

/// <summary>A header and the signature of the device that took the readings.</summary>
/// <param name="Header">The header.</param>
/// <param name="DeviceSignature">Over <see cref="BlockHeader.Hash"/>.</param>
public sealed record SignedHeader(BlockHeader Header, Signature DeviceSignature)
{
    /// <summary>Signs a header.</summary>
    public static SignedHeader Sign(BlockHeader header, PrivateKey device) => new(header, device.Sign(header.Hash()));

    /// <summary>Whether <paramref name="device"/> signed it.</summary>
    public bool IsSignedBy(in PublicKey device) => SignedBy.Check(device, Header.Hash(), DeviceSignature);

    internal void Write(ByteSink sink)
    {
        Header.Write(sink);
        sink.Bytes(DeviceSignature.ToArray());
    }

    internal static SignedHeader Read(ref ByteSource source)
    {
        BlockHeader header = BlockHeader.Read(ref source);
        if (!Signature.TryFromBytes(source.Bytes(Signature.Length), out Signature signature)) source.Fail();
        return new SignedHeader(header, signature);
    }
}
