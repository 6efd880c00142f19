namespace CPChain.Chain;

/// <summary>Why a genesis text is refused.</summary>
public enum GenesisFaultKind
{
    /// <summary>No fault.</summary>
    None,

    /// <summary>Not JSON, or a field of the wrong shape, unknown or missing.</summary>
    Malformed,

    /// <summary>A version that this program does not know.</summary>
    UnknownVersion,

    /// <summary>A value outside its range.</summary>
    OutOfRange,

    /// <summary>Validators or proposers that break rule C10.</summary>
    BadSchedule,

    /// <summary>An account listed twice.</summary>
    DuplicateAccount,
}

/// <summary>The fault, the path of the bad field (<c>$.schedule[0].validators[2]</c>) and the reason.</summary>
public readonly record struct GenesisFault(GenesisFaultKind Kind, string Path, string Reason)
{
    /// <summary>One line for the operator.</summary>
    public override string ToString() => $"genesis {Path}: {Reason}";
}
