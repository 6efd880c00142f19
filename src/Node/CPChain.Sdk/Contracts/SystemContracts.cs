using System.Text.Json;
using CPChain.Sdk.Abi;
using CPChain.Types;

namespace CPChain.Sdk.Contracts;

/// <summary>A contract that genesis places at a fixed address; made from the committed artifact in contracts/.</summary>
public sealed record SystemContract(string Name, Address Address, ContractAbi Abi, byte[] RuntimeCode);

/// <summary>The contracts that are part of the chain. None has a constructor, so its runtime code is all of it.</summary>
public static class SystemContracts
{
    private const int ArtifactVersion = 1;

    public static SystemContract DataRegistry { get; } = Load("DataRegistry", "0x00000000000000000000000000000000000c0d01");

    public static SystemContract Market { get; } = Load("Market", "0x00000000000000000000000000000000000c0d02");

    /// <summary>What genesis has to place.</summary>
    public static IReadOnlyList<SystemContract> All { get; } = [DataRegistry, Market];

    private static SystemContract Load(string name, string address)
    {
        string resource = $"CPChain.Sdk.Artifacts.{name}.json";
        using Stream? stream = typeof(SystemContracts).Assembly.GetManifestResourceStream(resource);
        Invariant.Check(stream is not null, $"the resource {resource} is missing");
        using JsonDocument document = JsonDocument.Parse(stream!);
        JsonElement root = document.RootElement;
        int version = root.GetProperty("artifactVersion").GetInt32();
        Invariant.Check(version == ArtifactVersion, $"the artifact {name} has the unknown version {version}");
        return new SystemContract(name, Types.Address.Parse(address), ContractAbi.Parse(root.GetProperty("abi")),
            Hex.Decode(root.GetProperty("runtimeBytecode").GetString()!));
    }
}
