using CPChain.Crypto;
using CPChain.Data.Encoding;
using CPChain.Types;

namespace CPChain.Data.Manifests;

/// <summary>The keys of a range of intervals, wrapped for a label's key pair: who is granted that label can unwrap them
/// (rule D7.2).</summary>
/// <param name="FirstInterval">First interval that the wrapped keys open.</param>
/// <param name="LastInterval">Last interval that they open, of the same epoch.</param>
/// <param name="Label">Names the key pair; a grant for one label opens no other.</param>
/// <param name="LabelKey">Public half of the label's key pair.</param>
/// <param name="Capsule">Encapsulated key of the re-encryption scheme.</param>
/// <param name="WrappedKeys">The key bundle, sealed by the capsule's key.</param>
public sealed record KeyEnvelope(ulong FirstInterval, ulong LastInterval, Hash256 Label, PublicKey LabelKey,
    byte[] Capsule, byte[] WrappedKeys)
{
    private const int CapsuleBytesMax = 512;
    private const int WrappedBytesMax = Keys.KeyBundle.BytesMax + 64;

    /// <summary>What the sealed bundle is bound to: everything but the sealed bytes.</summary>
    public static byte[] Bound(in Hash256 streamId, ulong firstInterval, ulong lastInterval, in Hash256 label,
        ReadOnlySpan<byte> capsule)
    {
        ByteSink sink = new();
        sink.Bytes("cpchain/envelope/1"u8);
        sink.Bytes(streamId.ToArray());
        sink.U64(firstInterval);
        sink.U64(lastInterval);
        sink.Bytes(label.ToArray());
        sink.Block(capsule);
        return sink.ToArray();
    }

    internal void Write(ByteSink sink)
    {
        sink.U64(FirstInterval);
        sink.U64(LastInterval);
        sink.Bytes(Label.ToArray());
        sink.Bytes(LabelKey.ToCompressed());
        sink.Block(Capsule);
        sink.Block(WrappedKeys);
    }

    internal static KeyEnvelope Read(ref ByteSource source)
    {
        KeyEnvelope envelope = new(source.U64(), source.U64(), source.Hash(), source.Key(),
            source.Block(CapsuleBytesMax).ToArray(), source.Block(WrappedBytesMax).ToArray());
        if (envelope.FirstInterval > envelope.LastInterval || envelope.LastInterval > Keys.KeyTree.IntervalMax
            || Keys.KeyTree.EpochOf(envelope.FirstInterval) != Keys.KeyTree.EpochOf(envelope.LastInterval)) source.Fail();
        return envelope;
    }
}
