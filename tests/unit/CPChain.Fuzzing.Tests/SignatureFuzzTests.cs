using CPChain.Fuzzing.Signatures;

namespace CPChain.Fuzzing.Tests;

/// <summary>The smoke part of `cpchain fuzz signatures`.</summary>
public sealed class SignatureFuzzTests
{
    [Fact]
    public void Signers_found_many_at_a_time_are_those_of_the_library()
    {
        int told = 0;
        SignatureTotals totals = SignatureCampaign.Run(20261130, 12_000, _ => told++, TestContext.Current.CancellationToken);
        Assert.Equal([], totals.Differences);
        Assert.Equal(12_000, totals.Signatures);
        Assert.InRange(totals.Found, 5_000, 11_000);
        Assert.True(told > 100);
    }
}
