using CPChain.Foundation.Tests.Vectors;
using CPChain.Types;
using CPChain.Types.Rlp;
using FsCheck;
using FsCheck.Fluent;

namespace CPChain.Foundation.Tests.Types;

public sealed class RlpTests
{
    [Fact]
    public void Every_kind_of_value_reads_back()
    {
        var address = Address.Parse("0x00112233445566778899aabbccddeeff00112233");
        var hash = Hash256.Parse("0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
        var writer = new RlpWriter(1);
        writer.BeginList();
        writer.WriteUlong(0);
        writer.WriteUlong(ulong.MaxValue);
        writer.WriteUInt256(UInt256.MaxValue);
        writer.WriteAddress(address);
        writer.WriteAddressOrEmpty(null);
        writer.WriteAddressOrEmpty(address);
        writer.WriteHash(hash);
        writer.WriteBool(true);
        writer.BeginList();
        writer.WriteBytes(new byte[60]);
        writer.EndList();
        writer.WriteRaw([0xc0]);
        writer.EndList();

        var outer = new RlpReader(writer.WrittenSpan);
        Assert.True(outer.TryReadList(out RlpReader list) && outer.AtEnd);
        Assert.True(list.TryReadUlong(out ulong zero) && zero == 0);
        Assert.True(list.TryReadUlong(out ulong most) && most == ulong.MaxValue);
        Assert.True(list.TryReadUInt256(out UInt256 word) && word == UInt256.MaxValue);
        Assert.True(list.TryReadAddress(out Address a) && a == address);
        Assert.True(list.TryReadOptionalAddress(out Address? none) && none is null);
        Assert.True(list.TryReadOptionalAddress(out Address? some) && some == address);
        Assert.True(list.TryReadHash(out Hash256 h) && h == hash);
        Assert.True(list.TryReadBool(out bool flag) && flag);
        Assert.True(list.TryReadRaw(out ReadOnlySpan<byte> raw) && raw.Length == 64);
        Assert.True(list.TryReadList(out RlpReader empty) && empty.AtEnd);
        Assert.True(list.AtEnd);
    }

    [Theory]
    [InlineData("", RlpError.EndOfInput)]
    [InlineData("8100", RlpError.NotCanonical)]
    [InlineData("b801ff", RlpError.NotCanonical)]
    [InlineData("b90038", RlpError.NotCanonical)]
    [InlineData("b8", RlpError.EndOfInput)]
    [InlineData("83aabb", RlpError.EndOfInput)]
    [InlineData("bfffffffffffffffff", RlpError.EndOfInput)]
    [InlineData("c0", RlpError.UnexpectedList)]
    [InlineData("00", RlpError.NotCanonical)]
    [InlineData("89010000000000000000", RlpError.TooLong)]
    public void A_number_that_is_not_canonical_or_too_wide_is_refused(string hex, RlpError error)
    {
        var reader = new RlpReader(Convert.FromHexString(hex));
        Assert.False(reader.TryReadUlong(out _));
        Assert.Equal(error, reader.Error);
    }

    [Fact]
    public void The_first_failure_stays()
    {
        var reader = new RlpReader([0xc0, 0x01]);
        Assert.False(reader.TryReadAddress(out _));
        Assert.Equal(RlpError.UnexpectedList, reader.Error);
        Assert.False(reader.TryReadList(out _));
        Assert.False(reader.TryReadRaw(out _));
        Assert.False(reader.TryPeekIsList(out _));
        Assert.False(reader.AtEnd);
        Assert.Equal(RlpError.UnexpectedList, reader.Error);
    }

    [Fact]
    public void Wrong_lengths_of_fixed_values_are_refused()
    {
        var hash = new RlpReader([0x81, 0x80]);
        Assert.False(hash.TryReadHash(out _));
        Assert.Equal(RlpError.WrongLength, hash.Error);
        var optional = new RlpReader([0x81, 0x80]);
        Assert.False(optional.TryReadOptionalAddress(out _));
        var bounded = new RlpReader([0x82, 0x80, 0x80]);
        Assert.False(bounded.TryReadBytes(out _, maxLength: 1));
        Assert.Equal(RlpError.TooLong, bounded.Error);
        var inside = new RlpReader([0xc0]);
        Assert.False(inside.TryReadBytes(out _));
    }

    [Fact]
    public void Any_bytes_are_read_or_refused_and_what_is_read_writes_back_the_same()
    {
        Gen<byte> interesting = Gen.Frequency(
            (3, ArbMap.Default.GeneratorFor<byte>()),
            (2, Gen.Elements<byte>(0x80, 0x81, 0xb7, 0xb8, 0xb9, 0xbf, 0xc0, 0xc1, 0xf7, 0xf8, 0xff, 0)));
        Gen<byte[]> input = interesting.ArrayOf();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(20_000), Prop.ForAll(Arb.From(input), bytes =>
        {
            var reader = new RlpReader(bytes);
            if (!RlpTree.TryWalk(ref reader, out RlpError error))
            {
                Assert.NotEqual(RlpError.None, error);
                return;
            }

            // Canonical form: the item's own bytes are its only encoding.
            ReadOnlySpan<byte> item = bytes.AsSpan(0, bytes.Length - reader.Remaining);
            var copy = new RlpReader(item);
            var writer = new RlpWriter();
            Rewrite(ref copy, writer);
            Assert.Equal(item.ToArray(), writer.ToArray());
        }));
    }

    [Fact]
    public void A_changed_bit_in_an_account_never_throws_and_never_reads_as_the_same()
    {
        var account = new Account(7, UInt256.Parse("123456789012345678901234567890"), Account.EmptyCodeHash, Account.EmptyTrieRoot);
        byte[] encoded = account.Encode();
        Assert.True(Account.TryDecode(encoded, out Account same));
        Assert.Equal(account, same);
        for (int bit = 0; bit < encoded.Length * 8; bit++)
        {
            byte[] changed = [.. encoded];
            changed[bit >> 3] ^= (byte)(1 << (bit & 7));
            if (Account.TryDecode(changed, out Account other)) Assert.NotEqual(account, other);
        }

        for (int length = 0; length < encoded.Length; length++) Assert.False(Account.TryDecode(encoded.AsSpan(0, length), out _));
        Assert.False(Account.TryDecode([.. encoded, 0], out _));
    }

    private static void Rewrite(ref RlpReader reader, RlpWriter writer)
    {
        Assert.True(reader.TryPeekIsList(out bool isList));
        if (!isList)
        {
            Assert.True(reader.TryReadBytes(out ReadOnlySpan<byte> bytes));
            writer.WriteBytes(bytes);
            return;
        }

        Assert.True(reader.TryReadList(out RlpReader inner));
        writer.BeginList();
        while (!inner.AtEnd) Rewrite(ref inner, writer);
        writer.EndList();
    }
}
