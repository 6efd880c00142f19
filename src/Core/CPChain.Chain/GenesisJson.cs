using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using CPChain.Dpor;
using CPChain.Types;

namespace CPChain.Chain;

/// <summary>Genesis to and from its JSON, version 1.</summary>
internal static class GenesisJson
{
    /// <summary>Characters of a genesis text, at most.</summary>
    public const int CharactersMax = 16 * 1024 * 1024;

    public static string Print(Genesis genesis) =>
        JsonSerializer.Serialize(ToDocument(genesis), GenesisJsonContext.Readable.GenesisDocument) + "\n";

    public static bool TryParse(string json, out Genesis? genesis, out GenesisFault fault)
    {
        genesis = null;
        if (json.Length > CharactersMax)
        {
            fault = new GenesisFault(GenesisFaultKind.OutOfRange, "$", $"more than {CharactersMax} characters");
            return false;
        }
        if (!TryReadVersion(json, out fault))
            return false;
        try
        {
            GenesisDocument? document = JsonSerializer.Deserialize(json, GenesisJsonContext.Readable.GenesisDocument);
            if (document is not null)
                return GenesisReading.TryRead(document, out genesis, out fault);
            fault = new GenesisFault(GenesisFaultKind.Malformed, "$", "must be an object");
            return false;
        }
        catch (JsonException refusal)
        {
            fault = new GenesisFault(GenesisFaultKind.Malformed, refusal.Path ?? "$", FirstSentence(refusal.Message));
            return false;
        }
    }

    // The version decides before any other field is judged: a newer text may have other fields.
    private static bool TryReadVersion(string json, out GenesisFault fault)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("version", out JsonElement version)
                || version.ValueKind != JsonValueKind.Number || !version.TryGetInt64(out long number))
            {
                fault = new GenesisFault(GenesisFaultKind.Malformed, "$.version", "must be a whole number");
                return false;
            }
            fault = default;
            if (number == Genesis.CurrentVersion)
                return true;
            fault = new GenesisFault(
                GenesisFaultKind.UnknownVersion,
                "$.version",
                $"version {number} is not known to this program (it knows {Genesis.CurrentVersion}); "
                    + "use the program that wrote it, or a newer one");
            return false;
        }
        catch (JsonException refusal)
        {
            fault = new GenesisFault(GenesisFaultKind.Malformed, refusal.Path ?? "$", FirstSentence(refusal.Message));
            return false;
        }
    }

    private static string FirstSentence(string message)
    {
        int end = message.IndexOf(" Path:", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }

    private static GenesisDocument ToDocument(Genesis genesis) => new()
    {
        Version = Genesis.CurrentVersion,
        Name = genesis.Name,
        ChainId = genesis.ChainId,
        TimestampMs = genesis.TimestampMs,
        PeriodMs = genesis.Times.PeriodMs,
        TimeoutMs = genesis.Times.TimeoutMs,
        BlockDelayMs = genesis.Times.BlockDelayMs,
        DriftMs = genesis.Times.DriftMs,
        DelayMs = genesis.Times.DelayMs,
        ExecutionMs = genesis.Times.ExecutionMs,
        ResendMs = genesis.Times.ResendMs,
        RoundBaseMs = genesis.Times.RoundBaseMs,
        RoundStepMs = genesis.Times.RoundStepMs,
        RoundMaxMs = genesis.Times.RoundMaxMs,
        RoundWindow = genesis.Times.RoundWindow,
        GasLimit = genesis.GasLimit,
        BaseFeePerGas = genesis.BaseFeePerGas.ToString(),
        BaseFeeFloor = genesis.BaseFeeFloor.ToString(),
        Limits = new LimitsDocument
        {
            TransactionsMax = genesis.Limits.TransactionsMax,
            GasMax = genesis.Limits.GasMax,
            BytesMax = genesis.Limits.BytesMax,
            TransactionBytesMax = genesis.Limits.TransactionBytesMax,
        },
        Schedule = [.. genesis.Schedule.Entries.Select(entry => new CommitteeDocument
        {
            FromNumber = entry.FromNumber,
            Validators = [.. entry.Validators.Select(address => address.ToString())],
            Proposers = [.. entry.Proposers.Select(address => address.ToString())],
        })],
        Dpor = genesis.Dpor is { } dpor
            ? new ElectionsDocument { Foundation = dpor.Foundation.ToString(), Parameters = DporDocument.Of(dpor.Parameters) }
            : null,
        Alloc = [.. genesis.Alloc.Select(account => new AccountDocument
        {
            Address = account.Address.ToString(),
            Balance = account.Balance.ToString(),
            Nonce = account.Nonce == 0 ? null : account.Nonce,
            Code = account.Code.IsEmpty ? null : Hex.Encode(account.Code.Span),
            Storage = account.Storage.IsEmpty ? null : [.. account.Storage.Select(pair => new SlotDocument
            {
                Slot = pair.Key.ToHexQuantity(),
                Value = pair.Value.ToHexQuantity(),
            })],
        })],
    };
}

/// <summary>The JSON object; numbers that may pass 2^53 are decimal strings.</summary>
internal sealed record GenesisDocument
{
    public required int Version { get; init; }

    public required string Name { get; init; }

    public required ulong ChainId { get; init; }

    public required ulong TimestampMs { get; init; }

    public required ulong PeriodMs { get; init; }

    public required ulong TimeoutMs { get; init; }

    public required ulong BlockDelayMs { get; init; }

    public required ulong DriftMs { get; init; }

    public required ulong DelayMs { get; init; }

    public required ulong ExecutionMs { get; init; }

    public required ulong ResendMs { get; init; }

    public required ulong RoundBaseMs { get; init; }

    public required ulong RoundStepMs { get; init; }

    public required ulong RoundMaxMs { get; init; }

    public uint RoundWindow { get; init; } = 64;

    public required ulong GasLimit { get; init; }

    public required string BaseFeePerGas { get; init; }

    public required string BaseFeeFloor { get; init; }

    public LimitsDocument? Limits { get; init; }

    public required CommitteeDocument[] Schedule { get; init; }

    public ElectionsDocument? Dpor { get; init; }

    public required AccountDocument[] Alloc { get; init; }
}

/// <summary>Elections and economy, in JSON.</summary>
internal sealed record ElectionsDocument
{
    public required string Foundation { get; init; }

    public required DporDocument Parameters { get; init; }
}

/// <summary>Bounds of a block, in JSON.</summary>
internal sealed record LimitsDocument
{
    public required int TransactionsMax { get; init; }

    public required ulong GasMax { get; init; }

    public required int BytesMax { get; init; }

    public required int TransactionBytesMax { get; init; }
}

/// <summary>One entry of the schedule, in JSON.</summary>
internal sealed record CommitteeDocument
{
    public required ulong FromNumber { get; init; }

    public required string[] Validators { get; init; }

    public required string[] Proposers { get; init; }
}

/// <summary>One account, in JSON.</summary>
internal sealed record AccountDocument
{
    public required string Address { get; init; }

    public required string Balance { get; init; }

    public ulong? Nonce { get; init; }

    public string? Code { get; init; }

    public SlotDocument[]? Storage { get; init; }
}

/// <summary>One storage slot, in JSON.</summary>
internal sealed record SlotDocument
{
    public required string Slot { get; init; }

    public required string Value { get; init; }
}

[JsonSerializable(typeof(GenesisDocument))]
internal sealed partial class GenesisJsonContext : JsonSerializerContext
{
    public static GenesisJsonContext Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
        WriteIndented = true,
        NewLine = "\n",
        MaxDepth = 8,
        // Names are printed as they are, not escaped for HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
