using System.Security.Cryptography;
using CPChain.Crypto;
using CPChain.Data.Encoding;
using CPChain.Types;

namespace CPChain.Pdash.Wire;

/// <summary>A key fragment on its way to a proxy: sealed to the proxy's key, so that nobody between reads it (rule
/// D9.2).</summary>
internal sealed record FragmentDelivery(ulong OrderId, byte[] Capsule, byte[] SealedFragment, byte[] Grant)
{
    private const int PartBytesMax = 12 << 10;

    public byte[] Encode()
    {
        ByteSink sink = new();
        sink.U8(PdashMessages.Version);
        sink.U64(OrderId);
        sink.Block(Capsule);
        sink.Block(SealedFragment);
        sink.Block(Grant);
        return sink.ToArray();
    }

    public static FragmentDelivery? Decode(ReadOnlySpan<byte> bytes)
    {
        ByteSource source = new(bytes);
        if (source.U8() != PdashMessages.Version) return null;
        FragmentDelivery delivery = new(source.U64(), source.Block(PartBytesMax).ToArray(), source.Block(PartBytesMax).ToArray(),
            source.Block(PartBytesMax).ToArray());
        return source.AtEnd ? delivery : null;
    }

    /// <summary>What the sealed fragment is bound to.</summary>
    public static byte[] Bound(ulong orderId, Address proxy)
    {
        ByteSink sink = new();
        sink.Bytes("cpchain/fragment/1"u8);
        sink.U64(orderId);
        sink.Bytes(proxy.ToArray());
        return sink.ToArray();
    }
}

/// <summary>A buyer asks a proxy to re-encrypt a capsule for an order.</summary>
internal sealed record ReEncryptRequest(ulong OrderId, byte[] Capsule)
{
    public byte[] Encode()
    {
        ByteSink sink = new();
        sink.U8(PdashMessages.Version);
        sink.U64(OrderId);
        sink.Block(Capsule);
        return sink.ToArray();
    }

    public static ReEncryptRequest? Decode(ReadOnlySpan<byte> bytes)
    {
        ByteSource source = new(bytes);
        if (source.U8() != PdashMessages.Version) return null;
        ReEncryptRequest request = new(source.U64(), source.Block(1024).ToArray());
        return source.AtEnd ? request : null;
    }
}

/// <summary>What a proxy did for an order, signed by it: evidence for settlement and reputation (C4).</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Proxy">Who did it.</param>
/// <param name="Buyer">For whom.</param>
/// <param name="CapsuleHash">SHA-256 of the capsule.</param>
/// <param name="FragmentHash">SHA-256 of the capsule fragment.</param>
/// <param name="ServedBytes">Bytes handed to the buyer.</param>
/// <param name="TimeMs">When, milliseconds since 1970.</param>
/// <param name="Signature">Over <see cref="Hash"/>.</param>
public sealed record ProxyReceipt(ulong OrderId, Address Proxy, Address Buyer, Hash256 CapsuleHash, Hash256 FragmentHash,
    ulong ServedBytes, long TimeMs, Signature Signature)
{
    /// <summary>What is signed, and what the proxy puts on record on the chain.</summary>
    public Hash256 Hash()
    {
        ByteSink sink = new();
        sink.Bytes("cpchain/proxy-receipt/1"u8);
        WriteBody(sink);
        return Hash256.FromBytes(SHA256.HashData(sink.Written));
    }

    /// <summary>Whether the proxy signed it.</summary>
    public bool IsSigned => Secp256k1.TryRecoverAddress(Hash(), Signature, out Address signer) && signer == Proxy;

    internal void Write(ByteSink sink)
    {
        WriteBody(sink);
        sink.Bytes(Signature.ToArray());
    }

    private void WriteBody(ByteSink sink)
    {
        sink.U64(OrderId);
        sink.Bytes(Proxy.ToArray());
        sink.Bytes(Buyer.ToArray());
        sink.Bytes(CapsuleHash.ToArray());
        sink.Bytes(FragmentHash.ToArray());
        sink.U64(ServedBytes);
        sink.I64(TimeMs);
    }

    internal static ProxyReceipt? Read(ref ByteSource source)
    {
        ulong order = source.U64();
        ReadOnlySpan<byte> proxy = source.Bytes(20), buyer = source.Bytes(20), capsule = source.Bytes(32), fragment = source.Bytes(32);
        ulong served = source.U64();
        long time = source.I64();
        ReadOnlySpan<byte> signature = source.Bytes(Signature.Length);
        if (source.Failed || !Signature.TryFromBytes(signature, out Signature signed)) return null;
        return new ProxyReceipt(order, Address.FromBytes(proxy), Address.FromBytes(buyer), Hash256.FromBytes(capsule),
            Hash256.FromBytes(fragment), served, time, signed);
    }
}

/// <summary>The re-encrypted capsule and the proxy's receipt.</summary>
internal sealed record ReEncryptReply(byte[] Fragment, ProxyReceipt Receipt)
{
    public byte[] Encode()
    {
        ByteSink sink = new();
        sink.U8(PdashMessages.Version);
        sink.Block(Fragment);
        Receipt.Write(sink);
        return sink.ToArray();
    }

    public static ReEncryptReply? Decode(ReadOnlySpan<byte> bytes)
    {
        ByteSource source = new(bytes);
        if (source.U8() != PdashMessages.Version) return null;
        byte[] fragment = source.Block(1024).ToArray();
        ProxyReceipt? receipt = ProxyReceipt.Read(ref source);
        return receipt is not null && source.AtEnd ? new ReEncryptReply(fragment, receipt) : null;
    }
}
