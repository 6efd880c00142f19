using System.Globalization;

namespace CPChain.Sdk.Abi;

/// <summary>The kinds of the contract ABI's types (Solidity ABI specification, "Types").</summary>
public enum AbiKind { Uint, Int, Address, Bool, FixedBytes, Bytes, String, Array, Tuple }

/// <summary>One named parameter of a function, event, error or tuple.</summary>
public sealed record AbiParameter(string Name, AbiType Type, bool Indexed = false)
{
    /// <summary>The compiler's name of the type, such as <c>struct Market.Terms[]</c>; empty where there is none.</summary>
    public string InternalType { get; init; } = "";
}

/// <summary>
/// A type of the contract ABI. Values in C#: uint is <c>UInt256</c>, int is <c>BigInteger</c>, address is <c>Address</c>,
/// bool is <c>bool</c>, bytesN and bytes are <c>byte[]</c>, string is <c>string</c>, arrays and tuples are <c>object[]</c>.
/// </summary>
public sealed class AbiType
{
    /// <summary>Nesting of arrays and tuples that a type may have.</summary>
    public const int DepthMax = 8;

    private AbiType(AbiKind kind, int size, AbiType? element, IReadOnlyList<AbiParameter> components, string name)
    {
        (Kind, Size, Element, Components, Name) = (kind, size, element, components, name);
        IsDynamic = kind switch
        {
            AbiKind.Bytes or AbiKind.String => true,
            AbiKind.Array => size < 0 || element!.IsDynamic,
            AbiKind.Tuple => components.Any(c => c.Type.IsDynamic),
            _ => false,
        };
        HeadBytes = IsDynamic ? 32 : kind switch
        {
            AbiKind.Array => checked(size * element!.HeadBytes),
            AbiKind.Tuple => components.Sum(c => c.Type.HeadBytes),
            _ => 32,
        };
    }

    public AbiKind Kind { get; }

    /// <summary>Bits of an integer, bytes of bytesN, length of a fixed array, -1 for an array of any length.</summary>
    public int Size { get; }

    /// <summary>What an array holds.</summary>
    public AbiType? Element { get; }

    /// <summary>The members of a tuple.</summary>
    public IReadOnlyList<AbiParameter> Components { get; }

    /// <summary>The canonical name that selectors are made of, such as <c>(uint256,address)[]</c>.</summary>
    public string Name { get; }

    /// <summary>Whether values are encoded behind an offset.</summary>
    public bool IsDynamic { get; }

    /// <summary>Bytes in the head: 32 for an offset, else the whole static encoding.</summary>
    public int HeadBytes { get; }

    public override string ToString() => Name;

    public static AbiType Tuple(IReadOnlyList<AbiParameter> components) =>
        new(AbiKind.Tuple, components.Count, null, components, $"({string.Join(',', components.Select(c => c.Type.Name))})");

    public static AbiType ArrayOf(AbiType element, int length = -1) =>
        new(AbiKind.Array, length, element, [], element.Name + (length < 0 ? "[]" : $"[{length}]"));

    /// <summary>Reads a canonical type name; <c>uint</c> and <c>int</c> mean 256 bits.</summary>
    /// <exception cref="FormatException">The text is no ABI type.</exception>
    public static AbiType Parse(string text) => Parse(text, []);

    /// <summary>Reads a type of a JSON ABI, whose tuples are called <c>tuple</c> and list their members apart.</summary>
    /// <exception cref="FormatException">The text is no ABI type.</exception>
    public static AbiType Parse(string text, IReadOnlyList<AbiParameter> components)
    {
        try
        {
            return Parse(text, components, 0);
        }
        catch (OverflowException e)
        {
            throw new FormatException("The ABI type is longer than 2^31 bytes.", e);
        }
    }

    private static AbiType Parse(string text, IReadOnlyList<AbiParameter> components, int depth)
    {
        if (depth > DepthMax) throw new FormatException($"The ABI type {text} is nested too deeply.");
        if (text.EndsWith(']'))
        {
            int open = text.LastIndexOf('[');
            if (open <= 0) throw Unknown(text);
            string length = text[(open + 1)..^1];
            int size = length.Length == 0 ? -1 : ParseSize(length, 0, 65_535, text);
            return ArrayOf(Parse(text[..open], components, depth + 1), size);
        }
        if (text == "tuple") return Tuple(components);
        if (text.StartsWith('(') && text.EndsWith(')')) return Tuple(ParseMembers(text[1..^1], depth));
        return ParseElementary(text);
    }

    private static AbiType ParseElementary(string text)
    {
        AbiType Make(AbiKind kind, int size, string? name = null) => new(kind, size, null, [], name ?? text);
        if (text == "address") return Make(AbiKind.Address, 20);
        if (text == "bool") return Make(AbiKind.Bool, 1);
        if (text == "bytes") return Make(AbiKind.Bytes, -1);
        if (text == "function") return Make(AbiKind.FixedBytes, 24); // An address and a selector.
        if (text == "string") return Make(AbiKind.String, -1);
        if (text == "uint") return Make(AbiKind.Uint, 256, "uint256");
        if (text == "int") return Make(AbiKind.Int, 256, "int256");
        if (text.StartsWith("uint", StringComparison.Ordinal)) return Make(AbiKind.Uint, ParseBits(text[4..], text));
        if (text.StartsWith("int", StringComparison.Ordinal)) return Make(AbiKind.Int, ParseBits(text[3..], text));
        if (text.StartsWith("bytes", StringComparison.Ordinal))
            return Make(AbiKind.FixedBytes, ParseSize(text[5..], 1, 32, text));
        throw Unknown(text);
    }

    private static List<AbiParameter> ParseMembers(string text, int depth)
    {
        List<AbiParameter> members = [];
        if (text.Length == 0) return members;
        int start = 0, open = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] == '(') open++;
            if (i < text.Length && text[i] == ')') open--;
            if (i < text.Length && (text[i] != ',' || open > 0)) continue;
            members.Add(new AbiParameter("", Parse(text[start..i], [], depth + 1)));
            start = i + 1;
        }
        return members;
    }

    private static int ParseBits(string digits, string type)
    {
        int bits = ParseSize(digits, 8, 256, type);
        return bits % 8 == 0 ? bits : throw Unknown(type);
    }

    private static int ParseSize(string digits, int least, int most, string type) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size >= least && size <= most
            ? size
            : throw Unknown(type);

    private static FormatException Unknown(string text) => new($"{text} is no ABI type.");
}
