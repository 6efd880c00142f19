namespace CPChain.Simulation.Twins;

/// <summary>
/// All Twins scenarios of one committee size, numbered: twin seats x proposers x re-sending x early timers x
/// (partition x crossing x deaf nodes) for each of four slots.
/// </summary>
/// <remarks>
/// The coordinator of round r is seat r mod n. Another height would only rotate the seats, and every partition and
/// every choice of twins is in the space, so the height is no dimension of it.
/// After Bano et al., "Twins: BFT Systems Made Robust" (2022), which numbers partitions and leaders per round.
/// </remarks>
public sealed class TwinSpace
{
    /// <summary>What may cross a partition, as one digit of a scenario's number.</summary>
    private static readonly Crossing[] CrossingChoices =
    [
        Crossing.None,
        Crossing.Wishes,
        Crossing.Wishes | Crossing.Coordination,
        Crossing.Wishes | Crossing.Coordination | Crossing.Prepares,
        Crossing.Wishes | Crossing.Coordination | Crossing.Commits,
    ];

    private readonly ulong _deafChoices;
    private readonly int _validators;
    private readonly int _twins;
    private readonly int[][] _twinChoices;
    private readonly SetPartitions _later;
    private readonly SetPartitions[] _first;

    public TwinSpace(int validators)
    {
        if (validators is < 4 or > 10 || validators % 3 != 1)
            throw new ArgumentOutOfRangeException(nameof(validators), validators, "4, 7 or 10 validators.");

        _validators = validators;
        _twins = (validators - 1) / 3;
        _twinChoices = [.. Choose(validators, _twins)];
        _later = new SetPartitions(validators + _twins);
        SetPartitions one = new(validators + _twins + 1);
        SetPartitions two = new(validators + _twins + 2);
        _first = [one, two, two];
        _deafChoices = (2UL << (validators + _twins)) - 1;
        UInt128 perSlot = (ulong)CrossingChoices.Length * _deafChoices;
        UInt128 later = _later.Count * perSlot;
        UInt128 first = UInt128.Zero;
        foreach (SetPartitions partitions in _first) first += partitions.Count;
        Count = first * perSlot * (ulong)_twinChoices.Length * 2 * (ulong)validators;
        for (int slot = 1; slot < TwinScenario.Slots; slot++) Count *= later;
    }

    /// <summary>How many scenarios there are.</summary>
    public UInt128 Count { get; }

    public TwinScenario NewScenario() => new(_validators, _twins);

    /// <summary>Makes this scenario the one with this number.</summary>
    public void Read(UInt128 number, TwinScenario scenario)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, Count);
        scenario.Number = number;
        for (int slot = TwinScenario.Slots - 1; slot >= 0; slot--)
        {
            ReadLoss(ref number, scenario, slot);
            if (slot > 0) _later.Write(Digit(ref number, _later.Count), scenario.Groups[slot]);
        }

        scenario.Resends = Digit(ref number, 2) == 1;
        scenario.EarlySeats = (int)Digit(ref number, (ulong)_validators);
        int[] twins = _twinChoices[Digit(ref number, (ulong)_twinChoices.Length)];
        twins.CopyTo(scenario.TwinSeats, 0);
        int mode = 0;
        while (number >= _first[mode].Count) number -= _first[mode++].Count;
        scenario.Mode = (ProposerMode)mode;
        _first[mode].Write((ulong)number, scenario.Groups[0]);
    }

    // No deaf node, or a set that is deaf to commits, or a set that is deaf to votes.
    private void ReadLoss(ref UInt128 number, TwinScenario scenario, int slot)
    {
        scenario.Crossings[slot] = CrossingChoices[Digit(ref number, (ulong)CrossingChoices.Length)];
        uint deaf = (uint)Digit(ref number, _deafChoices);
        uint nodes = (uint)(_deafChoices / 2);
        scenario.DeafTo[slot] = deaf > nodes ? Deafness.ToVotes : Deafness.ToCommits;
        scenario.Deaf[slot] = deaf > nodes ? deaf - nodes : deaf;
    }

    private static ulong Digit(ref UInt128 number, ulong radix)
    {
        (UInt128 rest, UInt128 digit) = UInt128.DivRem(number, radix);
        number = rest;
        return (ulong)digit;
    }

    private static IEnumerable<int[]> Choose(int from, int count, int first = 0)
    {
        if (count == 0)
        {
            yield return [];
            yield break;
        }

        for (int seat = first; seat <= from - count; seat++)
            foreach (int[] rest in Choose(from, count - 1, seat + 1))
                yield return [seat, .. rest];
    }
}
