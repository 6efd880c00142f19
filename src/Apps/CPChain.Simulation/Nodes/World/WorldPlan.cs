using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Types;

namespace CPChain.Simulation.Nodes.World;

/// <summary>Who there is in one world: a pure function of seed and settings.</summary>
internal sealed record WorldPlan
{
    /// <summary>A period of half a second; delays as L1 allows at that period.</summary>
    internal static ConsensusTimes Times { get; } = new()
    {
        PeriodMs = 500,
        TimeoutMs = 1_500,
        BlockDelayMs = 700,
        DriftMs = 100,
        DelayMs = 100,
        ExecutionMs = 300,
        ResendMs = 200,
        RoundBaseMs = 2_000,
        RoundStepMs = 500,
        RoundMaxMs = 5_000,
    };

    internal static DateTimeOffset Beginning { get; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    internal required Genesis Genesis { get; init; }

    /// <summary>Validators, those who become one later included; they come first.</summary>
    internal required int Validators { get; init; }

    internal required int Proposers { get; init; }

    internal required int Observers { get; init; }

    /// <summary>Size of V(h).</summary>
    internal required int Committee { get; init; }

    internal int Faulty => (Committee - 1) / 3;

    /// <summary>A validator that runs twice with one key, or null; its double is the last node.</summary>
    internal required int? DoubledValidator { get; init; }

    /// <summary>Of the proposers the last ones: they stand for election; 0 without elections.</summary>
    internal int Candidates { get; init; }

    internal int Nodes => Validators + Proposers + Observers + (DoubledValidator is null ? 0 : 1);

    /// <summary>The height from which another validator sits in a seat, or null.</summary>
    internal required ulong? ChangeAt { get; init; }

    internal static WorldPlan Draw(SeededRandom chance, int? validators, int heights, bool isCalm)
    {
        int committee = validators ?? (chance.Chance(80) ? 4 : 7);
        int proposers = 2 + chance.Below(3);
        ulong? changeAt = chance.Chance(33) ? (ulong)(5 + chance.Below(Math.Max(1, heights - 10))) : null;
        int all = committee + (changeAt is null ? 0 : 1);
        ImmutableArray<Address> members = [.. Enumerable.Range(0, all).Select(i => SharedKeys.OfNode(i).Address)];
        ImmutableArray<Address> makers = [.. Enumerable.Range(all, proposers).Select(i => SharedKeys.OfNode(i).Address)];
        List<CommitteeEntry> entries = [new CommitteeEntry(1, members[..committee], makers)];
        if (changeAt is { } from)
        {
            entries.Add(new CommitteeEntry(from, members.RemoveAt(chance.Below(committee)), makers));
        }
        bool made = CommitteeSchedule.TryCreate([.. entries], out CommitteeSchedule? schedule, out (int Entry, string Reason) fault);
        Invariant.Check(made, fault.Reason ?? "");
        return new WorldPlan
        {
            Committee = committee,
            Validators = all,
            Proposers = proposers,
            Observers = chance.Chance(25) ? 1 : 0,
            DoubledValidator = !isCalm && chance.Chance(12) ? chance.Below(committee) : null,
            ChangeAt = changeAt,
            Genesis = new Genesis
            {
                Name = "simulated",
                ChainId = 7331,
                TimestampMs = (ulong)Beginning.ToUnixTimeMilliseconds(),
                Times = Times,
                GasLimit = 30_000_000,
                BaseFeePerGas = 1_000_000_000,
                BaseFeeFloor = 1,
                Limits = BlockLimits.Default,
                Schedule = schedule!,
                Alloc =
                [
                    .. Enumerable.Range(0, SharedKeys.ClientCount).Select(i => SharedKeys.OfClient(i).Address).Order()
                        .Select(address => new GenesisAccount(address, UInt256.Parse("1000000000000000000000"), 0, default, [])),
                ],
            },
        };
    }
}
