using CPChain.Evm;
using CPChain.Execution;
using CPChain.Ledger.Rows;
using CPChain.Storage;
using CPChain.Trie;
using CPChain.Types;

namespace CPChain.Ledger;

/// <summary>
/// The state after one final block, frozen: blocks that are appended while it is read do not show. Of the head it has the
/// trie too; of an older block, within the kept history, the values alone. Safe for many threads.
/// </summary>
public sealed class LedgerState : IStateView, ITrieNodeSource, IDisposable
{
    private readonly IKeyValueSnapshot _snapshot;
    private readonly LedgerReader _reader;

    internal LedgerState(IKeyValueSnapshot snapshot, string location, ulong number, Hash256 stateRoot, bool isHead)
    {
        _snapshot = snapshot;
        _reader = new LedgerReader(snapshot, location);
        Number = number;
        StateRoot = stateRoot;
        IsHead = isHead;
    }

    /// <summary>Number of the block after which this is the state.</summary>
    public ulong Number { get; }

    /// <inheritdoc/>
    public Hash256 StateRoot { get; }

    /// <summary>Whether this was the head's state when it was opened, so that <see cref="TrieNodes"/> is there.</summary>
    public bool IsHead { get; }

    /// <summary>The trie nodes of the head; an older state has none and throws <see cref="InvalidOperationException"/>.</summary>
    public ITrieNodeSource TrieNodes =>
        IsHead ? this : throw new InvalidOperationException($"the trie of block {Number} is not kept");

    /// <inheritdoc/>
    public Hash256 GetBlockHash(ulong number) => number <= Number ? _reader.HashOf(number) ?? Hash256.Zero : Hash256.Zero;

    /// <inheritdoc/>
    public bool TryGetAccount(in Address address, out Account account) =>
        _reader.TryDecodeAccount(Flat(LedgerKeys.OfAccount(address)), address, out account);

    /// <inheritdoc/>
    public UInt256 GetStorage(in Address address, in UInt256 slot) =>
        UInt256.FromBigEndian(Flat(LedgerKeys.OfSlot(address, slot)));

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> GetCode(in Hash256 codeHash) => _reader.Code(codeHash);

    /// <inheritdoc/>
    bool ITrieNodeSource.TryGetNode(in Hash256 owner, ReadOnlySpan<byte> path, out ReadOnlyMemory<byte> node)
    {
        bool found = _snapshot.TryGet(LedgerKeys.OfNode(owner, path), out byte[] bytes);
        node = bytes;
        return found;
    }

    /// <inheritdoc/>
    public void Dispose() => _snapshot.Dispose();

    /// <summary>The flat value at this number; empty for an absent row.</summary>
    private byte[] Flat(byte[] key)
    {
        if (!IsHead)
        {
            // The first block above this number that changed the row kept what it had been before.
            foreach (StoreEntry older in _snapshot.Scan(LedgerKeys.HistoryOf(key), LedgerKeys.OfHistory(key, Number + 1)))
            {
                return older.Value;
            }
        }

        return _snapshot.TryGet(key, out byte[] value) ? value : [];
    }
}
