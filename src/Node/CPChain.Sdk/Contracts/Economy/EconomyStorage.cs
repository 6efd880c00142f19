using CPChain.Chain;
using CPChain.Dpor;
using CPChain.Types;

namespace CPChain.Sdk.Contracts;

/// <summary>The first words of each contract, where Solidity keeps them. Tests compare them with the compiler's own layout.</summary>
internal static class EconomyStorage
{
    // EconomyPool and Vesting: `plan`. Vesting: `grants`. ValidatorSet: `nominatorOf`.
    private static readonly UInt256 s_plan = 0UL, s_grants = 1UL, s_nominators = 3UL;

    /// <summary>Slots and words of a contract, in no order; none for a contract that begins empty.</summary>
    public static IEnumerable<KeyValuePair<UInt256, UInt256>> Of(SystemContract contract, EconomyGenesis genesis)
    {
        if (contract == SystemContracts.Parameters) return Parameters(genesis.Parameters, genesis.Settings);
        if (contract == SystemContracts.EconomyPool) return EconomyPool(genesis);
        if (contract == SystemContracts.Vesting) return Vesting(genesis);
        if (contract == SystemContracts.ValidatorSet) return ValidatorSet(genesis);
        if (contract == SystemContracts.Campaign)
            return genesis.DefaultProposers.Select(one => Word(Slots.DefaultProposer(one), UInt256.One));
        return [];
    }

    private static IEnumerable<KeyValuePair<UInt256, UInt256>> Parameters(DporParameters parameters, EconomySettings settings) =>
        Enum.GetValues<ContractParameter>().Select(name => Word((ulong)name, ValueOf(name, parameters, settings)));

    private static UInt256 ValueOf(ContractParameter name, DporParameters parameters, EconomySettings settings) => name switch
    {
        ContractParameter.TermBlocks => parameters.Terms.Length,
        ContractParameter.RNodeDeposit => parameters.RNodeDeposit,
        ContractParameter.CandidatesMax => (ulong)parameters.CandidatesMax,
        ContractParameter.TermsPerClaim => (ulong)settings.TermsPerClaim,
        ContractParameter.SlashPermille => (ulong)settings.SlashPermille,
        ContractParameter.ReporterPermille => (ulong)settings.ReporterPermille,
        ContractParameter.JoiningOpen => settings.JoiningOpen ? UInt256.One : UInt256.Zero,
        ContractParameter.JoiningDeposit => settings.JoiningDeposit,
        ContractParameter.RNodeStay => settings.RNodeStaySeconds,
        ContractParameter.RNodeVersion => settings.RNodeVersion,
        ContractParameter.CampaignVersion => settings.CampaignVersion,
        ContractParameter.ProofAge => (ulong)settings.ProofAge,
        ContractParameter.CpuDifficulty => (ulong)settings.CpuDifficulty,
        ContractParameter.MemoryDifficulty => (ulong)settings.MemoryDifficulty,
        ContractParameter.CongressMembersMin => (ulong)settings.CongressMembersMin,
        ContractParameter.ProposalSupporters => (ulong)settings.ProposalSupporters,
        ContractParameter.ProposalYesPercent => (ulong)settings.ProposalYesPercent,
        ContractParameter.ProposalDelay => settings.ProposalDelaySeconds,
        _ => throw new InvariantViolation($"the parameter {name} has no value"),
    };

    private static IEnumerable<KeyValuePair<UInt256, UInt256>> EconomyPool(EconomyGenesis genesis)
    {
        SeasonTimes season = genesis.Parameters.Season;
        return
        [
            Word(s_plan, Pack((genesis.OriginSeconds, 64), (season.RaiseSeconds, 64), (season.LockSeconds, 64), (season.SettleSeconds, 64))),
            Word(s_plan + 1UL, Pack((season.SeasonPool, 128), (season.YearPool, 128))),
            Word(s_plan + 2UL, Pack((genesis.Settings.EconomyDeposit, 128), (season.YearSeconds, 64))),
        ];
    }

    private static IEnumerable<KeyValuePair<UInt256, UInt256>> Vesting(EconomyGenesis genesis)
    {
        VestingPlan plan = genesis.Distribution.Vesting;
        return genesis.Distribution.Team.Select(grant => Word(Of(grant.Account, s_grants), Pack((grant.Amount, 128))))
            .Prepend(Word(s_plan, Pack((genesis.OriginSeconds, 64), (plan.StepSeconds, 64), ((ulong)plan.Batches, 64))));
    }

    private static IEnumerable<KeyValuePair<UInt256, UInt256>> ValidatorSet(EconomyGenesis genesis)
    {
        Address[] members = [.. genesis.Validators.Select(static one => one.Account)];
        return AddressList(Slots.ValidatorsInForce, members)
            .Concat(AddressList(Slots.ValidatorsByHash(CommitteeSchedule.HashOf(members)), members))
            .Concat(genesis.Validators.Select(one => Word(Of(one.Account, s_nominators), (ulong)one.NominatedBy)));
    }

    private static IEnumerable<KeyValuePair<UInt256, UInt256>> AddressList(UInt256 slot, Address[] members)
    {
        UInt256 first = Slots.Elements(slot);
        return members.Select((one, i) => Word(Slots.Behind(first, i), one.ToUInt256())).Prepend(Word(slot, (ulong)members.Length));
    }

    private static UInt256 Of(Address key, in UInt256 mapping) => Slots.Mapping(key.ToUInt256(), mapping);

    private static KeyValuePair<UInt256, UInt256> Word(in UInt256 slot, in UInt256 value) => new(slot, value);

    /// <summary>Fields from the low-order end of a word.</summary>
    private static UInt256 Pack(params ReadOnlySpan<(UInt256 Value, int Bits)> fields)
    {
        UInt256 word = UInt256.Zero;
        int at = 0;
        foreach ((UInt256 value, int bits) in fields)
        {
            Invariant.Check((value >> bits).IsZero, $"{value} does not fit {bits} bits");
            word |= value << at;
            at += bits;
        }
        Invariant.Check(at <= 256, "the fields are longer than a word");
        return word;
    }
}
