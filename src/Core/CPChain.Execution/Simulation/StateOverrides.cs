using System.Collections.Immutable;
using CPChain.Crypto;
using CPChain.Evm;
using CPChain.Types;

namespace CPChain.Execution.Simulation;

/// <summary>Puts state overrides into an overlay, and says which precompiled contracts they move or replace.</summary>
internal static class StateOverrides
{
    /// <summary>
    /// The moves that the overrides ask for. Whatever is said of a precompiled contract's address makes it an ordinary one.
    /// </summary>
    public static SimulationFault? MovesOf(
        ImmutableArray<(Address Address, AccountOverride Change)> accounts, ChainRules rules,
        out ImmutableArray<PrecompileMove> moves)
    {
        moves = [];
        if (accounts.IsEmpty)
            return null;
        EvmMachine machine = rules.Machines.Take(rules);
        SimulationFault? fault = MovesOf(accounts, machine, out moves);
        rules.Machines.Return(machine);
        return fault;
    }

    /// <summary>Changes the accounts as between two transactions.</summary>
    public static void Apply(StateOverlay overlay, ImmutableArray<(Address Address, AccountOverride Change)> accounts)
    {
        foreach ((Address address, AccountOverride change) in accounts)
        {
            if (change.IsWholeStorage)
                overlay.ForgetStorage(address);
            overlay.BeginTransaction();
            if (change.Nonce is { } nonce)
                overlay.SetNonce(address, nonce);
            if (change.Code is { } code)
                overlay.SetCode(address, code);
            if (change.Balance is { } balance)
                overlay.SetBalance(address, balance);
            foreach ((UInt256 slot, UInt256 word) in change.Storage)
                overlay.SetStorage(address, slot, word);
            overlay.EndTransaction();
        }
    }

    private static SimulationFault? MovesOf(
        ImmutableArray<(Address Address, AccountOverride Change)> accounts, EvmMachine machine,
        out ImmutableArray<PrecompileMove> moves)
    {
        moves = [];
        HashSet<Address> named = [.. accounts.Select(static one => one.Address)];
        ImmutableArray<PrecompileMove>.Builder all = ImmutableArray.CreateBuilder<PrecompileMove>();
        foreach ((Address address, AccountOverride change) in accounts)
        {
            bool isPrecompile = machine.IsPrecompile(address);
            if (change.MovePrecompileTo is { } place)
            {
                if (!isPrecompile)
                    return Bad($"account {AddressChecksum.Format(address)} is not a precompile");
                if (place == address)
                {
                    return new(
                        SimulationFaultKind.MovedToItself,
                        $"precompile {AddressChecksum.Format(address)} is moved to itself");
                }
                if (named.Contains(place))
                    return Bad($"account {AddressChecksum.Format(place)} is already overridden");
            }
            if (isPrecompile)
                all.Add(new PrecompileMove(address, change.MovePrecompileTo));
        }
        moves = all.ToImmutable();
        return null;
    }

    private static SimulationFault Bad(string message) => new(SimulationFaultKind.BadOverride, message);
}
