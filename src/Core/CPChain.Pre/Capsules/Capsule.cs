using System.Diagnostics.CodeAnalysis;
using CPChain.Crypto;
using CPChain.Pre.Format;
using CPChain.Pre.Keys;
using CPChain.Pre.Proofs;
using CPChain.Types;

namespace CPChain.Pre.Capsules;

/// <summary>What stands beside encrypted data: (E, V, s), from which its owner, or t proxies and a buyer, get the key.</summary>
public sealed class Capsule : IEquatable<Capsule>
{
    /// <summary>A version byte, two points and a scalar.</summary>
    public const int Length = 1 + (2 * Point.CompressedLength) + Scalar.Length;

    private Capsule(in Point e, in Point v, in Scalar s)
    {
        E = e;
        V = v;
        S = s;
    }

    internal Point E { get; }

    internal Point V { get; }

    internal Scalar S { get; }

    /// <summary>h = H2(E, V).</summary>
    internal Scalar H => Challenge(E, V);

    /// <summary>Makes a fresh key and its capsule under an owner's public key (rule P4).</summary>
    public static (Capsule Capsule, KemKey Key) Encapsulate(OwnerPublicKey owner, EntropySource entropy)
    {
        Scalar r = Scalar.Random(entropy);
        Scalar u = Scalar.Random(entropy);
        Point e = Point.MultiplyGenerator(r);
        Point v = Point.MultiplyGenerator(u);
        Scalar s = u + (r * Challenge(e, v));
        Scalar sum = r + u;
        Invariant.Check(!sum.IsZero && !s.IsZero, "Fresh randomness cancels once in 2^256.");
        return (new Capsule(e, v, s), KemKey.Derive(owner.Point.Multiply(sum)));
    }

    /// <summary>Whether its maker knew the logarithms: s G = V + h E (rule P5). A proxy serves no other capsule.</summary>
    public bool IsConsistent => Point.MultiplyGenerator(S) == V + E.MultiplyPublic(H) && !(E + V).IsInfinity;

    /// <summary>The key, by the owner's own secret (rule P6); null when the capsule is not consistent.</summary>
    public KemKey? Open(OwnerKey owner) => IsConsistent ? KemKey.Derive((E + V).Multiply(owner.Secret)) : null;

    public byte[] Encode()
    {
        byte[] bytes = new byte[Length];
        bytes[0] = PreFormat.Version;
        E.WriteCompressed(bytes.AsSpan(1));
        V.WriteCompressed(bytes.AsSpan(34));
        S.CopyTo(bytes.AsSpan(67));
        return bytes;
    }

    public static bool TryDecode(ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out Capsule? capsule, out DecodeFault fault)
    {
        capsule = null;
        if (!PreFormat.TryBegin(encoded, Length, out ReadOnlySpan<byte> body, out fault)) return false;
        if (encoded.Length != Length) return PreFormat.Malformed(out fault);
        var fields = new FieldReader(body);
        if (!fields.TryPoint(out Point e) || !fields.TryPoint(out Point v) || !fields.TryScalar(out Scalar s))
            return PreFormat.Malformed(out fault);
        capsule = new Capsule(e, v, s);
        return true;
    }

    public bool Equals(Capsule? other) => other is not null && E == other.E && V == other.V && S == other.S;

    public override bool Equals(object? obj) => Equals(obj as Capsule);

    public override int GetHashCode() => HashCode.Combine(E, V);

    private static Scalar Challenge(in Point e, in Point v) => new Transcript("H2").Add(e).Add(v).ToScalar();
}
