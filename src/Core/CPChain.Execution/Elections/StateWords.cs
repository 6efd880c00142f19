using CPChain.Dpor;
using CPChain.Evm;
using CPChain.Types;

namespace CPChain.Execution;

/// <summary>A final state as the rules of elections read it.</summary>
public sealed class StateWords(IStateReader state) : IWordView
{
    /// <inheritdoc/>
    public UInt256 Load(Address contract, UInt256 slot) => state.GetStorage(contract, slot);

    /// <inheritdoc/>
    public UInt256 BalanceOf(Address account) => state.TryGetAccount(account, out Account found) ? found.Balance : UInt256.Zero;
}

/// <summary>The state at the end of a block, which the step changes.</summary>
internal sealed class OverlayWords(StateOverlay overlay) : IWordState
{
    // A checkpoint reads a hundred thousand words, and nearly all of them once.
    public UInt256 Load(Address contract, UInt256 slot) => overlay.PeekStorage(contract, slot);

    public UInt256 BalanceOf(Address account) => overlay.GetBalance(account);

    public void Store(Address contract, UInt256 slot, UInt256 word) => overlay.SetStorage(contract, slot, word);
}
