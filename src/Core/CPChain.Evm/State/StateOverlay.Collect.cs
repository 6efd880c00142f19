using System.Collections.Immutable;
using CPChain.Types;

namespace CPChain.Evm;

public sealed partial class StateOverlay
{
    /// <summary>All differences to the parent after the last <see cref="EndTransaction"/>, sorted.</summary>
    public StateChanges Collect()
    {
        Invariant.Check(_journal.Count == 0, "changes are collected between transactions");
        AccountCell[] cells = [.. _cells.Values];
        Array.Sort(Array.ConvertAll(cells, static cell => cell.Address), cells);
        ImmutableArray<AccountChange>.Builder accounts = ImmutableArray.CreateBuilder<AccountChange>(cells.Length);
        ImmutableArray<StorageChange>.Builder storage = ImmutableArray.CreateBuilder<StorageChange>();
        ImmutableArray<Address>.Builder cleared = ImmutableArray.CreateBuilder<Address>();
        SortedDictionary<Hash256, ReadOnlyMemory<byte>> codes = [];

        foreach (AccountCell cell in cells)
        {
            int slotsBefore = storage.Count;
            CollectStorage(cell, storage);
            bool clears = cell.ParentStorageCleared && cell.ParentExists;
            if (clears)
            {
                cleared.Add(cell.Address);
            }

            if (clears || storage.Count != slotsBefore || Differs(cell))
            {
                accounts.Add(new AccountChange(cell.Address, cell.Exists ? cell.Current : null));
            }

            if (cell.Exists && cell.CodeHash != cell.Parent.CodeHash
                && _codes.TryGetValue(cell.CodeHash, out ReadOnlyMemory<byte> code))
            {
                codes[cell.CodeHash] = code;
            }
        }

        return new StateChanges(
            accounts.DrainToImmutable(), storage.ToImmutable(), cleared.ToImmutable(),
            [.. codes.Select(static pair => new CodeChange(pair.Key, pair.Value))]);
    }

    /// <summary>Accounts with another balance than the parent's, in no order; those that are gone have none.</summary>
    public IEnumerable<(Address Account, UInt256 Before, UInt256 After)> ChangedBalances()
    {
        Invariant.Check(_journal.Count == 0, "changes are read between transactions");
        foreach (AccountCell cell in _cells.Values)
        {
            UInt256 now = cell.Exists ? cell.Balance : UInt256.Zero;
            if (now != cell.Parent.Balance)
            {
                yield return (cell.Address, cell.Parent.Balance, now);
            }
        }
    }

    /// <summary>Whether all balances together are what they are in the parent: as much was gained as was lost.</summary>
    public bool KeepsSupply()
    {
        UInt256 gained = UInt256.Zero, lost = UInt256.Zero;
        foreach ((_, UInt256 before, UInt256 after) in ChangedBalances())
        {
            // No genesis has as many coins as wrap (C14.3): a sum that does has coins from nowhere.
            if (after > before ? !UInt256.TryAdd(gained, after - before, out gained) : !UInt256.TryAdd(lost, before - after, out lost))
            {
                return false;
            }
        }

        return gained == lost;
    }

    /// <summary>Whether a word of an account differs from the parent's.</summary>
    public bool HasChangedStorage(in Address address) => _cells.TryGetValue(address, out AccountCell? cell)
        && cell is { Exists: true, Slots: { } slots } && slots.Values.Any(static slot => slot.Current != slot.Parent);

    private static bool Differs(AccountCell cell) =>
        cell.Exists != cell.ParentExists
        || (cell.Exists && (cell.Nonce != cell.Parent.Nonce || cell.Balance != cell.Parent.Balance
            || cell.CodeHash != cell.Parent.CodeHash));

    private static void CollectStorage(AccountCell cell, ImmutableArray<StorageChange>.Builder storage)
    {
        if (!cell.Exists || cell.Slots is not { } slots)
        {
            return;
        }

        foreach ((UInt256 slot, SlotCell content) in slots.OrderBy(static pair => pair.Key))
        {
            if (content.Current != content.Parent)
            {
                storage.Add(new StorageChange(cell.Address, slot, content.Current));
            }
        }
    }
}
