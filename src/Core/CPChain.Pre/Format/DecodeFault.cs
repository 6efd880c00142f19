namespace CPChain.Pre.Format;

/// <summary>Why bytes from outside are no value of this format.</summary>
public enum DecodeError
{
    None = 0,

    /// <summary>The version byte names a format this program does not know; it may be newer than the program.</summary>
    UnknownVersion,

    /// <summary>More bytes than any value of the format has.</summary>
    TooLong,

    /// <summary>Not the canonical encoding of a value.</summary>
    Malformed,
}

/// <summary>A refusal of encoded bytes; the version is the one that was found.</summary>
public readonly record struct DecodeFault(DecodeError Error, byte Version)
{
    public static DecodeFault None => default;

    public override string ToString() => Error == DecodeError.UnknownVersion
        ? $"Format version {Version} is unknown; this program reads version {PreFormat.Version}. A newer program may read it."
        : Error.ToString();
}
