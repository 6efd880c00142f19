using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Data.Encoding;

/// <summary>Reads values of the domain from canonical bytes.</summary>
internal static class DomainReads
{
    public static Hash256 Hash(this ref ByteSource source)
    {
        ReadOnlySpan<byte> bytes = source.Bytes(Hash256.Length);
        return source.Failed ? Hash256.Zero : Hash256.FromBytes(bytes);
    }

    public static PublicKey Key(this ref ByteSource source)
    {
        if (!PublicKey.TryFromBytes(source.Bytes(PublicKey.CompressedLength), out PublicKey key)) source.Fail();
        return key;
    }

    public static Signature Signature(this ref ByteSource source)
    {
        if (!Crypto.Signature.TryFromBytes(source.Bytes(Crypto.Signature.Length), out Signature signature)) source.Fail();
        return signature;
    }

    public static List<Hash256> Hashes(this ref ByteSource source, int count)
    {
        List<Hash256> hashes = [];
        for (int i = 0; i < count && !source.Failed; i++) hashes.Add(source.Hash());
        return hashes;
    }

    public static void Hashes(this ByteSink sink, IReadOnlyList<Hash256> hashes)
    {
        foreach (Hash256 hash in hashes) sink.Bytes(hash.ToArray());
    }
}
