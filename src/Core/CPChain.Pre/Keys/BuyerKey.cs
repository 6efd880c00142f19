using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Pre.Keys;

/// <summary>The secret b of a buyer.</summary>
public sealed class BuyerKey : IDisposable
{
    private readonly SecretScalar _secret;

    private BuyerKey(in Scalar secret)
    {
        _secret = new SecretScalar(secret);
        PublicKey = new BuyerPublicKey(Point.MultiplyGenerator(secret));
    }

    public BuyerPublicKey PublicKey { get; }

    internal Scalar Secret => _secret.Value;

    public static BuyerKey Generate(EntropySource entropy) => new(Scalar.Random(entropy));

    /// <summary>Takes 32 big-endian bytes in 1..n-1.</summary>
    public static bool TryFromBytes(ReadOnlySpan<byte> bytes32, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out BuyerKey? key)
    {
        bool valid = Scalar.TryFromBytes32(bytes32, out Scalar secret) && !secret.IsZero;
        key = valid ? new BuyerKey(secret) : null;
        return valid;
    }

    /// <summary>Copies the 32 secret bytes; the caller zeroes them.</summary>
    public void CopyTo(Span<byte> destination32) => Secret.CopyTo(destination32);

    public void Dispose() => _secret.Dispose();

    public override string ToString() => $"buyer key of {PublicKey}";
}
