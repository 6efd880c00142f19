using System.Collections.Immutable;
using CPChain.Types;

namespace CPChain.Evm;

public sealed partial class StateOverlay
{
    /// <summary>
    /// What the last transaction left warm (EIP-2929), by address and slot: what its code has looked at, except in calls that failed.
    /// </summary>
    public ImmutableArray<(Address Address, ImmutableArray<UInt256> Slots)> WarmSet() =>
        [.. _cells.Values.Where(cell => cell.WarmIn == _transaction).OrderBy(cell => cell.Address).Select(
            cell => (cell.Address, WarmSlotsOf(cell)))];

    private ImmutableArray<UInt256> WarmSlotsOf(AccountCell cell) =>
        [.. (cell.Slots ?? []).Where(slot => slot.Value.WarmIn == _transaction).Select(slot => slot.Key).Order()];
}
