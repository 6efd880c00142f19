namespace CPChain.Data.Tests;

public sealed class SmokeTests
{
}
