using System.Buffers.Binary;
using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Storage;
using CPChain.Types;

namespace CPChain.Ledger.Rows;

/// <summary>Typed reads of ledger rows from a store or a snapshot; damage throws <see cref="StorageFailure"/>.</summary>
internal sealed class LedgerReader(IKeyValueReader rows, string location)
{
    // What was written passed the chain's own limits, which a later genesis format may widen.
    private static readonly BlockLimits s_anySize = new(int.MaxValue, ulong.MaxValue, int.MaxValue, int.MaxValue);

    public IKeyValueReader Rows => rows;

    public bool TryGetHead(out ulong number, out Hash256 hash)
    {
        number = 0;
        hash = default;
        return rows.TryGet(LedgerKeys.Head, out byte[] value)
            && (LedgerValues.TryDecodeHead(value, out number, out hash) ? true : throw Damaged("the head row"));
    }

    /// <summary>A row that holds a block's number; null when it is absent.</summary>
    public ulong? NumberAt(byte[] key, string what)
    {
        if (!rows.TryGet(key, out byte[] value))
        {
            return null;
        }

        return value.Length == 8 ? BinaryPrimitives.ReadUInt64BigEndian(value) : throw Damaged(what);
    }

    /// <summary>The flat rows that a block changed; null when it changed none or that is not kept.</summary>
    public List<byte[]>? HistoryKeys(ulong number)
    {
        if (!rows.TryGet(LedgerKeys.OfHistoryList(number), out byte[] value))
        {
            return null;
        }

        return LedgerValues.TryDecodeKeyList(value, out List<byte[]> keys) ? keys : throw Damaged($"the history of block {number}");
    }

    public Block? Block(ulong number)
    {
        if (!rows.TryGet(LedgerKeys.OfBlock(number), out byte[] value))
        {
            return null;
        }

        return Chain.Block.TryDecode(value, s_anySize, out Block? block, out _) ? block : throw Damaged($"block {number}");
    }

    public BlockHeader? Header(ulong number)
    {
        if (!rows.TryGet(LedgerKeys.OfBlock(number), out byte[] value))
        {
            return null;
        }

        return LedgerValues.TryDecodeHeader(value, out BlockHeader? header) ? header : throw Damaged($"the header of block {number}");
    }

    public Hash256? HashOf(ulong number)
    {
        if (!rows.TryGet(LedgerKeys.OfHashOfNumber(number), out byte[] value))
        {
            return null;
        }

        return value.Length == Hash256.Length ? Hash256.FromBytes(value) : throw Damaged($"the hash of block {number}");
    }

    public ulong? NumberOf(in Hash256 hash)
    {
        if (!rows.TryGet(LedgerKeys.OfNumberOfHash(hash), out byte[] value))
        {
            return null;
        }

        return value.Length == 8 ? BinaryPrimitives.ReadUInt64BigEndian(value) : throw Damaged($"the number of block {hash}");
    }

    public ImmutableArray<Receipt> Receipts(ulong number)
    {
        if (!rows.TryGet(LedgerKeys.OfReceipts(number), out byte[] value))
        {
            return [];
        }

        return LedgerValues.TryDecodeReceipts(value, out ImmutableArray<Receipt> receipts)
            ? receipts
            : throw Damaged($"the receipts of block {number}");
    }

    public TransactionLocation? Locate(in Hash256 transaction)
    {
        if (!rows.TryGet(LedgerKeys.OfTransaction(transaction), out byte[] value))
        {
            return null;
        }

        return value.Length == LedgerValues.LocationBytes
            ? new TransactionLocation(
                BinaryPrimitives.ReadUInt64BigEndian(value), BinaryPrimitives.ReadInt32BigEndian(value.AsSpan(8)))
            : throw Damaged($"the location of transaction {transaction}");
    }

    public byte[]? Certificate(ulong number) =>
        rows.TryGet(LedgerKeys.OfCertificate(number), out byte[] value) ? value : null;

    public bool TryDecodeAccount(byte[] value, in Address address, out Account account)
    {
        account = default;
        return value.Length > 0
            && (LedgerValues.TryDecodeAccount(value, out account) ? true : throw Damaged($"account {address}"));
    }

    public ReadOnlyMemory<byte> Code(in Hash256 hash)
    {
        if (hash == Account.EmptyCodeHash)
        {
            return default;
        }

        return rows.TryGet(LedgerKeys.OfCode(hash), out byte[] code) ? code : throw Damaged($"code {hash}");
    }

    public StorageFailure Damaged(string what) => new(
        StorageFault.Corrupt, location,
        $"{what} is missing or damaged; restore the directory from a copy, or delete it and let the node fetch the chain again");
}
