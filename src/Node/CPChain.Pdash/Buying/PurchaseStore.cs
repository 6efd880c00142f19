using System.IO;
using System.Security.Cryptography;
using CPChain.Crypto;
using CPChain.Data.Encoding;
using CPChain.Data.Keys;
using CPChain.Data.Manifests;
using CPChain.Types;

namespace CPChain.Pdash.Buying;

/// <summary>What a buyer keeps of an order whose keys he has: keys, terms, and the proxies that gave the fragments.</summary>
/// <param name="Keys">The keys that were bought; the holder disposes them.</param>
/// <param name="Terms">The terms of the sale, as the owner signed them.</param>
/// <param name="Proxies">The proxies whose fragments were combined.</param>
internal sealed record KeptPurchase(KeyBundle Keys, KeyRecord Terms, IReadOnlyList<Address> Proxies);

/// <summary>The purchases of a buyer on his disk, sealed, one file an order (rule D9.4).</summary>
internal sealed class PurchaseStore : IDisposable
{
    private const byte Version = 1;

    private readonly string _directory;
    private readonly SealedFile _sealed;

    public PurchaseStore(string directory, PrivateKey identity)
    {
        _directory = directory;
        _sealed = new SealedFile(identity);
        PrivateFiles.CreateDirectory(directory);
    }

    public string PathOf(ulong orderId) => Path.Combine(_directory, $"{orderId}");

    public void Put(ulong orderId, KeptPurchase purchase)
    {
        byte[] bytes = Encode(orderId, purchase);
        _sealed.Write(PathOf(orderId), Purpose(orderId), bytes);
        CryptographicOperations.ZeroMemory(bytes);
    }

    /// <summary>Null when the order's keys were never collected into this directory.</summary>
    /// <exception cref="InvalidDataException">The file is of another version, identity or order, or was changed.</exception>
    public KeptPurchase? Get(ulong orderId)
    {
        byte[]? bytes = _sealed.Read(PathOf(orderId), Purpose(orderId));
        if (bytes is null) return null;
        try
        {
            return Decode(orderId, bytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    public void Dispose() => _sealed.Dispose();

    internal static byte[] Encode(ulong orderId, KeptPurchase purchase)
    {
        byte[] keys = purchase.Keys.Encode();
        byte[] terms = purchase.Terms.Encode();
        // Large enough from the start: a sink that grows would leave keys behind in memory.
        ByteSink sink = new(16 + (purchase.Proxies.Count * Address.Length) + keys.Length + terms.Length);
        sink.U8(Version);
        sink.U64(orderId);
        sink.U8((byte)purchase.Proxies.Count);
        foreach (Address proxy in purchase.Proxies) sink.Bytes(proxy.ToArray());
        sink.U16((ushort)keys.Length);
        sink.Bytes(keys);
        sink.U32((uint)terms.Length);
        sink.Bytes(terms);
        byte[] bytes = sink.ToArray();
        sink.Wipe();
        CryptographicOperations.ZeroMemory(keys);
        return bytes;
    }

    private KeptPurchase Decode(ulong orderId, byte[] bytes)
    {
        ByteSource source = new(bytes);
        byte version = source.U8();
        if (!source.Failed && version != Version)
        {
            throw new InvalidDataException(
                $"{PathOf(orderId)} holds version {version}; this program reads version {Version}. Use a newer program.");
        }

        bool isOrder = source.U64() == orderId;
        Address[] proxies = new Address[source.U8()];
        for (int i = 0; i < proxies.Length && !source.Failed; i++)
        {
            ReadOnlySpan<byte> proxy = source.Bytes(Address.Length);
            if (!source.Failed) proxies[i] = Address.FromBytes(proxy);
        }

        ReadOnlySpan<byte> keyBytes = source.Bytes(source.U16());
        uint termsLength = source.U32();
        ReadOnlySpan<byte> termsBytes = source.Bytes(termsLength <= KeyRecord.BytesMax ? (int)termsLength : int.MaxValue);
        // Terms that have expired since then are still those of this purchase.
        if (!source.AtEnd || !isOrder
            || KeyRecord.TryDecode(termsBytes, long.MinValue, out KeyRecord? terms) != ManifestFault.None
            || !KeyBundle.TryDecode(keyBytes, out KeyBundle? keys))
        {
            throw new InvalidDataException($"{PathOf(orderId)} holds no purchase of order {orderId}. Restore it from a copy.");
        }

        return new KeptPurchase(keys, terms!, proxies);
    }

    private static string Purpose(ulong orderId) => $"purchase of order {orderId}";
}
