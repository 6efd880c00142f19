using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using CPChain.Crypto;
using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.Chain;

/// <summary>
/// Header, seal and transactions. The seal is the proposer's signature over the header hash under the SEAL domain
/// (L2.4); it is absent in an impeach block and in genesis.
/// </summary>
public sealed record Block(BlockHeader Header, Signature? Seal, ImmutableArray<Transaction> Transactions)
{
    /// <summary>The block encoding that this code writes and knows.</summary>
    public const ulong CurrentVersion = 1;

    /// <summary>Hash of the header.</summary>
    public Hash256 Hash => Header.Hash;

    /// <summary>Position in the chain.</summary>
    public BlockNumber Number => new(Header.Number);

    /// <summary>True iff nobody proposed it: the coinbase is zero (L2.1).</summary>
    public bool IsImpeach => Header.IsImpeach;

    /// <summary>RLP [version, header, seal or empty, [transactions]].</summary>
    public byte[] Encode()
    {
        RlpWriter writer = new(BlockLimits.OverheadBytesMax + Transactions.Sum(static one => one.Encoded.Length + 4));
        writer.BeginList();
        writer.WriteUlong(CurrentVersion);
        Header.WriteTo(writer);
        if (Seal is Signature seal)
            writer.WriteBytes(seal.ToArray());
        else
            writer.WriteBytes([]);
        writer.BeginList();
        foreach (Transaction transaction in Transactions)
        {
            if (transaction.Type == TxType.Legacy)
                writer.WriteRaw(transaction.Encoded.Span);
            else
                writer.WriteBytes(transaction.Encoded.Span);
        }
        writer.EndList();
        writer.EndList();
        return writer.ToArray();
    }

    /// <summary>Reads <see cref="Encode"/> within the limits; a fault names what is wrong. Never throws.</summary>
    public static bool TryDecode(
        ReadOnlySpan<byte> encoded,
        BlockLimits limits,
        [NotNullWhen(true)] out Block? block,
        out BlockFault fault)
    {
        block = null;
        if (!TryReadHead(encoded, limits, out RlpReader reader, out BlockHeader? header, out Signature? seal, out fault))
            return false;
        fault = new BlockFault(BlockFaultKind.Malformed, "transactions");
        if (!reader.TryReadList(out RlpReader items) || !reader.AtEnd
            || !TryReadTransactions(ref items, limits, out ImmutableArray<Transaction> transactions, ref fault))
            return false;
        fault = BlockFault.None;
        block = new Block(header, seal, transactions);
        return true;
    }

    /// <summary>
    /// Reads header and seal and leaves the transactions alone, so that a block of megabytes can be refused before it has cost anything.
    /// </summary>
    public static bool TryDecodeHead(
        ReadOnlySpan<byte> encoded,
        BlockLimits limits,
        [NotNullWhen(true)] out BlockHeader? header,
        out Signature? seal,
        out BlockFault fault) => TryReadHead(encoded, limits, out _, out header, out seal, out fault);

    /// <inheritdoc/>
    public bool Equals(Block? other) =>
        other is not null && Header == other.Header && Nullable.Equals(Seal, other.Seal)
        && Transactions.SequenceEqual(other.Transactions);

    /// <inheritdoc/>
    public override int GetHashCode() => Hash.GetHashCode();

    /// <summary>Number and hash.</summary>
    public override string ToString() => Header.ToString();

    private static bool TryReadHead(
        ReadOnlySpan<byte> encoded,
        BlockLimits limits,
        out RlpReader reader,
        [NotNullWhen(true)] out BlockHeader? header,
        out Signature? seal,
        out BlockFault fault)
    {
        header = null;
        seal = null;
        reader = default;
        if (encoded.Length > limits.BytesMax)
        {
            fault = new BlockFault(BlockFaultKind.TooLarge, $"{encoded.Length} bytes of at most {limits.BytesMax}");
            return false;
        }
        fault = new BlockFault(BlockFaultKind.Malformed, "block");
        RlpReader outer = new(encoded);
        if (!outer.TryReadList(out reader) || !outer.AtEnd || !reader.TryReadUlong(out ulong version))
            return false;
        if (version != CurrentVersion)
        {
            fault = BlockFault.UnknownVersion("block", version);
            return false;
        }
        if (!BlockHeader.TryRead(ref reader, out header, out fault) || header is null)
            return false;
        fault = new BlockFault(BlockFaultKind.Malformed, "seal");
        if (!reader.TryReadBytes(out ReadOnlySpan<byte> sealBytes, Signature.Length))
            return false;
        if (!sealBytes.IsEmpty)
        {
            if (!Signature.TryFromBytes(sealBytes, out Signature read))
                return false;
            seal = read;
        }
        fault = BlockFault.None;
        return true;
    }

    private static bool TryReadTransactions(
        ref RlpReader items, BlockLimits limits, out ImmutableArray<Transaction> transactions, ref BlockFault fault)
    {
        transactions = [];
        ImmutableArray<Transaction>.Builder builder = ImmutableArray.CreateBuilder<Transaction>();
        while (!items.AtEnd)
        {
            if (builder.Count == limits.TransactionsMax)
            {
                fault = new BlockFault(BlockFaultKind.TooManyTransactions, $"more than {limits.TransactionsMax}");
                return false;
            }
            ReadOnlySpan<byte> envelope;
            if (!items.TryPeekIsList(out bool isList))
                return false;
            if (isList ? !items.TryReadRaw(out envelope) : !items.TryReadBytes(out envelope))
                return false;
            // A legacy list wrapped in a string would be a second encoding of the same block.
            bool wrapped = !isList && !envelope.IsEmpty && envelope[0] >= 0xc0;
            TransactionFault why = TransactionFault.Malformed;
            if (wrapped || !Transaction.TryDecode(
                envelope, out Transaction? transaction, out why, limits.TransactionBytesMax))
            {
                fault = new BlockFault(
                    BlockFaultKind.TransactionMalformed,
                    $"transaction {builder.Count}: {(wrapped ? TransactionFault.Malformed : why).Text()}");
                return false;
            }
            builder.Add(transaction!);
        }
        transactions = builder.ToImmutable();
        return true;
    }
}
