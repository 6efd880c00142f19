using CPChain.Lbft;

namespace CPChain.ModelChecking;

/// <summary>Which certificates the adversary can make of what the honest have said and what the Byzantine would say.</summary>
internal sealed class Ballots
{
    private readonly Model _model;
    private readonly ulong _impeachRounds;
    private readonly ulong _all;

    public Ballots(Model model)
    {
        _model = model;
        for (int round = 0; round <= model.RoundMax; round++)
            for (int value = 0; value <= model.Blocks; value++)
            {
                ulong bit = 1UL << Vocabulary.Bit(round, value);
                _all |= bit;
                if (round > 0) _impeachRounds |= bit;
            }

        _all &= ~1UL; // a vote of round 0 for I is void (L4.3)
    }

    public ulong Certified(ReadOnlySpan<SaidVotes> said)
    {
        Span<ulong> votes = stackalloc ulong[said.Length];
        for (int voter = 0; voter < said.Length; voter++)
            votes[voter] = Passing(said[voter].Prepares, _model.Rules.CountsAllRounds);
        return Makeable(votes);
    }

    public ulong Decided(ReadOnlySpan<SaidVotes> said)
    {
        LbftRules rules = _model.Rules;
        Span<ulong> votes = stackalloc ulong[said.Length];
        for (int voter = 0; voter < said.Length; voter++)
        {
            ulong commits = rules.ClassNotSigned ? said[voter].Commits | said[voter].Prepares : said[voter].Commits;
            votes[voter] = Passing(commits, rules.CountsAllRounds || rules.CountsCommitsOfAllRounds);
        }

        return Makeable(votes);
    }

    // What a validator's votes pass for where the rules let a vote of one round pass for one of another.
    private ulong Passing(ulong votes, bool isAnyRound)
    {
        if (votes == 0 || !(isAnyRound || _model.Rules.RoundNotSigned)) return votes;

        ulong passing = votes;
        for (int value = 0; value <= _model.Blocks; value++)
        {
            ulong sources = ValueBits(value) & (isAnyRound ? ulong.MaxValue : _impeachRounds);
            if ((votes & sources) != 0) passing |= sources;
        }

        return passing;
    }

    private ulong ValueBits(int value)
    {
        ulong bits = 0;
        for (int round = 0; round <= _model.RoundMax; round++) bits |= 1UL << Vocabulary.Bit(round, value);
        return bits;
    }

    private ulong Makeable(ReadOnlySpan<ulong> votes)
    {
        ulong normal = Reaching(votes, Needed(0)) & ~_impeachRounds;
        ulong impeached = Reaching(votes, Needed(1)) & _impeachRounds;
        return (normal | impeached) & _all;
    }

    private int Needed(int round)
    {
        int quorum = _model.Rules.DuplicateSignerCounts ? 1 : _model.Rules.QuorumOf(_model.Committee, round);
        return Math.Max(0, quorum - _model.Byzantine);
    }

    // Bit-parallel counting: after a validator, masks[k] holds the votes that at least k validators have cast.
    private static ulong Reaching(ReadOnlySpan<ulong> votes, int needed)
    {
        Span<ulong> masks = stackalloc ulong[needed + 1];
        masks.Clear();
        masks[0] = ulong.MaxValue;
        foreach (ulong cast in votes)
            for (int count = needed; count >= 1; count--) masks[count] |= masks[count - 1] & cast;
        return masks[needed];
    }
}
