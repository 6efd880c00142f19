using System.Collections.Immutable;
using CPChain.Types;

namespace CPChain.Evm;

/// <summary>An account that differs from the parent state, or whose storage does.</summary>
/// <param name="Address">Where it lies.</param>
/// <param name="After">Its new content, or null if it is gone. The storage root in it is the parent's (the empty one
/// for an account the parent did not have or whose storage was cleared): the trie computes the new one.</param>
public readonly record struct AccountChange(Address Address, Account? After);

/// <summary>A storage slot that differs from the parent state; a zero value removes it.</summary>
public readonly record struct StorageChange(Address Address, UInt256 Slot, UInt256 Value);

/// <summary>Code that an account of the parent state did not have before.</summary>
public readonly record struct CodeChange(Hash256 CodeHash, ReadOnlyMemory<byte> Code);

/// <summary>All differences between an overlay and its parent, in one order on every machine.</summary>
/// <param name="Accounts">By address. Holds every account that occurs in <paramref name="Storage"/> and
/// <paramref name="ClearedStorage"/>.</param>
/// <param name="Storage">By address, then by slot.</param>
/// <param name="ClearedStorage">By address: accounts whose whole parent storage goes before the
/// <paramref name="Storage"/> changes apply.</param>
/// <param name="Codes">By code hash, each once.</param>
public sealed record StateChanges(
    ImmutableArray<AccountChange> Accounts,
    ImmutableArray<StorageChange> Storage,
    ImmutableArray<Address> ClearedStorage,
    ImmutableArray<CodeChange> Codes)
{
    /// <summary>No change at all.</summary>
    public static StateChanges None { get; } = new([], [], [], []);
}
