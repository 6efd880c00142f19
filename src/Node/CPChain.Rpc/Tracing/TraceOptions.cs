using System.Text.Json;
using CPChain.Rpc.Protocol;

namespace CPChain.Rpc.Tracing;

/// <summary>Which tracer, and what it is to record: the object that go-ethereum's debug_trace* methods take.</summary>
internal sealed record TraceOptions
{
    private const int NameLengthMax = 64;

    public TraceKind Kind { get; private init; }

    public bool WithMemory { get; private init; }

    public bool WithStack { get; private init; } = true;

    public bool WithStorage { get; private init; } = true;

    public bool WithReturnData { get; private init; }

    /// <summary>Most steps; 0 for no bound but the answer's.</summary>
    public ulong StepsMax { get; private init; }

    public bool OnlyTopCall { get; private init; }

    public bool WithLog { get; private init; }

    public bool IsDiff { get; private init; }

    public bool WithoutCode { get; private init; }

    public bool WithoutStorage { get; private init; }

    public bool WithEmpty { get; private init; }

    /// <summary>The options, the step logger when the parameter is absent; a fault stays in the arguments.</summary>
    public static TraceOptions Read(RpcArguments a, int index)
    {
        TraceOptions options = new();
        if (a.Optional(index) is not { } json) return options;
        if (json.ValueKind != JsonValueKind.Object)
        {
            a.Fail(index, "an object with the tracer's options is expected");
            return options;
        }
        Flags flags = new(a, index, json);
        options = options with
        {
            Kind = KindOf(a, index, json),
            WithMemory = flags.Is("enableMemory"),
            WithStack = !flags.Is("disableStack"),
            WithStorage = !flags.Is("disableStorage"),
            WithReturnData = flags.Is("enableReturnData"),
            StepsMax = LimitOf(a, index, json),
        };
        if (!json.TryGetProperty("tracerConfig", out JsonElement own) || own.ValueKind == JsonValueKind.Null) return options;
        if (own.ValueKind != JsonValueKind.Object)
        {
            a.Fail(index, "tracerConfig is no object");
            return options;
        }
        flags = new(a, index, own);
        return options with
        {
            OnlyTopCall = flags.Is("onlyTopCall"),
            WithLog = flags.Is("withLog"),
            IsDiff = flags.Is("diffMode"),
            WithoutCode = flags.Is("disableCode"),
            WithoutStorage = flags.Is("disableStorage"),
            WithEmpty = flags.Is("includeEmpty"),
        };
    }

    /// <summary>A tracer for one transaction.</summary>
    public ITransactionTracer TracerOf(TraceSubject subject, TraceBudget budget) => Kind switch
    {
        TraceKind.Calls => new CallTracer(subject, this, budget),
        TraceKind.Prestate => new PrestateTracer(subject, this, budget),
        _ => new StepTracer(subject, this, budget),
    };

    private static TraceKind KindOf(RpcArguments a, int index, JsonElement json)
    {
        if (!json.TryGetProperty("tracer", out JsonElement name) || name.ValueKind == JsonValueKind.Null) return TraceKind.Steps;
        if (!JsonFields.TryText(name, NameLengthMax, out string text)) text = "";
        switch (text)
        {
            case "callTracer":
                return TraceKind.Calls;
            case "prestateTracer":
                return TraceKind.Prestate;
            default:
                a.Fail(index, "the tracers are callTracer, prestateTracer, and the step logger when none is named");
                return TraceKind.Steps;
        }
    }

    private static ulong LimitOf(RpcArguments a, int index, JsonElement json)
    {
        if (!json.TryGetProperty("limit", out JsonElement limit) || limit.ValueKind == JsonValueKind.Null) return 0;
        if (limit.ValueKind == JsonValueKind.Number && limit.TryGetUInt64(out ulong steps)) return steps;
        a.Fail(index, "limit is no number");
        return 0;
    }

    private readonly struct Flags(RpcArguments a, int index, JsonElement json)
    {
        public bool Is(string name)
        {
            if (!json.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null) return false;
            if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.GetBoolean();
            a.Fail(index, $"{name} is neither true nor false");
            return false;
        }
    }
}

/// <summary>What is recorded of a transaction.</summary>
internal enum TraceKind
{
    /// <summary>Each opcode.</summary>
    Steps,

    /// <summary>The tree of calls.</summary>
    Calls,

    /// <summary>The accounts that it looks at, before it.</summary>
    Prestate,
}
