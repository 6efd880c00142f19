using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Execution;
using CPChain.Lbft;
using CPChain.Sdk.Contracts;
using CPChain.Types;

namespace CPChain.App.Devnet;

/// <summary>Block 0 of a local network: system contracts, funded accounts, and the rest of the supply in reserve.</summary>
public static class DevnetGenesis
{
    /// <summary>All CPC that there ever are (ECO-29), in CPC.</summary>
    public const ulong SupplyCpc = 1_000_000_000;

    /// <summary>What each of the printed accounts has, in CPC.</summary>
    public const ulong AccountCpc = 1_000_000;

    /// <summary>The account from which rewards will be released.</summary>
    public static readonly Address Reserve = Address.Parse("0x00000000000000000000000000000000000c0d00");

    private const ulong GasLimit = 100_000_000;
    private static readonly UInt256 OneGwei = Units.Gwei;

    public static Genesis Create(
        ulong timestampMs, ulong periodMs, ImmutableArray<Address> validators, ImmutableArray<Address> proposers)
    {
        List<GenesisAccount> accounts = [];
        UInt256 left = SupplyCpc * Units.Cpc;
        for (int index = 0; index < DevnetAccounts.Count; index++)
        {
            accounts.Add(new GenesisAccount(DevnetAccounts.At(index), AccountCpc * Units.Cpc, 0, default, []));
            left -= AccountCpc * Units.Cpc;
        }

        accounts.AddRange(SystemContracts.All.Select(contract => new GenesisAccount(
            contract.Address, UInt256.Zero, 1, contract.RuntimeCode, [])));
        accounts.Add(new GenesisAccount(Reserve, left, 0, default, []));
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
            Alloc = [.. accounts.OrderBy(account => account.Address)],
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
