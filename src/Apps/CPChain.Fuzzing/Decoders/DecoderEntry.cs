namespace CPChain.Fuzzing.Decoders;

/// <summary>What a decoder made of some bytes.</summary>
/// <param name="IsTaken">False where it refused them.</param>
/// <param name="Again">What was read, encoded again; null where the format has more than one encoding of a value.</param>
public readonly record struct Decoded(bool IsTaken, byte[]? Again)
{
    /// <summary>The decoder refused, in the way that its signature names.</summary>
    public static Decoded Refused => default;

    /// <summary>Read; the bytes need not come again.</summary>
    public static Decoded Taken => new(true, null);

    /// <summary>Read; the format is canonical, so these must be the bytes that were read.</summary>
    public static Decoded As(byte[] again) => new(true, again);

    /// <summary>Read or refused; the bytes need not come again.</summary>
    public static Decoded If(bool isTaken) => new(isTaken, null);
}

/// <summary>One decoder of the product.</summary>
/// <param name="Name">How the command names it.</param>
/// <param name="Covers">The methods that it runs, as Type.Method.</param>
/// <param name="Seeds">Valid encodings to start from.</param>
/// <param name="Decode">Runs it. Whatever it throws is a failure.</param>
public sealed record DecoderEntry(
    string Name, IReadOnlyList<string> Covers, IReadOnlyList<byte[]> Seeds, Func<byte[], Decoded> Decode)
{
    /// <summary>Bytes that one input may make it allocate beside those for each byte of the input.</summary>
    public long AllocatedMax { get; init; } = 64 << 10;

    /// <summary>Bytes that it may allocate for each byte of the input.</summary>
    public long AllocatedPerByte { get; init; } = 128;

    /// <summary>Whether the format is text.</summary>
    public bool IsText { get; init; }
}
