using CPChain.Simulation.Crashes;

namespace CPChain.Simulation.Tests.Crashes;

/// <summary>F12: a validator whose directory is put back from an old copy stays mute through M + 2, and not for ever.</summary>
public sealed class BackupTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void L18_a_validator_with_an_old_copy_of_its_whole_directory_is_mute_through_two_more_heights(int seed) =>
        AssertMute(BackupKind.Everything, (ulong)seed);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void L18_a_validator_with_an_old_journal_and_record_beside_its_chain_is_mute_through_two_more_heights(int seed) =>
        AssertMute(BackupKind.Consensus, (ulong)seed);

    [Fact]
    public void L17_a_validator_that_was_away_as_long_with_its_own_directory_votes_at_once()
    {
        BackupOutcome outcome = BackupRun.Play(BackupKind.Nothing, restoredAt: 7, seed: 1);
        Assert.Empty(outcome.Violations);
        Assert.InRange(outcome.FirstVote, outcome.HeadAtRestart, outcome.HeadAtRestart + 2);
    }

    private void AssertMute(BackupKind kind, ulong seed)
    {
        BackupOutcome outcome = BackupRun.Play(kind, restoredAt: 7, seed);
        output.WriteLine($"started again at block {outcome.HeadAtRestart}, first vote at {outcome.FirstVote}");
        Assert.Empty(outcome.Violations);
        Assert.True(outcome.FirstVote >= outcome.HeadAtRestart + 3, $"it votes at {outcome.FirstVote}, started again at {outcome.HeadAtRestart}");
    }
}
