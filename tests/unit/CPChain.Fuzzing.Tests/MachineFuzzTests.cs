using System.Text.Json;
using CPChain.Chain;
using CPChain.Evm;
using CPChain.EvmTools.Benchmarks;
using CPChain.Fuzzing.Machine;
using CPChain.Types;

namespace CPChain.Fuzzing.Tests;

/// <summary>Cases from seeds, on our machine and on anvil.</summary>
public sealed class MachineFuzzTests(ITestOutputHelper output)
{
    private const ulong SampleFrom = 3_000_000;
    private const int SampleCases = 250;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Equal_seeds_make_equal_cases()
    {
        for (ulong seed = 0; seed < 60; seed++)
        {
            MachineCase one = CaseMaker.Make(seed), two = CaseMaker.Make(seed);
            Assert.Equal(one.Encoded.ToArray(), two.Encoded.ToArray());
            Assert.Equal(one.Accounts.Select(Text), two.Accounts.Select(Text));
        }
    }

    [Fact]
    public void Cases_hold_every_opcode_and_every_type_of_transaction_and_end_in_many_ways()
    {
        HashSet<byte> opcodes = [];
        HashSet<TxType> types = [];
        MachineCase[] cases = [.. Enumerable.Range(0, 600).Select(static seed => CaseMaker.Make((ulong)seed))];
        foreach (MachineCase one in cases)
        {
            if (Transaction.TryDecode(one.Encoded.Span, out Transaction? read, out _)) types.Add(read.Type);
            foreach (GenesisAccount account in one.Accounts) opcodes.UnionWith(OpcodesOf(account.Code.Span));
        }

        byte[] wanted =
        [
            .. Range(0x00, 0x0b), .. Range(0x10, 0x1e), 0x20, .. Range(0x30, 0x4a), .. Range(0x50, 0x5f), .. Range(0x60, 0x7f),
            .. Range(0x80, 0x9f), .. Range(0xa0, 0xa4), .. Range(0xf0, 0xf5), 0xfa, 0xfd, 0xfe, 0xff,
        ];
        Assert.Empty(wanted.Except(opcodes).Select(static op => op.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal([TxType.Legacy, TxType.AccessList, TxType.FeeMarket, TxType.SetCode], types.Order());
        OwnBlock block = new OwnSide(EvmRules.Osaka).Run(
            cases, [.. cases.SelectMany(static one => one.Accounts)], Hash256.Zero);
        int count = block.Outcomes.Count;
        Assert.InRange(block.Outcomes.Count(static one => one.IsSuccess), count / 4, count * 3 / 4);
        Assert.InRange(block.Outcomes.Count(static one => !one.IsIncluded), 1, count / 8);
        Assert.True(block.Outcomes.Count(static one => one.IsIncluded && !one.IsSuccess && one.Output.Length > 0) > count / 50, "reverts with a reason");
        Assert.True(block.Outcomes.Sum(static one => one.Logs.Count) > count / 10, "events");
        Assert.True(block.Changes.Codes.Length > count / 20, "contracts are created");
    }

    [Fact]
    public async Task Both_sides_agree_on_a_sample()
    {
        await using PeerSide peer = await PeerAsync();
        MachineCase[] cases = [.. Enumerable.Range(0, SampleCases).Select(static index => CaseMaker.Make(SampleFrom + (ulong)index))];
        (MachineCase? Case, string What)? difference = await new SideBySide(new OwnSide(EvmRules.Osaka), peer).CheckAsync(cases, Cancel);
        Assert.True(difference is null, $"seed {difference?.Case?.Seed}: {difference?.What}");
    }

    [Fact]
    public async Task Seeds_that_once_differed_agree_and_planted_mistakes_are_found()
    {
        await using PeerSide peer = await PeerAsync();
        KeptSeeds kept = JsonSerializer.Deserialize<KeptSeeds>(await File.ReadAllBytesAsync(Fixture("fuzz/seeds.json"), Cancel))!;
        MachineCase[] cases = [.. kept.Found.Keys.Select(ulong.Parse).Concat(kept.Planted.Values).Distinct().Select(CaseMaker.Make)];
        PeerBlock mined = await peer.RunAsync(cases, Cancel);
        (MachineCase? Case, string What)? difference = new SideBySide(new OwnSide(EvmRules.Osaka), peer).Compare(cases, mined);
        Assert.True(difference is null, $"seed {difference?.Case?.Seed}: {difference?.What}");
        foreach ((string name, ulong seed) in kept.Planted)
        {
            OwnSide wrong = new(PlantedDefect.Find(name)!.Rules);
            string? found = await new SideBySide(wrong, peer).CheckAloneAsync(CaseMaker.Make(seed), Cancel);
            output.WriteLine($"{name}: seed {seed}: {found}");
            Assert.True(found is not null, name);
        }
    }

    [Fact]
    public async Task A_found_case_is_made_small_and_its_file_shows_the_same()
    {
        MachineCase one = CaseMaker.Make(5);
        static bool Differs(MachineCase some) => some.Accounts.Any(static account => account.Code.Span.IndexOf((byte)0x55) >= 0);
        Assert.True(Differs(one));
        MachineCase small = await CaseShrinker.ShrinkAsync(one, static some => Task.FromResult(Differs(some)), 2000);
        Assert.True(Differs(small));
        Assert.Single(small.Accounts);
        Assert.True(small.Accounts[0].Code.Length < one.Accounts.Sum(static account => account.Code.Length) / 4);
        string path = Path.Combine(Path.GetTempPath(), $"cpchain-case-{Guid.NewGuid():N}.json");
        try
        {
            CaseFile.Of(small, "Osaka", "what").Save(path);
            MachineCase read = CaseFile.Load(path).ToCase();
            Assert.Equal(small.Encoded.ToArray(), read.Encoded.ToArray());
            Assert.Equal(small.Accounts.Select(Text), read.Accounts.Select(Text));
            await File.WriteAllTextAsync(path, "{", Cancel);
            Assert.Throws<FormatException>(() => CaseFile.Load(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static async Task<PeerSide> PeerAsync()
    {
        (string? program, string where) = await AnvilProgram.FindAsync(Cancel);
        Assert.SkipWhen(program is null, $"anvil is not there: {where}");
        return await PeerSide.StartAsync(program!, Cancel);
    }

    private static List<byte> OpcodesOf(ReadOnlySpan<byte> code)
    {
        List<byte> found = [];
        for (int at = 0; at < code.Length; at += code[at] is >= 0x60 and <= 0x7f ? code[at] - 0x5e : 1) found.Add(code[at]);
        return found;
    }

    private static IEnumerable<byte> Range(int first, int last) => Enumerable.Range(first, last - first + 1).Select(static op => (byte)op);

    private static string Text(GenesisAccount account) =>
        $"{account.Address} {account.Nonce} {account.Balance} {Hex.Encode(account.Code.Span)} {string.Join(",", account.Storage)}";

    private static string Fixture(string name)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CPChain.slnx"))) folder = folder.Parent;
        return Path.Combine(folder!.FullName, "fixtures", name);
    }

    /// <summary>The seeds that are kept.</summary>
    /// <param name="Found">What real differences they showed.</param>
    /// <param name="Planted">A seed that shows each planted mistake.</param>
    private sealed record KeptSeeds(Dictionary<string, string> Found, Dictionary<string, ulong> Planted);
}
