using CPChain.Pre.Capsules;
using CPChain.Pre.Format;
using CPChain.Pre.Fragments;
using CPChain.Pre.Grants;
using CPChain.Pre.Keys;

namespace CPChain.Pre.Tests;

public sealed class EncodingTests
{
    private delegate bool Reader(byte[] bytes, out byte[] again, out DecodeFault fault);

    public static TheoryData<string> Kinds => ["capsule", "key fragment", "capsule fragment", "grant"];

    private static (byte[] Encoded, Reader Read) Sample(string kind)
    {
        var sale = new Sale(3, 2);
        return kind switch
        {
            "capsule" => (sale.Capsule.Encode(), (byte[] b, out byte[] again, out DecodeFault fault) =>
            {
                bool read = Capsule.TryDecode(b, out Capsule? value, out fault);
                again = value?.Encode() ?? [];
                return read;
            }
            ),
            "key fragment" => (sale.Result.Fragments[0].Encode(), (byte[] b, out byte[] again, out DecodeFault fault) =>
            {
                bool read = KeyFragment.TryDecode(b, out KeyFragment? value, out fault);
                again = value?.Encode() ?? [];
                return read;
            }
            ),
            "capsule fragment" => (sale.ReEncrypt(0).Encode(), (byte[] b, out byte[] again, out DecodeFault fault) =>
            {
                bool read = CapsuleFragment.TryDecode(b, out CapsuleFragment? value, out fault);
                again = value?.Encode() ?? [];
                return read;
            }
            ),
            _ => (sale.Grant.Encode(), (byte[] b, out byte[] again, out DecodeFault fault) =>
            {
                bool read = Grant.TryDecode(b, out Grant? value, out fault);
                again = value?.Encode() ?? [];
                return read;
            }
            ),
        };
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void P20_an_encoding_reads_back_and_is_the_only_one(string kind)
    {
        (byte[] encoded, Reader read) = Sample(kind);
        Assert.True(read(encoded, out byte[] again, out _));
        Assert.Equal(encoded, again);
        for (int bit = 0; bit < encoded.Length * 8; bit++)
        {
            byte[] changed = [.. encoded];
            changed[bit >> 3] ^= (byte)(1 << (bit & 7));
            if (read(changed, out byte[] other, out _)) Assert.Equal(changed, other);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void P20_cut_and_extended_bytes_are_refused(string kind)
    {
        (byte[] encoded, Reader read) = Sample(kind);
        for (int length = 0; length < encoded.Length; length++) Assert.False(read(encoded[..length], out _, out _));
        Assert.False(read([.. encoded, 0], out _, out _));
        Assert.False(read([PreFormat.Version, .. new byte[100_000]], out _, out DecodeFault fault));
        Assert.Equal(DecodeError.TooLong, fault.Error);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void P20_an_unknown_version_is_named(string kind)
    {
        (byte[] encoded, Reader read) = Sample(kind);
        encoded[0] = 9;
        Assert.False(read(encoded, out _, out DecodeFault fault));
        Assert.Equal(new DecodeFault(DecodeError.UnknownVersion, 9), fault);
        Assert.Contains("9", fault.ToString());
    }

    [Fact]
    public void P20_lengths_are_those_of_the_specification()
    {
        var sale = new Sale(32, 16);
        Assert.Equal(99, sale.Capsule.Encode().Length);
        Assert.Equal(361, sale.ReEncrypt(0).Encode().Length);
        Assert.True(sale.Grant.Encode().Length <= Grant.BytesMax);
        Assert.True(sale.Result.Fragments[0].Encode().Length <= KeyFragment.BytesMax);
    }

    [Fact]
    public void A_grant_that_travelled_verifies_and_its_fragments_work()
    {
        var sale = new Sale(3, 2);
        Assert.True(Grant.TryDecode(sale.Grant.Encode(), out Grant? grant, out _));
        Assert.Equal(sale.Grant.Hash, grant.Hash);
        Assert.Equal(GrantFault.None, VerifiedGrant.Verify(grant, sale.Buyer, sale.Expectation, out VerifiedGrant? verified));
        var received = new List<VerifiedFragment>();
        foreach (int i in new[] { 2, 0 })
        {
            Assert.True(KeyFragment.TryDecode(sale.Result.Fragments[i].Encode(), out KeyFragment? key, out _));
            Assert.Equal(FragmentFault.None, key.Check(sale.Proxies.Addresses[i]));
            Assert.Equal(FragmentFault.None, key.ReEncrypt(sale.Capsule, Sale.Now, Sale.Entropy, out CapsuleFragment? made));
            Assert.True(CapsuleFragment.TryDecode(made!.Encode(), out CapsuleFragment? sent, out _));
            Assert.Equal(
                FragmentFault.None,
                VerifiedFragment.Verify(sent, sale.Capsule, verified!, sale.Proxies.Addresses[i], out VerifiedFragment? good));
            received.Add(good!);
        }

        Assert.True(Opening.Combine(received)!.SameAs(sale.Key));
    }

    [Fact]
    public void Keys_read_back_and_bad_points_are_refused()
    {
        var sale = new Sale(1, 1);
        Assert.True(OwnerPublicKey.TryFromBytes(sale.Owner.PublicKey.ToArray(), out OwnerPublicKey owner));
        Assert.Equal(sale.Owner.PublicKey, owner);
        Assert.True(BuyerPublicKey.TryFromBytes(sale.Buyer.PublicKey.ToArray(), out BuyerPublicKey buyer));
        Assert.Equal(sale.Buyer.PublicKey, buyer);
        Assert.False(OwnerPublicKey.TryFromBytes(new byte[33], out _));
        Assert.False(BuyerPublicKey.TryFromBytes([], out _));
        byte[] secret = new byte[32];
        sale.Buyer.CopyTo(secret);
        Assert.True(BuyerKey.TryFromBytes(secret, out BuyerKey? again));
        Assert.Equal(sale.Buyer.PublicKey, again.PublicKey);
        Assert.False(BuyerKey.TryFromBytes(new byte[32], out _));
    }
}
