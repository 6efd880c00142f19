namespace CPChain.Rpc.Tests;

public sealed class SmokeTests
{
}
