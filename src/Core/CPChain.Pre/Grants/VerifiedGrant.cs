using System.Collections.Immutable;
using CPChain.Crypto;
using CPChain.Pre.Keys;
using CPChain.Pre.Proofs;
using CPChain.Types;

namespace CPChain.Pre.Grants;

/// <summary>
/// A grant of which its buyer knows that any t honest proxies produce the right key (rules P11 to P14). Holds what the
/// buyer alone can compute; zeroed on disposal.
/// </summary>
public sealed class VerifiedGrant : IDisposable
{
    private readonly SecretScalar _d;

    private VerifiedGrant(Grant grant, in Scalar d, ImmutableArray<Scalar> abscissas)
    {
        Grant = grant;
        _d = new SecretScalar(d);
        Abscissas = abscissas;
    }

    public Grant Grant { get; }

    internal Scalar D => _d.Value;

    /// <summary>y of each share, in their order.</summary>
    internal ImmutableArray<Scalar> Abscissas { get; }

    /// <summary>Checks everything that the buyer agreed to and that the key will come out; pay only on None.</summary>
    public static GrantFault Verify(
        Grant grant, BuyerKey buyer, GrantExpectation expected, out VerifiedGrant? verified)
    {
        verified = null;
        GrantFault fault = expected.Check(grant, buyer.PublicKey);
        if (fault == GrantFault.None) fault = CheckSignatures(grant);
        if (fault == GrantFault.None) fault = CheckProof(grant);
        if (fault != GrantFault.None) return fault;

        Point shared = grant.X.Multiply(buyer.Secret);
        Scalar d = SharedHash.D(grant.X, grant.Buyer, shared);
        ImmutableArray<Scalar> abscissas = [.. grant.Shares.Select(s => SharedHash.Y(grant.X, grant.Buyer, shared, s.Id))];
        if (abscissas.Distinct().Count() != abscissas.Length) return GrantFault.RepeatedShare;
        fault = CheckPolynomial(grant, d, abscissas.AsSpan());
        if (fault == GrantFault.None) verified = new VerifiedGrant(grant, d, abscissas);
        return fault;
    }

    // P11: every share is signed by the owner's account, for this buyer and these terms.
    private static GrantFault CheckSignatures(Grant grant)
    {
        foreach (GrantShare share in grant.Shares)
        {
            bool signed = Secp256k1.TryRecoverAddress(grant.MessageOf(share).ForBuyer, share.Signature, out Address signer);
            if (!signed || signer != grant.Signer) return GrantFault.BadSignature;
        }

        return GrantFault.None;
    }

    // P12: AU = aU for the a of A.
    private static GrantFault CheckProof(Grant grant)
    {
        var statement = new EqualLogProof.Statement(
            Point.Generator, grant.Owner.Point, PreParameters.U, grant.Commitments.Au);
        bool proven = grant.Commitments.Proof.Verify(statement, SharedHash.ProofContext(grant.X, grant.Buyer, grant.Terms));
        return proven ? GrantFault.None : GrantFault.BadProof;
    }

    private static GrantFault CheckPolynomial(Grant grant, in Scalar d, ReadOnlySpan<Scalar> abscissas)
    {
        if (!HasLowDegree(grant, abscissas)) return GrantFault.DegreeTooHigh;

        // P14: t shares interpolate to C0, and d C0 = AU, so they carry a / d.
        Scalar[] factors = Lagrange.AtZero(abscissas[..grant.Threshold]);
        var terms = new Point[grant.Threshold];
        for (int i = 0; i < terms.Length; i++) terms[i] = grant.Shares[i].Commitment.MultiplyPublic(factors[i]);
        if (Point.Sum(terms) != grant.Commitments.C0) return GrantFault.WrongConstant;
        return grant.Commitments.C0.Multiply(d) == grant.Commitments.Au ? GrantFault.None : GrantFault.WrongSecret;
    }

    // P13: the committed values are orthogonal to a random word of the dual code (SCRAPE). The word is drawn by hashing
    // the grant, so the check needs no randomness and an owner cannot aim at it.
    private static bool HasLowDegree(Grant grant, ReadOnlySpan<Scalar> abscissas)
    {
        int count = grant.Shares.Length - grant.Threshold;
        if (count == 0) return true; // n points always lie on a polynomial of degree n - 1.
        byte[] encoded = grant.Encode();
        var coefficients = new Scalar[count];
        for (int i = 0; i < count; i++)
            coefficients[i] = new Transcript("degree test").Add(encoded).Add(Scalar.FromUlong((ulong)i)).ToScalar();

        Scalar[] dual = Lagrange.DualFactors(abscissas);
        var terms = new Point[abscissas.Length];
        for (int i = 0; i < terms.Length; i++)
        {
            Scalar weight = dual[i] * Lagrange.Evaluate(coefficients, abscissas[i]);
            terms[i] = grant.Shares[i].Commitment.MultiplyPublic(weight);
        }

        return Point.Sum(terms).IsInfinity;
    }

    public void Dispose() => _d.Dispose();

    public override string ToString() => $"verified grant of order {Grant.Terms.OrderId}";
}

/// <summary>What owner and buyer agreed on, against which the buyer holds a grant.</summary>
public sealed record GrantExpectation(Address Signer, OwnerPublicKey Owner, GrantTerms Terms, ProxySet Proxies)
{
    internal GrantFault Check(Grant grant, BuyerPublicKey buyer)
    {
        if (grant.Buyer != buyer) return GrantFault.WrongBuyer;
        if (grant.Owner != Owner || grant.Signer != Signer) return GrantFault.WrongOwner;
        if (grant.Terms != Terms) return GrantFault.WrongTerms;
        bool sameProxies = grant.Shares.Select(s => s.Proxy).SequenceEqual(Proxies.Addresses);
        return grant.Threshold == Proxies.Threshold && sameProxies ? GrantFault.None : GrantFault.WrongProxies;
    }
}
