using System.Buffers.Binary;
using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.Ledger.Rows;

/// <summary>Values of the ledger's rows (specs/storage L2). A value that does not decode is damage, and reported as such.</summary>
internal static class LedgerValues
{
    public const int LocationBytes = 12;

    // Of a plain transfer, rounded up; more makes the writer grow.
    private const int ReceiptBytesUsual = 64;

    public static byte[] EncodeHead(ulong number, in Hash256 hash)
    {
        byte[] value = new byte[8 + Hash256.Length];
        BinaryPrimitives.WriteUInt64BigEndian(value, number);
        hash.CopyTo(value.AsSpan(8));
        return value;
    }

    public static bool TryDecodeHead(ReadOnlySpan<byte> value, out ulong number, out Hash256 hash)
    {
        bool whole = value.Length == 8 + Hash256.Length;
        number = whole ? BinaryPrimitives.ReadUInt64BigEndian(value) : 0;
        hash = whole ? Hash256.FromBytes(value[8..]) : default;
        return whole;
    }

    public static byte[] EncodeNumber(ulong number)
    {
        byte[] value = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(value, number);
        return value;
    }

    public static void WriteLocation(Span<byte> value, ulong number, int index)
    {
        BinaryPrimitives.WriteUInt64BigEndian(value, number);
        BinaryPrimitives.WriteInt32BigEndian(value[8..], index);
    }

    /// <summary>An account as [nonce, balance, storage root, code hash]; the empty root and the empty code hash are empty strings.</summary>
    public static void WriteAccount(RlpWriter writer, in Account account)
    {
        writer.BeginList();
        writer.WriteUlong(account.Nonce);
        writer.WriteUInt256(account.Balance);
        WriteUnless(writer, account.StorageRoot, Account.EmptyTrieRoot);
        WriteUnless(writer, account.CodeHash, Account.EmptyCodeHash);
        writer.EndList();
    }

    public static bool TryDecodeAccount(ReadOnlySpan<byte> value, out Account account)
    {
        account = default;
        RlpReader outer = new(value);
        if (!outer.TryReadList(out RlpReader fields) || !outer.AtEnd
            || !fields.TryReadUlong(out ulong nonce) || !fields.TryReadUInt256(out UInt256 balance)
            || !TryReadOr(ref fields, Account.EmptyTrieRoot, out Hash256 root)
            || !TryReadOr(ref fields, Account.EmptyCodeHash, out Hash256 code) || !fields.AtEnd)
        {
            return false;
        }

        account = new Account(nonce, balance, code, root);
        return true;
    }

    public static byte[] EncodeSlot(in UInt256 value) => value.ToBigEndian().AsSpan().TrimStart((byte)0).ToArray();

    public static byte[] EncodeReceipts(ImmutableArray<Receipt> receipts)
    {
        RlpWriter writer = new(1024 + (receipts.Length * ReceiptBytesUsual));
        writer.BeginList();
        foreach (Receipt receipt in receipts)
        {
            receipt.WriteStored(writer);
        }

        writer.EndList();
        return writer.ToArray();
    }

    public static bool TryDecodeReceipts(ReadOnlySpan<byte> value, out ImmutableArray<Receipt> receipts)
    {
        ImmutableArray<Receipt>.Builder builder = ImmutableArray.CreateBuilder<Receipt>();
        receipts = [];
        RlpReader outer = new(value);
        if (!outer.TryReadList(out RlpReader items) || !outer.AtEnd)
        {
            return false;
        }

        while (!items.AtEnd)
        {
            if (!items.TryReadRaw(out ReadOnlySpan<byte> raw) || !Receipt.TryDecodeStored(raw, out Receipt? receipt))
            {
                return false;
            }

            builder.Add(receipt!);
        }

        receipts = builder.ToImmutable();
        return true;
    }

    /// <summary>The header of an encoded block, without looking at its transactions.</summary>
    public static bool TryDecodeHeader(ReadOnlySpan<byte> block, out BlockHeader? header)
    {
        header = null;
        RlpReader outer = new(block);
        return outer.TryReadList(out RlpReader fields) && fields.TryReadUlong(out _)
            && fields.TryReadRaw(out ReadOnlySpan<byte> raw) && BlockHeader.TryDecode(raw, out header, out _);
    }

    /// <summary>The flat keys whose former values a block left: a list of them.</summary>
    public static bool TryDecodeKeyList(ReadOnlySpan<byte> value, out List<byte[]> keys)
    {
        keys = [];
        RlpReader outer = new(value);
        if (!outer.TryReadList(out RlpReader items) || !outer.AtEnd)
        {
            return false;
        }

        while (!items.AtEnd)
        {
            if (!items.TryReadBytes(out ReadOnlySpan<byte> key))
            {
                return false;
            }

            keys.Add(key.ToArray());
        }

        return true;
    }

    private static void WriteUnless(RlpWriter writer, in Hash256 hash, in Hash256 usual)
    {
        if (hash == usual)
        {
            writer.WriteBytes([]);
        }
        else
        {
            writer.WriteHash(hash);
        }
    }

    private static bool TryReadOr(ref RlpReader reader, in Hash256 usual, out Hash256 hash)
    {
        hash = usual;
        if (!reader.TryReadBytes(out ReadOnlySpan<byte> bytes, Hash256.Length))
        {
            return false;
        }

        if (bytes.Length == Hash256.Length)
        {
            hash = Hash256.FromBytes(bytes);
        }

        return bytes.Length is 0 or Hash256.Length;
    }
}
