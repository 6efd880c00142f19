using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Pre.Keys;

/// <summary>The secret a of one label. Whoever has it opens every capsule of the label.</summary>
public sealed class OwnerKey : IDisposable
{
    private readonly SecretScalar _secret;

    internal OwnerKey(in Scalar secret)
    {
        _secret = new SecretScalar(secret);
        PublicKey = new OwnerPublicKey(Point.MultiplyGenerator(secret));
    }

    public OwnerPublicKey PublicKey { get; }

    internal Scalar Secret => _secret.Value;

    public static OwnerKey Generate(EntropySource entropy) => new(Scalar.Random(entropy));

    public void Dispose() => _secret.Dispose();

    public override string ToString() => $"owner key of {PublicKey}";
}
