using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Pre.Keys;

/// <summary>The key B to which an owner grants access.</summary>
public readonly record struct BuyerPublicKey
{
    public const int Length = Point.CompressedLength;

    internal BuyerPublicKey(in Point point) => Point = point;

    internal Point Point { get; }

    /// <summary>Reads 33 compressed bytes of a finite point.</summary>
    public static bool TryFromBytes(ReadOnlySpan<byte> bytes, out BuyerPublicKey key)
    {
        bool valid = Point.TryFromCompressed(bytes, out Point point);
        key = new BuyerPublicKey(point);
        return valid;
    }

    public byte[] ToArray() => Point.ToCompressed();

    public override string ToString() => Hex.Encode(ToArray());
}
