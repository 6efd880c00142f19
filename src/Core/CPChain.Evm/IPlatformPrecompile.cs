namespace CPChain.Evm;

/// <summary>
/// A precompiled contract that a chain has beside those of its rule set (rule E12). Warm like those, and heavy (rule C13.3). Deterministic; serves
/// many threads.
/// </summary>
public interface IPlatformPrecompile
{
    /// <summary>Its address as a number, above 0x100.</summary>
    int Number { get; }

    /// <summary>Price of a call, whatever the input.</summary>
    ulong Gas { get; }

    /// <summary>Length of an answer, bytes.</summary>
    int OutputBytes { get; }

    /// <summary>Answers an input, of any length and by anybody; false refuses it, which takes all gas of the call.</summary>
    /// <param name="input">The call's input.</param>
    /// <param name="output">Room for the answer, to be written in full.</param>
    bool TryAnswer(ReadOnlySpan<byte> input, Span<byte> output);
}
