namespace CPChain.Fuzzing.Decoders;

/// <summary>What a decoder did that it must not.</summary>
/// <param name="Decoder">Which.</param>
/// <param name="What">An exception, too much memory or time, or other bytes than were read.</param>
/// <param name="Input">The input, hexadecimal.</param>
public sealed record DecoderFailure(string Decoder, string What, string Input);
