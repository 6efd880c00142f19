namespace CPChain.Pre.Tests;

public sealed class SmokeTests
{
}
