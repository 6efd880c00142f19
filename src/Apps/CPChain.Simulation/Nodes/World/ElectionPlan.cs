using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Dpor;
using CPChain.Sdk.Contracts;
using CPChain.Types;
using SystemContracts = CPChain.Sdk.Contracts.SystemContracts;

namespace CPChain.Simulation.Nodes.World;

/// <summary>
/// A world with elections: short terms, the drawn proposers as default proposers, and two more that join, claim and are elected. Two of its
/// contracts are stand-ins: admission takes every proof, since work is no matter of faults, and who calls governance calls the validator set.
/// </summary>
internal static class ElectionPlan
{
    /// <summary>Proposers that stand for election.</summary>
    internal const int CandidateCount = 2;

    /// <summary>Terms of four numbers, so that a short run has many boundaries.</summary>
    internal static DporParameters Parameters { get; } = DporParameters.Short with
    {
        Seats = 2,
        Views = 2,
        LowSeats = 0,
        Window = 2,
        Eras = DporParameters.Main.Eras,
    };

    // STOP: succeeds and answers nothing.
    private static readonly byte[] s_takesAll = [0x00];

    // calldatacopy; call(gas, ValidatorSet, 0, 0, calldatasize, 0, 0); reverts iff that did.
    private static readonly byte[] s_forwards =
        Hex.Decode($"0x36600060003760006000366000600073{SystemContracts.ValidatorSet.Address.ToString()[2..]}5af1602e5760006000fd5b00");

    /// <summary>The drawn plan, its schedule replaced by elections.</summary>
    internal static WorldPlan Over(WorldPlan drawn)
    {
        CommitteeEntry first = drawn.Genesis.Schedule.Entries[0];
        bool made = CommitteeSchedule.TryCreate([first], out CommitteeSchedule? schedule, out (int Entry, string Reason) fault);
        Invariant.Check(made, fault.Reason ?? "");
        WorldPlan plan = drawn with { Candidates = CandidateCount, Proposers = drawn.Proposers + CandidateCount };
        Address foundation = Address.FromUInt256(0xf0f0UL), rest = Address.FromUInt256(0xf0f1UL), team = Address.FromUInt256(0xf0f2UL);
        EconomyGenesis economy = new()
        {
            Parameters = Parameters,
            Settings = EconomySettings.Short with { RNodeStaySeconds = 0 },
            OriginSeconds = drawn.Genesis.TimestampMs / 1000,
            Validators = [.. first.Validators.Select(static account => new GenesisValidator(account))],
            DefaultProposers = first.Proposers,
            Foundation = foundation,
            Distribution = EconomyDistribution.Paper(team, Funded(plan, first.Proposers), rest),
        };
        return plan with
        {
            ChangeAt = drawn.ChangeAt,
            Genesis = drawn.Genesis with
            {
                Schedule = schedule!,
                Dpor = new DporGenesis(Parameters, foundation),
                Alloc = [.. economy.Accounts().Select(WithStandIn)],
            },
        };
    }

    /// <summary>Key number of a candidate: behind the drawn nodes' own.</summary>
    internal static int NodeOf(WorldPlan plan, int candidate) => plan.Validators + plan.Proposers - plan.Candidates + candidate;

    private static ImmutableArray<Holding> Funded(WorldPlan plan, ImmutableArray<Address> defaults) =>
    [
        .. Enumerable.Range(0, SharedKeys.ClientCount).Select(static i => SharedKeys.OfClient(i).Address)
            .Concat(defaults).Append(SharedKeys.OfGovernance.Address)
            .Concat(Enumerable.Range(0, plan.Candidates).Select(i => SharedKeys.OfNode(NodeOf(plan, i)).Address))
            .Select(static account => new Holding(account, Units.Cpc * 1_000UL)),
    ];

    private static GenesisAccount WithStandIn(GenesisAccount account) =>
        account.Address == SystemContracts.Admission.Address ? account with { Code = s_takesAll }
        : account.Address == SystemContracts.Governance.Address ? account with { Code = s_forwards }
        : account;
}
