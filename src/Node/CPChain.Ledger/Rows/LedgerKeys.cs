using System.Buffers.Binary;
using CPChain.Types;

namespace CPChain.Ledger.Rows;

/// <summary>Keys of the ledger's rows (specs/storage L1). Numbers are big-endian, so that rows lie in chain order.</summary>
internal static class LedgerKeys
{
    private const byte Meta = 0x01;
    private const byte Block = 0x02;
    private const byte HashOfNumber = 0x03;
    private const byte NumberOfHash = 0x04;
    private const byte Receipts = 0x05;
    private const byte Transaction = 0x06;
    private const byte Certificate = 0x07;
    private const byte Account = 0x10;
    private const byte Slot = 0x11;
    private const byte Code = 0x12;
    private const byte AccountNode = 0x18;
    private const byte StorageNode = 0x19;
    private const byte History = 0x20;
    private const byte HistoryList = 0x21;
    private const byte NodeHistory = 0x22;

    public static byte[] Head => [Meta, (byte)'h'];

    public static byte[] Genesis => [Meta, (byte)'g'];

    /// <summary>The block whose trie the rows of nodes hold.</summary>
    public static byte[] Nodes => [Meta, (byte)'t'];

    /// <summary>The block from which on an archive keeps every state.</summary>
    public static byte[] Archive => [Meta, (byte)'a'];

    public static byte[] AllAccounts => [Account];

    public static byte[] AllHistoryLists => [HistoryList];

    public static byte[] OfBlock(ulong number) => Numbered(Block, number);

    public static byte[] OfHashOfNumber(ulong number) => Numbered(HashOfNumber, number);

    public static byte[] OfNumberOfHash(in Hash256 hash) => Hashed(NumberOfHash, hash);

    public static byte[] OfReceipts(ulong number) => Numbered(Receipts, number);

    public static byte[] OfTransaction(in Hash256 hash) => Hashed(Transaction, hash);

    /// <summary>Bytes of <see cref="OfTransaction"/>.</summary>
    public const int TransactionBytes = 1 + Hash256.Length;

    /// <summary>Writes <see cref="OfTransaction"/>.</summary>
    public static void WriteTransaction(Span<byte> key, in Hash256 hash)
    {
        key[0] = Transaction;
        hash.CopyTo(key[1..]);
    }

    public static byte[] OfCertificate(ulong number) => Numbered(Certificate, number);

    public static byte[] OfAccount(in Address address)
    {
        byte[] key = new byte[AccountBytes];
        WriteAccount(key, address);
        return key;
    }

    /// <summary>Bytes of <see cref="OfAccount"/>.</summary>
    public const int AccountBytes = 1 + Address.Length;

    /// <summary>Writes <see cref="OfAccount"/>.</summary>
    public static void WriteAccount(Span<byte> key, in Address address)
    {
        key[0] = Account;
        address.CopyTo(key[1..]);
    }

    public static byte[] SlotsOf(in Address address)
    {
        byte[] key = OfAccount(address);
        key[0] = Slot;
        return key;
    }

    public static byte[] OfSlot(in Address address, in UInt256 slot)
    {
        byte[] key = new byte[1 + Address.Length + 32];
        key[0] = Slot;
        address.CopyTo(key.AsSpan(1));
        slot.WriteBigEndian(key.AsSpan(1 + Address.Length));
        return key;
    }

    public static byte[] OfCode(in Hash256 hash) => Hashed(Code, hash);

    /// <summary>The most bytes of <see cref="OfNode"/>: keys of tries have 32 bytes.</summary>
    public const int NodeBytesMax = 1 + Hash256.Length + 1 + 32;

    /// <summary>Path as its length in nibbles and the nibbles two a byte.</summary>
    public static byte[] OfNode(in Hash256 owner, ReadOnlySpan<byte> path)
    {
        Span<byte> key = stackalloc byte[NodeBytesMax];
        return key[..WriteNode(key, owner, path)].ToArray();
    }

    /// <summary>Writes <see cref="OfNode"/> and returns the number of bytes.</summary>
    public static int WriteNode(Span<byte> key, in Hash256 owner, ReadOnlySpan<byte> path)
    {
        int at = 1;
        key[0] = owner.IsZero ? AccountNode : StorageNode;
        if (!owner.IsZero)
        {
            owner.CopyTo(key[1..]);
            at += Hash256.Length;
        }

        key[at++] = (byte)path.Length;
        for (int i = 0; i < path.Length; i += 2)
        {
            key[at++] = (byte)((path[i] << 4) | (i + 1 < path.Length ? path[i + 1] : 0));
        }

        return at;
    }

    /// <summary>The place of a node of the account trie as a number of its own; false for one too deep, and for other tries.</summary>
    public static bool TryPackNode(in Hash256 owner, ReadOnlySpan<byte> path, out ulong packed)
    {
        const int nibblesMax = 15;
        packed = (ulong)path.Length;
        if (!owner.IsZero || path.Length > nibblesMax)
        {
            return false;
        }

        foreach (byte nibble in path)
        {
            packed = (packed << 4) | nibble;
        }

        return true;
    }

    /// <summary>Prefix of the former values of a flat row.</summary>
    public static byte[] HistoryOf(ReadOnlySpan<byte> flatKey) => [History, .. flatKey];

    /// <summary>The value that a flat row had before the block with this number.</summary>
    public static byte[] OfHistory(ReadOnlySpan<byte> flatKey, ulong number) => Former(History, flatKey, number);

    /// <summary>Bytes that the key of a former value has beside that of its row.</summary>
    public const int HistoryBytes = 1 + 8;

    /// <summary>Writes <see cref="OfHistory"/>.</summary>
    public static void WriteHistory(Span<byte> key, ReadOnlySpan<byte> flatKey, ulong number) =>
        WriteFormer(key, History, flatKey, number);

    /// <summary>Prefix of the former nodes of a place.</summary>
    public static byte[] NodeHistoryOf(ReadOnlySpan<byte> nodeKey) => [NodeHistory, .. nodeKey];

    /// <summary>The node that lay at a place before the block with this number.</summary>
    public static byte[] OfNodeHistory(ReadOnlySpan<byte> nodeKey, ulong number) => Former(NodeHistory, nodeKey, number);

    public static bool IsAccount(ReadOnlySpan<byte> flatKey) => flatKey[0] == Account;

    /// <summary>The address in the key of an account or slot.</summary>
    public static Address AddressIn(ReadOnlySpan<byte> flatKey) => Address.FromBytes(flatKey.Slice(1, Address.Length));

    /// <summary>The slot in the key of one.</summary>
    public static UInt256 SlotIn(ReadOnlySpan<byte> flatKey) => UInt256.FromBigEndian(flatKey[(1 + Address.Length)..]);

    public static byte[] OfHistoryList(ulong number) => Numbered(HistoryList, number);

    public static ulong NumberAtEnd(ReadOnlySpan<byte> key) => BinaryPrimitives.ReadUInt64BigEndian(key[^8..]);

    private static byte[] Former(byte kind, ReadOnlySpan<byte> row, ulong number)
    {
        byte[] key = new byte[row.Length + HistoryBytes];
        WriteFormer(key, kind, row, number);
        return key;
    }

    private static void WriteFormer(Span<byte> key, byte kind, ReadOnlySpan<byte> row, ulong number)
    {
        key[0] = kind;
        row.CopyTo(key[1..]);
        BinaryPrimitives.WriteUInt64BigEndian(key[(1 + row.Length)..], number);
    }

    private static byte[] Numbered(byte kind, ulong number)
    {
        byte[] key = new byte[9];
        key[0] = kind;
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(1), number);
        return key;
    }

    private static byte[] Hashed(byte kind, in Hash256 hash)
    {
        byte[] key = new byte[1 + Hash256.Length];
        key[0] = kind;
        hash.CopyTo(key.AsSpan(1));
        return key;
    }
}
