using CPChain.Types;

namespace CPChain.Evm;

internal enum JournalKind : byte
{
    Balance,
    Nonce,
    Code,
    Existence,
    Storage,
    Transient,
    WarmAccount,
    WarmSlot,
    Created,
    Destroyed,
    Touched,
    Log,
    Refund,
    Burned,
}

/// <summary>What to restore when a change is undone; which fields count depends on the kind. A code hash is kept as a
/// word.</summary>
internal readonly record struct JournalEntry(
    JournalKind Kind, AccountCell? Account, SlotCell? Slot, UInt256 Word, ulong Number)
{
    internal void Undo(StateOverlay overlay)
    {
        switch (Kind)
        {
            case JournalKind.Balance: Account!.Balance = Word; break;
            case JournalKind.Nonce: Account!.Nonce = Number; break;
            case JournalKind.Code: Account!.CodeHash = Hash256.FromUInt256(Word); break;
            case JournalKind.Existence: Account!.Exists = Number != 0; break;
            case JournalKind.Storage:
            case JournalKind.Transient: Slot!.Current = Word; break;
            case JournalKind.WarmAccount: Account!.WarmIn = Number; break;
            case JournalKind.WarmSlot: Slot!.WarmIn = Number; break;
            case JournalKind.Created: Account!.CreatedIn = Number; break;
            case JournalKind.Destroyed: Account!.DestroyedIn = Number; break;
            case JournalKind.Touched: Account!.TouchedIn = Number; break;
            case JournalKind.Log: overlay.DropLastLog(); break;
            case JournalKind.Refund: overlay.RestoreRefund(Number); break;
            case JournalKind.Burned: overlay.RestoreBurned(Word); break;
            default: throw new InvalidOperationException("unknown journal entry");
        }
    }
}
