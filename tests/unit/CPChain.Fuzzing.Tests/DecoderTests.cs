using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using CPChain.Fuzzing.Decoders;
using CPChain.Simulation;

namespace CPChain.Fuzzing.Tests;

/// <summary>Decoders hold against bytes that are nearly valid, and none is forgotten.</summary>
public sealed partial class DecoderTests(ITestOutputHelper output)
{
    private const int Cases = 40_000;

    [Fact]
    public void Mutated_encodings_are_read_or_refused_within_bounds()
    {
        DecoderTotals totals = DecoderCampaign.Run(
            DecoderRegistry.All, seed: 7, Cases, double.MaxValue, jobs: 1, TestContext.Current.CancellationToken);
        output.WriteLine($"{totals.Inputs} inputs, {totals.Taken} read, {totals.ProcessorSeconds:0.00} s of processor time");
        Assert.True(totals.Failures.Count == 0, string.Join('\n', totals.Failures));
        Assert.All(totals.Decoders, one => Assert.True(one.Inputs > 100, one.Decoder));
        Assert.All(totals.Decoders, one => Assert.True(one.Taken > 0, $"{one.Decoder} has read nothing"));
    }

    [Fact]
    public void Equal_seeds_show_equal_inputs()
    {
        DecoderEntry[] some = [.. DecoderRegistry.All.Take(6)];
        DecoderTotals one = DecoderCampaign.Run(some, 3, 6000, double.MaxValue, 1, TestContext.Current.CancellationToken);
        DecoderTotals two = DecoderCampaign.Run(some, 3, 6000, double.MaxValue, 1, TestContext.Current.CancellationToken);
        Assert.Equal(one.Decoders.Select(tally => (tally.Inputs, tally.Taken)), two.Decoders.Select(tally => (tally.Inputs, tally.Taken)));
    }

    public static TheoryData<string> Faults => ["throws", "allocates", "rewrites", "changes", "takes", "refuses"];

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_decoder_that_breaks_a_promise_is_found(string fault)
    {
        DecoderEntry entry = new("broken", ["Broken.TryDecode"], [[1, 2, 3, 4, 5, 6, 7, 8]], bytes => Broken(fault, bytes));
        DecoderRun run = new(entry, new SeededRandom(1));
        run.TrySeeds();
        run.Run(2000);
        Assert.NotEmpty(run.Failures);
    }

    private static Decoded Broken(string fault, byte[] bytes)
    {
        bool isHit = bytes.Length > 2 && bytes[1] == 0xff;
        switch (fault)
        {
            case "refuses": return Decoded.Refused;
            case "rewrites": return Decoded.As(bytes.Length > 4 ? bytes[..4] : bytes);
            case "throws" when isHit: throw new InvalidOperationException("broken");
            case "allocates" when isHit: return Decoded.If(new byte[1 << 20].Length > 0);
            case "changes" when isHit:
                bytes[0] ^= 1;
                return Decoded.Taken;
            case "takes" when isHit:
                long until = Environment.TickCount64 + 2500;
                double start = EvmTools.Benchmarks.CpuClock.OfThread();
                while (EvmTools.Benchmarks.CpuClock.OfThread() - start < DecoderRun.SecondsMax + 0.1 || Environment.TickCount64 < until) Thread.SpinWait(1000);
                return Decoded.Taken;
            default: return Decoded.If(bytes.Length == 8);
        }
    }

    [Fact]
    public void Every_decoder_of_the_product_is_in_the_registry_or_has_a_reason()
    {
        HashSet<string> known = [.. DecoderRegistry.All.SelectMany(entry => entry.Covers), .. DecoderRegistry.Exempt.Keys];
        string[] found = [.. Product().SelectMany(assembly => assembly.GetTypes()).SelectMany(Decoders).Distinct().Order(StringComparer.Ordinal)];
        Assert.True(found.Length > 50, "the search finds the decoders");
        string[] forgotten = [.. found.Where(name => !known.Contains(name))];
        Assert.True(forgotten.Length == 0, "in no entry of the registry: " + string.Join(", ", forgotten));
        // What is exempt must still be there; a covered one may be reached through another type.
        Assert.Empty(DecoderRegistry.Exempt.Keys.Except(found));
    }

    [Fact]
    public void Names_of_decoders_are_unique() =>
        Assert.Equal(DecoderRegistry.All.Count, DecoderRegistry.All.Select(entry => entry.Name).Distinct().Count());

    /// <summary>The libraries of the product: not the programs that try it.</summary>
    private static IEnumerable<Assembly> Product() =>
        from file in Directory.EnumerateFiles(AppContext.BaseDirectory, "CPChain.*.dll")
        let name = Path.GetFileNameWithoutExtension(file)
        where !name.EndsWith(".Tests", StringComparison.Ordinal)
            && name is not ("CPChain.Fuzzing" or "CPChain.EvmTools" or "CPChain.Simulation" or "CPChain.ModelChecking")
        select Assembly.Load(name);

    private static IEnumerable<string> Decoders(Type type) =>
        from method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        where (method.IsPublic || method.IsAssembly) && DecoderName().IsMatch(method.Name)
            && method.GetParameters() is [var first, ..] && Inputs.Contains(first.ParameterType)
        select $"{type.Name}.{method.Name}";

    private static readonly HashSet<Type> Inputs =
    [
        typeof(ReadOnlySpan<byte>), typeof(ReadOnlyMemory<byte>), typeof(byte[]), typeof(string), typeof(ReadOnlySpan<char>), typeof(JsonElement),
    ];

    [GeneratedRegex("^((Try)?(Decode|Parse|Read)|TryFrom(Bytes|Compressed))")]
    private static partial Regex DecoderName();
}
