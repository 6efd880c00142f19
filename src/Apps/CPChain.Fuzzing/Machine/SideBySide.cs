using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Types;

namespace CPChain.Fuzzing.Machine;

/// <summary>Runs cases on both sides and says what differs.</summary>
/// <param name="own">Our side.</param>
/// <param name="peer">The other.</param>
public sealed class SideBySide(OwnSide own, PeerSide peer)
{
    /// <summary>Where Ethereum keeps the hashes of blocks (EIP-2935); the peer's block begins with a write there.</summary>
    private static readonly Address HistoryStorage = Address.Parse("0x0000F90827F1C53a10cb7A02335B175320002935");

    /// <summary>Compares a block of cases once the peer has mined it. Null where nothing differs.</summary>
    /// <returns>What differs, and the case that shows it, where that is known.</returns>
    public (MachineCase? Case, string What)? Compare(IReadOnlyList<MachineCase> cases, PeerBlock mined)
    {
        // The peer's order counts; refused transactions come last, where they meet the accounts of no other case.
        int[] order = [.. mined.Order, .. Enumerable.Range(0, cases.Count).Except(mined.Order)];
        ImmutableArray<GenesisAccount> before = [.. Before(mined.ParentHash), .. cases.SelectMany(static one => one.Accounts)];
        OwnBlock block;
        try
        {
            block = own.Run([.. order.Select(place => cases[place])], before, mined.ParentHash);
        }
        catch (EnginesDifferException differ)
        {
            return (cases.FirstOrDefault(one => one.Seed == differ.Seed), differ.Message);
        }

        for (int index = 0; index < order.Length; index++)
        {
            if (block.Outcomes[index].DifferenceFrom(mined.Outcomes[order[index]]) is { } difference)
                return (cases[order[index]], difference);
        }

        return StateComparison.FirstDifference(before, block.Changes, mined.Accounts) is { } state
            ? (cases.FirstOrDefault(one => one.Accounts.Any(account => account.Address == state.Where)), state.What) : null;
    }

    /// <summary>Runs one case alone. Null where nothing differs.</summary>
    public async Task<string?> CheckAloneAsync(MachineCase one, CancellationToken cancel) =>
        Compare([one], await peer.RunAsync([one], cancel))?.What;

    /// <summary>Runs a block. Null where nothing differs.</summary>
    public async Task<(MachineCase? Case, string What)?> CheckAsync(IReadOnlyList<MachineCase> cases, CancellationToken cancel) =>
        Compare(cases, await peer.RunAsync(cases, cancel));

    private ImmutableArray<GenesisAccount> Before(in Hash256 parent)
    {
        UInt256 hash = UInt256.FromBigEndian(parent.ToArray());
        return
        [
            .. CommonState.Accounts,
            .. peer.Own.Select(account => account.Address == HistoryStorage
                ? account with { Storage = [KeyValuePair.Create(UInt256.Zero, hash)] } : account),
        ];
    }
}
