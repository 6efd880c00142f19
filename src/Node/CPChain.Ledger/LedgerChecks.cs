using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Ledger.Rows;
using CPChain.Storage;
using CPChain.Trie;
using CPChain.Types;

namespace CPChain.Ledger;

/// <summary>Checks of a ledger at rest (specs/storage L5).</summary>
internal static class LedgerChecks
{
    /// <summary>Genesis, head block and the root node of the head's state; returns the head's header.</summary>
    public static BlockHeader Quick(LedgerReader reader, string location, in Hash256 genesis)
    {
        bool named = reader.Rows.TryGet(LedgerKeys.Genesis, out byte[] stored) && stored.Length == Hash256.Length;
        if (!named)
        {
            throw reader.Damaged("the genesis row");
        }

        Hash256 found = Hash256.FromBytes(stored);
        if (found != genesis)
        {
            throw new StorageFailure(StorageFault.WrongChain, location,
                $"holds the chain with genesis {found}, not {genesis}; choose another directory or the genesis file of that chain");
        }

        reader.TryGetHead(out ulong number, out Hash256 hash);
        BlockHeader head = reader.Header(number) is { } header && header.Hash == hash
            ? header
            : throw reader.Damaged($"head block {number}");
        // Before version 2 the nodes were always the head's.
        ulong written = reader.NumberAt(LedgerKeys.Nodes, "the row of the trie") ?? number;
        BlockHeader last = written == number ? head : reader.Header(written) ?? throw reader.Damaged($"the header of block {written}");
        if (last.StateRoot != Account.EmptyTrieRoot
            && !(reader.Rows.TryGet(LedgerKeys.OfNode(TrieOwner.Accounts, []), out byte[] root)
                && Keccak256.Hash(root) == last.StateRoot))
        {
            throw reader.Damaged($"the state root of block {written}");
        }

        return head;
    }

    /// <summary>Removes the history of blocks up to this one, which a former run with a longer one left.</summary>
    public static void PruneHistory(IKeyValueStore store, LedgerReader reader, ulong last)
    {
        WriteBatch batch = new();
        foreach (StoreEntry list in reader.Rows.Scan(LedgerKeys.AllHistoryLists))
        {
            ulong number = LedgerKeys.NumberAtEnd(list.Key);
            if (number > last)
            {
                break;
            }

            BlockWriter.Prune(batch, reader, number);
        }

        if (batch.Count > 0)
        {
            store.Write(batch, durable: false);
        }
    }

    /// <summary>Everything; see <see cref="ChainLedger.Verify"/>.</summary>
    public static LedgerCheck Full(LedgerReader reader)
    {
        reader.TryGetHead(out ulong head, out Hash256 headHash);
        ulong transactions = 0;
        Hash256 parent = Hash256.Zero;
        for (ulong number = 0; number <= head; number++)
        {
            if (CheckBlock(reader, number, parent, out Block? block) is { } problem)
            {
                return new LedgerCheck(number, transactions, 0, 0, problem);
            }

            parent = block!.Hash;
            transactions += (ulong)block.Transactions.Length;
        }

        string? last = parent == headHash ? null : $"the head row names {headHash}, block {head} is {parent}";
        (ulong accounts, ulong slots, string? state) = CheckState(reader, reader.Header(head)!.StateRoot);
        return new LedgerCheck(head + 1, transactions, accounts, slots, last ?? state);
    }

    private static string? CheckBlock(LedgerReader reader, ulong number, in Hash256 parent, out Block? block)
    {
        block = reader.Block(number);
        if (block is null || block.Header.Number != number)
        {
            return $"block {number} is missing";
        }

        if (block.Header.ParentHash != parent)
        {
            return $"block {number} does not follow block {number - 1}";
        }

        if (reader.HashOf(number) != block.Hash || reader.NumberOf(block.Hash) != number)
        {
            return $"the index of block {number} is wrong";
        }

        ImmutableArray<Receipt> receipts = reader.Receipts(number);
        if (TrieRoot.OfIndexed([.. block.Transactions.Select(static t => t.Encoded)]) != block.Header.TransactionsRoot
            || TrieRoot.OfIndexed([.. receipts.Select(static r => r.EncodeConsensus())]) != block.Header.ReceiptsRoot)
        {
            return $"transactions or receipts of block {number} do not match its header";
        }

        for (int i = 0; i < block.Transactions.Length; i++)
        {
            if (reader.Locate(block.Transactions[i].Hash) != new TransactionLocation(number, i))
            {
                return $"the index of transaction {block.Transactions[i].Hash} is wrong";
            }
        }

        return null;
    }

    private static (ulong Accounts, ulong Slots, string? Problem) CheckState(LedgerReader reader, in Hash256 stateRoot)
    {
        ulong slots = 0;
        List<KeyValuePair<byte[], byte[]>> accounts = [];
        foreach (StoreEntry row in reader.Rows.Scan(LedgerKeys.AllAccounts))
        {
            Address address = Address.FromBytes(row.Key.AsSpan(1));
            if (!reader.TryDecodeAccount(row.Value, address, out Account account))
            {
                return ((ulong)accounts.Count, slots, $"account {address} is empty");
            }

            List<KeyValuePair<byte[], byte[]>> storage = [];
            foreach (StoreEntry slot in reader.Rows.Scan(LedgerKeys.SlotsOf(address)))
            {
                byte[] value = StateTrieKeys.EncodeSlotValue(UInt256.FromBigEndian(slot.Value)) ?? [];
                storage.Add(new(slot.Key[(1 + Address.Length)..], value));
            }

            slots += (ulong)storage.Count;
            if (TrieRoot.OfSecureEntries(storage) != account.StorageRoot)
            {
                return ((ulong)accounts.Count, slots, $"the storage of {address} does not match its root");
            }

            if (account.HasCode && Keccak256.Hash(reader.Code(account.CodeHash).Span) != account.CodeHash)
            {
                return ((ulong)accounts.Count, slots, $"the code of {address} does not match its hash");
            }

            accounts.Add(new(row.Key[1..], account.Encode()));
        }

        Hash256 root = TrieRoot.OfSecureEntries(accounts);
        return ((ulong)accounts.Count, slots, root == stateRoot ? null : $"the state root is {root}, the head says {stateRoot}");
    }
}
