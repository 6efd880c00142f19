namespace CPChain.EndToEnd;

public sealed class SmokeTests
{
}
