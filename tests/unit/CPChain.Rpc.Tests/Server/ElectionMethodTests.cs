using System.Text.Json;
using CPChain.Chain;
using CPChain.Dpor;
using CPChain.Execution;
using CPChain.Rpc.Tests.Chain;
using CPChain.Sdk;
using CPChain.Sdk.Elections;
using CPChain.Types;

namespace CPChain.Rpc.Tests.Server;

/// <summary>What nodes say of elections is what the rules come to on the state.</summary>
public sealed class ElectionMethodTests
{
    private const int NoElections = -32020, TermNotKnown = -32021;

    [Fact]
    public async Task A_chain_without_elections_says_so_in_words()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        string account = $"[\"{InstantChain.Rich[0].Address}\"]";
        foreach ((string method, string parameters) in ((string, string)[])
            [
                ("dpor_getTerm", "[]"), ("dpor_getCurrentTerm", "[]"), ("dpor_getCurrentView", "[]"), ("dpor_getCurrentProposerIndex", "[]"),
                ("dpor_getCommitteeNumber", "[]"), ("dpor_getBlockGenerationInfo", "[]"), ("dpor_getCommittee", "[]"), ("dpor_getRoll", "[]"),
                ("dpor_getSeed", "[]"), ("dpor_getCandidates", "[]"), ("dpor_getSnapshot", "[]"), ("dpor_getRpt", account), ("dpor_getRNodes", "[]"),
                ("admission_isRNode", account), ("admission_getDifficulty", "[]"), ("cpc_getBlockReward", "[]"), ("cpc_getEconomy", "[]"),
            ])
        {
            (int code, string message) = await fixture.RefusalAsync(method, parameters);
            Assert.Equal(NoElections, code);
            Assert.Contains("no elections", message, StringComparison.Ordinal);
        }
        Assert.Equal(4, (await fixture.ResultAsync("dpor_getValidators", "[\"0x1\"]")).GetArrayLength());
        Assert.Equal(1, (await fixture.ResultAsync("dpor_getProposers", "[\"0x1\"]")).GetArrayLength());
    }

    [Fact]
    public async Task Terms_views_and_seats_are_those_of_the_number()
    {
        await using RpcFixture fixture = await StartAsync(30, 27);
        JsonElement term = await fixture.ResultAsync("dpor_getTerm", "[\"0x1d\"]");
        Assert.Equal((3, 1, 0), (term.GetProperty("term").GetInt32(), term.GetProperty("view").GetInt32(), term.GetProperty("seat").GetInt32()));
        Assert.Equal((25, 32), (term.GetProperty("firstNumber").GetInt32(), term.GetProperty("checkpoint").GetInt32()));
        Assert.Equal(31, term.GetProperty("next").GetProperty("number").GetInt32());

        // D10.2: behind an impeach block a default proposer answers, and the words say so.
        JsonElement next = (await fixture.ResultAsync("dpor_getTerm", "[null, \"0x1b\"]")).GetProperty("next");
        Assert.True(next.GetProperty("fell").GetBoolean());
        Assert.False(next.GetProperty("elected").GetBoolean());
        Assert.Equal(ElectedChain.Defaults[28 % 2].ToString(), next.GetProperty("proposer").GetString());
        TermInfo info = await fixture.Client.GetTermAsync();
        Assert.Equal((31UL, 3UL, false), (info.Next.Number, info.Next.Term, info.Schedule.Fell));
        Assert.Equal(JsonValueKind.Null, (await fixture.ResultAsync("dpor_getTerm", "[\"0x0\"]")).GetProperty("seat").ValueKind);

        Assert.Equal("0x3", (await fixture.ResultAsync("dpor_getCurrentTerm")).GetString());
        Assert.Equal("0x1", (await fixture.ResultAsync("dpor_getCurrentView")).GetString());
        Assert.Equal("0x1", (await fixture.ResultAsync("dpor_getCurrentProposerIndex")).GetString());
        Assert.Equal("0x4", (await fixture.ResultAsync("dpor_getCommitteeNumber")).GetString());
        Assert.Equal(4, (await fixture.ResultAsync("dpor_getBlockGenerationInfo")).GetProperty("proposers").GetArrayLength());
        Assert.Equal(InstantChain.Validators.Select(v => v.ToString()),
            (await fixture.ResultAsync("dpor_getValidators", "[\"0x1e\"]")).EnumerateArray().Select(e => e.GetString()!));
        string coinbase = fixture.Chain.Ledger.Head.Coinbase.ToString();
        Assert.Equal(coinbase, (await fixture.ResultAsync("dpor_getProposerByBlock")).GetString());
    }

    [Fact]
    public async Task Committee_roll_seed_and_candidates_are_those_of_the_state()
    {
        await using RpcFixture fixture = await StartAsync(40);
        StoredElections stored = Stored(fixture.Chain);
        CommitteeInfo committee = await fixture.Client.GetCommitteeAsync(null);
        Assert.Equal(5UL, committee.Term);
        Assert.Equal(stored.CommitteeOf(5)!.Seats, committee.Seats);
        Assert.Contains(committee.Seats, seat => seat.Elected);
        Assert.Equal(stored.CommitteeOf(6)!.Seats, (await fixture.Client.GetCommitteeAsync(6)).Seats);
        Assert.All((await fixture.Client.GetCommitteeAsync(2)).Seats, seat => Assert.False(seat.Elected));

        Roll roll = stored.RollOf(7)!;
        JsonElement page = await fixture.ResultAsync("dpor_getRoll", "[\"0x7\", \"latest\", \"0x2\", \"0x3\"]");
        Assert.Equal((6, 40), (page.GetProperty("count").GetInt32(), page.GetProperty("madeAt").GetInt32()));
        Assert.Equal(roll.Entries.Skip(2).Take(3).Select(e => (e.Account.ToString(), e.Weight)),
            page.GetProperty("entries").EnumerateArray().Select(e => (e.GetProperty("account").GetString()!, e.GetProperty("weight").GetInt32())));

        Assert.Equal(stored.SeedOf(4).ToString(), (await fixture.ResultAsync("dpor_getSeed")).GetProperty("seed").GetString());
        JsonElement list = await fixture.ResultAsync("dpor_getCandidates", "[\"0x5\"]");
        Assert.Equal((6, 8), (list.GetProperty("count").GetInt32(), list.GetProperty("serves").GetInt32()));
        Assert.All(list.GetProperty("entries").EnumerateArray(), e => Assert.True(e.GetProperty("stands").GetBoolean()));
        Assert.Equal(-32602, (await fixture.RefusalAsync("dpor_getRoll", "[\"0x7\", \"latest\", \"0x0\", \"0x3e9\"]")).Code);
    }

    [Fact]
    public async Task A_snapshot_is_what_the_single_methods_say_at_its_block_by_number_and_by_hash()
    {
        await using RpcFixture fixture = await StartAsync(40);
        JsonElement head = await fixture.ResultAsync("dpor_getSnapshot");
        StoredElections stored = Stored(fixture.Chain);

        Assert.Equal((40, 5), (head.GetProperty("number").GetInt32(), head.GetProperty("term").GetInt32()));
        Assert.Equal(ElectedChain.RNodes.Length, head.GetProperty("candidates").GetArrayLength());
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6"], head.GetProperty("proposers").EnumerateObject().Select(static term => term.Name));
        Assert.Equal(
            stored.CommitteeOf(6)!.Seats.Select(static seat => seat.Account.ToString()),
            head.GetProperty("proposers").GetProperty("6").EnumerateArray().Select(static one => one.GetString()!));
        Assert.Equal(["5", "6", "7"], head.GetProperty("validators").EnumerateObject().Select(static term => term.Name));
        Assert.Equal(
            InstantChain.Validators.Select(static one => one.ToString()),
            head.GetProperty("validators").GetProperty("7").EnumerateArray().Select(static one => one.GetString()!));

        string hash = head.GetProperty("hash").GetString()!;
        Assert.Equal(head.GetRawText(), (await fixture.ResultAsync("dpor_getSnapshot", $"[{{\"blockHash\":\"{hash}\"}}]")).GetRawText());
        Assert.Equal(4, (await fixture.ResultAsync("dpor_getSnapshot", "[\"0x20\"]")).GetProperty("term").GetInt32());
    }

    [Fact]
    public async Task The_configuration_of_a_chain_is_that_of_its_genesis()
    {
        await using RpcFixture fixture = await StartAsync(1);
        JsonElement config = await fixture.ResultAsync("cpc_getChainConfig");
        ChainRules rules = fixture.Chain.Ledger.Rules;

        Assert.Equal((rules.ChainId, rules.PeriodMs, rules.GasLimit),
            (config.GetProperty("chainId").GetUInt64(), config.GetProperty("periodMs").GetUInt64(), config.GetProperty("gasLimit").GetUInt64()));
        JsonElement dpor = config.GetProperty("dpor");
        Assert.True(DporJson.TryParse(dpor.GetProperty("parameters").GetRawText(), out DporParameters? parameters, out _));
        Assert.Equal(DporJson.Print(ElectedChain.Parameters), DporJson.Print(parameters!));
        Assert.Equal(ElectedChain.Defaults.Select(static one => one.ToString()), dpor.GetProperty("defaultProposers").EnumerateArray().Select(static one => one.GetString()!));

        await using RpcFixture plain = await RpcFixture.StartAsync();
        Assert.Equal(JsonValueKind.Null, (await plain.ResultAsync("cpc_getChainConfig")).GetProperty("dpor").ValueKind);
    }

    [Fact]
    public async Task A_term_out_of_the_ring_is_refused_with_the_terms_that_are_known()
    {
        await using RpcFixture fixture = await StartAsync(0);
        (int code, string message) = await fixture.RefusalAsync("dpor_getSeed");
        Assert.Equal(TermNotKnown, code);
        Assert.Contains("at block 8", message, StringComparison.Ordinal);
        Assert.Equal(TermNotKnown, (await fixture.RefusalAsync("dpor_getCommittee", "[\"0x3\"]")).Code);

        fixture.Chain.SealTo(8 * 18);
        (code, message) = await fixture.RefusalAsync("dpor_getSeed", "[\"0x1\"]");
        Assert.Equal(TermNotKnown, code);
        Assert.Contains("terms 2 to 17, not of 1", message, StringComparison.Ordinal);
        StoredElections stored = Stored(fixture.Chain);
        Assert.Equal((new TermRange(4, 19), new TermRange(5, 20)), (stored.Committees, stored.Rolls));
        Assert.Equal(4UL, (await fixture.Client.GetCommitteeAsync(4)).Term);
        Assert.Contains("terms 4 to 19", (await fixture.RefusalAsync("dpor_getCommittee", "[\"0x3\"]")).Message, StringComparison.Ordinal);
        // An older block still tells of it.
        Assert.Equal(3UL, (await fixture.Client.GetCommitteeAsync(3, 40)).Term);
    }

    [Fact]
    public async Task Reputation_is_what_the_roll_of_the_checkpoint_is_made_from()
    {
        await using RpcFixture fixture = await StartAsync(40, 33, 36);
        StoredView view = new(new StateWords(fixture.Chain.Ledger.HeadState));
        foreach (ReputationScore score in Reputation.Of(ElectedChain.Parameters, view, 4, [.. ElectedChain.RNodes.Select(k => k.Address)]))
        {
            ReputationInfo info = await fixture.Client.GetReputationAsync(score.Account);
            Assert.Equal((ulong)score.Rpt, info.Rpt);
            Assert.Equal(((int[])[score.Balance, score.Transactions, score.Proxy, score.Data, score.Maintenance]).Select(p => (ulong)p), info.Points);
            Assert.Equal(((ulong)score.Impeached, (ulong)score.Standing(ElectedChain.Parameters)), (info.Impeached, info.Standing));
            Assert.True(info is { IsRNode: true, Stands: true, Term: 4, FirstTerm: 2 });
        }
        // Who does not stand is scored as if it alone stood beside the six: the richest of seven, with no deeds.
        ReputationInfo rich = await fixture.Client.GetReputationAsync(InstantChain.Rich[0].Address);
        Assert.True(rich is { IsRNode: false, Stands: false, Rpt: 5_000 });
        Assert.Equal([100, 0, 0, 0, 0], rich.Points);

        JsonElement page = await fixture.ResultAsync("dpor_getRNodes", "[\"latest\", \"0x4\", \"0x5\"]");
        Assert.Equal((6, 2), (page.GetProperty("count").GetInt32(), page.GetProperty("entries").GetArrayLength()));
        Assert.True((await fixture.ResultAsync("admission_isRNode", $"[\"{ElectedChain.RNodes[0].Address}\"]")).GetBoolean());
        Assert.False((await fixture.ResultAsync("admission_isRNode", $"[\"{InstantChain.Rich[0].Address}\"]")).GetBoolean());
        JsonElement difficulty = await fixture.ResultAsync("admission_getDifficulty");
        Assert.Equal((4, 2), (difficulty.GetProperty("cpu").GetInt32(), difficulty.GetProperty("memory").GetInt32()));
    }

    [Fact]
    public async Task The_economy_is_as_time_and_number_have_it()
    {
        await using RpcFixture fixture = await StartAsync(10);
        Assert.Equal((Units.Cpc * 12UL).ToHexQuantity(), (await fixture.ResultAsync("cpc_getBlockReward")).GetString());
        Assert.Equal(Units.Cpc.ToHexQuantity(), (await fixture.ResultAsync("cpc_getBlockReward", "[\"0x29\"]")).GetString());
        Assert.Equal("0x0", (await fixture.ResultAsync("cpc_getBlockReward", "[\"0x51\"]")).GetString());

        fixture.Chain.MoveTime(TimeSpan.FromSeconds(40));
        Block block = fixture.Chain.Seal();
        JsonElement facts = await fixture.ResultAsync("cpc_getEconomy");
        ulong since = block.Header.TimestampMs / 1_000 - InstantChain.StartMs / 1_000;
        JsonElement season = facts.GetProperty("season");
        Assert.Equal((since / 120, "locked"), (season.GetProperty("number").GetUInt64(), season.GetProperty("phase").GetString()));
        Assert.Equal(0, facts.GetProperty("reward").GetProperty("era").GetInt32());
        Assert.Equal(fixture.Chain.Genesis.Dpor!.Foundation.ToString(), facts.GetProperty("foundation").GetString());
        UInt256 reserve = await fixture.Client.GetBalanceAsync(SystemContracts.Reserve);
        Assert.Equal(reserve.ToHexQuantity(), facts.GetProperty("reserve").GetString());
        Assert.Equal(Units.Cpc * 400_000_000UL - Units.Cpc * 12UL * 11UL, reserve);
    }

    private static async Task<RpcFixture> StartAsync(ulong blocks, params ulong[] impeached)
    {
        InstantChain chain = ElectedChain.Create();
        chain.SealTo(blocks, impeached);
        return await RpcFixture.StartAsync(chain);
    }

    private static StoredElections Stored(InstantChain chain) =>
        new(ElectedChain.Parameters, ElectedChain.Defaults, chain.Ledger.Head.Number, new StateWords(chain.Ledger.HeadState));
}
