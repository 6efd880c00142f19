using CPChain.Simulation.Crashes;

namespace CPChain.Simulation.Tests.Crashes;

/// <summary>
/// A part of the crash points, of every scenario: the power goes at a request to the disk, and the node comes back as if it had not. The whole
/// campaign is `cpchain sim crash-points`.
/// </summary>
public sealed class CrashPointTests(ITestOutputHelper output)
{
    [Fact]
    public void L17_whole_nodes_lose_nothing_and_contradict_nothing_wherever_the_power_goes()
    {
        CrashSettings settings = new() { Every = 83, Jobs = Environment.ProcessorCount };
        IReadOnlyList<CrashTotals> totals = CrashCampaign.Run(settings, null, TestContext.Current.CancellationToken);
        foreach (CrashTotals one in totals)
        {
            output.WriteLine($"{one.Scenario.Name}: {one.Points} crash points, {one.Runs} runs, at most {one.RecoveryMsMax} ms to take part again");
        }
        output.WriteLine($"{totals.Sum(one => one.Points)} crash points, {totals.Sum(one => one.Runs)} runs of them here");
        Assert.Empty(totals.SelectMany(one => one.Failures));
        Assert.All(totals, one => Assert.True(one.Writes > 40 && one.Syncs > 20 && one.Runs > 0));
        Assert.True(totals.Sum(one => one.Points) > 2000);
    }
}
