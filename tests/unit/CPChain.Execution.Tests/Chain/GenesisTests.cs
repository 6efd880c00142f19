using System.Text.Json.Nodes;
using CPChain.Chain;
using CPChain.Execution.Tests.Harness;
using CPChain.Types;

namespace CPChain.Execution.Tests.Chain;

/// <summary>Rules C10 and C14.</summary>
public sealed class GenesisTests
{
    internal static readonly Genesis Sample = TestChain.With(
        TestChain.GenesisOf(),
        new GenesisAccount(
            Address.FromUInt256(0xc0deUL), UInt256.Zero, 1, new byte[] { 0x60, 0x00 },
            [new(UInt256.One, UInt256.MaxValue)]));

    [Fact]
    public void C14_print_is_canonical_and_parses_back_to_the_same_chain()
    {
        string text = Sample.Print();
        Assert.True(Genesis.TryParse(text, out Genesis? read, out GenesisFault fault), fault.ToString());
        Assert.Equal(text, read.Print());
        Assert.Equal(GenesisState.Create(Sample).Block.Hash, GenesisState.Create(read).Block.Hash);
        // Order and spelling of the accounts do not matter.
        JsonNode shuffled = JsonNode.Parse(text)!;
        JsonArray alloc = shuffled["alloc"]!.AsArray();
        JsonNode last = alloc[^1]!;
        alloc.RemoveAt(alloc.Count - 1);
        alloc.Insert(0, last);
        Assert.True(Genesis.TryParse(shuffled.ToJsonString(), out Genesis? other, out _));
        Assert.Equal(text, other.Print());
    }

    [Fact]
    public void C14_a_genesis_of_version_1_gives_the_same_block_for_ever()
    {
        Assert.True(Genesis.TryParse(Fixtures.Text("chain/genesis-v1.json"), out Genesis? read, out GenesisFault fault), $"{fault}");
        Assert.Equal(
            "0x88bb91ce5d1bac4df65c284fe7539bb32630446e99ad2caaf4d36ec9944ce29a",
            GenesisState.Create(read).Block.Hash.ToString());
    }

    [Fact]
    public void C14_every_rule_enters_the_hash_of_block_0()
    {
        Genesis[] changed =
        [
            Sample with { Name = "other" },
            Sample with { ChainId = 42 },
            Sample with { TimestampMs = 1 },
            Sample with { Times = Sample.Times with { PeriodMs = 1_001 } },
            Sample with { GasLimit = 29_000_000 },
            Sample with { BaseFeePerGas = 2UL * Units.Gwei },
            Sample with { BaseFeeFloor = 1UL },
            Sample with { Limits = Sample.Limits with { TransactionsMax = 9 } },
            Sample with { Alloc = Sample.Alloc.RemoveAt(0) },
            Sample with { Schedule = ScheduleOf(new CommitteeEntry(1, [TestChain.Users[0].Address], [TestChain.Users[1].Address])) },
        ];
        Assert.Equal(
            changed.Length + 1,
            changed.Append(Sample).Select(one => GenesisState.Create(one).Block.Hash).Distinct().Count());
    }

    [Theory]
    [InlineData("name", "\"\"", "$.name")]
    [InlineData("chainId", "0", "$.chainId")]
    [InlineData("chainId", "\"41\"", "$.chainId")]
    [InlineData("periodMs", "99", "$.periodMs")]
    [InlineData("timeoutMs", "1000", "$.timeoutMs")]
    [InlineData("driftMs", "250", "$.driftMs")]
    [InlineData("roundBaseMs", "100", "$.roundBaseMs")]
    [InlineData("gasLimit", "300000000", "$.gasLimit")]
    [InlineData("baseFeePerGas", "\"1\"", "$.baseFeePerGas")]
    [InlineData("baseFeeFloor", "\"x\"", "$.baseFeeFloor")]
    [InlineData("schedule", "[]", "$.schedule[0]")]
    [InlineData("schedule", "[null]", "$.schedule[0]")]
    [InlineData("alloc", "[{\"address\":\"0x1\",\"balance\":\"1\"}]", "$.alloc[0].address")]
    [InlineData("alloc", "[{\"address\":\"0x0000000000000000000000000000000000000001\",\"balance\":\"-1\"}]", "$.alloc[0].balance")]
    [InlineData("alloc", "[{\"address\":\"0x0000000000000000000000000000000000000001\"}]", "$.alloc[0]")]
    [InlineData("limits", "{\"transactionsMax\":0,\"gasMax\":1,\"bytesMax\":1,\"transactionBytesMax\":1}", "$.limits.transactionsMax")]
    public void C14_a_bad_field_is_named_by_its_path(string field, string json, string path)
    {
        JsonNode text = JsonNode.Parse(Sample.Print())!;
        text[field] = JsonNode.Parse(json);
        Assert.False(Genesis.TryParse(text.ToJsonString(), out Genesis? none, out GenesisFault fault));
        Assert.Null(none);
        Assert.Equal(path, fault.Path);
        Assert.NotEmpty(fault.Reason);
    }

    [Fact]
    public void C14_unknown_versions_fields_and_texts_are_refused()
    {
        JsonNode newer = JsonNode.Parse(Sample.Print())!;
        newer["version"] = 2;
        newer["somethingNew"] = 1;
        Assert.False(Genesis.TryParse(newer.ToJsonString(), out _, out GenesisFault fault));
        Assert.Equal(GenesisFaultKind.UnknownVersion, fault.Kind);
        Assert.Contains("version 2", fault.Reason, StringComparison.Ordinal);

        JsonNode unknown = JsonNode.Parse(Sample.Print())!;
        unknown["surprise"] = 1;
        Assert.False(Genesis.TryParse(unknown.ToJsonString(), out _, out fault));
        Assert.Equal(GenesisFaultKind.Malformed, fault.Kind);
        foreach (string text in (string[])["", "null", "[]", "{", "{\"version\":1}", "{\"version\":1,\"version\":1}"])
            Assert.False(Genesis.TryParse(text, out _, out _), text);
    }

    [Fact]
    public void C14_an_account_listed_twice_is_refused()
    {
        JsonNode text = JsonNode.Parse(Sample.Print())!;
        JsonArray alloc = text["alloc"]!.AsArray();
        alloc.Add(alloc[0]!.DeepClone());
        Assert.False(Genesis.TryParse(text.ToJsonString(), out _, out GenesisFault fault));
        Assert.Equal(GenesisFaultKind.DuplicateAccount, fault.Kind);
    }

    private static CommitteeSchedule ScheduleOf(params CommitteeEntry[] entries)
    {
        Assert.True(CommitteeSchedule.TryCreate([.. entries], out CommitteeSchedule? schedule, out _));
        return schedule;
    }
}
