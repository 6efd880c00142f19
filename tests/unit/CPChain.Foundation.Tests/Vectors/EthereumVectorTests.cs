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

    [Fact]
    public void Transactions_of_the_basic_tests_are_written_and_signed_as_published()
    {
        foreach (JsonElement test in PublicVectors.Json(Archive, "txtest.json").EnumerateArray())
        {
            var unsigned = new RlpWriter();
            unsigned.BeginList();
            WriteFields(unsigned, test);
            // The old form has empty places where the signature will be.
            for (int place = 0; place < 3; place++) unsigned.WriteUlong(0);
            unsigned.EndList();
            Assert.Equal(test.Bytes("unsigned"), unsigned.ToArray());

            var signedOver = new RlpWriter();
            signedOver.BeginList();
            WriteFields(signedOver, test);
            signedOver.EndList();
            var outer = new RlpReader(test.Bytes("signed"));
            Assert.True(outer.TryReadList(out RlpReader fields) && outer.AtEnd);
            for (int field = 0; field < 6; field++) Assert.True(fields.TryReadRaw(out _));
            Assert.True(fields.TryReadUlong(out ulong v));
            Assert.True(fields.TryReadUInt256(out UInt256 r));
            Assert.True(fields.TryReadUInt256(out UInt256 s));
            Assert.True(fields.AtEnd);
            Assert.True(PrivateKey.TryFromBytes(test.Bytes("key"), out PrivateKey? key));
            Signature signature = LowS(new Signature(r, s, (byte)(v - 27)));
            Assert.True(Secp256k1.TryRecoverAddress(Keccak256.Hash(signedOver.WrittenSpan), signature, out Address signer));
            Assert.Equal(key.Address, signer);
            key.Dispose();
        }
    }

    [Fact]
    public void The_hash_of_the_genesis_header_is_the_published_one()
    {
        JsonElement test = PublicVectors.Json(Archive, "genesishashestest.json");
        var outer = new RlpReader(test.Bytes("genesis_rlp_hex"));
        Assert.True(outer.TryReadList(out RlpReader block) && outer.AtEnd);
        Assert.True(block.TryReadRaw(out ReadOnlySpan<byte> header));
        Assert.Equal(test.Bytes("genesis_hash"), Keccak256.Hash(header).ToArray());
        var again = new RlpReader(header);
        Assert.True(again.TryReadList(out RlpReader fields));
        for (int field = 0; field < 3; field++) Assert.True(fields.TryReadRaw(out _));
        Assert.True(fields.TryReadHash(out Hash256 stateRoot));
        Assert.Equal(test.Bytes("genesis_state_root"), stateRoot.ToArray());
    }

    /// <summary>The same signature in the half that EIP-2 allows.</summary>
    private static Signature LowS(Signature signature) => signature.S <= Signature.HalfGroupOrder
        ? signature : new Signature(signature.R, Signature.GroupOrder - signature.S, (byte)(signature.V ^ 1));

    private static void WriteFields(RlpWriter writer, JsonElement test)
    {
        writer.WriteUlong(test.GetProperty("nonce").GetUInt64());
        writer.WriteUlong(test.GetProperty("gasprice").GetUInt64());
        writer.WriteUlong(test.GetProperty("startgas").GetUInt64());
        writer.WriteBytes(test.Bytes("to"));
        writer.WriteUlong(test.GetProperty("value").GetUInt64());
        writer.WriteBytes(test.Bytes("data"));
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
