using CPChain.Evm;
using CPChain.Types;

namespace CPChain.Ledger.States;

/// <summary>
/// Accounts as the head has them, each with a block from which on it has been so: a state at or above that block may use
/// it. Bounded: when the younger half is full the older half goes. Safe for many threads.
/// </summary>
internal sealed class AccountCache(long bytesMax)
{
    // A slot and its share of those that are kept free.
    private const int EntryBytes = 288;

    private readonly Lock _changing = new();
    private readonly int _halfMax = (int)Math.Clamp(bytesMax / EntryBytes / 2, 1_024, 1 << 24);
    private volatile AccountTable _young = new();
    private volatile AccountTable _old = new();
    private ulong _head;
    private int _youngCount;

    /// <summary>What the account is in the state after <paramref name="number"/>; false where that is not known here.</summary>
    public bool TryGet(in Address address, ulong number, out Account? account)
    {
        bool found = _young.TryGet(address, out KnownAccount entry);
        if (!found && _old.TryGet(address, out entry))
        {
            found = true;
            Keep(address, entry);
        }

        account = entry.Account;
        return found && entry.Since <= number;
    }

    /// <summary>Takes what a state read from its rows, when it is still the head's.</summary>
    public void Add(in Address address, ulong number, Account? account)
    {
        lock (_changing)
        {
            if (number == _head && !_old.TryGet(address, out _))
            {
                Put(address, new KnownAccount(account, number), replaces: false);
            }
        }
    }

    /// <summary>Takes the changes of the block that becomes the head, before anybody can have its state.</summary>
    public void Advance(ulong number, IEnumerable<AccountChange> changes)
    {
        lock (_changing)
        {
            _head = number;
            foreach (AccountChange change in changes)
            {
                Put(change.Address, new KnownAccount(change.After, number), replaces: true);
            }
        }
    }

    private void Keep(in Address address, in KnownAccount entry)
    {
        lock (_changing)
        {
            // Not after a change, which is in the younger half, and not after the older half has gone.
            if (_old.TryGet(address, out KnownAccount still) && still == entry)
            {
                Put(address, entry, replaces: false);
            }
        }
    }

    private void Put(in Address address, in KnownAccount entry, bool replaces)
    {
        if (_young.Put(address, entry, replaces) && ++_youngCount >= _halfMax)
        {
            _old = _young;
            _young = new();
            _youngCount = 0;
        }
    }
}
