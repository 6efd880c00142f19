using System.Text.Json;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Sdk;

/// <summary>
/// Structured data to sign (EIP-712): the JSON object with <c>types</c>, <c>primaryType</c>, <c>domain</c> and <c>message</c> that
/// wallets take as eth_signTypedData_v4. The text may come from anywhere: it is bounded and a fault is a FormatException.
/// </summary>
public sealed class TypedData
{
    /// <summary>Characters of a document, at most.</summary>
    public const int CharactersMax = 1 << 20;

    private const string DomainType = "EIP712Domain";

    // Where the types do not say it, the domain has these members in this order, as far as they are given.
    private static readonly TypedDataMember[] s_domainMembers =
    [
        new("name", "string"), new("version", "string"), new("chainId", "uint256"), new("verifyingContract", "address"),
        new("salt", "bytes32"),
    ];

    private TypedData(Hash256 domainSeparator, Hash256 messageHash, string primaryType)
    {
        (DomainSeparator, MessageHash, PrimaryType) = (domainSeparator, messageHash, primaryType);
        SigningHash = primaryType == DomainType
            ? Keccak256.Hash([0x19, 0x01], domainSeparator.ToArray())
            : Keccak256.Hash([0x19, 0x01, .. domainSeparator.ToArray()], messageHash.ToArray());
    }

    public string PrimaryType { get; }

    /// <summary>hashStruct of the domain.</summary>
    public Hash256 DomainSeparator { get; }

    /// <summary>hashStruct of the message.</summary>
    public Hash256 MessageHash { get; }

    /// <summary>What is signed: keccak256(0x1901 || domain separator || message hash).</summary>
    public Hash256 SigningHash { get; }

    /// <exception cref="FormatException">The text is no typed data; the message says where.</exception>
    public static TypedData Parse(string json)
    {
        if (json.Length > CharactersMax) throw new FormatException($"Typed data has at most {CharactersMax} characters.");
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return Parse(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new FormatException("Typed data is a JSON object.", e);
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException("A member of the typed data has a value of the wrong kind.", e);
        }
    }

    private static TypedData Parse(JsonElement root)
    {
        Dictionary<string, TypedDataMember[]> types = new(StringComparer.Ordinal);
        foreach (JsonProperty type in Member(root, "types").EnumerateObject())
        {
            types[type.Name] = [.. type.Value.EnumerateArray().Select(m =>
                new TypedDataMember(Member(m, "name").GetString() ?? "", Member(m, "type").GetString() ?? ""))];
        }
        JsonElement domain = Member(root, "domain");
        if (!types.ContainsKey(DomainType))
            types[DomainType] = [.. s_domainMembers.Where(m => domain.TryGetProperty(m.Name, out _))];
        string primary = Member(root, "primaryType").GetString() ?? "";
        TypedDataEncoder encoder = new(types);
        Hash256 separator = encoder.HashStruct(DomainType, domain);
        Hash256 message = primary == DomainType ? separator : encoder.HashStruct(primary, Member(root, "message"));
        return new TypedData(separator, message, primary);
    }

    private static JsonElement Member(JsonElement value, string name) => value.TryGetProperty(name, out JsonElement member)
        ? member
        : throw new FormatException($"Typed data lacks {name}.");
}

/// <summary>A member of a struct type.</summary>
internal sealed record TypedDataMember(string Name, string Type);
