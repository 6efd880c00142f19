namespace CPChain.Foundation.Tests;

public sealed class SmokeTests
{
}
