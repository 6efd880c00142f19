using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using CPChain.Data.Blocks;
using CPChain.Data.Columns;
using CPChain.Data.Manifests;
using CPChain.Pdash.Owner;
using CPChain.Pdash.Progress;
using CPChain.Pdash.Wire;
using CPChain.Types;

namespace CPChain.App.Demo.People;

/// <summary>One line to a person's process.</summary>
/// <param name="Version">Format version; <see cref="PersonLines.Version"/>.</param>
/// <param name="Id">Number that the reply repeats.</param>
/// <param name="Ask">What is to be done.</param>
internal sealed record PersonRequest(int Version, long Id, PersonAsk Ask);

/// <summary>One line from a person's process: ready, a step, or the reply to a request. Nothing secret ever stands in it.</summary>
/// <param name="Version">Format version; <see cref="PersonLines.Version"/>.</param>
/// <param name="Id">Number of the request; 0 where there is none.</param>
internal sealed record PersonReport(
    int Version, long Id, PersonReady? Ready = null, StepReport? Step = null, PersonAnswer? Answer = null, PersonFault? Fault = null);

/// <summary>The person takes part now.</summary>
/// <param name="Address">Identity and account.</param>
/// <param name="Endpoint">host:port where peers find the person; null who only dials.</param>
internal sealed record PersonReady(Address Address, string? Endpoint);

/// <summary>Why something could not be done, as a person is told.</summary>
internal sealed record PersonFault(string Message, string Fix, int ExitCode);

[JsonPolymorphic(TypeDiscriminatorPropertyName = "do")]
[JsonDerivedType(typeof(RegisterStreamAsk), "registerStream")]
[JsonDerivedType(typeof(ListAsk), "list")]
[JsonDerivedType(typeof(GrantAsk), "grant")]
[JsonDerivedType(typeof(WithdrawAsk), "withdraw")]
[JsonDerivedType(typeof(SampleAsk), "sample")]
[JsonDerivedType(typeof(CollectAsk), "collect")]
[JsonDerivedType(typeof(OrderAsk), "order")]
[JsonDerivedType(typeof(ReceiveAsk), "receive")]
[JsonDerivedType(typeof(RefetchAsk), "refetch")]
internal abstract record PersonAsk;

internal sealed record RegisterStreamAsk(string Name, StreamProfile Profile, Address Gateway) : PersonAsk;

internal sealed record ListAsk(Offer Offer) : PersonAsk;

internal sealed record GrantAsk(ulong OrderId) : PersonAsk;

internal sealed record WithdrawAsk : PersonAsk;

internal sealed record SampleAsk(long DurationMs, long PeriodMs) : PersonAsk;

internal sealed record CollectAsk(CollectJob Job) : PersonAsk;

internal sealed record OrderAsk(ulong ListingId) : PersonAsk;

internal sealed record ReceiveAsk(ulong OrderId, string? SaveAs) : PersonAsk;

internal sealed record RefetchAsk(ulong OrderId) : PersonAsk;

[JsonPolymorphic(TypeDiscriminatorPropertyName = "done")]
[JsonDerivedType(typeof(StreamAnswer), "stream")]
[JsonDerivedType(typeof(PutUpAnswer), "listed")]
[JsonDerivedType(typeof(TransactedAnswer), "transacted")]
[JsonDerivedType(typeof(SampledAnswer), "sampled")]
[JsonDerivedType(typeof(CollectedAnswer), "collected")]
[JsonDerivedType(typeof(OrderedAnswer), "ordered")]
[JsonDerivedType(typeof(DeliveredAnswer), "delivered")]
[JsonDerivedType(typeof(FetchedAnswer), "fetched")]
internal abstract record PersonAnswer;

internal sealed record StreamAnswer(Hash256 StreamId) : PersonAnswer;

internal sealed record PutUpAnswer(PutUp PutUp) : PersonAnswer;

internal sealed record TransactedAnswer(Transacted Transacted) : PersonAnswer;

internal sealed record SampledAnswer(string Path) : PersonAnswer;

internal sealed record OrderedAnswer(ulong OrderId) : PersonAnswer;

internal sealed record DeliveredAnswer(Delivery Delivery) : PersonAnswer;

internal sealed record FetchedAnswer(Fetched Fetched) : PersonAnswer;

/// <summary>A collect report whose uploads are named by their manifests; the blocks lie on the storage nodes.</summary>
internal sealed record CollectedAnswer(
    StreamShape Shape, long Rows, long StoredBytes, CodecTally Tally, IReadOnlyList<byte[]> Manifests, IReadOnlyList<AnchorReply> Anchors)
    : PersonAnswer
{
    public static CollectedAnswer Of(CollectReport report) => new(
        report.Shape, report.Rows, report.StoredBytes, report.Tally, [.. report.Uploads.Select(upload => upload.ManifestBytes)], report.Anchors);

    public bool TryReport([NotNullWhen(true)] out CollectReport? report)
    {
        report = null;
        List<Upload> uploads = [];
        foreach (byte[] bytes in Manifests)
        {
            if (Manifest.TryDecode(bytes, out Manifest? manifest) != ManifestFault.None) return false;
            uploads.Add(new Upload(manifest!, bytes, manifest!.ManifestHash(), []));
        }

        report = new CollectReport(Shape, Rows, StoredBytes, Tally, uploads, Anchors);
        return true;
    }
}

/// <summary>JSON of the lines, generated at build time.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, IgnoreReadOnlyProperties = true, UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(AddressText), typeof(HashText), typeof(AmountText)])]
[JsonSerializable(typeof(PersonRequest))]
[JsonSerializable(typeof(PersonReport))]
internal sealed partial class PersonJson : JsonSerializerContext;

internal sealed class AddressText : JsonConverter<Address>
{
    public override Address Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Address.TryParse(reader.GetString(), out Address value) ? value : throw new JsonException("no address");

    public override void Write(Utf8JsonWriter writer, Address value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

internal sealed class HashText : JsonConverter<Hash256>
{
    public override Hash256 Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Hash256.TryParse(reader.GetString(), out Hash256 value) ? value : throw new JsonException("no hash");

    public override void Write(Utf8JsonWriter writer, Hash256 value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

/// <summary>Base units as decimal text.</summary>
internal sealed class AmountText : JsonConverter<UInt256>
{
    public override UInt256 Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        UInt256.TryParse(reader.GetString(), out UInt256 value) ? value : throw new JsonException("no amount");

    public override void Write(Utf8JsonWriter writer, UInt256 value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
