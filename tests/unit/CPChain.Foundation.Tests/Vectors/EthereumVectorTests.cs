using System.Numerics;
using System.Text;
using System.Text.Json;
using CPChain.Crypto;
using CPChain.Types;
using CPChain.Types.Rlp;

namespace CPChain.Foundation.Tests.Vectors;

public sealed class EthereumVectorTests
{
    private const string Archive = "ethereum-tests/basic-tests.tar.xz";

    [Fact]
    public void Rlp_is_written_as_the_vectors_say_and_reads_back()
    {
        foreach (JsonProperty test in PublicVectors.Json(Archive, "RLPTests/rlptest.json").EnumerateObject())
        {
            var writer = new RlpWriter();
            Write(writer, test.Value.GetProperty("in"));
            byte[] expected = Hex.Decode(test.Value.Text("out"));
            Assert.Equal(expected, writer.ToArray());
            var reader = new RlpReader(expected);
            Assert.True(RlpTree.TryWalk(ref reader, out _) && reader.AtEnd, test.Name);
        }
    }

    [Fact]
    public void Invalid_rlp_is_refused_with_a_reason()
    {
        int seen = 0;
        foreach (JsonProperty test in PublicVectors.Json(Archive, "RLPTests/invalidRLPTest.json").EnumerateObject())
        {
            byte[] input = Hex.Decode(test.Value.Text("out"));
            var reader = new RlpReader(input);
            bool whole = RlpTree.TryWalk(ref reader, out RlpError error) && reader.AtEnd;
            Assert.False(whole, test.Name);
            seen++;
        }

        Assert.True(seen > 20);
    }

    [Fact]
    public void Random_rlp_that_is_valid_is_read()
    {
        foreach (JsonProperty test in PublicVectors.Json(Archive, "RandomRLPTests/example.json").EnumerateObject())
        {
            byte[] input = Hex.Decode(test.Value.Text("out"));
            var reader = new RlpReader(input);
            Assert.True(RlpTree.TryWalk(ref reader, out _) && reader.AtEnd, test.Name);
        }
    }

    [Fact]
    public void Keys_and_addresses_match_the_basic_tests()
    {
        foreach (JsonElement test in PublicVectors.Json(Archive, "keyaddrtest.json").EnumerateArray())
        {
            byte[] secret = test.Bytes("key");
            Assert.Equal(secret, Keccak256.Hash(Encoding.ASCII.GetBytes(test.Text("seed"))).ToArray());
            Assert.True(PrivateKey.TryFromBytes(secret, out PrivateKey? key));
            Assert.Equal(Address.Parse("0x" + test.Text("addr")), key.Address);
            Hash256 digest = Keccak256.Hash([]);
            Assert.True(Secp256k1.TryRecoverAddress(digest, key.Sign(digest), out Address signer));
            Assert.Equal(key.Address, signer);
        }
    }

    private static void Write(RlpWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Array:
                writer.BeginList();
                foreach (JsonElement item in value.EnumerateArray()) Write(writer, item);
                writer.EndList();
                break;
            case JsonValueKind.Number:
                writer.WriteUlong(value.GetUInt64());
                break;
            default:
                string text = value.GetString()!;
                if (text.StartsWith('#')) WriteBig(writer, BigInteger.Parse(text[1..], System.Globalization.CultureInfo.InvariantCulture));
                else writer.WriteBytes(Encoding.UTF8.GetBytes(text));
                break;
        }
    }

    private static void WriteBig(RlpWriter writer, BigInteger number)
    {
        if (number.GetBitLength() <= 256) writer.WriteUInt256(UInt256.FromBigInteger(number));
        else writer.WriteBytes(number.ToByteArray(isUnsigned: true, isBigEndian: true));
    }
}
