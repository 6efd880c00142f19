using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Evm;
using CPChain.Types;

namespace CPChain.Execution;

/// <summary>Committees of a chain without elections: its genesis lists them for all numbers (C10.1, C10.2).</summary>
public sealed class FixedCommittees : Committees
{
    private readonly HashSet<Address> _validators = [];
    private readonly HashSet<Address> _proposers = [];

    /// <summary>Committees by a schedule.</summary>
    public FixedCommittees(CommitteeSchedule schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        Schedule = schedule;
        foreach (CommitteeEntry entry in schedule.Entries)
        {
            _validators.UnionWith(entry.Validators);
            _proposers.UnionWith(entry.Proposers);
        }
    }

    /// <summary>What the genesis lists.</summary>
    public CommitteeSchedule Schedule { get; }

    /// <summary>The turn of a number: no state enters it.</summary>
    public Turn TurnOf(ulong number) => new(
        number, Schedule.ProposerOf(number), false, Hash256.Zero, Schedule.ValidatorsOf(number), Schedule.ValidatorsHash(number + 1));

    /// <inheritdoc/>
    public override Turn TurnOf(ulong number, IStateReader parentState) => TurnOf(number);

    /// <inheritdoc/>
    public override bool MayPropose(in Address account, ulong number, IStateReader headState) => Schedule.ProposerOf(number) == account;

    /// <inheritdoc/>
    public override ImmutableArray<Address>? ValidatorsOf(ulong number, Hash256? setHash, ulong head, IStateReader headState) =>
        Schedule.ValidatorsOf(number);

    /// <inheritdoc/>
    public override (ulong From, ulong? Through) ValidatorsRun(ulong head, IStateReader headState) => Schedule.ValidatorsRun(head + 1);

    /// <inheritdoc/>
    public override bool MayServeAsProposer(in Address account, IStateReader headState) => _proposers.Contains(account);

    /// <inheritdoc/>
    public override bool HoldsSeat(in Address account, ulong head, IStateReader headState) => _proposers.Contains(account);

    /// <inheritdoc/>
    public override bool MayServeAsValidator(in Address account, IStateReader headState) => _validators.Contains(account);
}
