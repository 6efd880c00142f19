using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Evm;
using CPChain.Execution;
using CPChain.Ledger.Rows;
using CPChain.Ledger.States;
using CPChain.Storage;
using CPChain.Trie;
using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.Ledger;

/// <summary>Puts everything that follows from one block into one batch (specs/storage L3), the rows of each kind in the order of
/// their keys, which the tables take fastest.</summary>
internal sealed class BlockWriter(LedgerReader before, AccountCache accounts, bool isArchive, WriteBatch batch)
{
    private readonly WriteBatch _batch = batch;

    // What the rows of slots were.
    private readonly Dictionary<byte[], byte[]> _former = new(KeyEquality.Instance);

    // What the rows of accounts were, and where each begins.
    private readonly List<(Address Address, int At, int Length)> _formerAccounts = [];
    private readonly RlpWriter _formerBytes = new();
    private ulong _number;

    public WriteBatch Write(Block block, ReadOnlySpan<byte> certificate, BlockResult result, (ulong First, ulong Last) pruned)
    {
        _number = block.Header.Number;
        Hash256 hash = block.Hash;
        _batch.Put(LedgerKeys.OfBlock(_number), block.Encode());
        _batch.Put(LedgerKeys.OfHashOfNumber(_number), hash.ToArray());
        _batch.Put(LedgerKeys.OfNumberOfHash(hash), LedgerValues.EncodeNumber(_number));
        if (!certificate.IsEmpty)
        {
            _batch.Put(LedgerKeys.OfCertificate(_number), certificate);
        }

        WriteTransactions(block, result);
        WriteState(result.StateChanges);
        if (_number == 0 || isArchive)
        {
            WriteNodes(result.TrieChanges);
        }

        WriteHistory();
        for (ulong old = pruned.First; old <= pruned.Last; old++)
        {
            Prune(_batch, before, old);
        }

        _batch.Put(LedgerKeys.Head, LedgerValues.EncodeHead(_number, hash));
        return _batch;
    }

    /// <summary>The rows of nodes that came since they were written last, each place once, and the block whose trie they then are.</summary>
    public static WriteBatch WriteNodes(IReadOnlyList<TrieChanges> changes, ulong number)
    {
        WriteBatch batch = new();
        HashSet<ulong> written = [];
        HashSet<byte[]> writtenDeep = new(KeyEquality.Instance);
        Span<byte> room = stackalloc byte[LedgerKeys.NodeBytesMax];
        for (int i = changes.Count - 1; i >= 0; i--)
        {
            foreach (TrieNodeChange change in changes[i].Parts.SelectMany(static part => part))
            {
                ReadOnlySpan<byte> key = room[..LedgerKeys.WriteNode(room, change.Owner, change.Path.Span)];
                bool isNew = LedgerKeys.TryPackNode(change.Owner, change.Path.Span, out ulong packed)
                    ? written.Add(packed)
                    : writtenDeep.Add(key.ToArray());
                if (isNew)
                {
                    Put(batch, key, change);
                }
            }
        }

        batch.Put(LedgerKeys.Nodes, LedgerValues.EncodeNumber(number));
        return batch;
    }

    private void WriteTransactions(Block block, BlockResult result)
    {
        ImmutableArray<Transaction> transactions = block.Transactions;
        if (transactions.IsEmpty)
        {
            return;
        }

        _batch.Put(LedgerKeys.OfReceipts(_number), LedgerValues.EncodeReceipts(result.Receipts));
        Hash256[] hashes = [.. transactions.Select(static one => one.Hash)];
        int[] indices = [.. Enumerable.Range(0, hashes.Length)];
        Array.Sort(hashes, indices);
        Span<byte> key = stackalloc byte[LedgerKeys.TransactionBytes];
        Span<byte> value = stackalloc byte[LedgerValues.LocationBytes];
        for (int i = 0; i < hashes.Length; i++)
        {
            LedgerKeys.WriteTransaction(key, hashes[i]);
            LedgerValues.WriteLocation(value, _number, indices[i]);
            _batch.Put(key, value);
        }
    }

    private void WriteState(StateChanges changes)
    {
        foreach (CodeChange code in changes.Codes)
        {
            _batch.Put(LedgerKeys.OfCode(code.CodeHash), code.Code.Span);
        }

        foreach (Address address in changes.ClearedStorage)
        {
            ClearSlots(address);
        }

        WriteAccounts(changes.Accounts);
        foreach (StorageChange change in changes.Storage)
        {
            byte[] key = LedgerKeys.OfSlot(change.Address, change.Slot);
            PutFlat(key, before.Rows.TryGet(key, out byte[] former) ? former : [], LedgerValues.EncodeSlot(change.Value));
        }
    }

    private void WriteAccounts(ImmutableArray<AccountChange> changes)
    {
        Span<byte> key = stackalloc byte[LedgerKeys.AccountBytes];
        RlpWriter value = new(Account.EncodedBytesMax);
        _formerAccounts.EnsureCapacity(changes.Length);
        foreach (AccountChange change in changes)
        {
            LedgerKeys.WriteAccount(key, change.Address);
            int former = _formerBytes.WrittenSpan.Length;
            AppendFormer(change.Address, key);
            value.Clear();
            if (change.After is { } account)
            {
                LedgerValues.WriteAccount(value, account);
            }
            else
            {
                ClearSlots(change.Address);
            }

            if (_formerBytes.WrittenSpan[former..].SequenceEqual(value.WrittenSpan))
            {
                continue;
            }

            if (change.After is null)
            {
                _batch.Delete(key);
            }
            else
            {
                _batch.Put(key, value.WrittenSpan);
            }

            _formerAccounts.Add((change.Address, former, _formerBytes.WrittenSpan.Length - former));
        }
    }

    /// <summary>Appends the row that an account had; nothing where it had none.</summary>
    private void AppendFormer(in Address address, ReadOnlySpan<byte> key)
    {
        if (_number > 0 && accounts.TryGet(address, _number - 1, out Account? known))
        {
            if (known is { } account)
            {
                LedgerValues.WriteAccount(_formerBytes, account);
            }
        }
        else if (before.Rows.TryGet(key, out byte[] former))
        {
            _formerBytes.WriteRaw(former);
        }
    }

    private void ClearSlots(in Address address)
    {
        foreach (StoreEntry row in before.Rows.Scan(LedgerKeys.SlotsOf(address)))
        {
            PutFlat(row.Key, row.Value, []);
        }
    }

    /// <summary>Sets a flat row, or removes it for an empty value, and keeps what it was.</summary>
    private void PutFlat(byte[] key, byte[] former, byte[] value)
    {
        bool isFirst = !_former.ContainsKey(key);
        if (isFirst && former.AsSpan().SequenceEqual(value))
        {
            return;
        }

        if (value.Length > 0)
        {
            _batch.Put(key, value);
        }
        else if (former.Length > 0 || !isFirst)
        {
            _batch.Delete(key);
        }

        if (isFirst)
        {
            _former.Add(key, former);
        }
    }

    private void WriteNodes(TrieChanges changes)
    {
        foreach (TrieNodeChange change in changes.Nodes)
        {
            byte[] key = LedgerKeys.OfNode(change.Owner, change.Path.Span);
            if (_number > 0)
            {
                _batch.Put(LedgerKeys.OfNodeHistory(key, _number), before.Rows.TryGet(key, out byte[] former) ? former : []);
            }

            Put(_batch, key, change);
        }

        _batch.Put(LedgerKeys.Nodes, LedgerValues.EncodeNumber(_number));
    }

    private static void Put(WriteBatch batch, ReadOnlySpan<byte> key, in TrieNodeChange change)
    {
        if (change.Node is { } node)
        {
            batch.Put(key, node.Span);
        }
        else
        {
            batch.Delete(key);
        }
    }

    private void WriteHistory()
    {
        if (_number == 0 || _formerAccounts.Count + _former.Count == 0)
        {
            return;
        }

        RlpWriter list = new(256 + (_formerAccounts.Count * (LedgerKeys.AccountBytes + 1)));
        list.BeginList();
        Span<byte> key = stackalloc byte[LedgerKeys.AccountBytes];
        Span<byte> row = stackalloc byte[LedgerKeys.AccountBytes + LedgerKeys.HistoryBytes];
        foreach ((Address address, int at, int length) in _formerAccounts)
        {
            LedgerKeys.WriteAccount(key, address);
            LedgerKeys.WriteHistory(row, key, _number);
            _batch.Put(row, _formerBytes.WrittenSpan.Slice(at, length));
            list.WriteBytes(key);
        }

        foreach ((byte[] slot, byte[] former) in _former)
        {
            _batch.Put(LedgerKeys.OfHistory(slot, _number), former);
            list.WriteBytes(slot);
        }

        list.EndList();
        _batch.Put(LedgerKeys.OfHistoryList(_number), list.WrittenSpan);
    }

    /// <summary>Removes the former values that one block left.</summary>
    public static void Prune(WriteBatch batch, LedgerReader before, ulong number)
    {
        if (before.HistoryKeys(number) is not { } keys)
        {
            return;
        }

        foreach (byte[] key in keys)
        {
            batch.Delete(LedgerKeys.OfHistory(key, number));
        }

        batch.Delete(LedgerKeys.OfHistoryList(number));
    }
}
