using System.Collections.Immutable;
using CPChain.Pre.Capsules;
using CPChain.Pre.Fragments;
using CPChain.Pre.Grants;
using CPChain.Pre.Keys;

namespace CPChain.Pre.Tests;

public sealed class SharingTests
{
    [Fact]
    public void P6_the_owner_opens_what_was_encapsulated_for_him_and_nobody_else_does()
    {
        using OwnerKey owner = OwnerKey.Generate(Sale.Entropy);
        using OwnerKey other = OwnerKey.Generate(Sale.Entropy);
        (Capsule capsule, KemKey key) = Capsule.Encapsulate(owner.PublicKey, Sale.Entropy);
        Assert.True(capsule.Open(owner)!.SameAs(key));
        Assert.False(capsule.Open(other)!.SameAs(key));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(3, 2)]
    [InlineData(3, 3)]
    [InlineData(5, 3)]
    public void P18_every_t_proxies_open_and_every_fewer_do_not(int proxies, int threshold)
    {
        var sale = new Sale(proxies, threshold);
        using VerifiedGrant grant = sale.Verified();
        ImmutableArray<VerifiedFragment> all = sale.ReceiveAll(grant);
        for (int subset = 0; subset < 1 << proxies; subset++)
        {
            List<VerifiedFragment> chosen = [.. all.Where((_, i) => (subset >> i & 1) == 1)];
            KemKey? key = Opening.Combine(chosen);
            if (chosen.Count >= threshold) Assert.True(key!.SameAs(sale.Key));
            else Assert.Null(key);
        }
    }

    [Fact]
    public void P18_fewer_than_t_fragments_do_not_open_even_when_the_count_is_lied_about()
    {
        // The same shares under a grant that claims a threshold of one: interpolation through one point gives another key.
        var sale = new Sale(3, 2);
        var lowered = new Grant(
            sale.Signer.Address, sale.Owner.PublicKey, sale.Buyer.PublicKey, sale.Terms, 1, sale.Grant.Commitments, sale.Grant.Shares);
        var expected = new GrantExpectation(
            sale.Signer.Address, sale.Owner.PublicKey, sale.Terms, new ProxySet(sale.Proxies.Addresses, 1));
        Assert.Equal(GrantFault.DegreeTooHigh, VerifiedGrant.Verify(lowered, sale.Buyer, expected, out _));
    }

    [Fact]
    public void P18_a_repeated_fragment_counts_once()
    {
        var sale = new Sale(3, 2);
        using VerifiedGrant grant = sale.Verified();
        VerifiedFragment one = sale.Receive(grant, 0);
        Assert.Null(Opening.Combine([one, one]));
        Assert.Null(Opening.Combine([one, sale.Receive(grant, 0)]));
        Assert.Null(Opening.Combine([]));
    }

    [Fact]
    public void P18_fragments_of_different_capsules_do_not_mix()
    {
        var sale = new Sale(3, 2);
        using VerifiedGrant grant = sale.Verified();
        (Capsule other, _) = Capsule.Encapsulate(sale.Owner.PublicKey, Sale.Entropy);
        Assert.Equal(
            FragmentFault.None,
            VerifiedFragment.Verify(sale.ReEncrypt(1, other), other, grant, sale.Proxies.Addresses[1], out VerifiedFragment? foreign));
        Assert.Null(Opening.Combine([sale.Receive(grant, 0), foreign!]));
    }

    [Fact]
    public void P3_labels_have_separate_keys_and_a_grant_for_one_does_not_open_the_other()
    {
        using OwnerMasterKey master = OwnerMasterKey.FromBytes(new byte[32]);
        using OwnerKey first = master.Derive("listing/1");
        using OwnerKey again = master.Derive("listing/1");
        using OwnerKey second = master.Derive("listing/2");
        Assert.Equal(first.PublicKey, again.PublicKey);
        Assert.NotEqual(first.PublicKey, second.PublicKey);

        // The proxies of a sale re-encrypt a capsule of another label: the fragments verify, the key does not come out.
        var sale = new Sale(3, 2);
        using VerifiedGrant grant = sale.Verified();
        (Capsule foreign, KemKey key) = Capsule.Encapsulate(second.PublicKey, Sale.Entropy);
        VerifiedFragment[] fragments = [.. new[] { 0, 1 }.Select(i =>
        {
            VerifiedFragment.Verify(sale.ReEncrypt(i, foreign), foreign, grant, sale.Proxies.Addresses[i], out VerifiedFragment? f);
            return f!;
        })];
        Assert.False(Opening.Combine(fragments) is { } opened && opened.SameAs(key));
    }

    [Fact]
    public void P7_a_payload_opens_under_its_key_and_associated_data_only()
    {
        (_, KemKey key) = Capsule.Encapsulate(OwnerKey.Generate(Sale.Entropy).PublicKey, Sale.Entropy);
        (_, KemKey other) = Capsule.Encapsulate(OwnerKey.Generate(Sale.Entropy).PublicKey, Sale.Entropy);
        byte[] payload = [1, 2, 3];
        byte[] wrapped = KeyWrap.Seal(key, payload, "manifest"u8, Sale.Entropy);
        Assert.True(KeyWrap.TryOpen(key, wrapped, "manifest"u8, out byte[] opened, out _));
        Assert.Equal(payload, opened);
        Assert.False(KeyWrap.TryOpen(key, wrapped, "another"u8, out _, out _));
        Assert.False(KeyWrap.TryOpen(other, wrapped, "manifest"u8, out _, out _));
        for (int bit = 0; bit < wrapped.Length * 8; bit++)
        {
            byte[] changed = [.. wrapped];
            changed[bit >> 3] ^= (byte)(1 << (bit & 7));
            Assert.False(KeyWrap.TryOpen(key, changed, "manifest"u8, out byte[] nothing, out _));
            Assert.Empty(nothing);
        }

        for (int length = 0; length < wrapped.Length; length++)
            Assert.False(KeyWrap.TryOpen(key, wrapped.AsSpan(0, length), "manifest"u8, out _, out _));
    }

    [Fact]
    public void Secrets_do_not_show_in_text_and_are_gone_after_disposal()
    {
        var sale = new Sale(1, 1);
        Span<byte> secret = stackalloc byte[32];
        sale.Key.CopyTo(secret);
        Assert.DoesNotContain(Convert.ToHexStringLower(secret), sale.Key.ToString());
        sale.Buyer.CopyTo(secret);
        Assert.DoesNotContain(Convert.ToHexStringLower(secret), sale.Buyer.ToString());
        Assert.DoesNotContain(Convert.ToHexStringLower(sale.Owner.Secret.ToArray()), sale.Owner.ToString());
        KeyFragment fragment = sale.Result.Fragments[0];
        Assert.DoesNotContain(Convert.ToHexStringLower(fragment.Rk.ToArray()), fragment.ToString());

        sale.Result.Dispose();
        sale.Key.Dispose();
        sale.Owner.Dispose();
        sale.Buyer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => fragment.Encode());
        Assert.Throws<ObjectDisposedException>(() => sale.Key.CopyTo(new byte[32]));
        Assert.Throws<ObjectDisposedException>(() => sale.Capsule.Open(sale.Owner));
        Assert.Throws<ObjectDisposedException>(() => sale.Buyer.CopyTo(new byte[32]));
    }
}
