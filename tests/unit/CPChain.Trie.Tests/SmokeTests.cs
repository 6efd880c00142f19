namespace CPChain.Trie.Tests;

public sealed class SmokeTests
{
}
