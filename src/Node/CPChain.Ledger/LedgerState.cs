using CPChain.Evm;
using CPChain.Execution;
using CPChain.Ledger.Rows;
using CPChain.Ledger.States;
using CPChain.Storage;
using CPChain.Trie;
using CPChain.Types;

namespace CPChain.Ledger;

/// <summary>
/// The state after one final block, frozen: blocks that are appended while it is read do not show. The trie of an older block
/// is worked out when it is asked for. Safe for many threads.
/// </summary>
public sealed class LedgerState : IStateView, IDisposable
{
    private readonly IKeyValueSnapshot _snapshot;
    private readonly LedgerReader _reader;
    private readonly AccountCache? _accounts;
    private readonly ITrieNodeSource _headNodes;
    private readonly StateTries? _tries;

    internal LedgerState(
        IKeyValueSnapshot snapshot, LedgerReader reader, in StatePlace place, ITrieNodeSource headNodes,
        AccountCache? accounts, StateTries? tries)
    {
        _snapshot = snapshot;
        _reader = reader;
        _accounts = accounts;
        _headNodes = headNodes;
        _tries = tries;
        Number = place.Number;
        Head = place.Head;
        StateRoot = place.Root;
    }

    /// <summary>Number of the block after which this is the state.</summary>
    public ulong Number { get; }

    /// <inheritdoc/>
    public Hash256 StateRoot { get; }

    /// <summary>Whether this was the head's state when it was opened.</summary>
    public bool IsHead => Number == Head;

    /// <summary>The head when this was opened.</summary>
    internal ulong Head { get; }

    internal LedgerReader Reader => _reader;

    /// <summary>
    /// The trie nodes of this state. Throws <see cref="InvalidOperationException"/> for an older one that <see cref="TryGetTrie"/> has
    /// no trie of.
    /// </summary>
    public ITrieNodeSource TrieNodes => TryGetTrie(out ITrieNodeSource? nodes)
        ? nodes!
        : throw new InvalidOperationException($"the trie of block {Number} is too far from that of block {Head}");

    /// <summary>The trie nodes of this state; false when more changed since than a ledger sets back for one answer.</summary>
    public bool TryGetTrie(out ITrieNodeSource? nodes)
    {
        nodes = IsHead ? _headNodes : _tries?.Of(this);
        return nodes is not null;
    }

    /// <inheritdoc/>
    public Hash256 GetBlockHash(ulong number) => number <= Number ? _reader.HashOf(number) ?? Hash256.Zero : Hash256.Zero;

    /// <inheritdoc/>
    public bool TryGetAccount(in Address address, out Account account)
    {
        if (_accounts is not null && _accounts.TryGet(address, Number, out Account? known))
        {
            account = known ?? default;
            return known is not null;
        }

        bool found = _reader.TryDecodeAccount(Flat(LedgerKeys.OfAccount(address)), address, out account);
        if (IsHead)
        {
            _accounts?.Add(address, Number, found ? account : null);
        }

        return found;
    }

    /// <inheritdoc/>
    public UInt256 GetStorage(in Address address, in UInt256 slot) =>
        UInt256.FromBigEndian(Flat(LedgerKeys.OfSlot(address, slot)));

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> GetCode(in Hash256 codeHash) => _reader.Code(codeHash);

    /// <inheritdoc/>
    public void Dispose() => _snapshot.Dispose();

    /// <summary>The head's state over the same snapshot; not to be disposed.</summary>
    internal LedgerState AtHead() => new(
        _snapshot, _reader, new StatePlace(Head, Head, _reader.Header(Head)!.StateRoot), _headNodes, null, null);

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

/// <summary>Which state it is: of this block, while that one is the head, with this root.</summary>
internal readonly record struct StatePlace(ulong Number, ulong Head, Hash256 Root);
