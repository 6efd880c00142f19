namespace CPChain.ModelChecking.Tests;

/// <summary>One validator of the vote layer.</summary>
/// <param name="Round">The round it is in.</param>
/// <param name="High">1 + place of the certificate that binds it (as it was on entering, or committed since); 0 for none.</param>
/// <param name="Prepares">Bit per place of its P-class votes.</param>
/// <param name="Commits">Bit per place of its C-class votes.</param>
internal readonly record struct Voter(int Round, int High, int Prepares, int Commits);

/// <summary>
/// The vote layer that the rules came from, written out a second time from its TLA+ sketch: rounds, votes and certificates, no
/// machine, no messages, no bodies but "somebody has it". It is there to be compared with the explorer.
/// </summary>
/// <remarks>
/// A place is round * 3 + value, value 0 the impeach block, as in the explorer's bit sets. Any certificate that honest votes
/// and f Byzantine ones make is shown to anybody at any time; rounds are entered freely; every coordinator proposes anything.
/// States are counted up to the order of honest validators, which is what TLC counts with these as a symmetry.
/// </remarks>
/// <param name="faulty">f.</param>
/// <param name="roundMax">The last round.</param>
/// <param name="blocks">Blocks of the proposer.</param>
/// <param name="isPrompt">
/// Whether a voter does at once what the sketch lets it put off for ever: commit to a certificate of its round or a later one
/// when it has the body (L10.2), vote in round 1 on entering it (L13), and remember the certificate that came with the PROPOSE it
/// has accepted (L10.1).
/// </param>
internal sealed class VoteLayer(int faulty, int roundMax, int blocks, bool isPrompt)
{
    private const int Values = 3;
    private const int RoundsMax = 4;

    private readonly int _honest = (2 * faulty) + 1;
    private readonly List<Voter> _voters = [];
    private readonly Dictionary<Voter, int> _numbers = [];

    /// <summary>Every reachable state, as sorted numbers of its voters.</summary>
    public HashSet<UInt128> Explore()
    {
        int[] cluster = new int[_honest];
        Array.Fill(cluster, NumberOf(default));
        HashSet<UInt128> seen = [Explorer.Pack(cluster)];
        Queue<UInt128> agenda = new(seen);
        int[] moved = new int[_honest];
        while (agenda.TryDequeue(out UInt128 packed))
        {
            Unpack(packed, cluster);
            int certified = CertifiedIn(cluster);
            int held = cluster.Aggregate(0, (held, voter) => held | _voters[voter].Prepares);
            for (int slot = 0; slot < _honest; slot++)
            {
                if (slot > 0 && cluster[slot] == cluster[slot - 1]) continue;

                foreach (Voter next in NextOf(_voters[cluster[slot]], certified, held))
                {
                    cluster.CopyTo(moved, 0);
                    moved[slot] = NumberOf(next);
                    Array.Sort(moved);
                    UInt128 after = Explorer.Pack(moved);
                    if (seen.Add(after)) agenda.Enqueue(after);
                }
            }
        }

        return seen;
    }

    /// <summary>How many these are when the first two blocks of the proposer count as alike.</summary>
    public int UpToBlocks(HashSet<UInt128> states)
    {
        int[] cluster = new int[_honest];
        int unchanged = 0;
        foreach (UInt128 packed in states)
        {
            Unpack(packed, cluster);
            for (int slot = 0; slot < _honest; slot++) cluster[slot] = NumberOf(Exchanged(_voters[cluster[slot]]));
            Array.Sort(cluster);
            if (Explorer.Pack(cluster) == packed) unchanged++;
        }

        return (states.Count + unchanged) / 2; // the exchange maps reachable states to reachable ones
    }

    /// <summary>These states as far as <paramref name="project"/> tells voters apart.</summary>
    public HashSet<UInt128> Projected(IEnumerable<UInt128> states, Func<Voter, int> project)
    {
        int[] projected = [.. _voters.Select(project)];
        int[] cluster = new int[_honest];
        HashSet<UInt128> seen = [];
        foreach (UInt128 packed in states)
        {
            Unpack(packed, cluster);
            for (int slot = 0; slot < _honest; slot++) cluster[slot] = projected[cluster[slot]];
            Array.Sort(cluster);
            seen.Add(Explorer.Pack(cluster));
        }

        return seen;
    }

    private IEnumerable<Voter> NextOf(Voter voter, int certified, int held)
    {
        if (((voter.Prepares | voter.Commits) & PlacesOf(voter.Round)) == 0)
            foreach (Voter prepared in PreparesOf(voter, certified)) yield return prepared;

        for (int round = voter.Round; round <= roundMax; round++)
            for (int value = 0; value <= blocks; value++)
            {
                int place = Place(round, value);
                bool isHeld = value == 0 || (held & (1 << Place(0, value))) != 0;
                if ((voter.Commits & PlacesOf(round)) == 0 && (certified & (1 << place)) != 0 && isHeld)
                    yield return voter with { Round = round, High = place + 1, Commits = voter.Commits | (1 << place) };
            }

        for (int round = voter.Round + 1; round <= roundMax; round++)
            foreach (Voter entered in EntriesOf(voter, round, certified)) yield return entered;
    }

    // With any certificate of a lower round that it might have been shown.
    private IEnumerable<Voter> EntriesOf(Voter voter, int round, int certified)
    {
        foreach (int high in HighsOf(voter, round, certified))
        {
            Voter entered = voter with { Round = round, High = high };
            if (!isPrompt || round != 1)
            {
                yield return entered;
                continue;
            }

            yield return Prepared(entered, ValueOf(high));
            for (int value = 1; value <= blocks; value++)
                if ((certified & (1 << Place(1, value))) != 0 && !HasBody(voter, value)) yield return entered;
        }
    }

    private IEnumerable<int> HighsOf(Voter voter, int round, int certified)
    {
        yield return voter.High;
        for (int place = NextRound(voter.High); place < Place(round, 0); place++)
            if ((certified & (1 << place)) != 0 && (!isPrompt || place < Place(voter.Round, 0) || !HasBody(voter, place % Values)))
                yield return place + 1;
    }

    // The impeach block is known to everybody; a block to those that have prepared it or committed it.
    private static bool HasBody(Voter voter, int value) =>
        value == 0 || (voter.Prepares & (1 << Place(0, value))) != 0 || (voter.Commits & Everywhere(value)) != 0;

    private static int Everywhere(int value) => Below(RoundsMax, value);

    // Round 0 takes a block (L9), round 1 what binds, else the impeach block (L13), a later one what L14.3 accepts.
    private IEnumerable<Voter> PreparesOf(Voter voter, int certified)
    {
        int bound = ValueOf(voter.High);
        if (voter.Round == 0)
            for (int value = 1; value <= blocks; value++) yield return Prepared(voter, value);
        else if (voter.Round == 1 && !isPrompt) yield return Prepared(voter, bound);
        if (voter.Round < 2) yield break;

        if (bound == 0) yield return Prepared(voter, 0);
        for (int place = 0; place < Place(voter.Round, 0); place++)
        {
            if ((certified & (1 << place)) == 0 || (place % Values != bound && place < Place(RoundOf(voter.High), 0))) continue;

            // ec binds no longer in this round, so that it may give way to the certificate that came with the PROPOSE.
            yield return Prepared(isPrompt ? voter with { High = Math.Max(voter.High, place + 1) } : voter, place % Values);
        }
    }

    private static Voter Prepared(Voter voter, int value) =>
        voter with { Prepares = voter.Prepares | (1 << Place(voter.Round, value)) };

    private int CertifiedIn(int[] cluster)
    {
        int certified = 0;
        for (int place = 0; place <= Place(roundMax, blocks); place++)
        {
            int votes = faulty;
            foreach (int voter in cluster) votes += (_voters[voter].Prepares >> place) & 1;
            if (votes >= (2 * faulty) + 1) certified |= 1 << place;
        }

        return certified;
    }

    private static int Place(int round, int value) => (round * Values) + value;

    private static int PlacesOf(int round) => 0b111 << (round * Values);

    private static int RoundOf(int high) => high == 0 ? 0 : (high - 1) / Values;

    private static int ValueOf(int high) => high == 0 ? 0 : (high - 1) % Values;

    // The first place of the rounds above that of a certificate.
    private static int NextRound(int high) => high == 0 ? 0 : Place(RoundOf(high) + 1, 0);

    private static int Below(int round, int value)
    {
        int places = 0;
        for (int lower = 0; lower < round; lower++) places |= 1 << Place(lower, value);
        return places;
    }

    private static Voter Exchanged(Voter voter)
    {
        int value = ValueOf(voter.High);
        return voter with
        {
            High = voter.High == 0 || value == 0 ? voter.High : Place(RoundOf(voter.High), 3 - value) + 1,
            Prepares = Exchanged(voter.Prepares),
            Commits = Exchanged(voter.Commits),
        };
    }

    private static int Exchanged(int places) =>
        (places & Everywhere(0)) | ((places & Everywhere(1)) << 1) | ((places & Everywhere(2)) >> 1);

    private int NumberOf(Voter voter)
    {
        if (_numbers.TryGetValue(voter, out int number)) return number;

        _voters.Add(voter);
        return _numbers[voter] = _voters.Count - 1;
    }

    private void Unpack(UInt128 packed, int[] cluster)
    {
        int bits = 128 / _honest;
        UInt128 mask = (UInt128.One << Math.Min(bits, 31)) - UInt128.One;
        for (int slot = _honest - 1; slot >= 0; slot--)
        {
            cluster[slot] = (int)(packed & mask);
            packed >>= bits;
        }
    }
}
