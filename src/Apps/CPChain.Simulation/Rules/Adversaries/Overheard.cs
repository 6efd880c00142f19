using CPChain.Crypto;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Simulation.Rules.Adversaries;

/// <summary>Honest votes that an adversary has heard, and the certificates that its own votes make of them.</summary>
internal sealed class Overheard(RulesWorld world)
{
    private readonly SortedDictionary<Key, SignedStatement?[]> _votes = [];
    private readonly List<Certificate> _hidden = [];

    /// <summary>Certificates that need Byzantine votes, so that nobody else may hold them; oldest first.</summary>
    public IReadOnlyList<Certificate> Hidden => _hidden;

    /// <summary>Takes a vote in; the certificate that has become possible, or null.</summary>
    public Certificate? Take(Seat voter, SignedStatement vote)
    {
        if (world.Scenario.Byzantine.Contains(voter)) return null;

        Statement said = vote.Statement;
        Key key = new(said.Height.Value, said.Round, said.Class, said.Hash);
        if (!_votes.TryGetValue(key, out SignedStatement?[]? votes))
        {
            Forget(said.Height.Value);
            _votes[key] = votes = new SignedStatement?[world.Scenario.Committee.Validators];
        }

        if (votes[voter.Index] is not null) return null;

        votes[voter.Index] = vote;
        int honest = votes.Count(one => one is not null);
        int quorum = world.Scenario.Committee.StrongQuorum;
        if (honest + world.Scenario.Byzantine.Count < quorum || honest >= quorum) return null;

        Certificate certificate = Certify(votes, said, quorum);
        _hidden.RemoveAll(one => one.Class == said.Class && one.Height == said.Height && one.Round == said.Round && one.Hash == said.Hash);
        _hidden.Add(certificate);
        return certificate;
    }

    /// <summary>The hidden P-certificate of the highest round below this one; null for none.</summary>
    public Certificate? HighestBelow(BlockNumber height, int round)
    {
        Certificate? highest = null;
        foreach (Certificate one in _hidden)
            if (one.Class == VoteClass.Prepare && one.Height == height && one.Round < round && one.Round > (highest?.Round ?? -1))
                highest = one;
        return highest;
    }

    private Certificate Certify(SignedStatement?[] votes, in Statement said, int quorum)
    {
        SeatSet signers = SeatSet.Empty;
        foreach (Seat seat in SeatSet.All(world.Scenario.Committee))
            if (votes[seat.Index] is not null && signers.Count < quorum) signers = signers.With(seat);
        foreach (Seat seat in world.Scenario.Byzantine)
            if (signers.Count < quorum) signers = signers.With(seat);

        List<Signature> signatures = [];
        List<int> validRounds = [];
        foreach (Seat seat in signers)
        {
            Statement own = Statement.Vote(said.Class, said.Height, said.Round, said.Hash);
            SignedStatement vote = votes[seat.Index] ?? RulesWorld.Sign(seat.Index, own);
            signatures.Add(vote.Signature);
            if (said.Class == VoteClass.Prepare) validRounds.Add(vote.Statement.ValidRound);
        }

        return new Certificate(
            said.Class, said.Height, said.Round, said.Hash, world.Scenario.Committee, signers,
            ValueArray<int>.Of([.. validRounds]), ValueArray<Signature>.Of([.. signatures]));
    }

    private void Forget(ulong height)
    {
        const ulong kept = 3;
        if (height <= kept) return;

        _hidden.RemoveAll(one => one.Height.Value < height - kept);
        foreach (Key old in _votes.Keys.TakeWhile(key => key.Height < height - kept).ToList()) _votes.Remove(old);
    }

    private readonly record struct Key(ulong Height, int Round, VoteClass Class, Hash256 Hash) : IComparable<Key>
    {
        public int CompareTo(Key other) =>
            (Height, Round, Class, Hash).CompareTo((other.Height, other.Round, other.Class, other.Hash));
    }
}
