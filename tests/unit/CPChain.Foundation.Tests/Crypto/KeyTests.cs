using System.Security.Cryptography;
using System.Text;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Foundation.Tests.Crypto;

public sealed class KeyTests
{
    private static PrivateKey Key(string text)
    {
        Assert.True(PrivateKey.TryFromBytes(Keccak256.Hash(Encoding.ASCII.GetBytes(text)).ToArray(), out PrivateKey? key));
        return key;
    }

    [Fact]
    public void The_address_of_a_well_known_secret_matches()
    {
        // keccak256("cow") is the example account of the Ethereum documentation.
        using PrivateKey cow = Key("cow");
        Assert.Equal(Address.Parse("0xcd2a3d9f938e13cd947ec05abc7fe734df8dd826"), cow.Address);
    }

    [Fact]
    public void A_signature_verifies_recovers_and_has_one_form()
    {
        using PrivateKey key = PrivateKey.Generate(RandomNumberGenerator.Fill);
        Hash256 digest = Keccak256.Hash("message"u8);
        Signature signature = key.Sign(digest);
        Assert.True(signature.IsCanonical);
        Assert.True(Secp256k1.Verify(digest, signature, key.PublicKey));
        Assert.True(Secp256k1.TryRecoverAddress(digest, signature, out Address address));
        Assert.Equal(key.Address, address);
        Assert.True(Signature.TryFromBytes(signature.ToArray(), out Signature read));
        Assert.Equal(signature, read);
        Assert.False(Secp256k1.Verify(Keccak256.Hash("other"u8), signature, key.PublicKey));
    }

    [Fact]
    public void High_s_is_refused_except_by_the_precompiles_recovery()
    {
        using PrivateKey key = Key("high s");
        Hash256 digest = Keccak256.Hash("message"u8);
        Signature low = key.Sign(digest);
        var high = new Signature(low.R, Signature.GroupOrder - low.S, (byte)(low.V ^ 1));
        Assert.False(Signature.TryFromBytes(high.ToArray(), out _));
        Assert.False(Secp256k1.Verify(digest, high, key.PublicKey));
        Assert.False(Secp256k1.TryRecover(digest, high, out _));
        Assert.True(Secp256k1.TryRecoverAny(digest, high, out PublicKey recovered));
        Assert.Equal(key.PublicKey, recovered);
    }

    [Fact]
    public void Values_outside_the_group_are_refused_without_harm()
    {
        Hash256 digest = Keccak256.Hash("x"u8);
        Assert.False(PrivateKey.TryFromBytes(new byte[32], out _));
        Assert.False(PrivateKey.TryFromBytes(Signature.GroupOrder.ToBigEndian(), out _));
        Assert.False(PrivateKey.TryFromBytes(new byte[31], out _));
        Assert.False(PublicKey.TryFromBytes(new byte[33], out _));
        Assert.False(PublicKey.TryFromBytes(new byte[64], out _));
        Assert.False(PublicKey.TryFromBytes([], out _));
        Assert.False(Secp256k1.Verify(digest, default, default));
        Assert.False(Secp256k1.TryRecoverAny(digest, new Signature(UInt256.MaxValue, UInt256.One, 0), out _));
        Assert.False(Secp256k1.TryRecoverAny(digest, new Signature(UInt256.One, UInt256.One, 2), out _));
        using PrivateKey key = Key("a");
        Assert.False(Secp256k1.Verify(digest, key.Sign(digest), default));
        Assert.Throws<ArgumentException>(() => Secp256k1.Ecdh(key, default));
    }

    [Fact]
    public void A_hybrid_encoding_of_a_key_is_refused()
    {
        using PrivateKey key = Key("hybrid");
        byte[] hybrid = [(byte)(6 | (key.PublicKey.ToUncompressed()[63] & 1)), .. key.PublicKey.ToUncompressed()];
        Assert.False(PublicKey.TryFromBytes(hybrid, out _));
        hybrid[0] = 4;
        Assert.True(PublicKey.TryFromBytes(hybrid, out PublicKey plain));
        Assert.Equal(key.PublicKey, plain);
    }

    [Fact]
    public void Both_sides_agree_on_a_shared_secret()
    {
        using PrivateKey a = Key("a");
        using PrivateKey b = Key("b");
        Assert.Equal(Secp256k1.Ecdh(a, b.PublicKey), Secp256k1.Ecdh(b, a.PublicKey));
    }

    [Fact]
    public void A_disposed_key_signs_nothing_and_text_shows_no_secret()
    {
        PrivateKey key = Key("disposed");
        Assert.DoesNotContain(Convert.ToHexStringLower(Keccak256.Hash("disposed"u8).ToArray()), key.ToString());
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => key.Sign(Hash256.Zero));
        Assert.Throws<ObjectDisposedException>(() => key.CopyTo(new byte[32]));
    }
}
