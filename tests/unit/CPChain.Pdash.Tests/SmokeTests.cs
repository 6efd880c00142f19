namespace CPChain.Pdash.Tests;

public sealed class SmokeTests
{
}
