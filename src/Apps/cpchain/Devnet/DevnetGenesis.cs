using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Dpor;
using CPChain.Execution;
using CPChain.Lbft;
using CPChain.Sdk.Contracts;
using CPChain.Types;

namespace CPChain.App.Devnet;

/// <summary>Block 0 of a local network: elections with short terms, system contracts, funded accounts, and the rest of the supply by the paper.</summary>
public static class DevnetGenesis
{
    /// <summary>What each of the printed accounts has, in CPC.</summary>
    public const ulong AccountCpc = 1_000_000;

    /// <summary>Gets the Foundation's part of fees, and holds what nobody else has. Nobody has a key of it.</summary>
    public static readonly Address Foundation = Address.Parse("0x00000000000000000000000000000000000c0df0");

    private const ulong NodeCpc = 10;
    private const ulong GasLimit = 100_000_000;
    private static readonly UInt256 OneGwei = Units.Gwei;
    private static readonly Address Team = Address.Parse("0x00000000000000000000000000000000000c0df1");

    /// <summary>Terms of eight blocks and small deposits, with the rewards of the main network.</summary>
    public static DporParameters Parameters { get; } = DporParameters.Short with { Eras = DporParameters.Main.Eras };

    public static Genesis Create(
        ulong timestampMs, ulong periodMs, ImmutableArray<Address> validators, ImmutableArray<Address> proposers)
    {
        ImmutableArray<Holding> accounts =
        [
            .. Enumerable.Range(0, DevnetAccounts.Count).Select(index => new Holding(DevnetAccounts.At(index), AccountCpc * Units.Cpc)),
            // For the gas of first commitments and of proofs of misconduct, before they have earned anything.
            .. proposers.Concat(validators).Select(account => new Holding(account, NodeCpc * Units.Cpc)),
        ];
        EconomyGenesis economy = new()
        {
            Parameters = Parameters,
            Settings = EconomySettings.Short,
            OriginSeconds = timestampMs / 1000,
            Validators = [.. validators.Select(account => new GenesisValidator(account))],
            DefaultProposers = proposers,
            Foundation = Foundation,
            Distribution = EconomyDistribution.Paper(Team, accounts, Foundation),
        };
        return new Genesis
        {
            Name = "devnet",
            ChainId = DevnetAccounts.ChainId,
            TimestampMs = timestampMs,
            Times = TimesFor(periodMs),
            GasLimit = GasLimit,
            BaseFeePerGas = OneGwei,
            BaseFeeFloor = OneGwei,
            Limits = BlockLimits.Default,
            Schedule = ScheduleOf(validators, proposers),
            Dpor = new DporGenesis(Parameters, Foundation),
            Alloc = economy.Accounts(),
        };
    }

    /// <summary>Hash of block 0: what peers compare.</summary>
    public static Hash256 HashOf(Genesis genesis) => GenesisState.Create(genesis).Block.Hash;

    // The scale of L1, with room for many nodes that share two cores: nobody is impeached for the machine's load.
    private static ConsensusTimes TimesFor(ulong periodMs)
    {
        LbftParameters scaled = LbftParameters.ForPeriod(checked((int)periodMs));
        return new ConsensusTimes
        {
            PeriodMs = periodMs,
            TimeoutMs = Math.Max((ulong)scaled.TimeoutMs, ConsensusTimes.DevNet.TimeoutMs),
            BlockDelayMs = Math.Max((ulong)scaled.BlockDelayMs, ConsensusTimes.DevNet.BlockDelayMs),
            DriftMs = (ulong)scaled.DriftMs,
            DelayMs = (ulong)scaled.DelayMs,
            ExecutionMs = (ulong)scaled.ExecuteMs,
            ResendMs = (ulong)scaled.ResendMs,
            RoundBaseMs = Math.Max((ulong)scaled.RoundBaseMs, ConsensusTimes.DevNet.RoundBaseMs),
            RoundStepMs = (ulong)scaled.RoundStepMs,
            RoundMaxMs = Math.Max((ulong)scaled.RoundMaxMs, ConsensusTimes.DevNet.RoundMaxMs),
            RoundWindow = (uint)scaled.RoundWindow,
        };
    }

    private static CommitteeSchedule ScheduleOf(ImmutableArray<Address> validators, ImmutableArray<Address> proposers)
    {
        bool valid = CommitteeSchedule.TryCreate(
            [new CommitteeEntry(1, validators, proposers)], out CommitteeSchedule? schedule, out (int Entry, string Reason) fault);
        Invariant.Check(valid, $"the plan of the network breaks the schedule's rules: {fault.Reason}");
        return schedule!;
    }
}
