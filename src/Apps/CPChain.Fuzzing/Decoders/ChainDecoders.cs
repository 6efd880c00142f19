using System.Collections.Immutable;
using System.Text;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Dpor;
using CPChain.Ledger.Rows;
using CPChain.Sdk.Proofs;
using CPChain.Trie.Nodes;
using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.Fuzzing.Decoders;

/// <summary>RLP, transactions, blocks, receipts, accounts, trie nodes, rows of the ledger, genesis.</summary>
internal static class ChainDecoders
{
    private const int RlpDepthMax = 64;

    internal static IEnumerable<DecoderEntry> All()
    {
        Transaction[] transactions = Transactions();
        byte[] block = SomeBlock(transactions).Encode();
        Receipt[] receipts = Receipts();
        Account account = new(7, UInt256.One << 90, SeedKeys.Hash(1), SeedKeys.Hash(2));
        yield return new("rlp", ["RlpReader"], [block, [0xc0], [0x80], [0xc8, 0x83, 1, 2, 3, 0xc3, 1, 2, 3]], Rlp);
        yield return new("transaction", ["Transaction.TryDecode", "TransactionDecoder.Decode"],
            [.. transactions.Select(static one => one.Encode())],
            static bytes => Transaction.TryDecode(bytes, out Transaction? read, out _) ? Decoded.As(Again(read)) : Decoded.Refused);
        yield return new("foreign transaction", ["Transaction.TryDecodeForeign"], [.. transactions.Select(static one => one.Encode())],
            static bytes => Decoded.If(Transaction.TryDecodeForeign(bytes, out _, out _)));
        yield return new("block", ["Block.TryDecode"], [block, SomeBlock([]).Encode(), Impeach().Encode()],
            static bytes => Block.TryDecode(bytes, BlockLimits.Default, out Block? read, out _) ? Decoded.As(read.Encode()) : Decoded.Refused);
        yield return new("block head", ["Block.TryDecodeHead"], [block, Impeach().Encode()],
            static bytes => Decoded.If(Block.TryDecodeHead(bytes, BlockLimits.Default, out _, out _, out _)));
        yield return new("header", ["BlockHeader.TryDecode"], [SomeBlock([]).Header.Encode()],
            static bytes => BlockHeader.TryDecode(bytes, out BlockHeader? read, out _) ? Decoded.As(read.Encode()) : Decoded.Refused);
        yield return new("receipt", ["Receipt.TryDecodeStored"], [.. receipts.Select(static one => one.EncodeStored())],
            static bytes => Receipt.TryDecodeStored(bytes, out Receipt? read) ? Decoded.As(read.EncodeStored()) : Decoded.Refused);
        yield return new("proven receipt", ["ProvenReceipt.TryDecode"], [.. receipts.Select(static one => one.EncodeConsensus())],
            static bytes => Decoded.If(ProvenReceipt.TryDecode(bytes, out _)));
        yield return new("bloom", ["Bloom.TryFromBytes"], [new byte[Bloom.Length]],
            static bytes => Bloom.TryFromBytes(bytes, out Bloom read) ? Decoded.As(read.Span.ToArray()) : Decoded.Refused);
        yield return new("account", ["Account.TryDecode"], [Encode(account)],
            static bytes => Account.TryDecode(bytes, out Account read) ? Decoded.As(Encode(read)) : Decoded.Refused);
        yield return new("ledger head", ["LedgerValues.TryDecodeHead"], [LedgerValues.EncodeHead(9, SeedKeys.Hash(3))],
            static bytes => LedgerValues.TryDecodeHead(bytes, out ulong number, out Hash256 hash)
                ? Decoded.As(LedgerValues.EncodeHead(number, hash)) : Decoded.Refused);
        yield return new("ledger account", ["LedgerValues.TryDecodeAccount"], [AccountRow(account), AccountRow(Account.Empty)],
            static bytes => LedgerValues.TryDecodeAccount(bytes, out Account read)
                ? Decoded.As(AccountRow(read)) : Decoded.Refused);
        yield return new("ledger receipts", ["LedgerValues.TryDecodeReceipts"], [LedgerValues.EncodeReceipts([.. receipts])],
            static bytes => LedgerValues.TryDecodeReceipts(bytes, out ImmutableArray<Receipt> read)
                ? Decoded.As(LedgerValues.EncodeReceipts(read)) : Decoded.Refused);
        yield return new("ledger header", ["LedgerValues.TryDecodeHeader"], [block],
            static bytes => Decoded.If(LedgerValues.TryDecodeHeader(bytes, out _)));
        yield return new("ledger keys", ["LedgerValues.TryDecodeKeyList"], [KeyList([[1, 2], [3], []])],
            static bytes => LedgerValues.TryDecodeKeyList(bytes, out List<byte[]> read)
                ? Decoded.As(KeyList(read)) : Decoded.Refused);
        yield return new("trie node", ["TrieNodeCodec.TryDecode", "Nibbles.TryReadCompact"], TrieNodes(),
            static bytes => TrieNodeCodec.TryDecode(bytes, out TrieNode? read) ? Decoded.As(TrieNodeCodec.Encode(read!)) : Decoded.Refused);
        yield return new("genesis", ["Genesis.TryParse", "GenesisJson.TryParse", "GenesisReading.TryRead"],
            SeedFiles.Read("chain/genesis-v1.json", "storage/ledger-v1-genesis.json"),
            static bytes => Genesis.TryParse(Encoding.UTF8.GetString(bytes), out _, out _) ? Decoded.Taken : Decoded.Refused)
        { IsText = true, AllocatedMax = 4 << 20, AllocatedPerByte = 512 };
        yield return new("numbers of elections", ["DporJson.TryParse"],
            [Encoding.UTF8.GetBytes(DporJson.Print(DporParameters.Main)), Encoding.UTF8.GetBytes(DporJson.Print(DporParameters.Short))],
            static bytes => DporJson.TryParse(Encoding.UTF8.GetString(bytes), out _, out _) ? Decoded.Taken : Decoded.Refused)
        { IsText = true };
    }

    /// <summary>Reads items within items and writes them again.</summary>
    private static Decoded Rlp(byte[] bytes)
    {
        RlpReader reader = new(bytes);
        RlpWriter writer = new(Math.Max(16, bytes.Length));
        return Copy(ref reader, writer, 0) && reader.AtEnd ? Decoded.As(writer.ToArray()) : Decoded.Refused;
    }

    private static bool Copy(ref RlpReader reader, RlpWriter writer, int depth)
    {
        while (!reader.AtEnd)
        {
            if (!reader.TryPeekIsList(out bool isList)) return false;
            if (!isList)
            {
                if (!reader.TryReadBytes(out ReadOnlySpan<byte> item)) return false;
                writer.WriteBytes(item);
                continue;
            }

            if (depth == RlpDepthMax || !reader.TryReadList(out RlpReader inner)) return false;
            writer.BeginList();
            if (!Copy(ref inner, writer, depth + 1)) return false;
            writer.EndList();
        }

        return true;
    }

    /// <summary>Not the bytes that were kept: the fields, with the signature.</summary>
    private static byte[] Again(Transaction read) => read.Content.EncodeWith(read.Signature);

    private static byte[] Encode(Account account)
    {
        RlpWriter writer = new();
        writer.WriteRaw(account.Encode());
        return writer.ToArray();
    }

    private static byte[] AccountRow(Account account)
    {
        RlpWriter writer = new();
        LedgerValues.WriteAccount(writer, account);
        return writer.ToArray();
    }

    private static byte[] KeyList(IReadOnlyList<byte[]> keys)
    {
        RlpWriter writer = new();
        writer.BeginList();
        foreach (byte[] key in keys) writer.WriteBytes(key);
        writer.EndList();
        return writer.ToArray();
    }

    private static byte[][] TrieNodes()
    {
        RlpWriter leaf = new();
        leaf.BeginList();
        leaf.WriteBytes([0x20, .. new byte[32]]);
        leaf.WriteBytes([1, 2, 3]);
        leaf.EndList();
        RlpWriter branch = new();
        branch.BeginList();
        for (byte child = 0; child < 16; child++)
        {
            if (child % 3 == 0) branch.WriteHash(SeedKeys.Hash(child));
            else branch.WriteBytes([]);
        }

        branch.WriteBytes([]);
        branch.EndList();
        RlpWriter extension = new();
        extension.BeginList();
        extension.WriteBytes([0x00, 0x00, 0x00]);
        extension.WriteHash(SeedKeys.Hash(1));
        extension.EndList();
        return [leaf.ToArray(), branch.ToArray(), extension.ToArray()];
    }

    private static Transaction[] Transactions()
    {
        using PrivateKey key = SeedKeys.Key(1);
        Address to = Address.FromUInt256(0xc0deUL);
        ImmutableArray<AccessListEntry> list = [new AccessListEntry(to, [UInt256.One, UInt256.MaxValue]), new AccessListEntry(Address.Zero, [])];
        UnsignedTransaction fees = UnsignedTransaction.FeeMarket(41, 3, 9UL, 2UL, 100_000);
        return
        [
            Transaction.Sign(UnsignedTransaction.Legacy(41, 0, 7UL, 21_000) with { To = to, Value = 1UL }, key),
            Transaction.Sign(UnsignedTransaction.Legacy(41, 1, 7UL, 21_000) with { Type = TxType.AccessList, AccessList = list }, key),
            Transaction.Sign(fees with { To = to, Data = new byte[] { 1, 2, 3 } }, key),
            Transaction.Sign(
                fees with { Type = TxType.SetCode, To = to, Authorizations = [Authorization.Sign(0UL, to, 5, key), Authorization.Sign(41UL, to, 6, key)] },
                key),
        ];
    }

    private static Block SomeBlock(Transaction[] transactions)
    {
        using PrivateKey key = SeedKeys.Key(2);
        BlockHeader header = new()
        {
            ParentHash = SeedKeys.Hash(1),
            Coinbase = key.Address,
            StateRoot = SeedKeys.Hash(2),
            TransactionsRoot = SeedKeys.Hash(3),
            ReceiptsRoot = SeedKeys.Hash(4),
            Number = 12,
            GasLimit = 30_000_000,
            GasUsed = 42_000,
            TimestampMs = 1_700_000_000_123,
            BaseFeePerGas = 7UL,
            NextValidatorsHash = SeedKeys.Hash(5),
            Extra = new byte[] { 1, 2 },
        };
        return new Block(header, key.Sign(header.Hash), [.. transactions]);
    }

    private static Block Impeach() => SomeBlock([]) with { Seal = null, Header = SomeBlock([]).Header with { Coinbase = Address.Zero } };

    private static Receipt[] Receipts()
    {
        LogEntry log = new(Address.FromUInt256(5UL), [SeedKeys.Hash(1), SeedKeys.Hash(2)], new byte[] { 1, 2, 3 });
        return
        [
            new Receipt(TxType.Legacy, true, 21_000, 21_000, Bloom.Of([log]), [log], null, 7UL),
            new Receipt(TxType.FeeMarket, false, 90_000, 69_000, Bloom.Empty, [], Address.FromUInt256(9UL), 8UL),
        ];
    }
}
