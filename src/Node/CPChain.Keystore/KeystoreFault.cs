namespace CPChain.Keystore;

/// <summary>Why a keystore document does not give its secret.</summary>
public enum KeystoreFault
{
    None = 0,

    /// <summary>Not JSON, or a field is missing or wrong.</summary>
    Malformed,

    /// <summary>A keystore of another version than 3.</summary>
    UnknownVersion,

    /// <summary>A cipher or key derivation that version 3 does not define.</summary>
    Unsupported,

    /// <summary>A key derivation that would take too much memory or time.</summary>
    TooExpensive,

    /// <summary>The passphrase is another, or the document was changed.</summary>
    WrongPassphrase,

    /// <summary>The secret is no key, or not the key of the address in the document.</summary>
    WrongKey,
}
