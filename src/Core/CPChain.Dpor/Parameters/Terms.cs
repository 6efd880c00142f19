using CPChain.Types;

namespace CPChain.Dpor;

/// <summary>Numbers, terms, views and seats (D2).</summary>
/// <param name="Seats">S, 1 to 64.</param>
/// <param name="Views">W, 1 to 16.</param>
public readonly record struct Terms(int Seats, int Views)
{
    /// <summary>The roll of a term is made at the checkpoint of the term so many before it.</summary>
    public const ulong RollLead = 3;

    /// <summary>Its draw at the checkpoint of the term so many before it.</summary>
    public const ulong DrawLead = 2;

    /// <summary>The last term that the words of D5 and D6 can name.</summary>
    public const ulong Last = (1UL << 25) - 2;

    /// <summary>B: numbers of a term.</summary>
    public ulong Length => (ulong)(Seats * Views);

    /// <summary>The term of a number; block 0 belongs to term 0.</summary>
    public ulong TermOf(ulong number) => number == 0 ? 0 : (number - 1) / Length;

    /// <summary>The view of a number within its term, 0 to W - 1.</summary>
    public int ViewOf(ulong number) => (int)(OffsetOf(number) / (ulong)Seats);

    /// <summary>The seat of a number, 0 to S - 1.</summary>
    public int SeatOf(ulong number) => (int)(OffsetOf(number) % (ulong)Seats);

    /// <summary>Place of a number in its term, 0 to B - 1; throws for block 0, which has none.</summary>
    public ulong OffsetOf(ulong number)
    {
        ArgumentOutOfRangeException.ThrowIfZero(number);
        return (number - 1) % Length;
    }

    /// <summary>The first number of a term.</summary>
    public ulong FirstOf(ulong term) => Bounded(term) * Length + 1;

    /// <summary>The last number of a term: its checkpoint.</summary>
    public ulong CheckpointOf(ulong term) => (Bounded(term) + 1) * Length;

    /// <summary>Whether a number is the last of its term.</summary>
    public bool IsCheckpoint(ulong number) => number != 0 && number % Length == 0;

    /// <summary>Whether a number is the first of its view.</summary>
    public bool BeginsView(ulong number) => SeatOf(number) == 0;

    private static ulong Bounded(ulong term)
    {
        Invariant.Check(term <= Last, "terms end at 2^25 - 2 (D6.5)");
        return term;
    }
}
