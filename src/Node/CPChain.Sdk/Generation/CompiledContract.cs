using System.Text.Json;
using CPChain.Sdk.Abi;
using CPChain.Types;

namespace CPChain.Sdk.Generation;

/// <summary>A compiler's file: an ABI, or an artifact of Hardhat, Foundry, solc or this repository with ABI and bytecode.</summary>
public sealed class CompiledContract
{
    /// <summary>Characters of a file, at most.</summary>
    public const int CharactersMax = 16 << 20;

    private CompiledContract(string? name, ContractAbi abi, string abiJson, string bytecode) =>
        (Name, Abi, AbiJson, Bytecode) = (name, abi, abiJson, bytecode);

    /// <summary>The contract's name, where the file says it.</summary>
    public string? Name { get; }

    public ContractAbi Abi { get; }

    /// <summary>The parts of the ABI that matter, one entry a line.</summary>
    public string AbiJson { get; }

    /// <summary>Code of a deployment in hexadecimal after 0x; empty where there is none.</summary>
    public string Bytecode { get; }

    /// <exception cref="FormatException">The text is no such file.</exception>
    public static CompiledContract Parse(string json)
    {
        if (json.Length > CharactersMax) throw new FormatException($"A contract's file has at most {CharactersMax} characters.");
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Array) return new CompiledContract(null, ContractAbi.Parse(root), AbiText.Of(root), "");
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("abi", out JsonElement abi))
                throw new FormatException("The file is neither an ABI nor an object with the member abi.");
            string? name = root.TryGetProperty("contractName", out JsonElement named) ? named.GetString() : null;
            return new CompiledContract(name, ContractAbi.Parse(abi), AbiText.Of(abi), BytecodeOf(root));
        }
        catch (JsonException e)
        {
            throw new FormatException("The file is not valid JSON.", e);
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException("A member of the file is missing or has a value of the wrong kind.", e);
        }
    }

    private static string BytecodeOf(JsonElement root)
    {
        JsonElement code = root;
        if (root.TryGetProperty("bytecode", out JsonElement direct)) code = direct;
        else if (root.TryGetProperty("evm", out JsonElement evm) && evm.TryGetProperty("bytecode", out JsonElement below)) code = below;
        else return "";
        if (code.ValueKind == JsonValueKind.Object) code = code.TryGetProperty("object", out JsonElement value) ? value : root;
        if (code.ValueKind != JsonValueKind.String) return "";
        string text = code.GetString()!;
        if (text is "" or "0x") return "";
        if (text.Contains("__", StringComparison.Ordinal))
            throw new FormatException("The bytecode has places for libraries: link it first, or leave it out.");
        return Hex.TryDecode(text, out byte[] bytes) ? Hex.Encode(bytes) : throw new FormatException("The bytecode is not hexadecimal.");
    }
}
