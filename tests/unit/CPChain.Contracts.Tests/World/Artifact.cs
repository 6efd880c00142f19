using System.Text.Json;
using CPChain.Sdk;
using CPChain.Sdk.Contracts;
using CPChain.Sdk.Abi;
using CPChain.Types;

namespace CPChain.Contracts.Tests.World;

/// <summary>A compiled system contract of contracts/artifacts.</summary>
internal sealed record Artifact(string Name, ContractAbi Abi, byte[] RuntimeCode)
{
    /// <summary>The folder that holds CPChain.slnx.</summary>
    public static string Root { get; } = FindRoot();

    public static Artifact Read(string name)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Root, "contracts", "artifacts", $"{name}.json")));
        JsonElement root = document.RootElement;
        return new Artifact(name, ContractAbi.Parse(root.GetProperty("abi")), Hex.Decode(root.GetProperty("runtimeBytecode").GetString()!));
    }

    /// <summary>The artifact as a contract at an address; nothing is reached by network.</summary>
    public Contract At(Address address) => new(new ChainClient(new Uri("http://localhost:1")), address, Abi);

    private static string FindRoot()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CPChain.slnx"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
