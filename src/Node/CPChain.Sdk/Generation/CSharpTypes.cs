using CPChain.Sdk.Abi;

namespace CPChain.Sdk.Generation;

/// <summary>A record that stands for a struct.</summary>
/// <param name="Name">The record's name.</param>
/// <param name="Reader">The method that makes one of decoded values.</param>
/// <param name="SolidityName">The struct's name in Solidity; empty where the compiler says none.</param>
/// <param name="Members">Its members.</param>
internal sealed record StructType(string Name, string Reader, string SolidityName, IReadOnlyList<AbiParameter> Members);

/// <summary>The C# type of each ABI type, and the code from a decoded value to it. Structs are found on the way and named.</summary>
internal sealed class CSharpTypes(CSharpNames typeNames)
{
    private readonly Dictionary<string, StructType> _structs = new(StringComparer.Ordinal);

    /// <summary>The structs so far, in the order in which they were met.</summary>
    public List<StructType> Structs { get; } = [];

    /// <param name="parameter">Has the type, and the compiler's name of it.</param>
    /// <param name="fallback">A name for a struct that the compiler gives none.</param>
    public string NameOf(AbiParameter parameter, string fallback) => NameOf(parameter.Type, parameter.InternalType, fallback);

    /// <summary>An expression that makes the C# value of a decoded one.</summary>
    public string Convert(AbiParameter parameter, string fallback, string value) =>
        Convert(parameter.Type, parameter.InternalType, fallback, value, 0);

    /// <summary>The type of an event's parameter; of what only its hash is in the log there is only the hash.</summary>
    public string NameInEvent(AbiParameter parameter, string fallback) =>
        IsHashOnly(parameter) ? "Hash256" : NameOf(parameter, fallback);

    public string ConvertInEvent(AbiParameter parameter, string fallback, string value) =>
        IsHashOnly(parameter) ? $"Hash256.FromBytes((byte[]){value})" : Convert(parameter, fallback, value);

    /// <summary>The type of a wish for an indexed parameter: text and bytes are hashed for the caller.</summary>
    public string NameInFilter(AbiParameter parameter, string fallback) => parameter.Type.Kind switch
    {
        AbiKind.String => "string",
        AbiKind.Bytes => "byte[]",
        _ => NameInEvent(parameter, fallback),
    };

    private static bool IsHashOnly(AbiParameter parameter) => parameter.Indexed && AbiEvent.IsByHash(parameter.Type);

    private string NameOf(AbiType type, string internalType, string fallback) => type.Kind switch
    {
        AbiKind.Uint => type.Size switch
        {
            8 => "byte",
            16 => "ushort",
            <= 32 => "uint",
            <= 64 => "ulong",
            _ => "UInt256",
        },
        AbiKind.Int => type.Size switch
        {
            8 => "sbyte",
            16 => "short",
            <= 32 => "int",
            <= 64 => "long",
            _ => "BigInteger",
        },
        AbiKind.Address => "Address",
        AbiKind.Bool => "bool",
        AbiKind.FixedBytes => type.Size == 32 ? "Hash256" : "byte[]",
        AbiKind.Bytes => "byte[]",
        AbiKind.String => "string",
        AbiKind.Array => $"IReadOnlyList<{NameOf(type.Element!, internalType, fallback)}>",
        _ => StructOf(type, internalType, fallback).Name,
    };

    private string Convert(AbiType type, string internalType, string fallback, string value, int depth) => type.Kind switch
    {
        AbiKind.Uint => NameOf(type, "", "") switch
        {
            "UInt256" => $"(UInt256){value}",
            "ulong" => $"(ulong)(UInt256){value}",
            "uint" => $"(uint)(UInt256){value}",
            string small => $"({small})(ulong)(UInt256){value}",
        },
        AbiKind.Int when type.Size > 64 => $"(BigInteger){value}",
        AbiKind.Int => $"({NameOf(type, "", "")})(BigInteger){value}",
        AbiKind.FixedBytes when type.Size == 32 => $"Hash256.FromBytes((byte[]){value})",
        AbiKind.Array => $"AbiValue.List({value}, static v{depth} => "
            + $"{Convert(type.Element!, internalType, fallback, $"v{depth}", depth + 1)})",
        AbiKind.Tuple => $"{StructOf(type, internalType, fallback).Reader}({value})",
        _ => $"({NameOf(type, "", "")}){value}",
    };

    private StructType StructOf(AbiType type, string internalType, string fallback)
    {
        string solidity = internalType.StartsWith("struct ", StringComparison.Ordinal) ? internalType[7..] : "";
        int bracket = solidity.IndexOf('[', StringComparison.Ordinal);
        if (bracket >= 0) solidity = solidity[..bracket];
        string key = $"{(solidity.Length > 0 ? solidity : fallback)}|{type.Name}|{string.Join(',', type.Components.Select(c => c.Name))}";
        if (_structs.TryGetValue(key, out StructType? known)) return known;
        string last = solidity[(solidity.LastIndexOf('.') + 1)..];
        string name = typeNames.Take(CSharpNames.Pascal(last, fallback));
        StructType made = new(name, typeNames.Take(name + "Of"), solidity, type.Components);
        _structs[key] = made;
        Structs.Add(made);
        return made;
    }
}
