using CPChain.Pre.Capsules;
using CPChain.Pre.Fragments;
using CPChain.Pre.Grants;
using CPChain.Types;

namespace CPChain.Pre.Tests;

/// <summary>What a peer sends is refused or works; nothing of it throws, and no changed grant or fragment is accepted.</summary>
public sealed class HostileInputTests
{
    private const int Rounds = 400;

    [Fact]
    public void Changed_grants_are_refused()
    {
        var sale = new Sale(3, 2);
        byte[] encoded = sale.Grant.Encode();
        var random = new Random(1);
        int read = 0;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] changed = Changed(encoded, random);
            if (!Grant.TryDecode(changed, out Grant? grant, out _)) continue;
            read++;

            // The buyer holds it against what it says itself, so that the cryptographic checks are reached.
            if (!ProxySet.TryCreate([.. grant.Shares.Select(s => s.Proxy)], grant.Threshold, out ProxySet? proxies)) continue;
            var lenient = new GrantExpectation(grant.Signer, grant.Owner, grant.Terms, proxies);
            Assert.NotEqual(GrantFault.None, VerifiedGrant.Verify(grant, sale.Buyer, lenient, out _));
            Assert.NotEqual(GrantFault.None, VerifiedGrant.Verify(grant, sale.Buyer, sale.Expectation, out _));
        }

        Assert.True(read > Rounds / 10, $"Only {read} of {Rounds} reached the checks.");
    }

    [Fact]
    public void Changed_key_fragments_are_not_taken_in()
    {
        var sale = new Sale(3, 2);
        byte[] encoded = sale.Result.Fragments[0].Encode();
        var random = new Random(2);
        int read = 0;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] changed = Changed(encoded, random);
            if (!KeyFragment.TryDecode(changed, out KeyFragment? fragment, out _)) continue;
            read++;
            Assert.NotEqual(FragmentFault.None, fragment.Check(sale.Proxies.Addresses[0]));
            fragment.ReEncrypt(sale.Capsule, Sale.Now, Sale.Entropy, out _);
        }

        Assert.True(read > Rounds / 10, $"Only {read} of {Rounds} reached the checks.");
    }

    [Fact]
    public void Changed_capsules_open_for_nobody()
    {
        var sale = new Sale(3, 2);
        using VerifiedGrant grant = sale.Verified();
        CapsuleFragment fragment = sale.ReEncrypt(0);
        byte[] encoded = sale.Capsule.Encode();
        var random = new Random(3);
        for (int round = 0; round < Rounds; round++)
        {
            if (!Capsule.TryDecode(Changed(encoded, random), out Capsule? capsule, out _)) continue;
            Assert.Null(capsule.Open(sale.Owner));
            Assert.Equal(
                FragmentFault.BadCapsule, VerifiedFragment.Verify(fragment, capsule, grant, sale.Proxies.Addresses[0], out _));
        }
    }

    // Changes of the same length mostly, so that many survive the reader and meet the checks behind it.
    private static byte[] Changed(byte[] encoded, Random random)
    {
        byte[] changed = [.. encoded];
        for (int i = random.Next(2); i >= 0; i--)
        {
            int at = random.Next(changed.Length);
            changed[at] ^= (byte)(1 << random.Next(8));
        }

        return random.Next(20) == 0 ? changed[..random.Next(changed.Length)] : changed;
    }

    [Fact]
    public void Proxy_sets_that_make_no_sense_are_refused()
    {
        Address one = Address.Zero;
        Address two = Address.FromUInt256(2U);
        Assert.True(ProxySet.TryCreate([one, two], 2, out _));
        Assert.False(ProxySet.TryCreate([one, two], 3, out _));
        Assert.False(ProxySet.TryCreate([one, two], 0, out _));
        Assert.False(ProxySet.TryCreate([one, one], 1, out _));
        Assert.False(ProxySet.TryCreate([], 0, out _));
        Assert.False(ProxySet.TryCreate(default, 1, out _));
        Assert.False(ProxySet.TryCreate([.. Enumerable.Range(0, 33).Select(i => Address.FromUInt256((UInt256)i))], 1, out _));
    }
}
