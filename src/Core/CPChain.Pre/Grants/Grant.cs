using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using CPChain.Crypto;
using CPChain.Pre.Format;
using CPChain.Pre.Fragments;
using CPChain.Pre.Keys;
using CPChain.Pre.Proofs;
using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.Pre.Grants;

/// <summary>
/// The public part of a grant: everything with which the buyer convinces himself before he pays that any t of the
/// named proxies will give him the key (rules P9 to P14). It holds no secret.
/// </summary>
public sealed class Grant
{
    /// <summary>Upper bound of an encoding: 32 shares of some 200 bytes and a head of less than 1 KiB.</summary>
    public const int BytesMax = 8 * 1024;

    internal Grant(
        Address signer,
        OwnerPublicKey owner,
        BuyerPublicKey buyer,
        GrantTerms terms,
        int threshold,
        GrantCommitments commitments,
        ImmutableArray<GrantShare> shares)
    {
        Signer = signer;
        Owner = owner;
        Buyer = buyer;
        Terms = terms;
        Threshold = threshold;
        Commitments = commitments;
        Shares = shares;
    }

    /// <summary>The chain account whose key signed the shares.</summary>
    public Address Signer { get; }

    public OwnerPublicKey Owner { get; }

    public BuyerPublicKey Buyer { get; }

    public GrantTerms Terms { get; }

    /// <summary>How many proxies are needed, 1 to the number of shares.</summary>
    public int Threshold { get; }

    public ImmutableArray<GrantShare> Shares { get; }

    internal GrantCommitments Commitments { get; }

    internal Point X => Commitments.X;

    /// <summary>Keccak-256 of the encoding: what an order on the chain can commit to.</summary>
    public Hash256 Hash => Keccak256.Hash(Encode());

    /// <summary>Whether this is the fragment of one of the shares: only then what its proxy makes is of use to the buyer (rule P15).</summary>
    public bool Names(KeyFragment fragment) =>
        fragment.Signer == Signer
        && Shares.Any(share => MessageOf(share) == fragment.Message && share.Signature == fragment.ForBuyer);

    internal ShareMessage MessageOf(GrantShare share) =>
        new(share.Id, share.Commitment, X, Owner, Buyer, Terms, share.Proxy);

    public byte[] Encode()
    {
        var writer = new RlpWriter(2048);
        writer.BeginList();
        writer.WriteAddress(Signer);
        writer.WritePoint(Owner.Point);
        writer.WritePoint(Buyer.Point);
        Terms.Write(writer);
        writer.WriteUlong((ulong)Threshold);
        Commitments.Write(writer);
        writer.BeginList();
        foreach (GrantShare share in Shares)
        {
            writer.BeginList();
            writer.WriteScalar(share.Id);
            writer.WritePoint(share.Commitment);
            writer.WriteAddress(share.Proxy);
            writer.WriteSignature(share.Signature);
            writer.EndList();
        }

        writer.EndList();
        writer.EndList();
        return PreFormat.WithVersion(writer);
    }

    public static bool TryDecode(ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out Grant? grant, out DecodeFault fault)
    {
        grant = null;
        if (!PreFormat.TryBegin(encoded, BytesMax, out ReadOnlySpan<byte> body, out fault)) return false;
        var outer = new RlpReader(body);
        if (!outer.TryReadList(out RlpReader fields)
            || !outer.AtEnd
            || !fields.TryReadAddress(out Address signer)
            || !fields.TryReadPoint(out Point owner)
            || !fields.TryReadPoint(out Point buyer)
            || !GrantTerms.TryRead(ref fields, out GrantTerms? terms)
            || !fields.TryReadUlong(out ulong threshold)
            || !GrantCommitments.TryRead(ref fields, out GrantCommitments commitments)
            || !fields.TryReadList(out RlpReader list)
            || !fields.AtEnd
            || !TryReadShares(ref list, out ImmutableArray<GrantShare> shares)
            || threshold < 1
            || threshold > (ulong)shares.Length) return PreFormat.Malformed(out fault);
        grant = new Grant(
            signer, new OwnerPublicKey(owner), new BuyerPublicKey(buyer), terms!, (int)threshold, commitments, shares);
        return true;
    }

    private static bool TryReadShares(ref RlpReader list, out ImmutableArray<GrantShare> shares)
    {
        ImmutableArray<GrantShare>.Builder read = ImmutableArray.CreateBuilder<GrantShare>();
        shares = [];
        while (!list.AtEnd)
        {
            if (read.Count == PreParameters.ProxiesMax
                || !list.TryReadList(out RlpReader fields)
                || !fields.TryReadScalar(out Scalar id)
                || !fields.TryReadPoint(out Point commitment)
                || !fields.TryReadAddress(out Address proxy)
                || !fields.TryReadSignature(out Signature signature)
                || !fields.AtEnd) return false;
            read.Add(new GrantShare(id, commitment, proxy, signature));
        }

        shares = read.ToImmutable();
        return true;
    }
}
