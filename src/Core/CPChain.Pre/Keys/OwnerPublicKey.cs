using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Pre.Keys;

/// <summary>The key A under which an owner's data of one label is encapsulated.</summary>
public readonly record struct OwnerPublicKey
{
    public const int Length = Point.CompressedLength;

    internal OwnerPublicKey(in Point point) => Point = point;

    internal Point Point { get; }

    /// <summary>Reads 33 compressed bytes of a finite point.</summary>
    public static bool TryFromBytes(ReadOnlySpan<byte> bytes, out OwnerPublicKey key)
    {
        bool valid = Point.TryFromCompressed(bytes, out Point point);
        key = new OwnerPublicKey(point);
        return valid;
    }

    public byte[] ToArray() => Point.ToCompressed();

    public override string ToString() => Hex.Encode(ToArray());
}
