using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Types.Rlp;

namespace CPChain.RpcCompat.Ethereum;

/// <summary>A block of Ethereum, of any fork.</summary>
/// <param name="Header">Its header.</param>
/// <param name="Transactions">Its transactions.</param>
/// <param name="Uncles">Headers of uncles; none since Paris.</param>
/// <param name="Withdrawals">Since Shanghai; null before.</param>
internal sealed record EthereumBlock(
    EthereumHeader Header,
    ImmutableArray<Transaction> Transactions,
    ImmutableArray<EthereumHeader> Uncles,
    ImmutableArray<Withdrawal>? Withdrawals)
{
    /// <summary>A block without uncles and withdrawals, as a simulation makes one.</summary>
    public static EthereumBlock Plain(EthereumHeader header, ImmutableArray<Transaction> transactions) =>
        new(header, transactions, [], header.WithdrawalsRoot is null ? null : []);

    public byte[] Encode()
    {
        RlpWriter writer = new();
        writer.BeginList();
        Header.Write(writer);
        writer.BeginList();
        foreach (Transaction transaction in Transactions)
        {
            if (transaction.Type == TxType.Legacy) writer.WriteRaw(transaction.Encoded.Span);
            else writer.WriteBytes(transaction.Encoded.Span);
        }
        writer.EndList();
        writer.BeginList();
        foreach (EthereumHeader uncle in Uncles) uncle.Write(writer);
        writer.EndList();
        if (Withdrawals is { } withdrawals)
        {
            writer.BeginList();
            foreach (Withdrawal withdrawal in withdrawals) writer.WriteRaw(withdrawal.Encode());
            writer.EndList();
        }
        writer.EndList();
        return writer.ToArray();
    }

    /// <summary>Reads the blocks that stand one after another in a file.</summary>
    /// <exception cref="FormatException">Something in it is no block.</exception>
    public static ImmutableArray<EthereumBlock> ReadAll(ReadOnlySpan<byte> file)
    {
        ImmutableArray<EthereumBlock>.Builder blocks = ImmutableArray.CreateBuilder<EthereumBlock>();
        RlpReader reader = new(file);
        while (!reader.AtEnd) blocks.Add(Read(ref reader, blocks.Count + 1));
        return blocks.ToImmutable();
    }

    private static EthereumBlock Read(ref RlpReader outer, int place)
    {
        if (!outer.TryReadList(out RlpReader reader) || !EthereumHeader.TryRead(ref reader, out EthereumHeader? header))
            throw new FormatException($"block {place} of the chain has no header that any fork writes");
        if (!reader.TryReadList(out RlpReader items)) throw new FormatException($"block {place} has no transactions");
        ImmutableArray<Transaction> transactions = ReadTransactions(ref items, place);
        if (!reader.TryReadList(out RlpReader uncleItems)) throw new FormatException($"block {place} has no uncles");
        ImmutableArray<EthereumHeader>.Builder uncles = ImmutableArray.CreateBuilder<EthereumHeader>();
        while (!uncleItems.AtEnd)
        {
            if (!EthereumHeader.TryRead(ref uncleItems, out EthereumHeader? uncle))
                throw new FormatException($"block {place} has an uncle that is no header");
            uncles.Add(uncle);
        }
        ImmutableArray<Withdrawal>? withdrawals = reader.AtEnd ? null : ReadWithdrawals(ref reader, place);
        if (!reader.AtEnd) throw new FormatException($"block {place} has more than any fork writes");
        return new EthereumBlock(header, transactions, uncles.ToImmutable(), withdrawals);
    }

    private static ImmutableArray<Transaction> ReadTransactions(ref RlpReader items, int place)
    {
        ImmutableArray<Transaction>.Builder transactions = ImmutableArray.CreateBuilder<Transaction>();
        while (!items.AtEnd)
        {
            ReadOnlySpan<byte> envelope = default;
            bool isRead = items.TryPeekIsList(out bool isList)
                && (isList ? items.TryReadRaw(out envelope) : items.TryReadBytes(out envelope));
            TransactionFault fault = TransactionFault.Malformed;
            if (!isRead || !Transaction.TryDecodeForeign(envelope, out Transaction? transaction, out fault))
                throw new FormatException($"transaction {transactions.Count} of block {place}: {fault.Text()}");
            transactions.Add(transaction);
        }
        return transactions.ToImmutable();
    }

    private static ImmutableArray<Withdrawal> ReadWithdrawals(ref RlpReader reader, int place)
    {
        ImmutableArray<Withdrawal>.Builder withdrawals = ImmutableArray.CreateBuilder<Withdrawal>();
        if (!reader.TryReadList(out RlpReader items)) throw new FormatException($"the withdrawals of block {place} are no list");
        while (!items.AtEnd)
        {
            if (!Withdrawal.TryRead(ref items, out Withdrawal? withdrawal))
                throw new FormatException($"block {place} has a withdrawal that is none");
            withdrawals.Add(withdrawal);
        }
        return withdrawals.ToImmutable();
    }
}
