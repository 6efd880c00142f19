using System.Text.Json;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Sdk.Abi;

/// <summary>A function of a contract.</summary>
public sealed record AbiFunction(
    string Name, IReadOnlyList<AbiParameter> Inputs, IReadOnlyList<AbiParameter> Outputs, bool IsPayable, bool IsView)
{
    private readonly byte[] _selector = ContractAbi.HashOfSignature(Name, Inputs).ToArray()[..4];

    /// <summary>Name and canonical types, such as <c>transfer(address,uint256)</c>.</summary>
    public string Signature { get; } = ContractAbi.SignatureOf(Name, Inputs);

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

    /// <summary>Name and canonical types.</summary>
    public string Signature { get; } = ContractAbi.SignatureOf(Name, Inputs);

    /// <summary>The first 4 bytes of the revert data.</summary>
    public ReadOnlySpan<byte> Selector => _selector;

    /// <summary>The values of revert data; false when it is not this error.</summary>
    public bool TryDecode(ReadOnlySpan<byte> revertData, out object[] values)
    {
        values = [];
        return revertData.Length >= 4 && revertData[..4].SequenceEqual(Selector)
            && AbiDecoder.TryDecode(ContractAbi.TypesOf(Inputs), revertData[4..], out values);
    }
}

/// <summary>
/// The interface of a contract: its functions, events and errors. One is found by its name, or by its signature
/// (<c>transfer(address,uint256)</c>) where several share a name.
/// </summary>
public sealed class ContractAbi
{
    private readonly List<AbiFunction> _functions = [];
    private readonly List<AbiEvent> _events = [];
    private readonly List<AbiError> _errors = [];

    private ContractAbi() { }

    public IReadOnlyList<AbiFunction> Functions => _functions;

    public IReadOnlyList<AbiEvent> Events => _events;

    public IReadOnlyList<AbiError> Errors => _errors;

    /// <summary>The parameters of the constructor; null when the ABI has none, which is the same as no parameters.</summary>
    public IReadOnlyList<AbiParameter>? ConstructorInputs { get; private set; }

    /// <summary>Whether the constructor takes coins.</summary>
    public bool IsConstructorPayable { get; private set; }

    /// <exception cref="ArgumentException">There is none, or the name alone does not tell which.</exception>
    public AbiFunction Function(string nameOrSignature) =>
        Find(_functions, "function", nameOrSignature, static f => f.Name, static f => f.Signature);

    /// <exception cref="ArgumentException">There is none, or the name alone does not tell which.</exception>
    public AbiEvent Event(string nameOrSignature) =>
        Find(_events, "event", nameOrSignature, static e => e.Name, static e => e.Signature);

    /// <summary>The event that a log with this first topic is; null when the contract has none.</summary>
    public AbiEvent? EventByTopic(Hash256 topic) => _events.FirstOrDefault(e => !e.IsAnonymous && e.Topic == topic);

    /// <summary>The error that revert data begins with; null when the contract has none.</summary>
    public AbiError? ErrorOf(ReadOnlySpan<byte> revertData)
    {
        foreach (AbiError error in _errors)
            if (revertData.Length >= 4 && revertData[..4].SequenceEqual(error.Selector)) return error;
        return null;
    }

    /// <summary>Code of a deployment: the compiler's bytecode and the constructor's arguments.</summary>
    /// <exception cref="ArgumentException">The arguments do not fit.</exception>
    public byte[] EncodeDeployment(ReadOnlySpan<byte> bytecode, IReadOnlyList<object> arguments) =>
        [.. bytecode, .. AbiEncoder.Encode(TypesOf(ConstructorInputs ?? []), arguments)];

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
        try
        {
            foreach (JsonElement item in array.EnumerateArray()) abi.Take(item);
        }
        catch (Exception e) when (e is InvalidOperationException or OverflowException)
        {
            throw new FormatException("An entry of the ABI has a value of the wrong kind or size.", e);
        }
        return abi;
    }

    internal static AbiType[] TypesOf(IReadOnlyList<AbiParameter> parameters) => [.. parameters.Select(p => p.Type)];

    internal static string SignatureOf(string name, IReadOnlyList<AbiParameter> inputs) => name + AbiType.Tuple(inputs).Name;

    internal static Hash256 HashOfSignature(string name, IReadOnlyList<AbiParameter> inputs) =>
        Keccak256.Hash(System.Text.Encoding.ASCII.GetBytes(SignatureOf(name, inputs)));

    private void Take(JsonElement item)
    {
        string name = Text(item, "name");
        IReadOnlyList<AbiParameter> inputs = Parameters(item, "inputs");
        string mutability = Text(item, "stateMutability");
        switch (Text(item, "type"))
        {
            case "function":
                AddOnce(_functions, static f => f.Signature, new AbiFunction(name, inputs, Parameters(item, "outputs"),
                    mutability == "payable", mutability is "view" or "pure"));
                break;
            case "event":
                AddOnce(_events, static e => e.Signature, new AbiEvent(name, inputs) { IsAnonymous = Flag(item, "anonymous") });
                break;
            case "error":
                AddOnce(_errors, static e => e.Signature, new AbiError(name, inputs));
                break;
            case "constructor":
                (ConstructorInputs, IsConstructorPayable) = (inputs, mutability == "payable");
                break;
        }
    }

    // Compilers list the event of a library once for each contract that uses it.
    private static void AddOnce<T>(List<T> items, Func<T, string> signature, T item)
    {
        if (!items.Exists(i => signature(i) == signature(item))) items.Add(item);
    }

    private static T Find<T>(List<T> items, string kind, string wanted, Func<T, string> name, Func<T, string> signature)
    {
        bool isSignature = wanted.Contains('(', StringComparison.Ordinal);
        T[] found = [.. items.Where(i => (isSignature ? signature(i) : name(i)) == wanted)];
        return found switch
        {
            [var only] => only,
            [] => throw new ArgumentException($"The contract has no {kind} {wanted}."),
            _ => throw new ArgumentException(
                $"The contract has several of the name {wanted}: say which of {string.Join(", ", found.Select(signature))}."),
        };
    }

    private static List<AbiParameter> Parameters(JsonElement item, string property)
    {
        List<AbiParameter> parameters = [];
        if (!item.TryGetProperty(property, out JsonElement list)) return parameters;
        foreach (JsonElement p in list.EnumerateArray())
        {
            AbiType type = AbiType.Parse(Text(p, "type"), Parameters(p, "components"));
            parameters.Add(new AbiParameter(Text(p, "name"), type, Flag(p, "indexed")) { InternalType = Text(p, "internalType") });
        }
        return parameters;
    }

    private static string Text(JsonElement item, string property) =>
        item.TryGetProperty(property, out JsonElement value) ? value.GetString() ?? "" : "";

    private static bool Flag(JsonElement item, string property) =>
        item.TryGetProperty(property, out JsonElement value) && value.ValueKind == JsonValueKind.True;
}
