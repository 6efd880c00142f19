using System.Buffers.Binary;
using System.Text;

namespace CPChain.Storage;

/// <summary>
/// Purpose and format version of a store, kept under <see cref="Key"/> (specs/storage S1): a store made for another
/// purpose, or in a version that this program does not know, is refused before anything else is read.
/// </summary>
/// <param name="Kind">What the store holds, 1 to 32 ASCII characters, for example "ledger".</param>
/// <param name="Version">Version of its keys and values, from 1.</param>
public readonly record struct StoreFormat(string Kind, ushort Version)
{
    private const byte EnvelopeVersion = 1;

    /// <summary>The oldest version that the owner can read and brings to <see cref="Version"/> itself; 0 for none but that.</summary>
    public ushort ReadsFrom { get; init; }

    /// <summary>Key of the format row; the byte 0x00 is reserved for it, so no other key may begin with it.</summary>
    public static ReadOnlySpan<byte> Key => "\0format"u8;

    /// <summary>Value of the format row.</summary>
    public byte[] Encode()
    {
        byte[] bytes = new byte[3 + Kind.Length];
        bytes[0] = EnvelopeVersion;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(1), Version);
        Encoding.ASCII.GetBytes(Kind, bytes.AsSpan(3));
        return bytes;
    }

    /// <summary>Writes the format row into a new store, or compares it with what an existing store says.</summary>
    internal static void Claim(IKeyValueStore store, StoreFormat wanted)
    {
        if (store.TryGet(Key, out byte[] row))
        {
            Compare(store.Location, row, wanted);
            return;
        }

        if (store.Scan(ReadOnlyMemory<byte>.Empty).Any())
        {
            throw new StorageFailure(StorageFault.UnknownFormat, store.Location,
                "holds data but no format version; it was not made by this program: choose another directory");
        }

        WriteBatch batch = new();
        batch.Put(Key, wanted.Encode());
        store.Write(batch, durable: true);
    }

    private static void Compare(string location, ReadOnlySpan<byte> row, StoreFormat wanted)
    {
        if (row.Length < 4 || row.Length > 35 || row[0] != EnvelopeVersion)
        {
            string envelope = row.Length == 0 ? "none" : $"{row[0]}";
            throw new StorageFailure(StorageFault.UnknownFormat, location,
                $"format row version {envelope} is unknown (this program knows {EnvelopeVersion}); use a newer cpchain");
        }

        ushort version = BinaryPrimitives.ReadUInt16BigEndian(row[1..]);
        string kind = Encoding.ASCII.GetString(row[3..]);
        if (kind != wanted.Kind)
        {
            throw new StorageFailure(StorageFault.UnknownFormat, location,
                $"holds a \"{kind}\" store, not a \"{wanted.Kind}\" store; choose another directory");
        }

        bool isReadable = wanted.ReadsFrom > 0 && version >= wanted.ReadsFrom && version < wanted.Version;
        if (version != wanted.Version && !isReadable)
        {
            string remedy = version > wanted.Version
                ? $"use a cpchain that knows version {version}, or choose another directory"
                : "this version can no longer be read; use the release that wrote it";
            throw new StorageFailure(StorageFault.UnknownFormat, location,
                $"{kind} storage format version {version} is not supported (this program writes {wanted.Version}); {remedy}");
        }
    }
}
