using System.Collections.Immutable;
using CPChain.Crypto;
using CPChain.Pre.Grants;
using CPChain.Pre.Keys;
using CPChain.Pre.Proofs;
using CPChain.Types;

namespace CPChain.Pre.Tests;

public sealed class GrantTests
{
    private static Grant With(
        Sale sale,
        GrantTerms? terms = null,
        int? threshold = null,
        GrantCommitments? commitments = null,
        ImmutableArray<GrantShare>? shares = null) => new(
            sale.Signer.Address,
            sale.Owner.PublicKey,
            sale.Buyer.PublicKey,
            terms ?? sale.Terms,
            threshold ?? sale.Grant.Threshold,
            commitments ?? sale.Grant.Commitments,
            shares ?? sale.Grant.Shares);

    private static GrantFault Verify(Sale sale, Grant grant, GrantExpectation? expected = null)
    {
        GrantFault fault = VerifiedGrant.Verify(grant, sale.Buyer, expected ?? sale.Expectation, out VerifiedGrant? verified);
        Assert.Equal(fault == GrantFault.None, verified is not null);
        return fault;
    }

    /// <summary>A share whose commitment is another one, correctly signed by the dishonest owner.</summary>
    private static GrantShare Resigned(Sale sale, GrantShare share, Point commitment)
    {
        ShareMessage message = sale.Grant.MessageOf(share) with { Commitment = commitment };
        return new GrantShare(share.Id, commitment, share.Proxy, sale.Signer.Sign(message.ForBuyer));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(5, 3)]
    [InlineData(32, 20)]
    public void P11_to_P14_an_honest_grant_is_accepted(int proxies, int threshold)
    {
        var sale = new Sale(proxies, threshold);
        Assert.Equal(GrantFault.None, Verify(sale, sale.Grant));
    }

    [Fact]
    public void P11_another_agreement_is_refused()
    {
        var sale = new Sale(3, 2);
        GrantExpectation agreed = sale.Expectation;
        using OwnerKey otherOwner = OwnerKey.Generate(Sale.Entropy);
        using BuyerKey otherBuyer = BuyerKey.Generate(Sale.Entropy);
        Assert.Equal(GrantFault.WrongBuyer, VerifiedGrant.Verify(sale.Grant, otherBuyer, agreed, out _));
        Assert.Equal(GrantFault.WrongOwner, Verify(sale, sale.Grant, agreed with { Owner = otherOwner.PublicKey }));
        Assert.Equal(GrantFault.WrongOwner, Verify(sale, sale.Grant, agreed with { Signer = Address.Zero }));
        Assert.Equal(GrantFault.WrongTerms, Verify(sale, sale.Grant, agreed with { Terms = sale.Terms with { Price = 6UL } }));
        Assert.Equal(GrantFault.WrongTerms, Verify(sale, sale.Grant, agreed with { Terms = sale.Terms with { IntervalLast = 10 } }));
        Assert.Equal(
            GrantFault.WrongProxies, Verify(sale, sale.Grant, agreed with { Proxies = new ProxySet(sale.Proxies.Addresses, 3) }));
    }

    [Fact]
    public void P11_terms_that_were_not_signed_are_refused()
    {
        var sale = new Sale(3, 2);
        GrantTerms[] changes =
        [
            sale.Terms with { Label = "listing/2" },
            sale.Terms with { IntervalFirst = 5 },
            sale.Terms with { IntervalLast = 10 },
            sale.Terms with { NotBeforeMs = 0 },
            sale.Terms with { NotAfterMs = ulong.MaxValue },
            sale.Terms with { OrderId = Hash256.Zero },
            sale.Terms with { Price = 6UL },
        ];
        foreach (GrantTerms changed in changes)
        {
            Grant grant = With(sale, terms: changed);
            Assert.Equal(GrantFault.BadSignature, Verify(sale, grant, sale.Expectation with { Terms = changed }));
        }
    }

    [Fact]
    public void P12_an_unproven_commitment_to_the_owners_secret_is_refused()
    {
        var sale = new Sale(3, 2);
        GrantCommitments honest = sale.Grant.Commitments;
        Grant grant = With(sale, commitments: honest with { Au = honest.Au + PreParameters.U });
        Assert.Equal(GrantFault.BadProof, Verify(sale, grant));
    }

    [Fact]
    public void P12_a_proof_of_another_sale_is_refused()
    {
        var sale = new Sale(3, 2);
        GrantResult second = Granting.Create(
            sale.Owner, sale.Signer, sale.Buyer.PublicKey, sale.Terms, sale.Proxies, Sale.Entropy);
        Grant grant = With(sale, commitments: sale.Grant.Commitments with { Proof = second.Grant.Commitments.Proof });
        Assert.Equal(GrantFault.BadProof, Verify(sale, grant));
    }

    [Fact]
    public void P13_a_share_off_the_polynomial_is_refused_wherever_it_is()
    {
        var sale = new Sale(5, 3);
        for (int i = 0; i < 5; i++)
        {
            GrantShare bad = Resigned(sale, sale.Grant.Shares[i], sale.Grant.Shares[i].Commitment + PreParameters.U);
            Assert.Equal(GrantFault.DegreeTooHigh, Verify(sale, With(sale, shares: sale.Grant.Shares.SetItem(i, bad))));
        }
    }

    [Fact]
    public void P14_shares_of_another_secret_are_refused()
    {
        // All commitments are scaled alike: they lie on one polynomial, but of another secret than the owner's.
        var sale = new Sale(5, 3);
        Scalar two = Scalar.FromUlong(2);
        ImmutableArray<GrantShare> doubled =
            [.. sale.Grant.Shares.Select(s => Resigned(sale, s, s.Commitment.Multiply(two)))];
        Assert.Equal(GrantFault.WrongConstant, Verify(sale, With(sale, shares: doubled)));
        GrantCommitments honest = sale.Grant.Commitments;
        Grant consistent = With(sale, shares: doubled, commitments: honest with { C0 = honest.C0.Multiply(two) });
        Assert.Equal(GrantFault.WrongSecret, Verify(sale, consistent));
    }

    [Fact]
    public void P11_a_share_signed_by_another_account_is_refused()
    {
        var sale = new Sale(3, 2);
        using PrivateKey stranger = PrivateKey.Generate(Sale.Entropy);
        GrantShare share = sale.Grant.Shares[0];
        var forged = new GrantShare(
            share.Id, share.Commitment, share.Proxy, stranger.Sign(sale.Grant.MessageOf(share).ForBuyer));
        Assert.Equal(GrantFault.BadSignature, Verify(sale, With(sale, shares: sale.Grant.Shares.SetItem(0, forged))));
    }

    [Fact]
    public void P11_a_share_that_stands_twice_is_refused()
    {
        var sale = new Sale(3, 2);
        GrantShare first = sale.Grant.Shares[0];
        ShareMessage message = sale.Grant.MessageOf(first) with { Proxy = sale.Proxies.Addresses[1] };
        var copy = new GrantShare(first.Id, first.Commitment, message.Proxy, sale.Signer.Sign(message.ForBuyer));
        Assert.Equal(GrantFault.RepeatedShare, Verify(sale, With(sale, shares: sale.Grant.Shares.SetItem(1, copy))));
    }

    [Fact]
    public void P8_the_proof_of_equal_logarithms_is_sound_on_examples()
    {
        Scalar secret = Scalar.Random(Sale.Entropy);
        Point u = PreParameters.U;
        var good = new EqualLogProof.Statement(Point.Generator, Point.MultiplyGenerator(secret), u, u.Multiply(secret));
        EqualLogProof proof = EqualLogProof.Prove(secret, good, "context"u8, Sale.Entropy);
        Assert.True(proof.Verify(good, "context"u8));
        Assert.False(proof.Verify(good, "another"u8));
        Assert.False(proof.Verify(good with { Image2 = good.Image2 + u }, "context"u8));
        EqualLogProof lie = EqualLogProof.Prove(secret, good with { Image2 = good.Image2 + u }, "context"u8, Sale.Entropy);
        Assert.False(lie.Verify(good with { Image2 = good.Image2 + u }, "context"u8));
    }
}
