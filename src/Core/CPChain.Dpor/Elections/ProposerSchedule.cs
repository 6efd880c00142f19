using System.Collections.Immutable;
using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>What the next number's proposer depends on beside the committee (D10.1).</summary>
/// <param name="Fell">The number before was impeached.</param>
/// <param name="Run">Impeached slots of elected seats in a row in this view.</param>
/// <param name="Over">The rest of the view belongs to default proposers.</param>
public readonly record struct ScheduleState(bool Fell, int Run, bool Over);

/// <summary>Whose number it is.</summary>
/// <param name="Account">The one proposer.</param>
/// <param name="Elected">Whether it holds an elected seat, and speaks for it.</param>
public readonly record struct Slot(Address Account, bool Elected);

/// <summary>Who proposes a number: a pure function of committees and of what was impeached (D10).</summary>
/// <param name="parameters">The chain's numbers.</param>
/// <param name="defaults">Its default proposers, at least one.</param>
public sealed class ProposerSchedule(DporParameters parameters, ImmutableArray<Address> defaults)
{
    /// <summary>The slot of a number, from the state before it (D10.2).</summary>
    public Slot SlotOf(ulong number, ScheduleState before, Committee committee)
    {
        Terms terms = parameters.Terms;
        Invariant.Check(committee.Term == terms.TermOf(number), "a committee of another term");
        if (before.Fell || before.Over)
            return new Slot(DefaultOf(number), false);
        CommitteeSeat seat = committee.Seats[terms.SeatOf(number)];
        return new Slot(seat.Account, seat.Elected);
    }

    /// <summary>The state for the number after (D10.3).</summary>
    public ScheduleState After(ulong number, ScheduleState before, Slot slot, bool impeached)
    {
        if (parameters.Terms.BeginsView(number + 1))
            return new ScheduleState(impeached, 0, false);
        if (!slot.Elected)
            return before with { Fell = impeached };
        int run = impeached ? before.Run + 1 : 0;
        return new ScheduleState(impeached, run, before.Over || run >= parameters.HandOverAfter);
    }

    /// <summary>
    /// The same from history alone: committee of the term, and which of the numbers from one before the view on were impeached.
    /// </summary>
    public Slot SlotOf(ulong number, Committee committee, Func<ulong, bool> impeached)
    {
        ulong first = number - (ulong)parameters.Terms.SeatOf(number);
        ScheduleState state = new(first > 1 && impeached(first - 1), 0, false);
        for (ulong n = first; n < number; n++)
            state = After(n, state, SlotOf(n, state, committee), impeached(n));
        return SlotOf(number, state, committee);
    }

    /// <summary>The default proposer that answers at a number (D10.2).</summary>
    public Address DefaultOf(ulong number) => defaults[(int)(number % (ulong)defaults.Length)];
}
