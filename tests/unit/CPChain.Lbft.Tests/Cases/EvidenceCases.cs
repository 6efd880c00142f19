using CPChain.Lbft.Evidence;
using CPChain.Lbft.Tests.Traces;

namespace CPChain.Lbft.Tests.Cases;

/// <summary>L22.2: every pair of signatures that proves guilt is seen, however its two halves came here.</summary>
public sealed class EvidenceCases
{
    [Theory]
    [InlineData("v3 prepare b", "v3 prepare c")]
    [InlineData("v3 impeach-prepare 1 b vr 0", "v3 impeach-prepare 1 c vr 0")]
    [InlineData("v3 impeach-prepare 1 b vr 0", "v3 impeach-prepare 1 b vr -1")]
    [InlineData("v3 prepare c", "cert P(0,b) by v1 v2 v3")]
    [InlineData("cert P(0,b) by v1 v2 v3", "v3 prepare c")]
    [InlineData("v3 impeach-prepare 1 b vr 0", "cert P(1,b) by v1 v2 v3")]
    [InlineData("v1 wish 1 with P(0,b) by v1 v2 v3", "v3 prepare c")]
    public void Case_Evidence_E1_two_prepare_class_votes_of_a_round(string first, string second) =>
        Convicts(MisconductKind.TwoPrepares, first, second);

    [Theory]
    [InlineData("v3 commit b", "v3 commit c")]
    [InlineData("v3 impeach-commit 2 b", "v3 impeach-commit 2 I")]
    [InlineData("v3 commit c", "cert C(0,b) by v1 v2 v3")]
    public void Case_Evidence_E2_two_commit_class_votes_of_a_round(string first, string second) =>
        Convicts(MisconductKind.TwoCommits, first, second);

    [Theory]
    [InlineData("v3 commit b", "v3 impeach-prepare 1 I vr -1")]
    [InlineData("v3 impeach-prepare 2 I vr -1", "v3 impeach-commit 1 b")]
    [InlineData("v3 commit b", "cert P(2,I) by v1 v2 v3")]
    [InlineData("v3 impeach-prepare 2 I vr -1", "cert C(0,b) by v1 v2 v3")]
    [InlineData("cert P(2,I) by v1 v2 v3", "v3 commit b")]
    public void Case_Evidence_E3_a_prepare_against_the_own_commit(string first, string second) =>
        Convicts(MisconductKind.PreparedAgainstCommit, first, second);

    [Theory]
    [InlineData("proposal b", "proposal c")]
    [InlineData("v1 wish 1", "proposal b", "proposal c")]
    [InlineData("cert P(0,c)", "proposal b", "proposal c")]
    public void Case_Evidence_E4_two_seals_of_a_height(params string[] commands) => Convicts(MisconductKind.TwoSeals, commands);

    [Theory]
    [InlineData("v1 propose 3 I", "v1 propose 3 b with P(0,b)")]
    [InlineData("v1 propose 3 b vr 0 with P(0,b)", "v1 propose 3 b vr 1 with P(1,b)")]
    public void Case_Evidence_E5_two_PROPOSEs_of_a_round(string first, string second) =>
        Convicts(MisconductKind.TwoProposes, first, second);

    // After a fork the signers that two certificates share are the guilty ones (L22.3).
    [Theory]
    [InlineData("cert P(0,b) by v0 v1 v3", "cert P(0,c) by v1 v2 v3", MisconductKind.TwoPrepares, 2)]
    [InlineData("cert C(0,b) by v0 v1 v3", "cert C(0,c) by v1 v2 v3", MisconductKind.TwoCommits, 2)]
    [InlineData("cert C(0,b) by v0 v1 v3", "cert P(1,I) by v1 v2 v3", MisconductKind.PreparedAgainstCommit, 2)]
    public void Case_Evidence_fork_the_common_signers_of_contradicting_certificates(
        string first, string second, MisconductKind kind, int guilty)
    {
        Script validator = new();
        validator.Do("enter", first);
        string outcome = validator.Do(second);
        Assert.Equal(guilty, outcome.Split($"evidence {kind}").Length - 1);
    }

    [Theory]
    [InlineData("v3 prepare b", "v3 prepare b")]
    [InlineData("v3 prepare b", "cert P(0,b) by v1 v2 v3")]
    [InlineData("v3 commit b", "v3 impeach-prepare 2 I vr 1")]
    [InlineData("v3 commit b", "v3 impeach-prepare 1 b vr 0")]
    [InlineData("v3 prepare c", "cert P(0,b) by v0 v1 v2")]
    [InlineData("v3 prepare b", "v3 commit c")]
    public void Case_Evidence_none_where_an_honest_member_may_have_said_both(string first, string second)
    {
        Script validator = new();
        validator.Do("enter");
        foreach (string command in (string[])[first, second])
            Assert.DoesNotContain("evidence", validator.Do(command), StringComparison.Ordinal);
    }

    private static void Convicts(MisconductKind kind, params string[] commands)
    {
        Script validator = new();
        validator.Do("enter");
        foreach (string command in commands[..^1])
            Assert.DoesNotContain("evidence", validator.Do(command), StringComparison.Ordinal);
        Assert.Contains($"evidence {kind}", validator.Do(commands[^1]), StringComparison.Ordinal);
        Assert.DoesNotContain("evidence", validator.Do(commands[^1]), StringComparison.Ordinal); // once per signer and height
    }
}
