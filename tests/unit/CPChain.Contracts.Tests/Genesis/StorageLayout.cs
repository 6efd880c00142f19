using System.Text.Json;
using CPChain.Sdk.Contracts;
using CPChain.Types;

namespace CPChain.Contracts.Tests.Genesis;

/// <summary>Where the compiler keeps a contract's variables, as its artifact says: slots in words, offsets in bytes.</summary>
internal sealed class StorageLayout
{
    private readonly JsonElement _layout;

    private StorageLayout(JsonElement layout) => _layout = layout;

    public static StorageLayout Of(SystemContract contract)
    {
        using Stream artifact = typeof(SystemContracts).Assembly.GetManifestResourceStream($"CPChain.Sdk.Artifacts.{contract.Name}.json")!;
        using JsonDocument document = JsonDocument.Parse(artifact);
        return new StorageLayout(document.RootElement.GetProperty("storageLayout").Clone());
    }

    /// <summary>Slot of a variable that begins its word and has this type.</summary>
    public UInt256 Slot(string variable, string type)
    {
        JsonElement found = Named(_layout.GetProperty("variables"), variable);
        Assert.Equal(type, found.GetProperty("type").GetString());
        Assert.Equal(0, found.GetProperty("offset").GetInt32());
        return found.GetProperty("slot").GetUInt64();
    }

    /// <summary>A member of a struct that begins at this slot.</summary>
    public UInt256 Member(IReadOnlyDictionary<UInt256, UInt256> words, string type, in UInt256 first, string name)
    {
        (UInt256 slot, int offset, int bytes) = Place(type, name);
        UInt256 word = words.GetValueOrDefault(first + slot);
        return (word >> 8 * offset) & ((UInt256.One << 8 * bytes) - UInt256.One);
    }

    public (UInt256 Slot, int Offset, int Bytes) Place(string type, string name)
    {
        JsonElement member = Named(_layout.GetProperty("structs").GetProperty($"struct {type}"), name);
        return (member.GetProperty("slot").GetUInt64(), member.GetProperty("offset").GetInt32(), member.GetProperty("bytes").GetInt32());
    }

    private static JsonElement Named(JsonElement list, string name) =>
        list.EnumerateArray().Single(one => one.GetProperty("name").GetString() == name);
}
