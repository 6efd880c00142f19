using CPChain.Types;

namespace CPChain.Ledger.States;

/// <summary>An account, or its absence, and the block from which on it has been so.</summary>
internal readonly record struct KnownAccount(Account? Account, ulong Since);

/// <summary>
/// Accounts by address. None is taken out again. Its tables hold no reference, so a million accounts are next to nothing for the garbage
/// collector to look at; as objects they were half of the time of a large block. Safe for many threads.
/// </summary>
internal sealed class AccountTable
{
    // By the highest bits of the address's hash, so that two threads seldom meet and a table that grows is short.
    private const int Parts = 64;
    private const int PartShift = 26;

    private readonly Part[] _parts = [.. Enumerable.Range(0, Parts).Select(static _ => new Part())];

    public bool TryGet(in Address address, out KnownAccount known)
    {
        int hash = address.GetHashCode();
        return PartOf(hash).TryGet(hash, address, out known);
    }

    /// <summary>Puts an account in, over what is there where <paramref name="replaces"/> says so; true where none was there.</summary>
    public bool Put(in Address address, in KnownAccount known, bool replaces)
    {
        int hash = address.GetHashCode();
        return PartOf(hash).Put(hash, address, known, replaces);
    }

    private Part PartOf(int hash) => _parts[hash >>> PartShift];

    /// <summary>Open addressing; at most three of four slots are taken, so that a search ends soon.</summary>
    private sealed class Part
    {
        private const int SlotsAtFirst = 16;

        private readonly Lock _lock = new();
        private Slot[] _slots = new Slot[SlotsAtFirst];
        private int _count;

        public bool TryGet(int hash, in Address address, out KnownAccount known)
        {
            lock (_lock)
            {
                ref readonly Slot slot = ref Find(_slots, hash, address);
                known = slot.IsUsed ? new KnownAccount(slot.Exists ? slot.Account : null, slot.Since) : default;
                return slot.IsUsed;
            }
        }

        public bool Put(int hash, in Address address, in KnownAccount known, bool replaces)
        {
            lock (_lock)
            {
                ref Slot slot = ref Find(_slots, hash, address);
                bool isNew = !slot.IsUsed;
                if (isNew && 4 * (_count + 1) > 3 * _slots.Length)
                {
                    Grow();
                    slot = ref Find(_slots, hash, address);
                }

                if (isNew || replaces)
                {
                    _count += isNew ? 1 : 0;
                    slot.Address = address;
                    slot.Account = known.Account ?? default;
                    slot.Since = known.Since;
                    slot.Exists = known.Account is not null;
                    slot.IsUsed = true;
                }

                return isNew;
            }
        }

        /// <summary>The slot of an address, or the free one where it would be.</summary>
        private static ref Slot Find(Slot[] slots, int hash, in Address address)
        {
            int mask = slots.Length - 1;
            for (int at = hash & mask; ; at = (at + 1) & mask)
            {
                ref Slot slot = ref slots[at];
                if (!slot.IsUsed || slot.Address.Equals(address))
                {
                    return ref slot;
                }
            }
        }

        private void Grow()
        {
            Slot[] larger = new Slot[2 * _slots.Length];
            foreach (ref readonly Slot slot in _slots.AsSpan())
            {
                if (slot.IsUsed)
                {
                    Find(larger, slot.Address.GetHashCode(), slot.Address) = slot;
                }
            }

            _slots = larger;
        }
    }

    private struct Slot
    {
        public Address Address;
        public bool IsUsed;
        public bool Exists;
        public ulong Since;
        public Account Account;
    }
}
