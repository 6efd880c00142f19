using CPChain.Lbft;
using CPChain.Lbft.Weakenings;
using CPChain.Simulation.Nodes;

namespace CPChain.Simulation.Tests.Nodes;

/// <summary>Whole nodes under rules that are weaker than ours fail in recorded worlds; in the same worlds ours do not.</summary>
public sealed class WeakWorldTests
{
    [Fact]
    public void Rules_of_the_paper_fork_whole_nodes()
    {
        NodesOutcome outcome = NodesRun.Play(117, new NodesSettings { Validators = 4, Rules = LbftRules.Paper });

        Assert.Contains(outcome.Violations, violation => violation.Contains("FORK", StringComparison.Ordinal));
        Assert.True(NodesRun.Play(117, new NodesSettings { Validators = 4 }).IsGood);
    }

    [Fact]
    public void Vote_before_the_journal_convicts_an_honest_validator()
    {
        NodesSettings weak = new() { Validators = 4, Rules = Weakening.Find("vote-before-journal")!.Rules };

        Assert.Contains(
            NodesRun.Play(39, weak).Violations, violation => violation.Contains("convicts itself: TwoPrepares", StringComparison.Ordinal));
        Assert.True(NodesRun.Play(39, new NodesSettings { Validators = 4 }).IsGood);
    }

    [Fact]
    public void Validator_that_speaks_without_its_journal_convicts_itself()
    {
        NodesSettings weak = new() { Validators = 4, Rules = Weakening.Find("restored-backup-speaks")!.Rules };

        Assert.Contains(NodesRun.Play(814, weak).Violations, violation => violation.Contains("convicts itself", StringComparison.Ordinal));
        Assert.True(NodesRun.Play(814, new NodesSettings { Validators = 4 }).IsGood);
    }

    // The certified block lay in the memory of those who lost power; nobody can ever have it again.
    [Fact]
    public void Body_that_is_not_durable_before_its_vote_stops_the_chain_for_good()
    {
        NodesSettings weak = new() { Validators = 4, Rules = Weakening.Find("body-not-durable")!.Rules };

        Assert.True(NodesRun.Play(244, weak).IsUndecided);
        Assert.True(NodesRun.Play(244, new NodesSettings { Validators = 4 }).IsGood);
    }
}
