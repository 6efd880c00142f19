using CPChain.Types;

namespace CPChain.Evm;

/// <summary>One account as an overlay sees it: what the parent had, what it is now, and marks of the running
/// transaction, each holding the number of the transaction for which it is valid.</summary>
internal sealed class AccountCell(Address address, bool parentExists, Account parent)
{
    internal readonly Address Address = address;
    internal readonly bool ParentExists = parentExists;
    internal readonly Account Parent = parent;

    /// <summary>Slots that were looked at; null for none, which is most accounts.</summary>
    internal Dictionary<UInt256, SlotCell>? Slots;

    /// <summary>The slot used last, of which code often asks again at once.</summary>
    internal SlotCell? RecentSlot;
    internal UInt256 RecentKey;

    internal bool Exists = parentExists;
    internal ulong Nonce = parent.Nonce;
    internal UInt256 Balance = parent.Balance;
    internal Hash256 CodeHash = parent.CodeHash;
    internal bool ParentStorageCleared;

    internal ulong WarmIn;
    internal ulong CreatedIn;
    internal ulong DestroyedIn;
    internal ulong TouchedIn;
    internal Dictionary<UInt256, SlotCell>? Transient;

    internal bool HasCode => CodeHash != Account.Empty.CodeHash;

    internal bool IsEmpty => Nonce == 0 && Balance.IsZero && !HasCode;

    internal Account Current => new(
        Nonce, Balance, CodeHash,
        ParentExists && !ParentStorageCleared ? Parent.StorageRoot : Account.Empty.StorageRoot);
}

/// <summary>One storage word, persistent or transient.</summary>
internal sealed class SlotCell(UInt256 parent)
{
    internal readonly UInt256 Parent = parent;
    internal UInt256 Current = parent;

    /// <summary>Value at the start of transaction <see cref="OriginalIn"/>.</summary>
    internal UInt256 Original;
    internal ulong OriginalIn;
    internal ulong WarmIn;
}
