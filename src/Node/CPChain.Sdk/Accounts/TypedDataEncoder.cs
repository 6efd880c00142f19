using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using CPChain.Crypto;
using CPChain.Sdk.Abi;
using CPChain.Types;

namespace CPChain.Sdk;

/// <summary>encodeType, encodeData and hashStruct of EIP-712 over JSON values.</summary>
internal sealed class TypedDataEncoder(IReadOnlyDictionary<string, TypedDataMember[]> types)
{
    private const int DepthMax = 32;
    private readonly Dictionary<string, Hash256> _typeHashes = new(StringComparer.Ordinal);

    public Hash256 HashStruct(string type, JsonElement value) => HashStruct(type, value, 0);

    private Hash256 HashStruct(string type, JsonElement value, int depth)
    {
        if (depth > DepthMax) throw new FormatException($"Typed data is nested more than {DepthMax} deep.");
        if (value.ValueKind != JsonValueKind.Object) throw new FormatException($"A value of {type} is an object.");
        using MemoryStream data = new();
        data.Write(TypeHash(type).ToArray());
        foreach (TypedDataMember member in MembersOf(type))
        {
            if (!value.TryGetProperty(member.Name, out JsonElement item))
                throw new FormatException($"A value of {type} lacks its member {member.Name}.");
            data.Write(Encode(member.Type, item, depth + 1));
        }
        return Keccak256.Hash(data.ToArray());
    }

    /// <summary>The 32 bytes of a member.</summary>
    private byte[] Encode(string type, JsonElement value, int depth)
    {
        if (depth > DepthMax) throw new FormatException($"Typed data is nested more than {DepthMax} deep.");
        if (type.EndsWith(']')) return EncodeArray(type, value, depth);
        if (types.ContainsKey(type))
        {
            // A reference to nothing, as in a list whose end is reached.
            return value.ValueKind == JsonValueKind.Null ? new byte[32] : HashStruct(type, value, depth).ToArray();
        }
        AbiType known = AbiType.Parse(type);
        return known.Kind switch
        {
            AbiKind.String => Keccak256.Hash(Encoding.UTF8.GetBytes(Text(type, value))).ToArray(),
            AbiKind.Bytes => Keccak256.Hash(Bytes(type, value)).ToArray(),
            AbiKind.Tuple or AbiKind.Array => throw Wrong(type),
            _ => Word(known, value),
        };
    }

    private byte[] EncodeArray(string type, JsonElement value, int depth)
    {
        int open = type.LastIndexOf('[');
        if (open < 0) throw new FormatException($"{type} is no type: it closes an array that it does not open.");
        string element = type[..open], length = type[(open + 1)..^1];
        if (value.ValueKind != JsonValueKind.Array) throw Wrong(type);
        if (length.Length > 0 && length != value.GetArrayLength().ToString(CultureInfo.InvariantCulture)) throw Wrong(type);
        using MemoryStream data = new();
        foreach (JsonElement item in value.EnumerateArray()) data.Write(Encode(element, item, depth + 1));
        return Keccak256.Hash(data.ToArray()).ToArray();
    }

    private static byte[] Word(AbiType type, JsonElement value)
    {
        object item = type.Kind switch
        {
            AbiKind.Bool when value.ValueKind is JsonValueKind.True or JsonValueKind.False => value.GetBoolean(),
            AbiKind.Address when Address.TryParse(Text(type.Name, value), out Address address) => address,
            AbiKind.FixedBytes => Bytes(type.Name, value),
            AbiKind.Uint or AbiKind.Int => Number(type.Name, value),
            _ => throw Wrong(type.Name),
        };
        try
        {
            return AbiEncoder.Encode([type], [item]);
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"A value does not fit the type {type.Name}.", e);
        }
    }

    private static BigInteger Number(string type, JsonElement value)
    {
        string text = value.ValueKind == JsonValueKind.Number ? value.GetRawText() : Text(type, value);
        if (text.Length > 80) throw Wrong(type);
        if (text.StartsWith("0x", StringComparison.Ordinal))
            return UInt256.TryParse(text, out UInt256 hex) ? hex.ToBigInteger() : throw Wrong(type);
        return BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger number)
            ? number
            : throw Wrong(type);
    }

    private static byte[] Bytes(string type, JsonElement value) =>
        Hex.TryDecode(Text(type, value), out byte[] bytes) ? bytes : throw Wrong(type);

    private static string Text(string type, JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(type);

    private Hash256 TypeHash(string type)
    {
        if (_typeHashes.TryGetValue(type, out Hash256 known)) return known;
        SortedSet<string> referred = new(StringComparer.Ordinal);
        Collect(type, referred);
        referred.Remove(type);
        string text = string.Concat(((string[])[type, .. referred]).Select(Written));
        return _typeHashes[type] = Keccak256.Hash(Encoding.UTF8.GetBytes(text));
    }

    private void Collect(string type, SortedSet<string> found)
    {
        Stack<string> open = new([type]);
        while (open.TryPop(out string? next))
        {
            int bracket = next.IndexOf('[', StringComparison.Ordinal);
            string plain = bracket < 0 ? next : next[..bracket];
            if (!types.ContainsKey(plain) || !found.Add(plain)) continue;
            foreach (TypedDataMember member in MembersOf(plain)) open.Push(member.Type);
        }
    }

    private string Written(string type) => $"{type}({string.Join(',', MembersOf(type).Select(m => $"{m.Type} {m.Name}"))})";

    private TypedDataMember[] MembersOf(string type) =>
        types.TryGetValue(type, out TypedDataMember[]? members) ? members : throw new FormatException($"There is no type {type}.");

    private static FormatException Wrong(string type) => new($"A value does not fit the type {type}.");
}
