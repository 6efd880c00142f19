namespace CPChain.Types.Rlp;

/// <summary>Why an RLP item could not be read.</summary>
public enum RlpError
{
    None = 0,

    /// <summary>The input ends before the item does, or there is no further item.</summary>
    EndOfInput,

    /// <summary>A shorter encoding of the same item exists.</summary>
    NotCanonical,

    /// <summary>A list stands where a byte string is expected.</summary>
    UnexpectedList,

    /// <summary>A byte string stands where a list is expected.</summary>
    UnexpectedBytes,

    /// <summary>The byte string is longer than the reader allows or the number wider than its type.</summary>
    TooLong,

    /// <summary>The byte string has not the one length its type has.</summary>
    WrongLength,
}
