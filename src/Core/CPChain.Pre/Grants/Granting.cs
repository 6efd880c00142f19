using System.Collections.Immutable;
using CPChain.Crypto;
using CPChain.Pre.Fragments;
using CPChain.Pre.Keys;
using CPChain.Pre.Proofs;
using CPChain.Types;

namespace CPChain.Pre.Grants;

/// <summary>How an owner makes a grant; the buyer need not be there (rule P9).</summary>
public static class Granting
{
    /// <summary>
    /// Splits the right to open the label's capsules among proxies: any <paramref name="threshold"/> of them together
    /// serve the buyer, fewer learn and can do nothing. Each fragment goes to its proxy alone.
    /// </summary>
    /// <param name="owner">The key of the label.</param>
    /// <param name="signer">The owner's chain key, whose address the buyer knows.</param>
    /// <param name="buyer">Who is granted access.</param>
    /// <param name="terms">The signed conditions.</param>
    /// <param name="proxies">The addresses of 1 to 32 different proxies, and how many of them are needed.</param>
    /// <param name="entropy">Unpredictable bytes.</param>
    public static GrantResult Create(
        OwnerKey owner,
        PrivateKey signer,
        BuyerPublicKey buyer,
        GrantTerms terms,
        ProxySet proxies,
        EntropySource entropy)
    {
        Invariant.Check(terms.IsWellFormed, "A grant's terms have ranges that are not empty and a short label.");
        Scalar x = Scalar.Random(entropy);
        Point bigX = Point.MultiplyGenerator(x);
        Point shared = buyer.Point.Multiply(x);
        Scalar d = SharedHash.D(bigX, buyer, shared);
        Scalar[] coefficients = Coefficients(owner.Secret * d.Inverse(), proxies.Threshold, entropy);
        Point u = PreParameters.U;

        Point au = u.Multiply(owner.Secret);
        EqualLogProof proof = EqualLogProof.Prove(
            owner.Secret, new(Point.Generator, owner.PublicKey.Point, u, au), SharedHash.ProofContext(bigX, buyer, terms), entropy);
        var commitments = new GrantCommitments(bigX, u.Multiply(coefficients[0]), au, proof);

        ImmutableArray<GrantShare>.Builder shares = ImmutableArray.CreateBuilder<GrantShare>();
        ImmutableArray<KeyFragment>.Builder fragments = ImmutableArray.CreateBuilder<KeyFragment>();
        foreach (Address proxy in proxies.Addresses)
        {
            Scalar id = Scalar.Random(entropy);
            Scalar rk = Lagrange.Evaluate(coefficients, SharedHash.Y(bigX, buyer, shared, id));
            var message = new ShareMessage(id, u.Multiply(rk), bigX, owner.PublicKey, buyer, terms, proxy);
            Signature forBuyer = signer.Sign(message.ForBuyer);
            shares.Add(new GrantShare(id, message.Commitment, proxy, forBuyer));
            fragments.Add(new KeyFragment(signer.Address, message, rk, signer.Sign(message.ForProxy), forBuyer));
        }

        var grant = new Grant(
            signer.Address, owner.PublicKey, buyer, terms, proxies.Threshold, commitments, shares.ToImmutable());
        return new GrantResult(grant, fragments.ToImmutable());
    }

    private static Scalar[] Coefficients(in Scalar constant, int count, EntropySource entropy)
    {
        var coefficients = new Scalar[count];
        coefficients[0] = constant;
        for (int i = 1; i < count; i++) coefficients[i] = Scalar.Random(entropy);
        return coefficients;
    }
}

/// <summary>A fresh grant: the public part for the buyer and one secret fragment for each proxy, in the order of the proxies.</summary>
public sealed record GrantResult(Grant Grant, ImmutableArray<KeyFragment> Fragments) : IDisposable
{
    public void Dispose()
    {
        foreach (KeyFragment fragment in Fragments) fragment.Dispose();
    }
}
