namespace CPChain.Evm.Tests;

public sealed class SmokeTests
{
}
