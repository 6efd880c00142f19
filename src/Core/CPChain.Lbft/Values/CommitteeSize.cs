namespace CPChain.Lbft.Values;

/// <summary>
/// Quorum sizes of a committee of 3f+1 validators, 1 to 100; the only place that does quorum arithmetic.
/// </summary>
public readonly record struct CommitteeSize
{
    public const int ValidatorsMax = 100;

    private CommitteeSize(int faulty) => Faulty = faulty;

    /// <summary>f, the number of members that may do anything at all.</summary>
    public int Faulty { get; }

    public int Validators => (3 * Faulty) + 1;

    /// <summary>Q = 2f+1. Any two strong quorums share at least one honest validator.</summary>
    public int StrongQuorum => (2 * Faulty) + 1;

    /// <summary>f+1. A weak quorum holds at least one honest validator; two of them may be disjoint.</summary>
    public int WeakQuorum => Faulty + 1;

    public static bool TryOf(int validators, out CommitteeSize size)
    {
        bool valid = validators is >= 1 and <= ValidatorsMax && validators % 3 == 1;
        size = valid ? new CommitteeSize((validators - 1) / 3) : default;
        return valid;
    }

    /// <summary>
    /// The size of a committee of a checked configuration; throws when it is not 3f+1 within the bound.
    /// </summary>
    public static CommitteeSize Of(int validators) => TryOf(validators, out CommitteeSize size)
        ? size
        : throw new ArgumentOutOfRangeException(nameof(validators), validators, "A committee has 3f+1 <= 100 validators.");
}
