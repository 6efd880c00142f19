using System.Collections.Frozen;
using CPChain.Dpor;
using CPChain.Evm;
using CPChain.Types;

namespace CPChain.Execution;

/// <summary>
/// Who is an RNode at the end of a block: the members' list of the pool, which is read again only where the pool has changed. Asking the
/// state for each sender and each changed balance of a full block would cost more than the block. Safe for many threads.
/// </summary>
internal sealed class RNodeRoster(UInt256 leastDeposit)
{
    private sealed record Kept(Hash256 StorageRoot, FrozenSet<Address> Members);

    private Kept? _kept;

    /// <summary>The RNodes after a block's transactions.</summary>
    /// <param name="overlay">The state after them.</param>
    /// <param name="parentState">The state before them.</param>
    public FrozenSet<Address> Of(StateOverlay overlay, IStateReader parentState)
    {
        if (overlay.HasChangedStorage(SystemContracts.RNodePool))
            return Read(new OverlayWords(overlay));
        Hash256 root = parentState.TryGetAccount(SystemContracts.RNodePool, out Account pool) ? pool.StorageRoot : Account.EmptyTrieRoot;
        if (_kept is { } kept && kept.StorageRoot == root)
            return kept.Members;
        FrozenSet<Address> members = Read(new StateWords(parentState));
        _kept = new Kept(root, members);
        return members;
    }

    private FrozenSet<Address> Read(IWordView words)
    {
        StoredView view = new(words);
        return view.RNodes().Where(account => view.DepositOf(account) >= leastDeposit).ToFrozenSet();
    }
}
