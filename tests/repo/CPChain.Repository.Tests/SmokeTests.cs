namespace CPChain.Repository.Tests;

public sealed class SmokeTests
{
}
