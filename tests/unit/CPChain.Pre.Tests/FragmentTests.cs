using CPChain.Crypto;
using CPChain.Pre.Capsules;
using CPChain.Pre.Fragments;
using CPChain.Pre.Grants;
using CPChain.Pre.Keys;
using CPChain.Types;

namespace CPChain.Pre.Tests;

public sealed class FragmentTests
{
    [Fact]
    public void P15_a_proxy_takes_in_only_its_own_signed_and_right_fragment()
    {
        var sale = new Sale(3, 2);
        KeyFragment fragment = sale.Result.Fragments[0];
        Assert.Equal(FragmentFault.None, fragment.Check(sale.Proxies.Addresses[0]));
        Assert.Equal(FragmentFault.WrongProxy, fragment.Check(sale.Proxies.Addresses[1]));

        using var wrongSecret = new KeyFragment(
            fragment.Signer, fragment.Message, fragment.Rk + Scalar.One, fragment.ForProxy, fragment.ForBuyer);
        Assert.Equal(FragmentFault.BadCommitment, wrongSecret.Check(sale.Proxies.Addresses[0]));

        ShareMessage longer = fragment.Message with { Terms = sale.Terms with { NotAfterMs = ulong.MaxValue } };
        using var extended = new KeyFragment(fragment.Signer, longer, fragment.Rk, fragment.ForProxy, fragment.ForBuyer);
        Assert.Equal(FragmentFault.BadSignature, extended.Check(sale.Proxies.Addresses[0]));

        using var swapped = new KeyFragment(
            fragment.Signer, fragment.Message, fragment.Rk, fragment.ForBuyer, fragment.ForBuyer);
        Assert.Equal(FragmentFault.BadSignature, swapped.Check(sale.Proxies.Addresses[0]));
    }

    [Fact]
    public void P15_a_fragment_beside_the_grant_is_told_from_one_of_the_grant()
    {
        var sale = new Sale(3, 2);
        Assert.All(sale.Result.Fragments, fragment => Assert.True(sale.Grant.Names(fragment)));

        // Made by the same owner for the same buyer, terms and proxies: each fragment is right by itself.
        using GrantResult other = Granting.Create(
            sale.Owner, sale.Signer, sale.Buyer.PublicKey, sale.Terms, sale.Proxies, Sale.Entropy);
        Assert.Equal(FragmentFault.None, other.Fragments[0].Check(sale.Proxies.Addresses[0]));
        Assert.All(other.Fragments, fragment => Assert.False(sale.Grant.Names(fragment)));
    }

    [Theory]
    [InlineData(Sale.Now - 1, FragmentFault.NotActive)]
    [InlineData(Sale.Now, FragmentFault.None)]
    [InlineData(Sale.Now + 1000, FragmentFault.None)]
    [InlineData(Sale.Now + 1001, FragmentFault.NotActive)]
    public void P16_a_proxy_serves_within_the_granted_time_only(ulong nowMs, FragmentFault expected)
    {
        var sale = new Sale(1, 1);
        Assert.Equal(expected, sale.Result.Fragments[0].ReEncrypt(sale.Capsule, nowMs, Sale.Entropy, out _));
    }

    [Fact]
    public void P5_an_inconsistent_capsule_is_served_by_nobody()
    {
        var sale = new Sale(1, 1);
        byte[] encoded = sale.Capsule.Encode();
        encoded[^1] ^= 1;
        Assert.True(Capsule.TryDecode(encoded, out Capsule? bent, out _));
        Assert.False(bent.IsConsistent);
        Assert.Null(bent.Open(sale.Owner));
        Assert.Equal(
            FragmentFault.BadCapsule, sale.Result.Fragments[0].ReEncrypt(bent, Sale.Now, Sale.Entropy, out _));
    }

    [Fact]
    public void P17_a_fragment_is_not_accepted_from_another_proxy_or_for_another_order()
    {
        var sale = new Sale(3, 2);
        using VerifiedGrant grant = sale.Verified();
        CapsuleFragment fragment = sale.ReEncrypt(0);
        Assert.Equal(
            FragmentFault.WrongProxy,
            VerifiedFragment.Verify(fragment, sale.Capsule, grant, sale.Proxies.Addresses[1], out _));
        Assert.False(fragment.IsProven(sale.Capsule, sale.Terms.OrderId, sale.Proxies.Addresses[1]));
        Assert.False(fragment.IsProven(sale.Capsule, Keccak256.Hash("another order"u8), sale.Proxies.Addresses[0]));
        Assert.True(fragment.IsProven(sale.Capsule, sale.Terms.OrderId, sale.Proxies.Addresses[0]));

        var second = new Sale(3, 2);
        using VerifiedGrant otherGrant = second.Verified();
        Assert.Equal(
            FragmentFault.UnknownShare,
            VerifiedFragment.Verify(fragment, sale.Capsule, otherGrant, sale.Proxies.Addresses[0], out _));
    }

    [Fact]
    public void P17_a_fragment_of_another_capsule_is_refused()
    {
        var sale = new Sale(3, 2);
        using VerifiedGrant grant = sale.Verified();
        (Capsule other, _) = Capsule.Encapsulate(sale.Owner.PublicKey, Sale.Entropy);
        Assert.Equal(
            FragmentFault.BadProof,
            VerifiedFragment.Verify(sale.ReEncrypt(0, other), sale.Capsule, grant, sale.Proxies.Addresses[0], out _));
    }

    [Fact]
    public void P17_every_changed_bit_of_a_fragment_is_refused()
    {
        var sale = new Sale(3, 2);
        using VerifiedGrant grant = sale.Verified();
        byte[] encoded = sale.ReEncrypt(0).Encode();
        int decoded = 0;
        for (int bit = 0; bit < encoded.Length * 8; bit++)
        {
            byte[] changed = [.. encoded];
            changed[bit >> 3] ^= (byte)(1 << (bit & 7));
            if (!CapsuleFragment.TryDecode(changed, out CapsuleFragment? bent, out _)) continue;
            decoded++;
            FragmentFault fault = VerifiedFragment.Verify(bent, sale.Capsule, grant, sale.Proxies.Addresses[0], out _);
            Assert.NotEqual(FragmentFault.None, fault);
        }

        Assert.True(decoded > 500, $"Only {decoded} changes reached the checks.");
    }

    [Fact]
    public void A_single_fragment_and_the_buyers_key_do_not_open_under_a_threshold_of_two()
    {
        // What one proxy has, used by the buyer as if the threshold were one: D^-1-interpolation through one point.
        var sale = new Sale(3, 2);
        using VerifiedGrant grant = sale.Verified();
        VerifiedFragment one = sale.Receive(grant, 0);
        Point sum = one.Fragment.Image.E + one.Fragment.Image.V;
        using KemKey guess = KemKey.Derive(sum.Multiply(grant.D));
        Assert.False(guess.SameAs(sale.Key));
    }
}
