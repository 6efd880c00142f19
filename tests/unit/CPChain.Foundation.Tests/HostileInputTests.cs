using CPChain.Crypto;
using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.Foundation.Tests;

/// <summary>Every reader of bytes or text from outside answers; none throws, whatever it is given.</summary>
public sealed class HostileInputTests
{
    private const int Rounds = 3000;

    [Fact]
    public void Readers_of_bytes_answer_every_input()
    {
        var random = new Random(20261120);
        using PrivateKey key = PrivateKey.Generate(random.NextBytes);
        Hash256 digest = Keccak256.Hash("x"u8);
        byte[][] seeds =
        [
            key.Sign(digest).ToArray(),
            key.PublicKey.ToCompressed(),
            key.PublicKey.ToUncompressed(),
            [4, .. key.PublicKey.ToUncompressed()],
            Signature.GroupOrder.ToBigEndian(),
            Account.Empty.Encode(),
        ];
        for (int round = 0; round < Rounds; round++)
        {
            byte[] input = Mutation.Of(seeds[round % seeds.Length], random);
            if (Signature.TryFromBytes(input, out Signature signature)) Assert.Equal(input, signature.ToArray());
            if (input.Length >= 65)
            {
                var any = new Signature(
                    UInt256.FromBigEndian(input.AsSpan(0, 32)), UInt256.FromBigEndian(input.AsSpan(32, 32)), input[64]);
                Secp256k1.TryRecoverAny(digest, any, out PublicKey recovered);
                Assert.False(Secp256k1.Verify(digest, any, recovered) && !any.IsCanonical);
            }

            if (PublicKey.TryFromBytes(input, out PublicKey publicKey))
                Assert.Contains(Convert.ToHexString(input[^32..]), Convert.ToHexString([.. publicKey.ToUncompressed(), .. publicKey.ToCompressed()]));
            if (Point.TryFromCompressed(input, out Point point)) Assert.Equal(input, point.ToCompressed());
            if (Scalar.TryFromBytes32(input, out Scalar scalar)) Assert.Equal(input, scalar.ToArray());
            if (PrivateKey.TryFromBytes(input, out PrivateKey? secret)) secret.Dispose();
            if (Account.TryDecode(input, out Account account)) Assert.Equal(input, account.Encode());
            ReadAnything(input);
        }
    }

    [Fact]
    public void Readers_of_text_answer_every_input()
    {
        var random = new Random(20261121);
        string[] seeds =
        [
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
            "115792089237316195423570985008687907853269984665640564039457584007913129639935",
            "12.5 CPC",
            "",
        ];
        const string alphabet = "0123456789abcdefABCDEFxX.-+ \0\u0661\ud83d\udca9CP";
        for (int round = 0; round < Rounds; round++)
        {
            List<char> text = [.. seeds[round % seeds.Length]];
            for (int i = random.Next(3); i >= 0; i--)
            {
                int at = random.Next(text.Count + 1);
                if (at < text.Count && random.Next(2) == 0) text[at] = alphabet[random.Next(alphabet.Length)];
                else text.Insert(at, alphabet[random.Next(alphabet.Length)]);
            }

            string input = new([.. text]);
            if (UInt256.TryParse(input, out UInt256 number)) Assert.Equal(number, UInt256.Parse(number.ToString()));
            if (Address.TryParse(input, out Address address)) Assert.Equal(address, Address.Parse(address.ToString()));
            if (AddressChecksum.TryParse(input, out Address checkedAddress)) Assert.Equal(address, checkedAddress);
            if (Hash256.TryParse(input, out Hash256 hash)) Assert.Equal(hash, Hash256.Parse(hash.ToString()));
            if (Hex.TryDecode(input, out byte[] bytes)) Assert.Equal(bytes, Hex.Decode(Hex.Encode(bytes)));
            if (Units.TryParseCpc(input, out UInt256 amount))
            {
                Assert.True(Units.TryParseCpc(Units.FormatCpc(amount), out UInt256 again));
                Assert.Equal(amount, again);
            }
        }
    }

    private static void ReadAnything(byte[] input)
    {
        var reader = new RlpReader(input);
        reader.TryReadUInt256(out _);
        reader = new RlpReader(input);
        reader.TryReadOptionalAddress(out _);
        reader = new RlpReader(input);
        if (!reader.TryReadList(out RlpReader list)) return;
        while (list.TryReadRaw(out ReadOnlySpan<byte> item)) Assert.NotEqual(0, item.Length);
        Assert.True(list.AtEnd || list.Error != RlpError.None);
    }
}

/// <summary>Random damage: flipped bits, replaced, cut, repeated and inserted bytes.</summary>
internal static class Mutation
{
    public static byte[] Of(byte[] seed, Random random)
    {
        List<byte> bytes = [.. seed];
        for (int i = random.Next(3); i >= 0; i--)
        {
            int at = random.Next(bytes.Count + 1);
            switch (random.Next(5))
            {
                case 0 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when at < bytes.Count:
                    bytes[at] = (byte)(random.Next(2) == 0 ? 255 : random.Next(256));
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(4), bytes.Count - at));
                    break;
                case 3:
                    bytes.InsertRange(at, bytes[..Math.Min(bytes.Count, random.Next(40))]);
                    break;
                default:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
            }
        }

        return [.. bytes];
    }
}
