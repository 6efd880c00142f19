using CPChain.Types;

namespace CPChain.Evm;

public sealed partial class StateOverlay
{
    /// <inheritdoc/>
    public UInt256 GetStorage(in Address address, in UInt256 slot) => Slot(Cell(address), slot).Current;

    /// <summary>The same without keeping what the parent has: for who reads many slots once.</summary>
    public UInt256 PeekStorage(in Address address, in UInt256 slot)
    {
        AccountCell cell = Cell(address);
        return cell.Slots is { } slots && slots.TryGetValue(slot, out SlotCell? known) ? known.Current
            : cell.ParentExists && !cell.ParentStorageCleared ? parent.GetStorage(address, slot) : UInt256.Zero;
    }

    /// <summary>The word that the slot held when the running transaction began (EIP-2200).</summary>
    public UInt256 GetOriginalStorage(in Address address, in UInt256 slot) => Slot(Cell(address), slot).Original;

    /// <summary>Stores a word; zero removes it.</summary>
    public void SetStorage(in Address address, in UInt256 slot, in UInt256 value) =>
        SetStorage(Cell(address), Slot(Cell(address), slot), value);

    /// <summary>Forgets all slots of an account; only between transactions, for a simulation that replaces a storage.</summary>
    public void ForgetStorage(in Address address)
    {
        Invariant.Check(_journal.Count == 0, "no transaction runs");
        AccountCell cell = Cell(address);
        cell.ParentStorageCleared = true;
        cell.Slots = null;
        cell.RecentSlot = null;
    }

    /// <summary>Puts the slot into the warm set (EIP-2929); true if it was cold.</summary>
    public bool WarmSlot(in Address address, in UInt256 slot) => WarmSlot(Slot(Cell(address), slot));

    /// <summary>Reads transient storage (EIP-1153).</summary>
    public UInt256 GetTransient(in Address address, in UInt256 slot) => GetTransient(Cell(address), slot);

    /// <summary>Writes transient storage (EIP-1153).</summary>
    public void SetTransient(in Address address, in UInt256 slot, in UInt256 value) =>
        SetTransient(Cell(address), slot, value);

    internal SlotCell Slot(AccountCell cell, in UInt256 slot)
    {
        SlotCell found = cell.RecentSlot is { } recent && cell.RecentKey == slot ? recent : Find(cell, slot);
        if (found.OriginalIn != _transaction)
        {
            found.OriginalIn = _transaction;
            found.Original = found.Current;
        }

        return found;
    }

    private SlotCell Find(AccountCell cell, in UInt256 slot)
    {
        cell.Slots ??= [];
        if (!cell.Slots.TryGetValue(slot, out SlotCell? found))
        {
            bool inParent = cell.ParentExists && !cell.ParentStorageCleared;
            found = new SlotCell(inParent ? parent.GetStorage(cell.Address, slot) : UInt256.Zero);
            cell.Slots.Add(slot, found);
        }

        cell.RecentSlot = found;
        cell.RecentKey = slot;
        return found;
    }

    internal void SetStorage(AccountCell cell, SlotCell slot, in UInt256 value)
    {
        Touch(cell);
        Write(JournalKind.Storage, cell, slot, slot.Current);
        slot.Current = value;
    }

    internal bool WarmSlot(SlotCell slot)
    {
        if (slot.WarmIn == _transaction)
        {
            return false;
        }

        Write(JournalKind.WarmSlot, null, slot, number: slot.WarmIn);
        slot.WarmIn = _transaction;
        return true;
    }

    internal UInt256 GetTransient(AccountCell cell, in UInt256 slot) =>
        cell.Transient is not null && cell.Transient.TryGetValue(slot, out SlotCell? found)
        && found.OriginalIn == _transaction
            ? found.Current
            : UInt256.Zero;

    internal void SetTransient(AccountCell cell, in UInt256 slot, in UInt256 value)
    {
        cell.Transient ??= [];
        if (!cell.Transient.TryGetValue(slot, out SlotCell? found))
        {
            found = new SlotCell(UInt256.Zero);
            cell.Transient.Add(slot, found);
        }

        if (found.OriginalIn != _transaction)
        {
            found.OriginalIn = _transaction;
            found.Current = UInt256.Zero;
        }

        Write(JournalKind.Transient, null, found, found.Current);
        found.Current = value;
    }
}
