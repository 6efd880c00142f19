using System.Diagnostics.CodeAnalysis;
using CPChain.Crypto;
using CPChain.Pre.Capsules;
using CPChain.Pre.Format;
using CPChain.Pre.Grants;
using CPChain.Pre.Keys;
using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.Pre.Fragments;

/// <summary>
/// What one proxy holds of a grant (kfrag): the secret rk and the conditions under which the owner allows its use.
/// Zeroed on disposal.
/// </summary>
public sealed class KeyFragment : IDisposable
{
    public const int BytesMax = 1024;

    private readonly SecretScalar _rk;

    internal KeyFragment(
        Address signer, in ShareMessage message, in Scalar rk, in Signature forProxy, in Signature forBuyer)
    {
        Signer = signer;
        Message = message;
        _rk = new SecretScalar(rk);
        ForProxy = forProxy;
        ForBuyer = forBuyer;
    }

    /// <summary>The owner's chain account.</summary>
    public Address Signer { get; }

    public Address Proxy => Message.Proxy;

    public GrantTerms Terms => Message.Terms;

    public OwnerPublicKey Owner => Message.Owner;

    public BuyerPublicKey Buyer => Message.Buyer;

    internal ShareMessage Message { get; }

    internal Signature ForProxy { get; }

    internal Signature ForBuyer { get; }

    internal Scalar Rk => _rk.Value;

    /// <summary>What a proxy checks before it takes the fragment in: it is meant for it, signed, and rk U = U1 (rule P15).</summary>
    public FragmentFault Check(Address self)
    {
        if (Proxy != self) return FragmentFault.WrongProxy;
        if (!IsSigned(Message.ForProxy, ForProxy) || !IsSigned(Message.ForBuyer, ForBuyer)) return FragmentFault.BadSignature;
        return PreParameters.U.Multiply(Rk) == Message.Commitment ? FragmentFault.None : FragmentFault.BadCommitment;
    }

    /// <summary>
    /// Re-encrypts a capsule for the buyer with a proof bound to order and proxy (rule P16). The fragment was checked
    /// when it was taken in.
    /// </summary>
    public FragmentFault ReEncrypt(
        Capsule capsule, ulong nowMs, EntropySource entropy, out CapsuleFragment? fragment)
    {
        fragment = null;
        if (!Terms.IsActiveAt(nowMs)) return FragmentFault.NotActive;
        if (!capsule.IsConsistent) return FragmentFault.BadCapsule;
        fragment = CapsuleFragment.Create(this, capsule, entropy);
        return FragmentFault.None;
    }

    /// <summary>The encoding holds the secret; the caller zeroes it.</summary>
    public byte[] Encode()
    {
        var writer = new RlpWriter(BytesMax);
        writer.BeginList();
        writer.WriteAddress(Signer);
        writer.WriteScalar(Message.Id);
        writer.WritePoint(Message.Commitment);
        writer.WritePoint(Message.X);
        writer.WritePoint(Owner.Point);
        writer.WritePoint(Buyer.Point);
        Terms.Write(writer);
        writer.WriteAddress(Proxy);
        writer.WriteScalar(Rk);
        writer.WriteSignature(ForProxy);
        writer.WriteSignature(ForBuyer);
        writer.EndList();
        return PreFormat.WithVersion(writer);
    }

    public static bool TryDecode(
        ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out KeyFragment? fragment, out DecodeFault fault)
    {
        fragment = null;
        if (!PreFormat.TryBegin(encoded, BytesMax, out ReadOnlySpan<byte> body, out fault)) return false;
        var outer = new RlpReader(body);
        if (!outer.TryReadList(out RlpReader fields)
            || !outer.AtEnd
            || !fields.TryReadAddress(out Address signer)
            || !TryReadMessage(ref fields, out ShareMessage message)
            || !fields.TryReadScalar(out Scalar rk)
            || !fields.TryReadSignature(out Signature forProxy)
            || !fields.TryReadSignature(out Signature forBuyer)
            || !fields.AtEnd) return PreFormat.Malformed(out fault);
        fragment = new KeyFragment(signer, message, rk, forProxy, forBuyer);
        return true;
    }

    private static bool TryReadMessage(ref RlpReader fields, out ShareMessage message)
    {
        message = default;
        if (!fields.TryReadScalar(out Scalar id)
            || !fields.TryReadPoint(out Point commitment)
            || !fields.TryReadPoint(out Point x)
            || !fields.TryReadPoint(out Point owner)
            || !fields.TryReadPoint(out Point buyer)
            || !GrantTerms.TryRead(ref fields, out GrantTerms? terms)
            || !fields.TryReadAddress(out Address proxy)) return false;
        message = new ShareMessage(
            id, commitment, x, new OwnerPublicKey(owner), new BuyerPublicKey(buyer), terms!, proxy);
        return true;
    }

    private bool IsSigned(in Hash256 digest, in Signature signature) =>
        Secp256k1.TryRecoverAddress(digest, signature, out Address signer) && signer == Signer;

    public void Dispose() => _rk.Dispose();

    public override string ToString() => $"key fragment of proxy {Proxy} for order {Terms.OrderId}";
}
