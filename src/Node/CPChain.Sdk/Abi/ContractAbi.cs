using System.Text.Json;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Sdk.Abi;

/// <summary>A function of a contract.</summary>
public sealed record AbiFunction(
    string Name, IReadOnlyList<AbiParameter> Inputs, IReadOnlyList<AbiParameter> Outputs, bool IsPayable, bool IsView)
{
    private readonly byte[] _selector = ContractAbi.HashOfSignature(Name, Inputs).ToArray()[..4];

    /// <summary>The first 4 bytes of the Keccak-256 of the signature.</summary>
    public ReadOnlySpan<byte> Selector => _selector;

    /// <summary>Selector and arguments.</summary>
    /// <exception cref="ArgumentException">The arguments do not fit.</exception>
    public byte[] EncodeCall(params IReadOnlyList<object> arguments) =>
        [.. _selector, .. AbiEncoder.Encode(ContractAbi.TypesOf(Inputs), arguments)];

    /// <summary>Decodes what a call returned.</summary>
    public bool TryDecodeOutput(ReadOnlySpan<byte> data, out object[] values) =>
        AbiDecoder.TryDecode(ContractAbi.TypesOf(Outputs), data, out values);
}

/// <summary>A custom error of a contract.</summary>
public sealed record AbiError(string Name, IReadOnlyList<AbiParameter> Inputs)
{
    private readonly byte[] _selector = ContractAbi.HashOfSignature(Name, Inputs).ToArray()[..4];

    /// <summary>The first 4 bytes of the revert data.</summary>
    public ReadOnlySpan<byte> Selector => _selector;
}

/// <summary>The interface of a contract: its functions, events and errors by name (overloading is not supported).</summary>
public sealed class ContractAbi
{
    private readonly Dictionary<string, AbiFunction> _functions = [];
    private readonly Dictionary<string, AbiEvent> _events = [];
    private readonly List<AbiError> _errors = [];

    private ContractAbi() { }

    public AbiFunction Function(string name) => _functions.TryGetValue(name, out AbiFunction? function)
        ? function
        : throw new ArgumentException($"The contract has no function {name}.");

    public AbiEvent Event(string name) => _events.TryGetValue(name, out AbiEvent? value)
        ? value
        : throw new ArgumentException($"The contract has no event {name}.");

    /// <summary>The event that a log with this first topic is; null when the contract has none.</summary>
    public AbiEvent? EventByTopic(Hash256 topic) => _events.Values.FirstOrDefault(e => e.Topic == topic);

    /// <summary>The error that revert data begins with; null when the contract has none.</summary>
    public AbiError? ErrorOf(ReadOnlySpan<byte> revertData)
    {
        foreach (AbiError error in _errors)
            if (revertData.Length >= 4 && revertData[..4].SequenceEqual(error.Selector)) return error;
        return null;
    }

    /// <summary>Reads the JSON array that compilers write.</summary>
    /// <exception cref="FormatException">It is not an ABI.</exception>
    public static ContractAbi Parse(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return Parse(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new FormatException("The ABI is not valid JSON.", e);
        }
    }

    /// <summary>Reads the JSON array that compilers write.</summary>
    /// <exception cref="FormatException">It is not an ABI.</exception>
    public static ContractAbi Parse(JsonElement array)
    {
        if (array.ValueKind != JsonValueKind.Array) throw new FormatException("An ABI is a JSON array.");
        ContractAbi abi = new();
        foreach (JsonElement item in array.EnumerateArray())
        {
            string name = Text(item, "name");
            IReadOnlyList<AbiParameter> inputs = Parameters(item, "inputs");
            string mutability = Text(item, "stateMutability");
            switch (Text(item, "type"))
            {
                case "function":
                    abi._functions[name] = new AbiFunction(name, inputs, Parameters(item, "outputs"),
                        mutability == "payable", mutability is "view" or "pure");
                    break;
                case "event":
                    abi._events[name] = new AbiEvent(name, inputs);
                    break;
                case "error":
                    abi._errors.Add(new AbiError(name, inputs));
                    break;
            }
        }
        return abi;
    }

    internal static AbiType[] TypesOf(IReadOnlyList<AbiParameter> parameters) => [.. parameters.Select(p => p.Type)];

    internal static Hash256 HashOfSignature(string name, IReadOnlyList<AbiParameter> inputs) =>
        Keccak256.Hash(System.Text.Encoding.ASCII.GetBytes(name + AbiType.Tuple(inputs).Name));

    private static List<AbiParameter> Parameters(JsonElement item, string property)
    {
        List<AbiParameter> parameters = [];
        if (!item.TryGetProperty(property, out JsonElement list)) return parameters;
        foreach (JsonElement p in list.EnumerateArray())
        {
            AbiType type = AbiType.Parse(Text(p, "type"), Parameters(p, "components"));
            bool indexed = p.TryGetProperty("indexed", out JsonElement flag) && flag.ValueKind == JsonValueKind.True;
            parameters.Add(new AbiParameter(Text(p, "name"), type, indexed));
        }
        return parameters;
    }

    private static string Text(JsonElement item, string property) =>
        item.TryGetProperty(property, out JsonElement value) ? value.GetString() ?? "" : "";
}
