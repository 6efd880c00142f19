using CPChain.Types;

namespace CPChain.Execution.TxOrder;

/// <summary>
/// The waiting transactions of one sender by nonce. Those without a gap from the account's nonce on, as far as its balance
/// covers them together, are pending, the others queued.
/// </summary>
internal sealed class AccountQueue(Address address, ulong nonce, UInt256 balance)
{
    private readonly Dictionary<ulong, QueueEntry> _entries = [];
    private readonly SortedSet<ulong> _nonces = [];
    private UInt256 _pendingCost;

    public Address Address { get; } = address;

    /// <summary>The account's nonce in the final state.</summary>
    public ulong Nonce { get; private set; } = nonce;

    /// <summary>The account's balance in the final state.</summary>
    public UInt256 Balance { get; private set; } = balance;

    /// <summary>The first nonce that is missing or not covered.</summary>
    public ulong PendingEnd { get; private set; } = nonce;

    public int Count => _entries.Count;

    public int PendingCount => (int)(PendingEnd - Nonce);

    public long Bytes { get; private set; }

    /// <summary>What all of them cost together.</summary>
    public UInt256 Cost { get; private set; }

    /// <summary>The rank under which the eviction order knows this account.</summary>
    public QueueRank TailRank { get; set; }

    /// <summary>The transaction with the highest nonce; the account is not empty.</summary>
    public QueueEntry Tail => _entries[_nonces.Max];

    public bool IsPending(ulong nonce) => nonce < PendingEnd;

    public QueueEntry? Find(ulong nonce) => _entries.GetValueOrDefault(nonce);

    /// <summary>By rising nonce.</summary>
    public IEnumerable<QueueEntry> InOrder() => _nonces.Select(nonce => _entries[nonce]);

    /// <summary>Puts an entry at a free nonce; the caller has checked that the costs fit.</summary>
    public void Add(QueueEntry entry)
    {
        _entries.Add(entry.Nonce, entry);
        _nonces.Add(entry.Nonce);
        Bytes += entry.Bytes;
        Cost += entry.Cost;
        Advance();
    }

    public void Remove(QueueEntry entry)
    {
        if (entry.Nonce >= Nonce)
        {
            while (PendingEnd > entry.Nonce)
                _pendingCost -= _entries[--PendingEnd].Cost;
        }
        _entries.Remove(entry.Nonce);
        _nonces.Remove(entry.Nonce);
        Bytes -= entry.Bytes;
        Cost -= entry.Cost;
    }

    /// <summary>
    /// Takes the account as it now is; returns what can never run any more. What the balance does not cover may be covered again, and
    /// its sender was told that it waits: it stays, queued.
    /// </summary>
    public List<QueueEntry> Settle(ulong nonce, in UInt256 balance)
    {
        List<QueueEntry> gone = [];
        while (Count > 0 && _nonces.Min is ulong lowest && lowest < nonce)
        {
            QueueEntry entry = _entries[lowest];
            Remove(entry);
            gone.Add(entry);
        }
        Nonce = nonce;
        Balance = balance;
        PendingEnd = nonce;
        _pendingCost = UInt256.Zero;
        Advance();
        return gone;
    }

    private void Advance()
    {
        while (_entries.TryGetValue(PendingEnd, out QueueEntry? next)
            && UInt256.TryAdd(_pendingCost, next.Cost, out UInt256 cost) && cost <= Balance)
        {
            _pendingCost = cost;
            PendingEnd++;
        }
    }
}
