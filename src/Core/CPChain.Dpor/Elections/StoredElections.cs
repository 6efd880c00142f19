using System.Collections.Immutable;
using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>
/// What the end-of-block step has stored of elections, as of one block. The state has sixteen terms of each kind; the words do not tell of
/// which term they are, so a term out of the ring is refused here, by the block's number.
/// </summary>
public sealed class StoredElections
{
    private readonly IWordView _state;
    private readonly StepWords _words;
    private readonly EndOfBlockStep _step;
    private readonly DporParameters _parameters;
    private readonly ImmutableArray<Address> _defaults;

    /// <summary>The elections in a state.</summary>
    /// <param name="parameters">The chain's numbers.</param>
    /// <param name="defaults">Its default proposers, at least one.</param>
    /// <param name="number">The block that the state is of.</param>
    /// <param name="state">That state.</param>
    public StoredElections(DporParameters parameters, ImmutableArray<Address> defaults, ulong number, IWordView state)
    {
        (_parameters, _defaults, _state, Number) = (parameters, defaults, state, number);
        _words = new StepWords(state);
        _step = new EndOfBlockStep(parameters, defaults);
        // Terms before this one are over.
        Term = parameters.Terms.TermOf(number + 1);
        Seeds = Term == 0 ? TermRange.None : TermRange.RingUpTo(Term - 1, 0);
        // Terms without a roll have committees from the beginning (D2.5).
        Committees = TermRange.RingUpTo(Math.Max(Term + Terms.DrawLead, Terms.RollLead) - 1, 0);
        Rolls = Term == 0 ? TermRange.None : TermRange.RingUpTo(Term + Terms.RollLead - 1, Terms.RollLead);
    }

    /// <summary>The block that the state is of.</summary>
    public ulong Number { get; }

    /// <summary>The term of the number after it.</summary>
    public ulong Term { get; }

    /// <summary>Terms whose seeds are there.</summary>
    public TermRange Seeds { get; }

    /// <summary>Terms whose committees are there.</summary>
    public TermRange Committees { get; }

    /// <summary>Terms whose rolls are there.</summary>
    public TermRange Rolls { get; }

    /// <summary>The seed of a term; null if it is not there.</summary>
    public Hash256? SeedOf(ulong term) => Seeds.Contains(term) ? _words.SeedOf(term) : null;

    /// <summary>The committee of a term; null if it is not there.</summary>
    public Committee? CommitteeOf(ulong term) => Committees.Contains(term) ? _step.CommitteeOf(term, _state) : null;

    /// <summary>The roll of a term; null if it is not there.</summary>
    public Roll? RollOf(ulong term) => Rolls.Contains(term) ? _words.RollOf(term) : null;

    /// <summary>What the next number's proposer depends on beside the committee.</summary>
    public ScheduleState Schedule() => _words.Schedule();

    /// <summary>Whose the next number is.</summary>
    public Slot NextSlot() => _step.SlotOf(Number + 1, _state);

    /// <summary>Who stands now, on the list of the term of <see cref="Number"/>, ranked (D6, D7.1).</summary>
    public Ranking RankingNow() => new RollMaker(_parameters, _defaults).RankingAt(PresentTerm, new StoredView(_state));

    /// <summary>The term of <see cref="Number"/>: the last of the window that reputation looks back to now.</summary>
    public ulong PresentTerm => _parameters.Terms.TermOf(Number);
}
