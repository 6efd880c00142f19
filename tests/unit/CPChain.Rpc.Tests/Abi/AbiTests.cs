using System.Numerics;
using CPChain.Sdk.Abi;
using CPChain.Sdk.Contracts;
using CPChain.Types;
using FsCheck;
using FsCheck.Fluent;

namespace CPChain.Rpc.Tests.Abi;

/// <summary>The ABI codec beyond the vectors: nesting, strictness, bounds.</summary>
public sealed class AbiTests
{
    [Theory]
    [InlineData("transfer(address,uint256)", "0xa9059cbb")]
    [InlineData("baz(uint32,bool)", "0xcdcd77c0")]
    [InlineData("sam(bytes,bool,uint256[])", "0xa5643bf2")]
    [InlineData("f(uint256,uint32[],bytes10,bytes)", "0x8be65246")]
    public void Selectors_are_those_of_the_specification(string signature, string selector)
    {
        int open = signature.IndexOf('(', StringComparison.Ordinal);
        AbiFunction function = new(signature[..open], AbiType.Parse(signature[open..]).Components, [], false, false);
        Assert.Equal(selector, Hex.Encode(function.Selector));
    }

    [Fact]
    public void Nested_dynamic_arrays_are_those_of_the_specification()
    {
        AbiType[] types = [AbiType.Parse("uint256[][]"), AbiType.Parse("string[]")];
        object[] values =
        [
            new object[] { new object[] { 1UL, 2UL }, new object[] { 3UL } },
            new object[] { "one", "two", "three" },
        ];
        string words = string.Concat(
            Word(0x40), Word(0x140), Word(2), Word(0x40), Word(0xa0), Word(2), Word(1), Word(2), Word(1), Word(3),
            Word(3), Word(0x60), Word(0xa0), Word(0xe0), Word(3), Text("one"), Word(3), Text("two"), Word(5), Text("three"));
        Assert.Equal("0x" + words, Hex.Encode(AbiEncoder.Encode(types, values)));
    }

    [Theory]
    [InlineData("uint7")]
    [InlineData("uint264")]
    [InlineData("bytes33")]
    [InlineData("bytes0")]
    [InlineData("uint256[")]
    [InlineData("[]")]
    [InlineData("int64[322][3222][322]")]
    [InlineData("(uint256")]
    [InlineData("word")]
    public void Text_that_is_no_type_is_refused(string text) => Assert.Throws<FormatException>(() => AbiType.Parse(text));

    [Fact]
    public void Every_value_decodes_to_itself() =>
        Prop.ForAll(ArbMap.Default.GeneratorFor<int>().ToArbitrary(), seed =>
        {
            Generator generator = new(seed);
            AbiType[] types = [.. Enumerable.Range(0, generator.Next(5)).Select(_ => generator.Type(3))];
            object[] values = [.. types.Select(generator.Value)];
            byte[] encoded = AbiEncoder.Encode(types, values);
            return AbiDecoder.TryDecode(types, encoded, out object[] decoded)
                && AbiEncoder.Encode(types, decoded).AsSpan().SequenceEqual(encoded);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Damaged_data_never_throws() =>
        Prop.ForAll(ArbMap.Default.GeneratorFor<int>().ToArbitrary(), seed =>
        {
            Generator generator = new(seed);
            AbiType[] types = [.. Enumerable.Range(0, 1 + generator.Next(4)).Select(_ => generator.Type(3))];
            byte[] encoded = AbiEncoder.Encode(types, [.. types.Select(generator.Value)]);
            for (int i = 0; i < 20 && encoded.Length > 0; i++)
            {
                encoded[generator.Next(encoded.Length)] = (byte)generator.Next(256);
                AbiDecoder.TryDecode(types, encoded.AsSpan(0, encoded.Length - generator.Next(Math.Min(40, encoded.Length))), out _);
            }
            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Offsets_onto_the_same_bytes_do_not_blow_the_work_up()
    {
        // Seven levels of 31 offsets that all point at the next level: 31^8 values if each were followed.
        string level = Word(31) + string.Concat(Enumerable.Repeat(Word(31 * 32), 31));
        string last = Word(31) + string.Concat(Enumerable.Repeat(Word(1), 31));
        byte[] bomb = Hex.Decode(Word(0x20) + string.Concat(Enumerable.Repeat(level, 7)) + last);
        Assert.False(AbiDecoder.TryDecode([AbiType.Parse("uint256[][][][][][][]")], bomb, out _));
        Assert.False(AbiDecoder.TryDecode([AbiType.Parse("()[]")], Hex.Decode(Word(0x20) + new string('f', 64)), out _));
    }

    [Theory]
    [InlineData("bool", 2UL)]
    [InlineData("uint8", 256UL)]
    [InlineData("bytes4", 1UL)]
    [InlineData("int8", 128UL)]
    public void A_word_outside_its_type_is_refused(string type, ulong word) =>
        Assert.False(AbiDecoder.TryDecode([AbiType.Parse(type)], new UInt256(word).ToBigEndian(), out _));

    [Fact]
    public void The_wrappers_names_are_in_the_contracts()
    {
        Assert.Equal("list((bytes32,uint64,uint64,uint64,uint64,bytes32,bytes32,uint128,uint128,uint8,uint32,uint32,uint32),address[])",
            "list" + AbiType.Tuple(SystemContracts.Market.Abi.Function("list").Inputs).Name);
        Assert.Equal(2, SystemContracts.All.Count);
        Assert.All(SystemContracts.All, c => Assert.True(c.RuntimeCode.Length is > 1_000 and <= 24_576));
    }

    private static string Word(ulong number) => Convert.ToHexStringLower(new UInt256(number).ToBigEndian());

    private static string Text(string text) =>
        Convert.ToHexStringLower(System.Text.Encoding.ASCII.GetBytes(text)).PadRight(64, '0');

    /// <summary>Types and values that fit them, from one seed.</summary>
    private sealed class Generator(int seed)
    {
        private readonly Random _random = new(seed);

        public int Next(int below) => _random.Next(below);

        public AbiType Type(int depth) => _random.Next(depth > 0 ? 9 : 7) switch
        {
            0 => AbiType.Parse($"uint{8 * _random.Next(1, 33)}"),
            1 => AbiType.Parse($"int{8 * _random.Next(1, 33)}"),
            2 => AbiType.Parse("address"),
            3 => AbiType.Parse("bool"),
            4 => AbiType.Parse($"bytes{_random.Next(1, 33)}"),
            5 => AbiType.Parse("bytes"),
            6 => AbiType.Parse("string"),
            7 => AbiType.ArrayOf(Type(depth - 1), _random.Next(-1, 4)),
            _ => AbiType.Tuple([.. Enumerable.Range(0, _random.Next(4)).Select(i => new AbiParameter($"m{i}", Type(depth - 1)))]),
        };

        public object Value(AbiType type) => type.Kind switch
        {
            AbiKind.Uint => UInt256.FromBigEndian(Bytes(type.Size / 8)),
            AbiKind.Int => new BigInteger(Bytes(type.Size / 8)),
            AbiKind.Address => Address.FromBytes(Bytes(20)),
            AbiKind.Bool => _random.Next(2) == 1,
            AbiKind.FixedBytes => Bytes(type.Size),
            AbiKind.Bytes => Bytes(_random.Next(70)),
            AbiKind.String => new string((char)_random.Next('a', 'ÿ'), _random.Next(40)),
            AbiKind.Array => Enumerable.Range(0, type.Size < 0 ? _random.Next(4) : type.Size).Select(_ => Value(type.Element!)).ToArray(),
            _ => type.Components.Select(c => Value(c.Type)).ToArray(),
        };

        private byte[] Bytes(int count)
        {
            byte[] bytes = new byte[count];
            _random.NextBytes(bytes);
            return bytes;
        }
    }
}
