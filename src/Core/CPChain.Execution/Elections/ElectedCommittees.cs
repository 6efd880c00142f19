using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Dpor;
using CPChain.Evm;
using CPChain.Types;

namespace CPChain.Execution;

/// <summary>Committees of a chain with elections: read from the state of the system contracts (D8, D10, D17).</summary>
public sealed class ElectedCommittees : Committees
{
    // A set that is named in term T holds from T + 3 at the earliest (D17), so a state in T settles this many terms behind it.
    private const ulong SettledTerms = 2;

    private readonly Terms _terms;

    /// <summary>Committees of a genesis with elections.</summary>
    /// <param name="dpor">Its numbers.</param>
    /// <param name="defaults">Its default proposers, at least one.</param>
    public ElectedCommittees(DporGenesis dpor, ImmutableArray<Address> defaults)
    {
        ArgumentNullException.ThrowIfNull(dpor);
        Dpor = dpor;
        Defaults = defaults;
        _terms = dpor.Parameters.Terms;
        Step = new EndOfBlockStep(dpor.Parameters, defaults);
        Roster = new RNodeRoster(dpor.Parameters.RNodeDeposit);
    }

    /// <summary>Numbers and Foundation.</summary>
    public DporGenesis Dpor { get; }

    /// <summary>The default proposers, in their order.</summary>
    public ImmutableArray<Address> Defaults { get; }

    /// <summary>What every block writes at its end (D4).</summary>
    internal EndOfBlockStep Step { get; }

    /// <summary>Who is an RNode.</summary>
    internal RNodeRoster Roster { get; }

    /// <inheritdoc/>
    public override Turn TurnOf(ulong number, IStateReader parentState)
    {
        StateWords words = new(parentState);
        StoredView view = new(words);
        (Slot slot, Hash256 commitment) = Step.DutyOf(number, words);
        ImmutableArray<Address> validators = view.ValidatorsOf(_terms.TermOf(number));
        ImmutableArray<Address> next = _terms.IsCheckpoint(number) ? view.ValidatorsOf(_terms.TermOf(number + 1)) : validators;
        return new Turn(number, slot.Account, slot.Elected, commitment, validators, CommitteeSchedule.HashOf(next.AsSpan()));
    }

    /// <summary>The committee of a term, by seat, as far as the head's state knows it: null for terms too far ahead or too long ago.</summary>
    public Committee? CommitteeOf(ulong term, ulong head, IStateReader headState) =>
        new StoredElections(Dpor.Parameters, Defaults, head, new StateWords(headState)).CommitteeOf(term);

    /// <inheritdoc/>
    public override bool MayPropose(in Address account, ulong number, IStateReader headState) =>
        Step.MayPropose(account, number, new StateWords(headState));

    /// <inheritdoc/>
    public override ImmutableArray<Address>? ValidatorsOf(ulong number, Hash256? setHash, ulong head, IStateReader headState)
    {
        StoredView view = new(new StateWords(headState));
        if (setHash is Hash256 hash)
            return view.ValidatorsByHash(hash) is { IsEmpty: false } known ? known : null;
        return _terms.TermOf(number) <= _terms.TermOf(head + 1) + SettledTerms ? view.ValidatorsOf(_terms.TermOf(number)) : null;
    }

    /// <inheritdoc/>
    public override (ulong From, ulong? Through) ValidatorsRun(ulong head, IStateReader headState)
    {
        (ulong present, ulong next) = new StoredView(new StateWords(headState)).ValidatorTerms();
        ulong term = _terms.TermOf(head + 1);
        if (next != 0 && next <= term)
            return (_terms.FirstOf(next), null);
        return (present == 0 ? 1 : _terms.FirstOf(present), next is 0 or > Terms.Last ? null : _terms.FirstOf(next) - 1);
    }

    /// <inheritdoc/>
    public override bool MayServeAsProposer(in Address account, IStateReader headState)
    {
        // What an account has at stake is what keeps strangers from taking all places; a seat stays its holder's when the deposit is cut.
        StateWords words = new(headState);
        StoredView view = new(words);
        if (Defaults.Contains(account) || view.DepositOf(account) >= Dpor.Parameters.RNodeDeposit)
            return true;
        UInt256 last = words.Load(SystemContracts.Dpor, Slots.LastElected(account));
        return !last.IsZero && !view.DepositOf(account).IsZero;
    }

    /// <inheritdoc/>
    public override bool HoldsSeat(in Address account, ulong head, IStateReader headState)
    {
        if (Defaults.Contains(account))
            return true;
        StateWords words = new(headState);
        ulong present = _terms.TermOf(head + 1);
        for (ulong term = present; term < present + Terms.DrawLead; term++)
        {
            foreach (CommitteeSeat seat in Step.CommitteeOf(term, words).Seats)
            {
                if (seat.Account == account)
                    return true;
            }
        }
        return false;
    }

    /// <inheritdoc/>
    public override bool MayServeAsValidator(in Address account, IStateReader headState)
    {
        StoredView view = new(new StateWords(headState));
        return view.ValidatorsOf(0).Contains(account) || view.ValidatorsOf(ulong.MaxValue).Contains(account);
    }
}
