using System.Text.Json;
using System.Text.Json.Serialization;
using CPChain.Chain;
using CPChain.Types;

namespace CPChain.Fuzzing.Machine;

/// <summary>A case on its own, for a file: what is needed to run it again, and what it showed.</summary>
/// <param name="Seed">Where it came from.</param>
/// <param name="Rules">Rule set of both sides.</param>
/// <param name="What">What differed.</param>
/// <param name="Transaction">The signed envelope, hexadecimal.</param>
/// <param name="Accounts">State before.</param>
public sealed record CaseFile(ulong Seed, string Rules, string What, string Transaction, IReadOnlyList<CaseFileAccount> Accounts)
{
    private const int BytesMax = 4 << 20;

    /// <summary>The file of a case.</summary>
    public static CaseFile Of(MachineCase one, string rules, string what) => new(
        one.Seed, rules, what, Hex.Encode(one.Encoded.Span),
        [
            .. one.Accounts.Select(static account => new CaseFileAccount(
                account.Address.ToString(), account.Balance.ToHexQuantity(), account.Nonce, Hex.Encode(account.Code.Span),
                account.Storage.ToDictionary(static slot => slot.Key.ToHexQuantity(), static slot => slot.Value.ToHexQuantity()))),
        ]);

    /// <summary>Reads a file.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static CaseFile Load(string path)
    {
        try
        {
            if (new FileInfo(path).Length > BytesMax) throw new FormatException($"{path} is longer than {BytesMax} bytes");
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), CaseFileJson.Default.CaseFile)
                ?? throw new FormatException($"{path} holds no case");
        }
        catch (JsonException broken)
        {
            throw new FormatException($"{path} holds no case: {broken.Message}", broken);
        }
    }

    /// <summary>The case to run.</summary>
    /// <exception cref="FormatException">A number or an address is none.</exception>
    public MachineCase ToCase() => new(
        Seed,
        [
            .. Accounts.Select(static account => new GenesisAccount(
                Address.Parse(account.Address), UInt256.Parse(account.Balance), account.Nonce, Hex.Decode(account.Code),
                [.. account.Storage.Select(static slot => KeyValuePair.Create(UInt256.Parse(slot.Key), UInt256.Parse(slot.Value)))])),
        ],
        Hex.Decode(Transaction));

    /// <summary>Writes the file.</summary>
    public void Save(string path) => File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(this, CaseFileJson.Default.CaseFile));
}

/// <summary>An account before the case.</summary>
/// <param name="Address">Where.</param>
/// <param name="Balance">Base units, hexadecimal.</param>
/// <param name="Nonce">Nonce.</param>
/// <param name="Code">Hexadecimal.</param>
/// <param name="Storage">Words by slot, hexadecimal.</param>
public sealed record CaseFileAccount(
    string Address, string Balance, ulong Nonce, string Code, IReadOnlyDictionary<string, string> Storage);

/// <summary>The file of a case.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(CaseFile))]
internal sealed partial class CaseFileJson : JsonSerializerContext;
