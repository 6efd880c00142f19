using System.Text.Json.Nodes;
using CPChain.Chain;
using CPChain.Dpor;
using CPChain.Execution;
using CPChain.Rpc.Tests.Chain;
using CPChain.Sdk.Elections;
using CPChain.Sdk.Proofs;
using CPChain.Types;

namespace CPChain.Rpc.Tests.Client;

/// <summary>D18: who trusts the genesis validators alone comes to the committee that nodes have, and believes no node that lies.</summary>
public sealed class TermVerifierTests
{
    private const ulong Term = 6;

    private static readonly ulong[] s_impeached = [26, 33, 34, 37];

    [Fact]
    public async Task D18_committees_of_all_terms_are_recomputed_from_headers_and_proofs()
    {
        await using RpcFixture fixture = await StartAsync();
        for (ulong term = 3; term <= Term; term++)
        {
            TermVerdict verdict = await Verifier(fixture, fixture.Client).VerifyAsync(term);
            Assert.Empty(verdict.Differences);
            Assert.Equal(ElectedChain.Parameters.Seats, verdict.Seats.Length);
            Assert.Equal(ElectedChain.RNodes.Length, verdict.Roll.Entries.Length);
            Assert.Contains(verdict.Seats, seat => seat.Computed!.Value.Elected);
            Assert.Equal(s_impeached.Where(n => (n - 1) / 8 == term - 2), verdict.Impeached.Select(one => one.Number));
            Assert.Equal(((term - 2) * 8, (term - 1) * 8), (verdict.RollBlock, verdict.DrawBlock));
        }
    }

    [Fact]
    public async Task A_term_that_is_not_drawn_yet_or_whose_states_are_pruned_is_told_apart()
    {
        await using RpcFixture fixture = await StartAsync();
        TermNotDrawnException early = await Assert.ThrowsAsync<TermNotDrawnException>(() => Verifier(fixture, fixture.Client).VerifyAsync(7));
        Assert.Equal((48UL, 42UL), (early.Checkpoint, early.Head));

        InstantChain forgetful = ElectedChain.Create(historyBlocks: 8);
        forgetful.SealTo(42);
        await using RpcFixture pruned = await RpcFixture.StartAsync(forgetful);
        StateNotKeptException old = await Assert.ThrowsAsync<StateNotKeptException>(() => Verifier(pruned, pruned.Client).VerifyAsync(Term));
        Assert.Equal(32UL, old.Block);
    }

    [Theory]
    [InlineData("another account")]
    [InlineData("a seat less")]
    [InlineData("elected")]
    public async Task A_committee_that_the_node_makes_up_is_named_seat_by_seat(string lie)
    {
        await using RpcFixture fixture = await StartAsync();
        await using LyingNode liar = new(fixture.Server.Url);
        liar.Lie = Lie("dpor_getCommittee", answer =>
        {
            JsonArray seats = answer["seats"]!.AsArray();
            if (lie == "another account") seats[3]!["account"] = InstantChain.Rich[0].Address.ToString();
            if (lie == "a seat less") seats.RemoveAt(3);
            if (lie == "elected") seats[3]!["elected"] = !seats[3]!["elected"]!.GetValue<bool>();
            return answer;
        });
        TermVerdict verdict = await Verifier(fixture, liar.Client).VerifyAsync(Term);
        Assert.False(verdict.Agrees);
        Assert.Equal([3], verdict.Seats.Where(seat => !seat.Agrees).Select(seat => seat.Seat));
        Assert.Contains("seat 3", Assert.Single(verdict.Differences), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a missing slot", ProofFault.Contradiction)]
    [InlineData("a changed word", ProofFault.Contradiction)]
    [InlineData("a changed node", ProofFault.NotProven)]
    [InlineData("no proof", ProofFault.NotProven)]
    public async Task A_word_that_is_not_proven_is_refused(string lie, ProofFault fault)
    {
        await using RpcFixture fixture = await StartAsync();
        await using LyingNode liar = new(fixture.Server.Url);
        liar.Lie = Lie("eth_getProof", answer =>
        {
            JsonArray slots = answer["storageProof"]!.AsArray();
            if (slots.Count == 0) return answer;
            JsonArray proof = slots[0]!["proof"]!.AsArray();
            if (lie == "a missing slot") slots.RemoveAt(slots.Count - 1);
            if (lie == "a changed word") slots[0]!["value"] = "0x7";
            if (lie == "a changed node") proof[0] = Flipped(proof[0]!);
            if (lie == "no proof") proof.Clear();
            return answer;
        });
        ProofException refusal = await Assert.ThrowsAsync<ProofException>(() => Verifier(fixture, liar.Client).VerifyAsync(Term));
        Assert.Equal(fault, refusal.Fault);
    }

    [Theory]
    [InlineData("two signatures", ProofFault.Malformed)]
    [InlineData("a signature of somebody", ProofFault.NotCertified)]
    [InlineData("no certificate", ProofFault.Malformed)]
    public async Task A_header_without_quorum_is_refused(string lie, ProofFault fault)
    {
        await using RpcFixture fixture = await StartAsync();
        await using LyingNode liar = new(fixture.Server.Url);
        liar.Lie = Lie("cpc_getHeader", answer =>
        {
            if (answer["number"]!.GetValue<ulong>() != 36) return answer;
            if (lie == "two signatures")
                answer["certificate"] = Hex.Encode(fixture.Chain.CertificateOf(fixture.Chain.Ledger.HeaderByNumber(36)!, [0, 1]));
            if (lie == "a signature of somebody") answer["certificate"] = Flipped(answer["certificate"]!);
            if (lie == "no certificate") answer["certificate"] = null;
            return answer;
        });
        ProofException refusal = await Assert.ThrowsAsync<ProofException>(() => Verifier(fixture, liar.Client).VerifyAsync(Term));
        Assert.Equal(fault, refusal.Fault);
    }

    // The last header of a term has no child here that would show it up: only its reveal does.
    [Fact]
    public async Task D9_1_a_wrong_reveal_is_refused_even_under_a_quorum()
    {
        await using RpcFixture fixture = await StartAsync();
        BlockHeader honest = fixture.Chain.Ledger.HeaderByNumber(40)!;
        Assert.Equal(Hash256.Length, honest.Extra.Length);
        BlockHeader forged = honest with { Extra = new byte[Hash256.Length] };
        await using LyingNode liar = new(fixture.Server.Url);
        liar.Lie = Lie("cpc_getHeader", answer =>
        {
            if (answer["number"]!.GetValue<ulong>() != 40) return answer;
            answer["header"] = Hex.Encode(forged.Encode());
            answer["certificate"] = Hex.Encode(fixture.Chain.CertificateOf(forged, [0, 1, 3]));
            return answer;
        });
        ProofException refusal = await Assert.ThrowsAsync<ProofException>(() => Verifier(fixture, liar.Client).VerifyAsync(Term));
        Assert.Equal(ProofFault.WrongReveal, refusal.Fault);
    }

    [Fact]
    public async Task D10_headers_of_somebody_elses_number_or_of_another_term_are_refused()
    {
        await using RpcFixture fixture = await StartAsync();
        BlockHeader[] headers = [.. Enumerable.Range(33, 8).Select(n => fixture.Chain.Ledger.HeaderByNumber((ulong)n)!)];
        StoredElections stored = new(ElectedChain.Parameters, ElectedChain.Defaults, 42, new StateWords(fixture.Chain.Ledger.HeadState));
        TermBeginning beginning = new(
            stored.SeedOf(3)!.Value, default, stored.CommitteeOf(4)!,
            new Dictionary<Address, Hash256> { [ElectedChain.Defaults[0]] = CommitmentOfDefault(4) });
        TermReplay replay = TermReplay.Of(ElectedChain.Rules, beginning, headers);
        Assert.Equal(stored.SeedOf(4), replay.Seed);
        Assert.Equal([33UL, 34, 37], replay.Impeached.Select(one => one.Number));

        BlockHeader[] stolen = [.. headers];
        stolen[7] = stolen[7] with { Coinbase = InstantChain.Rich[0].Address };
        Assert.Equal(ProofFault.WrongProposer,
            Assert.Throws<ProofException>(() => TermReplay.Of(ElectedChain.Rules, beginning, stolen)).Fault);
        Assert.Equal(ProofFault.WrongHeader,
            Assert.Throws<ProofException>(() => TermReplay.Of(ElectedChain.Rules, beginning, headers[1..])).Fault);
    }

    private static Hash256 CommitmentOfDefault(ulong term) =>
        TermSeed.Commitment(ElectedChain.SecretOf(ElectedChain.Defaults[0], term), ElectedChain.Parameters.Terms.Length);

    private static async Task<RpcFixture> StartAsync()
    {
        InstantChain chain = ElectedChain.Create();
        chain.SealTo(42, s_impeached);
        return await RpcFixture.StartAsync(chain);
    }

    private static TermVerifier Verifier(RpcFixture fixture, Sdk.ChainClient client) => new(
        client, new ChainTrust(InstantChain.ChainId, fixture.Chain.Ledger.GenesisHash, InstantChain.Validators), ElectedChain.Rules);

    private static (string Method, Func<JsonNode, JsonNode?> Change) Lie(string method, Func<JsonNode, JsonNode?> change) => (method, change);

    private static string Flipped(JsonNode hex)
    {
        char[] text = hex.GetValue<string>().ToCharArray();
        text[^1] = text[^1] == '0' ? '1' : '0';
        return new string(text);
    }
}
