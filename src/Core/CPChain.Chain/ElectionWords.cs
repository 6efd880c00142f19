using System.Collections.Immutable;
using CPChain.Dpor;
using CPChain.Types;

namespace CPChain.Chain;

/// <summary>The accounts of a genesis as the rules of elections read them.</summary>
internal sealed class ElectionWords : IWordView
{
    private readonly Dictionary<Address, GenesisAccount> _accounts;
    private readonly Dictionary<(Address, UInt256), UInt256> _words = [];

    private ElectionWords(ImmutableArray<GenesisAccount> alloc)
    {
        _accounts = alloc.ToDictionary(static account => account.Address);
        foreach (GenesisAccount account in alloc)
        {
            foreach ((UInt256 slot, UInt256 value) in account.Storage)
                _words[(account.Address, slot)] = value;
        }
    }

    /// <summary>Why accounts do not go with elections; null where they do. Without this a node would find out at its first block.</summary>
    public static string? FaultOf(ImmutableArray<GenesisAccount> alloc, DporParameters parameters, CommitteeEntry first)
    {
        ElectionWords words = new(alloc);
        foreach (Address contract in (Address[])
            [
                SystemContracts.Reserve, SystemContracts.RNodePool, SystemContracts.Campaign, SystemContracts.ValidatorSet, SystemContracts.Dpor,
            ])
        {
            if (!words._accounts.TryGetValue(contract, out GenesisAccount? account) || account.Code.IsEmpty)
                return $"elections need the system contract {contract}";
        }
        StoredView view = new(words);
        if (!view.ValidatorsOf(0).SequenceEqual(first.Validators)
            || !view.ValidatorsByHash(CommitteeSchedule.HashOf(first.Validators.AsSpan())).SequenceEqual(first.Validators)
            || view.ValidatorTerms() != (0, 0))
            return $"{SystemContracts.ValidatorSet} must hold the validators of the schedule, in their order, and no change";
        // Parameters.sol: TERM_BLOCKS, RNODE_DEPOSIT, CANDIDATES_MAX lie at their ids. Contracts that count other terms than nodes would settle
        // validators and lists at other numbers.
        if (words.Load(SystemContracts.Parameters, 0UL) != parameters.Terms.Length || words.Load(SystemContracts.Parameters, 1UL) != parameters.RNodeDeposit
            || words.Load(SystemContracts.Parameters, 2UL) != (UInt256)(ulong)parameters.CandidatesMax)
            return $"{SystemContracts.Parameters} must hold the term length, the RNode deposit and the longest list of dpor.parameters";
        if (first.Proposers.Any(account => words.Load(SystemContracts.Campaign, Slots.DefaultProposer(account)).IsZero))
            return $"{SystemContracts.Campaign} must know every proposer of the schedule as a default proposer";
        if (!words._accounts[SystemContracts.Dpor].Storage.IsEmpty)
            return $"{SystemContracts.Dpor} must begin empty: blocks alone write it";
        UInt256 total = UInt256.Zero;
        foreach (GenesisAccount account in alloc)
            total += account.Balance;
        return total == DporGenesis.Supply ? null : $"the balances together must be 10^9 CPC, not {total} base units";
    }

    /// <inheritdoc/>
    public UInt256 Load(Address contract, UInt256 slot) => _words.GetValueOrDefault((contract, slot));

    /// <inheritdoc/>
    public UInt256 BalanceOf(Address account) => _accounts.TryGetValue(account, out GenesisAccount? found) ? found.Balance : UInt256.Zero;
}
