using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using CPChain.Sdk.Abi;
using CPChain.Types;

namespace CPChain.Rpc.Tests.Abi;

/// <summary>The ABI cases of the Ethereum tests.</summary>
public sealed class AbiVectorTests
{
    [Fact]
    public void Ethereum_vectors_encode_to_their_results_and_decode_back()
    {
        using JsonDocument document = JsonDocument.Parse(Vectors.ReadFromArchive(
            "ethereum-tests/basic-tests.tar.xz", "ABITests/basic_abi_tests.json"));
        int cases = 0;
        foreach (JsonProperty test in document.RootElement.EnumerateObject())
        {
            AbiType[] types = [.. test.Value.GetProperty("types").EnumerateArray().Select(t => AbiType.Parse(t.GetString()!))];
            object[] values = [.. test.Value.GetProperty("args").EnumerateArray().Select((a, i) => ToValue(types[i], a))];
            byte[] expected = Hex.Decode(test.Value.GetProperty("result").GetString()!);

            Assert.Equal(Hex.Encode(expected), Hex.Encode(AbiEncoder.Encode(types, values)));
            Assert.True(AbiDecoder.TryDecode(types, expected, out object[] decoded), test.Name);
            Assert.Equal(expected, AbiEncoder.Encode(types, decoded));
            cases++;
        }
        Assert.True(cases >= 3);
    }

    private static object ToValue(AbiType type, JsonElement value) => type.Kind switch
    {
        AbiKind.Uint => UInt256.FromBigInteger(BigInteger.Parse(value.GetRawText(), CultureInfo.InvariantCulture)),
        AbiKind.Address => Address.Parse(value.GetString()!),
        AbiKind.FixedBytes or AbiKind.Bytes => Encoding.ASCII.GetBytes(value.GetString()!),
        AbiKind.Array => value.EnumerateArray().Select(v => ToValue(type.Element!, v)).ToArray(),
        _ => throw new InvalidOperationException($"The vectors have a new kind of type: {type.Name}."),
    };
}
