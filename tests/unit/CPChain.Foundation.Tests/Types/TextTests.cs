using System.Globalization;
using System.Numerics;
using CPChain.Crypto;
using CPChain.Types;
using FsCheck;
using FsCheck.Fluent;

namespace CPChain.Foundation.Tests.Types;

public sealed class TextTests
{
    [Theory]
    [InlineData("0", "0x0")]
    [InlineData("1", "0x1")]
    [InlineData("255", "0xff")]
    [InlineData("18446744073709551616", "0x10000000000000000")]
    [InlineData("115792089237316195423570985008687907853269984665640564039457584007913129639935",
        "0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    public void Numbers_have_a_decimal_and_a_quantity_form(string text, string quantity)
    {
        UInt256 value = UInt256.Parse(text);
        Assert.Equal(text, value.ToString());
        Assert.Equal(quantity, value.ToHexQuantity());
        Assert.Equal(value, UInt256.Parse(quantity));
        Assert.Equal(text, $"{value}");
        Assert.Equal(quantity, $"{value:x}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("-1")]
    [InlineData("1.0")]
    [InlineData("0xg")]
    [InlineData("115792089237316195423570985008687907853269984665640564039457584007913129639936")]
    [InlineData("0x10000000000000000000000000000000000000000000000000000000000000000")]
    public void What_is_no_number_is_refused(string text) => Assert.False(UInt256.TryParse(text, out _));

    [Fact]
    public void Decimal_text_and_bytes_read_back_for_all_numbers() =>
        Prop.ForAll(ArbMap.Default.ArbFor<BigInteger[]>(), seeds =>
        {
            BigInteger number = seeds.Aggregate(BigInteger.One, (a, b) => (a << 61) ^ BigInteger.Abs(b)) % (BigInteger.One << 256);
            UInt256 value = UInt256.FromBigInteger(number);
            Assert.Equal(number.ToString(CultureInfo.InvariantCulture), value.ToString());
            Assert.Equal(value, UInt256.Parse(value.ToString()));
            Assert.Equal(value, UInt256.FromBigEndian(value.ToBigEndian()));
            Assert.Equal(number, value.ToBigInteger());
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Conversions_that_lose_something_throw()
    {
        UInt256 wide = new(0, 1);
        Assert.Throws<OverflowException>(() => (ulong)wide);
        Assert.Throws<OverflowException>(() => (int)(UInt256)(1UL << 31));
        Assert.Throws<OverflowException>(() => (UInt256)(-1));
        Assert.Throws<OverflowException>(() => UInt256.FromBigInteger(BigInteger.MinusOne));
        Assert.Throws<OverflowException>(() => UInt256.FromBigInteger(BigInteger.One << 256));
        Assert.Equal(ulong.MaxValue, wide.ToUlongSaturating());
    }

    [Fact]
    public void Addresses_and_hashes_compare_as_their_bytes()
    {
        byte[][] rows =
        [
            [.. Enumerable.Repeat((byte)0, 20)],
            [.. Enumerable.Repeat((byte)0, 19), 1],
            [.. Enumerable.Repeat((byte)0, 8), 1, .. Enumerable.Repeat((byte)0, 11)],
            [0x7f, .. Enumerable.Repeat((byte)0xff, 19)],
            [0x80, .. Enumerable.Repeat((byte)0, 19)],
        ];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j < rows.Length; j++)
            {
                Assert.Equal(
                    Math.Sign(i.CompareTo(j)), Math.Sign(Address.FromBytes(rows[i]).CompareTo(Address.FromBytes(rows[j]))));
                byte[] a = [.. rows[i], .. new byte[12]];
                byte[] b = [.. rows[j], .. new byte[12]];
                Assert.Equal(i == j, Hash256.FromBytes(a) == Hash256.FromBytes(b));
                Assert.Equal(Math.Sign(i.CompareTo(j)), Math.Sign(Hash256.FromBytes(a).CompareTo(Hash256.FromBytes(b))));
            }

            Address address = Address.FromBytes(rows[i]);
            Assert.Equal(rows[i], address.ToArray());
            Assert.Equal(address, Address.Parse(address.ToString()));
            Assert.Equal(address, Address.FromUInt256(address.ToUInt256()));
            Assert.Equal(UInt256.FromBigEndian(rows[i]), address.ToUInt256());
        }
    }

    [Theory]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359")]
    [InlineData("0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB")]
    [InlineData("0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb")]
    [InlineData("0x52908400098527886E0F7030069857D2E4169EE7")]
    [InlineData("0xde709f2102306220921060314715629080e2fb77")]
    public void Eip55_examples_format_and_parse(string text)
    {
        Assert.True(AddressChecksum.TryParse(text, out Address address));
        Assert.Equal(text, AddressChecksum.Format(address));
    }

    [Fact]
    public void Eip55_refuses_a_wrong_case() =>
        Assert.False(AddressChecksum.TryParse("0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", out _));

    [Theory]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeg")]
    public void What_is_no_address_is_refused(string text) => Assert.False(Address.TryParse(text, out _));

    [Theory]
    [InlineData("1", "1000000000000000000", "1 CPC")]
    [InlineData("0.5 CPC", "500000000000000000", "0.5 CPC")]
    [InlineData("12.000000000000000001", "12000000000000000001", "12.000000000000000001 CPC")]
    [InlineData("0", "0", "0 CPC")]
    public void Amounts_parse_and_print(string text, string baseUnits, string printed)
    {
        Assert.True(Units.TryParseCpc(text, out UInt256 amount));
        Assert.Equal(baseUnits, amount.ToString());
        Assert.Equal(printed, Units.FormatCpc(amount));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("1.")]
    [InlineData("-1")]
    [InlineData("0x10")]
    [InlineData("1.0000000000000000001")]
    [InlineData("1e5")]
    [InlineData("1.-5")]
    public void What_is_no_amount_is_refused(string text) => Assert.False(Units.TryParseCpc(text, out _));

    [Fact]
    public void A_broken_invariant_names_the_reason_and_the_place()
    {
        Invariant.Check(true, "holds");
        InvariantViolation violation = Assert.Throws<InvariantViolation>(() => Invariant.Check(false, "Sums differ."));
        Assert.Contains("Sums differ.", violation.Message);
        Assert.Contains("TextTests.cs", violation.Message);
    }

    [Fact]
    public void Hex_reads_with_and_without_prefix_and_refuses_the_rest()
    {
        Assert.Equal("0x00ff", Hex.Encode([0, 255]));
        Assert.Equal([0, 255], Hex.Decode("0x00FF"));
        Assert.Equal([0, 255], Hex.Decode("00ff"));
        Assert.True(Hex.TryDecode("0x", out byte[] empty) && empty.Length == 0);
        Assert.False(Hex.TryDecode("0x0", out byte[] _));
        Assert.False(Hex.TryDecode("0xzz", out byte[] _));
    }
}
