namespace CPChain.Lbft.Tests;

public sealed class SmokeTests
{
}
