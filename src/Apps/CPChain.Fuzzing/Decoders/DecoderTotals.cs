namespace CPChain.Fuzzing.Decoders;

/// <summary>What one decoder was shown.</summary>
/// <param name="Decoder">Which.</param>
/// <param name="Inputs">How many inputs.</param>
/// <param name="Taken">How many of them it read.</param>
/// <param name="AllocatedMost">Bytes that the worst input made it allocate.</param>
/// <param name="SecondsMost">Processor seconds of the slowest input.</param>
public sealed record DecoderTally(string Decoder, long Inputs, long Taken, long AllocatedMost, double SecondsMost);

/// <summary>What came of a run.</summary>
/// <param name="Seed">What chance began with.</param>
/// <param name="Inputs">Of all decoders.</param>
/// <param name="Taken">How many were read.</param>
/// <param name="ProcessorSeconds">Of all threads.</param>
/// <param name="Decoders">By decoder.</param>
/// <param name="Failures">At most a few of each decoder.</param>
public sealed record DecoderTotals(
    ulong Seed, long Inputs, long Taken, double ProcessorSeconds, IReadOnlyList<DecoderTally> Decoders, IReadOnlyList<DecoderFailure> Failures);
