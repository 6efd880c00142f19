using CPChain.Lbft;
using CPChain.Lbft.Certificates;
using CPChain.Lbft.Values;

namespace CPChain.ModelChecking.Tests;

/// <summary>The explorer's clusters and the states of the vote layer it came from, projected on the variables of both.</summary>
public sealed class ProjectionTests
{
    private const int VoteBits = 12;

    /// <summary>What both models count within some bounds; specs/lbft/model.md has the same table.</summary>
    /// <param name="Sketch">States of the vote layer, with the two blocks alike where TLC was told so.</param>
    /// <param name="Prompt">States of the vote layer whose voters put nothing off.</param>
    /// <param name="Explored">The explorer's clusters.</param>
    /// <param name="Votes">Ways to have voted: the vote layer's, and those of the prompt one and of the explorer.</param>
    /// <param name="Rounds">The same with the rounds that voters are in.</param>
    /// <param name="Certificates">The explorer's with hc and ec as well; what is left is who has which body.</param>
    public sealed record Counts(
        int Sketch, int Prompt, int Explored, (int Sketch, int Both) Votes, (int Sketch, int Both) Rounds, int Certificates);

    /// <summary>n, rounds, blocks. The longest one takes minutes: the campaign's.</summary>
    public static TheoryData<int, int, int> Bounds
    {
        get
        {
            TheoryData<int, int, int> bounds = new() { { 4, 1, 2 }, { 4, 2, 2 }, { 7, 1, 2 } };
            if (Environment.GetEnvironmentVariable("LBFT_CAMPAIGN") == "1") bounds.Add(4, 3, 1);
            return bounds;
        }
    }

    [Theory]
    [MemberData(nameof(Bounds))]
    public void Explorer_votes_as_the_vote_layer_does_when_nothing_is_put_off(int validators, int rounds, int blocks)
    {
        CommitteeSize committee = CommitteeSize.Of(validators);
        Model model = new(committee, committee.Faulty, rounds, blocks, RoundEntry.Free, LbftRules.Certified);
        VoteLayer layer = new(committee.Faulty, rounds, blocks, isPrompt: false);
        VoteLayer prompt = new(committee.Faulty, rounds, blocks, isPrompt: true);
        HashSet<UInt128> states = layer.Explore(), promptStates = prompt.Explore();

        HashSet<UInt128> votes = Explorer.Projected(model, local => Votes(local.Said));
        HashSet<UInt128> votesAndRounds = Explorer.Projected(model, local => VotesAndRound(Votes(local.Said), local.State.Round));
        Dictionary<(int, int, int), int> bound = [];
        HashSet<UInt128> certificates = Explorer.Projected(model, local => NumberIn(
            bound, (VotesAndRound(Votes(local.Said), local.State.Round), Place(local.State.High), Place(local.State.Entry))));
        Counts counts = new(
            // TLC was told that the two blocks are alike for four validators, not for seven.
            validators == 4 && blocks == 2 ? layer.UpToBlocks(states) : states.Count,
            promptStates.Count,
            Explorer.Explore(model).States,
            (layer.Projected(states, Votes).Count, votes.Count),
            (layer.Projected(states, VotesAndRound).Count, votesAndRounds.Count),
            certificates.Count);
        TestContext.Current.TestOutputHelper?.WriteLine($"n={validators} R={rounds} blocks={blocks}: {counts}");

        Assert.Equal(Recorded(validators, rounds, blocks), counts);
        Assert.True(prompt.Projected(promptStates, Votes).SetEquals(votes));
        Assert.True(prompt.Projected(promptStates, VotesAndRound).SetEquals(votesAndRounds));
        Assert.True(votesAndRounds.IsSubsetOf(layer.Projected(states, VotesAndRound)));
    }

    // The comparison is of votes, not of numbers: leave a rule out on one side and other votes are cast.
    [Fact]
    public void Machine_without_a_rule_votes_otherwise_than_the_vote_layer()
    {
        CommitteeSize committee = CommitteeSize.Of(4);
        Model model = new(
            committee, committee.Faulty, 1, 1, RoundEntry.Free, LbftRules.Certified with { RoundOneForgetsCertificate = true })
        {
            Guarantees = Guarantees.None,
        };
        VoteLayer prompt = new(committee.Faulty, roundMax: 1, blocks: 1, isPrompt: true);

        Assert.False(prompt.Projected(prompt.Explore(), Votes).SetEquals(Explorer.Projected(model, local => Votes(local.Said))));
    }

    // The numbers of the sketch are those that TLC gave: 131,878, 4,900,986 and 137,330.
    private static Counts Recorded(int validators, int rounds, int blocks) => (validators, rounds, blocks) switch
    {
        (4, 1, 2) => new(1_501, 882, 1_974, (1_532, 858), (2_412, 870), 1_462),
        (4, 2, 2) => new(131_878, 91_138, 295_304, (63_487, 37_523), (115_880, 61_992), 191_748),
        (4, 3, 1) => new(4_900_986, 1_705_648, 6_039_838, (790_077, 457_228), (1_498_374, 848_411), 3_917_799),
        (7, 1, 2) => new(137_330, 24_290, 104_150, (54_948, 22_186), (101_666, 23_222), 55_244),
        _ => throw new ArgumentOutOfRangeException(nameof(validators), "Nothing is recorded within these bounds."),
    };

    private static int Votes(SaidVotes said) => (int)said.Prepares | ((int)said.Commits << VoteBits);

    private static int Votes(Voter voter) => voter.Prepares | (voter.Commits << VoteBits);

    private static int VotesAndRound(Voter voter) => VotesAndRound(Votes(voter), voter.Round);

    private static int VotesAndRound(int votes, int round) => votes | (round << (2 * VoteBits));

    private static int Place(Certificate? certificate) =>
        certificate is null ? 0 : 1 + Vocabulary.Bit(certificate.Round, Vocabulary.ValueOf(certificate.Hash));

    private static int NumberIn(Dictionary<(int, int, int), int> numbers, (int, int, int) bound)
    {
        if (!numbers.TryGetValue(bound, out int number)) numbers[bound] = number = numbers.Count;
        return number;
    }
}
