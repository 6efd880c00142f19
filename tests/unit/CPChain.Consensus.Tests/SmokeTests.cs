namespace CPChain.Consensus.Tests;

public sealed class SmokeTests
{
}
