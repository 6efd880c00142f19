namespace CPChain.Fuzzing.Machine;

/// <summary>Where both sides came to different ends.</summary>
/// <param name="Seed">The case; the first one of the block where no case shows it alone.</param>
/// <param name="Block">Cases of the block that shows it: 1 where the case shows it alone.</param>
/// <param name="What">What differs.</param>
/// <param name="File">The reproduction, if one was written.</param>
public sealed record MachineDifference(ulong Seed, int Block, string What, string? File = null);
