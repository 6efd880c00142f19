using CPChain.Crypto;
using CPChain.Data.Encoding;
using CPChain.Pre.Keys;
using CPChain.Types;

namespace CPChain.Pdash.Wire;

/// <summary>What a gateway has to know of the owner before it seals: who signs, and for which key seeds are wrapped.</summary>
internal sealed record OwnerKeysReply(PublicKey Owner, OwnerPublicKey EpochKey)
{
    public byte[] Encode() => [PdashMessages.Version, .. Owner.ToCompressed(), .. EpochKey.ToArray()];

    public static OwnerKeysReply? Decode(ReadOnlySpan<byte> bytes) =>
        bytes.Length == 1 + 33 + 33 && bytes[0] == PdashMessages.Version && PublicKey.TryFromBytes(bytes.Slice(1, 33), out PublicKey owner)
            && OwnerPublicKey.TryFromBytes(bytes[34..], out OwnerPublicKey epoch) ? new OwnerKeysReply(owner, epoch) : null;

    public static byte[] Ask(in Hash256 streamId, uint epoch)
    {
        ByteSink sink = new();
        sink.Bytes(streamId.ToArray());
        sink.U32(epoch);
        return sink.ToArray();
    }
}

/// <summary>Where a manifest was anchored.</summary>
/// <param name="TransactionHash">The transaction; zero when the manifest was on the chain already.</param>
/// <param name="BlockNumber">Its block.</param>
/// <param name="GasUsed">What it cost.</param>
public sealed record AnchorReply(Hash256 TransactionHash, ulong BlockNumber, ulong GasUsed)
{
    internal byte[] Encode()
    {
        ByteSink sink = new();
        sink.U8(PdashMessages.Version);
        sink.Bytes(TransactionHash.ToArray());
        sink.U64(BlockNumber);
        sink.U64(GasUsed);
        return sink.ToArray();
    }

    internal static AnchorReply? Decode(ReadOnlySpan<byte> bytes)
    {
        ByteSource source = new(bytes);
        if (bytes.Length != 49 || source.U8() != PdashMessages.Version) return null;
        return new AnchorReply(Hash256.FromBytes(source.Bytes(32)), source.U64(), source.U64());
    }
}
