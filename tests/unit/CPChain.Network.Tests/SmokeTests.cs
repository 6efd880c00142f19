namespace CPChain.Network.Tests;

public sealed class SmokeTests
{
}
