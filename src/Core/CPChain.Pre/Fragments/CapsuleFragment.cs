using System.Diagnostics.CodeAnalysis;
using CPChain.Crypto;
using CPChain.Pre.Capsules;
using CPChain.Pre.Format;
using CPChain.Pre.Proofs;
using CPChain.Types;

namespace CPChain.Pre.Fragments;

/// <summary>
/// A capsule re-encrypted by one proxy (cfrag): E1 = rk E, V1 = rk V and a proof that this was done right, bound to the
/// order and the proxy (rules P16, P17). It holds no secret.
/// </summary>
public sealed class CapsuleFragment
{
    /// <summary>A version byte, seven points, two scalars and a signature.</summary>
    public const int Length = 1 + (7 * Point.CompressedLength) + (2 * Scalar.Length) + Signature.Length;

    private CapsuleFragment(in Images images, in Scalar id, in Point x, in Proof proof, in Signature forBuyer)
    {
        Image = images;
        Id = id;
        X = x;
        Correctness = proof;
        ForBuyer = forBuyer;
    }

    internal Images Image { get; }

    internal Scalar Id { get; }

    internal Point X { get; }

    internal Proof Correctness { get; }

    internal Signature ForBuyer { get; }

    internal static CapsuleFragment Create(KeyFragment key, Capsule capsule, EntropySource entropy)
    {
        Scalar rk = key.Rk;
        Scalar tau = Scalar.Random(entropy);
        var images = new Images(capsule.E.Multiply(rk), capsule.V.Multiply(rk), key.Message.Commitment);
        var nonces = new Images(capsule.E.Multiply(tau), capsule.V.Multiply(tau), PreParameters.U.Multiply(tau));
        Scalar challenge = Challenge(capsule, images, nonces, new Context(key.Terms.OrderId, key.Proxy, key.Message.Id, key.Message.X));
        var proof = new Proof(nonces, tau + (challenge * rk));
        return new CapsuleFragment(images, key.Message.Id, key.Message.X, proof, key.ForBuyer);
    }

    /// <summary>z E = E2 + h'E1, z V = V2 + h'V1, z U = U2 + h'U1 (rule P17).</summary>
    internal bool IsProven(Capsule capsule, Hash256 orderId, Address proxy)
    {
        Images nonces = Correctness.Nonces;
        Scalar challenge = Challenge(capsule, Image, nonces, new Context(orderId, proxy, Id, X));
        return Holds(capsule.E, nonces.E, Image.E, challenge)
            && Holds(capsule.V, nonces.V, Image.V, challenge)
            && Holds(PreParameters.U, nonces.U, Image.U, challenge);
    }

    private bool Holds(in Point basis, in Point nonce, in Point image, in Scalar challenge) =>
        basis.MultiplyPublic(Correctness.Z) == nonce + image.MultiplyPublic(challenge);

    private static Scalar Challenge(Capsule capsule, in Images images, in Images nonces, in Context context)
    {
        Span<byte> order = stackalloc byte[Hash256.Length];
        Span<byte> proxy = stackalloc byte[Address.Length];
        context.OrderId.CopyTo(order);
        context.Proxy.CopyTo(proxy);
        return new Transcript("H5")
            .Add(capsule.E).Add(images.E).Add(nonces.E)
            .Add(capsule.V).Add(images.V).Add(nonces.V)
            .Add(PreParameters.U).Add(images.U).Add(nonces.U)
            .Add(context.Id).Add(context.X).Add(order).Add(proxy)
            .ToScalar();
    }

    public byte[] Encode()
    {
        byte[] bytes = new byte[Length];
        bytes[0] = PreFormat.Version;
        int at = 1;
        Put(Image.E);
        Put(Image.V);
        Put(Image.U);
        Put(Correctness.Nonces.E);
        Put(Correctness.Nonces.V);
        Put(Correctness.Nonces.U);
        Put(X);
        Id.CopyTo(bytes.AsSpan(at));
        Correctness.Z.CopyTo(bytes.AsSpan(at + Scalar.Length));
        ForBuyer.CopyTo(bytes.AsSpan(at + (2 * Scalar.Length)));
        return bytes;

        void Put(in Point point)
        {
            point.WriteCompressed(bytes.AsSpan(at));
            at += Point.CompressedLength;
        }
    }

    public static bool TryDecode(
        ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out CapsuleFragment? fragment, out DecodeFault fault)
    {
        fragment = null;
        if (!PreFormat.TryBegin(encoded, Length, out ReadOnlySpan<byte> body, out fault)) return false;
        if (encoded.Length != Length) return PreFormat.Malformed(out fault);
        var fields = new FieldReader(body);
        if (!TryImages(ref fields, out Images images)
            || !TryImages(ref fields, out Images nonces)
            || !fields.TryPoint(out Point x)
            || !fields.TryScalar(out Scalar id)
            || !fields.TryScalar(out Scalar z)
            || !fields.TrySignature(out Signature forBuyer)) return PreFormat.Malformed(out fault);
        fragment = new CapsuleFragment(images, id, x, new Proof(nonces, z), forBuyer);
        return true;
    }

    private static bool TryImages(ref FieldReader fields, out Images images)
    {
        bool valid = fields.TryPoint(out Point e) & fields.TryPoint(out Point v) & fields.TryPoint(out Point u);
        images = new Images(e, v, u);
        return valid;
    }

    /// <summary>E, V and U times one scalar.</summary>
    internal readonly record struct Images(Point E, Point V, Point U);

    internal readonly record struct Proof(Images Nonces, Scalar Z);

    private readonly record struct Context(Hash256 OrderId, Address Proxy, Scalar Id, Point X);
}
