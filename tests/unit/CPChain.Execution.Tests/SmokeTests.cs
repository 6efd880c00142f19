namespace CPChain.Execution.Tests;

public sealed class SmokeTests
{
}
