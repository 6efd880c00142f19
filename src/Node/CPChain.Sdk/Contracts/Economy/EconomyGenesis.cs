using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Dpor;
using CPChain.Types;

namespace CPChain.Sdk.Contracts;

/// <summary>
/// The accounts of block 0 of a chain with DPoR: all system contracts with code, coins and first words, and who holds the rest
/// of the billion coins. What is not a word here begins as zero.
/// </summary>
public sealed record EconomyGenesis
{
    // EIP-161: an account that has run no code yet begins at 1, so that no contract takes its place.
    private const ulong NonceOfContract = 1;

    /// <summary>All coins that there ever are: 10^9 CPC, in base units (ECO-29).</summary>
    public static UInt256 Supply => DporGenesis.Supply;

    /// <summary>What elections go by.</summary>
    public required DporParameters Parameters { get; init; }

    /// <summary>What contracts alone go by.</summary>
    public required EconomySettings Settings { get; init; }

    /// <summary>When season 0 and vesting begin: the time of block 0, whole Unix seconds (C6.2).</summary>
    public required ulong OriginSeconds { get; init; }

    /// <summary>The first validator set, in order.</summary>
    public required ImmutableArray<GenesisValidator> Validators { get; init; }

    /// <summary>The default proposers.</summary>
    public required ImmutableArray<Address> DefaultProposers { get; init; }

    /// <summary>Who gets the Foundation's part of fees; it needs no coins.</summary>
    public required Address Foundation { get; init; }

    /// <summary>Who has the coins.</summary>
    public required EconomyDistribution Distribution { get; init; }

    /// <summary>The first thing that is wrong, by field and reason; null when <see cref="Accounts"/> can be made.</summary>
    public (string Field, string Reason)? Fault()
    {
        if (Parameters.Fault() is { } parameters)
            return ($"parameters.{parameters.Field}", parameters.Reason);
        if (Settings.Fault(Parameters) is { } settings)
            return ($"settings.{settings.Field}", settings.Reason);
        if (FaultOf(Foundation) is string foundation)
            return ("foundation", foundation);
        if (RolesFault() is { } roles)
            return roles;
        return Distribution.Fault() is { } distribution ? ($"distribution.{distribution.Field}", distribution.Reason) : null;
    }

    /// <summary>The accounts by rising address, as genesis lists them. There must be no <see cref="Fault"/>.</summary>
    public ImmutableArray<GenesisAccount> Accounts()
    {
        (string Field, string Reason)? fault = Fault();
        Invariant.Check(fault is null, $"{fault?.Field}: {fault?.Reason}");
        IEnumerable<GenesisAccount> holders = Distribution.Community.Select(static one =>
            new GenesisAccount(one.Account, one.Amount, 0, default, []));
        ImmutableArray<GenesisAccount> all =
        [
            .. SystemContracts.All.Concat(SystemContracts.Economy).Select(Place).Concat(holders).OrderBy(static one => one.Address),
        ];
        UInt256 sum = all.Aggregate(UInt256.Zero, static (sum, one) => sum + one.Balance);
        Invariant.Check(sum == Supply, "genesis has other coins than it should");
        return all;
    }

    /// <summary>Why an address can have no coins or duties in genesis; null when it can.</summary>
    internal static string? FaultOf(Address account)
    {
        if (account.IsZero)
            return "is the zero address";
        return SystemContracts.All.Concat(SystemContracts.Economy).Any(contract => contract.Address == account)
            ? "is a system contract" : null;
    }

    private GenesisAccount Place(SystemContract contract)
    {
        UInt256 balance = UInt256.Zero;
        if (contract == SystemContracts.Reserve) balance = Distribution.Reserve;
        if (contract == SystemContracts.Vesting) balance = EconomyDistribution.SumOf(Distribution.Team);
        // A word of zero is no word: genesis refuses it.
        ImmutableArray<KeyValuePair<UInt256, UInt256>> storage =
        [
            .. EconomyStorage.Of(contract, this).Where(static word => !word.Value.IsZero).OrderBy(static word => word.Key),
        ];
        return new GenesisAccount(contract.Address, balance, NonceOfContract, contract.RuntimeCode, storage);
    }

    private (string Field, string Reason)? RolesFault()
    {
        if (Validators.IsDefault || Validators.Length is < DporGenesis.ValidatorsMin or > DporGenesis.ValidatorsMax || Validators.Length % 3 != 1)
            return ("validators", $"3f + 1 of {DporGenesis.ValidatorsMin} to {DporGenesis.ValidatorsMax} (D17)");
        if (DefaultProposers.IsDefault || DefaultProposers.Length is < 1 or > DporGenesis.DefaultsMax)
            return ("defaultProposers", $"1 to {DporGenesis.DefaultsMax} (D1)");
        HashSet<Address> seen = [];
        for (int i = 0; i < Validators.Length; i++)
        {
            if ((FaultOf(Validators[i].Account) ?? Once(seen, Validators[i].Account)) is string reason)
                return ($"validators[{i}]", reason);
            if (!Enum.IsDefined(Validators[i].NominatedBy))
                return ($"validators[{i}]", "has an unknown nominator");
        }
        for (int i = 0; i < DefaultProposers.Length; i++)
        {
            if ((FaultOf(DefaultProposers[i]) ?? Once(seen, DefaultProposers[i])) is string reason)
                return ($"defaultProposers[{i}]", reason);
        }
        return null;
    }

    private static string? Once(HashSet<Address> seen, Address account) =>
        seen.Add(account) ? null : "is a validator or default proposer already";
}
