using System.Text;
using CPChain.Crypto;
using CPChain.Data.Columns;
using CPChain.Data.Csv;
using CPChain.Data.Erasure;
using CPChain.Data.Keys;
using CPChain.Data.Manifests;
using CPChain.Pdash.Wire;
using CPChain.Pre.Capsules;
using CPChain.Pre.Fragments;
using CPChain.Pre.Grants;
using CPChain.Pre.Keys;
using CPChain.Types;

namespace CPChain.Fuzzing.Decoders;

/// <summary>Blocks of readings, shards, manifests, key records, re-encryption, and the messages that carry them.</summary>
internal static class DataDecoders
{
    private const int RawBytesMax = 1 << 20;
    private const string PreFixture = "pre/version-1.json";

    internal static IEnumerable<DecoderEntry> All()
    {
        byte[] rows = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 40).Select(static i => $"{i},{i % 7}.5,{800 + i},on\r\n")));
        byte[] header = "t,speed,rpm,state\r\n"u8.ToArray();
        yield return new("csv", ["CsvTable.TryRead", "CsvRows.Split"], [[.. header, .. rows], "a\tb\n\"x\"\"y\"\t2\n"u8.ToArray(), "a;b\r1;2\r"u8.ToArray()],
            static bytes => CsvTable.TryRead(bytes, out CsvTable? table, out _) ? Decoded.As(Whole(table)) : Decoded.Refused)
        { IsText = true, AllocatedMax = 1 << 20 };
        yield return new("data block", ["BlockCodec.TryDecode"],
            [
                BlockCodec.Encode(header, rows, new CsvDialect((byte)',', false), out _, 5), BlockCodec.EncodeText(header, rows, 40, 5),
            ],
            static bytes => Decoded.If(BlockCodec.TryDecode(bytes, RawBytesMax, out _, out _)))
        { AllocatedMax = 64 << 20, AllocatedPerByte = 4096 };
        yield return new("shard", ["Shard.TryDecode"], [new Shard(4, 6, 1, 100, new byte[25]).Encode(), .. SeedFiles.Read("data/shard-1-v1.bin")],
            static bytes => Shard.TryDecode(bytes, out Shard? read) ? Decoded.As(read.Encode()) : Decoded.Refused);
        yield return new("manifest", ["Manifest.TryDecode"], SeedFiles.Read("data/manifest-v1.bin"),
            static bytes => Manifest.TryDecode(bytes, out Manifest? read) == ManifestFault.None ? Decoded.As(read!.Encode()) : Decoded.Refused);
        yield return new("key record", ["KeyRecord.TryDecode"], SeedFiles.Read("data/key-record-v1.bin"),
            static bytes => KeyRecord.TryDecode(bytes, long.MinValue, out KeyRecord? read) == ManifestFault.None
                ? Decoded.As(read!.Encode()) : Decoded.Refused);
        yield return new("key bundle", ["KeyBundle.TryDecode"], Bundles(), Bundle);
        yield return new("capsule", ["Capsule.TryDecode", "Point.TryFromCompressed", "Scalar.TryFromBytes32"], SeedFiles.Members(PreFixture, "capsule"),
            static bytes => Capsule.TryDecode(bytes, out Capsule? read, out _) ? Decoded.As(read.Encode()) : Decoded.Refused);
        yield return new("grant", ["Grant.TryDecode", "GrantCommitments.TryRead"], SeedFiles.Members(PreFixture, "grant"),
            static bytes => Grant.TryDecode(bytes, out Grant? read, out _) ? Decoded.As(read.Encode()) : Decoded.Refused);
        yield return new("key fragment", ["KeyFragment.TryDecode"], SeedFiles.Members(PreFixture, "keyFragment0", "keyFragment2"), Fragment);
        yield return new("capsule fragment", ["CapsuleFragment.TryDecode"], SeedFiles.Members(PreFixture, "capsuleFragment0", "capsuleFragment2"),
            static bytes => CapsuleFragment.TryDecode(bytes, out CapsuleFragment? read, out _) ? Decoded.As(read.Encode()) : Decoded.Refused);
        using PrivateKey key = SeedKeys.Key(3);
        yield return new("owner keys reply", ["OwnerKeysReply.Decode", "OwnerPublicKey.TryFromBytes"],
            [[PdashMessages.Version, .. key.PublicKey.ToCompressed(), .. key.PublicKey.ToCompressed()]],
            static bytes => OwnerKeysReply.Decode(bytes) is { } read ? Decoded.As(read.Encode()) : Decoded.Refused);
        yield return new("anchor reply", ["AnchorReply.Decode"], [new AnchorReply(SeedKeys.Hash(1), 5, 6).Encode()],
            static bytes => AnchorReply.Decode(bytes) is { } read ? Decoded.As(read.Encode()) : Decoded.Refused);
        yield return new("fragment delivery", ["FragmentDelivery.Decode"], [new FragmentDelivery(9, [1, 2], [3], [4, 5, 6]).Encode()],
            static bytes => FragmentDelivery.Decode(bytes) is { } read ? Decoded.As(read.Encode()) : Decoded.Refused);
        yield return new("re-encryption request", ["ReEncryptRequest.Decode"], [new ReEncryptRequest(9, [1, 2]).Encode()],
            static bytes => ReEncryptRequest.Decode(bytes) is { } read ? Decoded.As(read.Encode()) : Decoded.Refused);
        ProxyReceipt receipt = new(1, key.Address, Address.Zero, SeedKeys.Hash(1), SeedKeys.Hash(2), 10, 1_700_000_000_000, key.Sign(SeedKeys.Hash(3)));
        yield return new("re-encryption reply", ["ReEncryptReply.Decode", "ProxyReceipt.Read"], [new ReEncryptReply([1, 2, 3], receipt).Encode()],
            static bytes => ReEncryptReply.Decode(bytes) is { } read ? Decoded.As(read.Encode()) : Decoded.Refused);
        yield return new("public keys", ["PublicKey.TryFromBytes", "BuyerPublicKey.TryFromBytes", "BuyerKey.TryFromBytes", "Signature.TryFromBytes"],
            [key.PublicKey.ToCompressed(), key.PublicKey.ToUncompressed(), SeedKeys.Hash(1).ToArray(), key.Sign(SeedKeys.Hash(3)).ToArray()], Keys);
    }

    private static byte[] Whole(CsvTable table) => [.. table.Header.Span, .. table.Rows(0, table.RowCount).Span];

    private static byte[][] Bundles()
    {
        using SymmetricKey seed = new([.. Enumerable.Range(1, 32).Select(static number => (byte)number)]);
        using KeyBundle one = KeyBundle.Cut(seed, 3, 900), all = KeyBundle.Cut(seed, 0, KeyTree.Intervals - 1);
        return [one.Encode(), all.Encode()];
    }

    private static Decoded Bundle(byte[] bytes)
    {
        if (!KeyBundle.TryDecode(bytes, out KeyBundle? read)) return Decoded.Refused;
        using (read) return Decoded.As(read.Encode());
    }

    private static Decoded Fragment(byte[] bytes)
    {
        if (!KeyFragment.TryDecode(bytes, out KeyFragment? read, out _)) return Decoded.Refused;
        using (read) return Decoded.As(read.Encode());
    }

    private static Decoded Keys(byte[] bytes)
    {
        bool isTaken = PublicKey.TryFromBytes(bytes, out _) | BuyerPublicKey.TryFromBytes(bytes, out _);
        if (bytes.Length == 32 && BuyerKey.TryFromBytes(bytes, out BuyerKey? buyer))
        {
            buyer.Dispose();
            isTaken = true;
        }

        return Decoded.If(isTaken | Signature.TryFromBytes(bytes, out _));
    }
}
