namespace CPChain.Keystore;

/// <summary>A key cannot be had; the message says which file and what to do, and holds no secret.</summary>
public sealed class KeystoreException(string message) : Exception(message);
