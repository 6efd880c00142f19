using System.Text.Json;
using System.Text.Json.Serialization;

namespace CPChain.App.Demo;

/// <summary>One thing that the run had to show.</summary>
public sealed record DemoCheck(string Name, string Layer, bool Passed, string Proven, long Milliseconds);

/// <summary>How long a part of the run took.</summary>
public sealed record DemoStage(string Name, long Milliseconds);

/// <summary>What a proxy was paid, in base units.</summary>
public sealed record ProxyPayment(string Proxy, string Amount);

/// <summary>A transaction of the run.</summary>
public sealed record DemoTransaction(string What, string Hash, ulong Block, ulong Gas);

/// <summary>The result of a run: the object that --json prints.</summary>
public sealed record DemoReport
{
    /// <summary>Data rows of the input.</summary>
    public required long Rows { get; init; }

    /// <summary>Rows that the buyer got and verified.</summary>
    public required long RowsVerified { get; init; }

    /// <summary>Bytes of the input.</summary>
    public required long RawBytes { get; init; }

    /// <summary>Bytes after the codec.</summary>
    public required long CompressedBytes { get; init; }

    /// <summary>Bytes of all shards on storage nodes.</summary>
    public required long StoredBytes { get; init; }

    /// <summary>Cells that went through the numeric codec, per cent of all.</summary>
    public required double NumericCellsPercent { get; init; }

    /// <summary>Records on the chain that vouch for the data.</summary>
    public required int Anchors { get; init; }

    /// <summary>Final blocks of the chain at the end.</summary>
    public required ulong Blocks { get; init; }

    /// <summary>Hash of the last of them.</summary>
    public required string HeadHash { get; init; }

    /// <summary>Impeach blocks among them.</summary>
    public required int ImpeachBlocks { get; init; }

    /// <summary>What the seller withdrew, base units.</summary>
    public required string SellerPaid { get; init; }

    /// <summary>What each proxy earned, base units.</summary>
    public required IReadOnlyList<ProxyPayment> ProxiesPaid { get; init; }

    /// <summary>The transactions of anchoring and sale.</summary>
    public required IReadOnlyList<DemoTransaction> Transactions { get; init; }

    /// <summary>Time of each part.</summary>
    public required IReadOnlyList<DemoStage> Stages { get; init; }

    /// <summary>Time of the whole run.</summary>
    public required long ElapsedMs { get; init; }

    /// <summary>Everything that had to happen.</summary>
    public required IReadOnlyList<DemoCheck> Checks { get; init; }

    /// <summary>The folder that was kept, if one was.</summary>
    public string? Kept { get; init; }

    [JsonIgnore]
    public bool AllPassed => Checks.All(check => check.Passed);

    public string ToJson() => JsonSerializer.Serialize(this, DemoJson.Default.DemoReport);
}

/// <summary>JSON of the report, generated at build time.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(DemoReport))]
internal sealed partial class DemoJson : JsonSerializerContext;
