namespace CPChain.Types;

/// <summary>Fills the destination with random bytes; unpredictable ones where keys are made of them.</summary>
public delegate void EntropySource(Span<byte> destination);
