namespace CPChain.Storage.Tests;

public sealed class SmokeTests
{
}
