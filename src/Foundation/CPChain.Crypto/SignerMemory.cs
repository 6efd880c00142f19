using CPChain.Types;

namespace CPChain.Crypto;

/// <summary>
/// Remembers who made which signature, for a thread on which many nodes look at the same ones, as in simulation: each is then recovered once.
/// Changes no outcome, since a signature has one signer. Off until begun.
/// </summary>
public sealed class SignerMemory : IDisposable
{
    private const int EntriesMax = 1 << 16;

    [ThreadStatic]
    private static SignerMemory? s_current;

    private readonly Dictionary<(Hash256 Digest, Signature Signature), Address> _signers = [];

    private SignerMemory() { }

    internal static SignerMemory? Current => s_current;

    /// <summary>Begins to remember on this thread, until disposed on it.</summary>
    public static SignerMemory Begin() => s_current = new SignerMemory();

    /// <inheritdoc/>
    public void Dispose() => s_current = null;

    internal bool TryFind(in Hash256 digest, in Signature signature, out Address signer) =>
        _signers.TryGetValue((digest, signature), out signer);

    internal void Add(in Hash256 digest, in Signature signature, in Address signer)
    {
        if (_signers.Count >= EntriesMax) _signers.Clear();
        _signers[(digest, signature)] = signer;
    }
}
