namespace CPChain.Evm.Precompiles.Lanes;

/// <summary>An element in Montgomery form as words of 64 bits, lowest first.</summary>
internal interface IWords<T>
    where T : unmanaged, IWords<T>
{
    static abstract int Words { get; }

    void CopyTo(Span<ulong> words);

    /// <summary>An element from words below the prime.</summary>
    static abstract T FromWords(ReadOnlySpan<ulong> words);
}
