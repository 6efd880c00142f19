using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Evm;
using CPChain.Execution;
using CPChain.Ledger.Rows;
using CPChain.Storage;
using CPChain.Trie;
using CPChain.Types;

namespace CPChain.Ledger;

/// <summary>Puts everything that follows from one block into one batch (specs/storage L3).</summary>
internal sealed class BlockWriter(LedgerReader before, ulong historyBlocks)
{
    private readonly WriteBatch _batch = new();
    private readonly List<byte[]> _formerKeys = [];
    private readonly HashSet<string> _formerSeen = new(StringComparer.Ordinal);
    private ulong _number;

    public WriteBatch Write(Block block, ReadOnlySpan<byte> certificate, BlockResult result)
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
        WriteNodes(result.TrieChanges);
        WriteHistory();
        _batch.Put(LedgerKeys.Head, LedgerValues.EncodeHead(_number, hash));
        return _batch;
    }

    private void WriteTransactions(Block block, BlockResult result)
    {
        ImmutableArray<Transaction> transactions = block.Transactions;
        if (transactions.IsEmpty)
        {
            return;
        }

        _batch.Put(LedgerKeys.OfReceipts(_number), LedgerValues.EncodeReceipts(result.Receipts));
        for (int i = 0; i < transactions.Length; i++)
        {
            _batch.Put(LedgerKeys.OfTransaction(transactions[i].Hash), LedgerValues.EncodeLocation(_number, i));
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

        foreach (AccountChange change in changes.Accounts)
        {
            if (change.After is { } account)
            {
                PutFlat(LedgerKeys.OfAccount(change.Address), LedgerValues.EncodeAccount(account));
            }
            else
            {
                ClearSlots(change.Address);
                PutFlat(LedgerKeys.OfAccount(change.Address), []);
            }
        }

        foreach (StorageChange change in changes.Storage)
        {
            PutFlat(LedgerKeys.OfSlot(change.Address, change.Slot), LedgerValues.EncodeSlot(change.Value));
        }
    }

    private void ClearSlots(in Address address)
    {
        foreach (StoreEntry row in before.Rows.Scan(LedgerKeys.SlotsOf(address)))
        {
            PutFlat(row.Key, []);
        }
    }

    /// <summary>Sets a flat row, or removes it for an empty value, and keeps what it was.</summary>
    private void PutFlat(byte[] key, byte[] value)
    {
        bool existed = before.Rows.TryGet(key, out byte[] former);
        bool isFirst = _formerSeen.Add(Convert.ToHexString(key));
        if (isFirst && former.AsSpan().SequenceEqual(value))
        {
            _formerSeen.Remove(Convert.ToHexString(key));
            return;
        }

        if (value.Length > 0)
        {
            _batch.Put(key, value);
        }
        else if (existed || !isFirst)
        {
            _batch.Delete(key);
        }

        if (isFirst && _number > 0)
        {
            _batch.Put(LedgerKeys.OfHistory(key, _number), former);
            _formerKeys.Add(key);
        }
    }

    private void WriteNodes(TrieChanges changes)
    {
        foreach (TrieNodeChange change in changes.Nodes)
        {
            byte[] key = LedgerKeys.OfNode(change.Owner, change.Path.Span);
            if (change.Node is { } node)
            {
                _batch.Put(key, node.Span);
            }
            else
            {
                _batch.Delete(key);
            }
        }
    }

    private void WriteHistory()
    {
        if (_formerKeys.Count > 0)
        {
            _batch.Put(LedgerKeys.OfHistoryList(_number), LedgerValues.EncodeKeyList(_formerKeys));
        }

        if (_number <= historyBlocks)
        {
            return;
        }

        // The state of block `number - historyBlocks` stays readable; what was there before that block is not needed.
        Prune(_batch, before, _number - historyBlocks);
    }

    /// <summary>Removes the former values that one block left.</summary>
    public static void Prune(WriteBatch batch, LedgerReader before, ulong number)
    {
        byte[] list = LedgerKeys.OfHistoryList(number);
        if (!before.Rows.TryGet(list, out byte[] value))
        {
            return;
        }

        if (!LedgerValues.TryDecodeKeyList(value, out List<byte[]> keys))
        {
            throw before.Damaged($"the history of block {number}");
        }

        foreach (byte[] key in keys)
        {
            batch.Delete(LedgerKeys.OfHistory(key, number));
        }

        batch.Delete(list);
    }
}
