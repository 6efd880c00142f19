using CPChain.Contracts.Tests.Pools;
using CPChain.Contracts.Tests.World;
using CPChain.Crypto;
using CPChain.Sdk.Abi;
using CPChain.Types;
using static CPChain.Contracts.Tests.World.EconomyWorld;

namespace CPChain.Contracts.Tests.Election;

/// <summary>Claims and their proofs: ECO-31, ECO-32, D12, and the original's cases (20.9 Campaign and Admission).</summary>
public sealed class CampaignTests
{
    private static readonly Address s_node = Actor(1);

    [Fact]
    public void Campaign_20_9_a_claim_of_one_term_stands_on_the_next_list_alone()
    {
        using EconomyWorld world = Ready();
        ulong term = world.Term;
        Done claimed = Claim(world, s_node, 1);
        Assert.True(claimed.Success, claimed.Reason);
        Assert.Equal((UInt256)(term + 1), claimed.Event("Claimed").Value<UInt256>("firstList"));
        Assert.Empty(List(world, term));
        Assert.Equal([s_node], List(world, term + 1));
        Assert.Empty(List(world, term + 2));
    }

    [Fact]
    public void Campaign_20_9_claiming_again_inside_the_terms_is_refused_and_in_a_later_one_accepted()
    {
        using EconomyWorld world = Ready();
        ulong term = world.Term;
        Assert.True(Claim(world, s_node, 3).Success);
        Assert.Equal($"StillCandidate({term + 3})", Claim(world, s_node, 1).Reason);
        world.AtBlock((term + 3) * TermBlocks);
        Assert.Equal($"StillCandidate({term + 3})", Claim(world, s_node, 1).Reason);
        world.AtTerm(term + 3);
        Assert.True(Claim(world, s_node, 2).Success);
        for (ulong t = term + 1; t <= term + 5; t++) Assert.Equal([s_node], List(world, t));
        Assert.Empty(List(world, term + 6));
    }

    [Fact]
    public void Campaign_20_9_who_claims_in_each_of_a_hundred_blocks_stands_once_on_every_list()
    {
        using EconomyWorld world = Ready();
        ulong first = world.Term;
        int accepted = 0;
        for (int i = 0; i < 100; i++) if (Claim(world, s_node, 1 + i % 3).Success) accepted++;
        ulong last = world.Term;
        Assert.InRange(accepted, 2, 3);
        Assert.Empty(List(world, first));
        for (ulong t = first + 1; t <= last; t++) Assert.Equal([s_node], List(world, t));
    }

    [Fact]
    public void Campaign_20_9_nobody_sets_what_campaigns_go_by_but_governance()
    {
        using EconomyWorld world = Ready();
        foreach (int parameter in new[] { Parameter.CampaignVersion, Parameter.ProofAge, Parameter.CpuDifficulty, Parameter.MemoryDifficulty })
            Assert.Equal("OnlyGovernance()", world.Send(s_node, Sys.Parameters, "change", parameter, 2UL).Reason);
        Assert.DoesNotContain(Sys.Campaign.Abi.Functions, f => f.Name.StartsWith("set", StringComparison.Ordinal));
        Assert.DoesNotContain(Sys.Admission.Abi.Functions, f => !f.IsView);
    }

    [Fact]
    public void Campaign_20_9_a_wrong_proof_is_refused()
    {
        using EconomyWorld world = Ready();
        (ulong cpu, ulong mem, ulong block) = Prove(world, s_node);
        Assert.Equal("CpuProofWrong()", Claim(world, s_node, 1, cpu + 1, block, mem, block).Reason);
        Assert.Equal("MemoryProofWrong()", Claim(world, s_node, 1, cpu, block, mem + 1, block).Reason);
        Assert.Equal("CpuProofWrong()", Claim(world, s_node, 1, mem, block, cpu, block).Reason);
        Assert.True(Claim(world, s_node, 1, cpu, block, mem, block).Success);
    }

    [Fact]
    public void Campaign_20_9_a_proof_older_than_ten_blocks_is_refused()
    {
        using EconomyWorld world = Ready();
        (ulong cpu, ulong mem, ulong block) = Prove(world, s_node);
        (ulong laterCpu, ulong laterMem, ulong later) = Prove(world.AtBlock(block + 5), s_node);
        world.AtBlock(block + 11);
        Assert.Equal($"ProofTooOld({block}, {block + 1})", world.PeekPaying(s_node, default, Sys.Campaign, "claim", Arguments(1, cpu, block, laterMem, later)));
        Assert.Equal($"ProofTooOld({block}, {block + 1})", world.PeekPaying(s_node, default, Sys.Campaign, "claim", Arguments(1, laterCpu, later, mem, block)));
        Assert.True(Claim(world, s_node, 1, laterCpu, later, laterMem, later).Success);
    }

    [Fact]
    public void Campaign_20_9_a_proof_of_exactly_ten_blocks_ago_is_taken()
    {
        using EconomyWorld world = Ready();
        (ulong cpu, ulong mem, ulong block) = Prove(world, s_node);
        world.AtBlock(block + 10);
        Assert.True(Claim(world, s_node, 1, cpu, block, mem, block).Success);
    }

    [Fact]
    public void D12_a_proof_of_this_block_or_a_later_one_is_refused()
    {
        using EconomyWorld world = Ready();
        (ulong cpu, ulong mem, _) = Prove(world, s_node);
        ulong now = world.Number;
        Assert.Equal($"ProofOfBlockAhead({now})", Claim(world, s_node, 1, cpu, now, mem, now).Reason);
        Assert.Equal($"ProofOfBlockAhead({ulong.MaxValue})", Claim(world, s_node, 1, cpu, ulong.MaxValue, mem, ulong.MaxValue).Reason);
    }

    [Fact]
    public void D12_3_a_foreign_proof_is_refused()
    {
        using EconomyWorld world = Ready();
        RNodePoolTests.Join(world, Actor(2));
        (ulong cpu, ulong mem, ulong block) = Prove(world, Actor(2));
        Assert.Equal("CpuProofWrong()", Claim(world, s_node, 1, cpu, block, mem, block).Reason);
        (ulong own, _, ulong ownBlock) = Prove(world, s_node);
        Assert.Equal(block + 1, ownBlock);
        Assert.Equal("MemoryProofWrong()", Claim(world, s_node, 1, own, ownBlock, mem, block).Reason);
    }

    [Fact]
    public void D12_3_a_proof_that_has_served_is_refused()
    {
        using EconomyWorld world = Ready();
        // The last block of a term, so that one claim ends and another may begin while the proof is not old.
        world.AtBlock((world.Term + 2) * TermBlocks - 1);
        (ulong cpu, ulong mem, ulong block) = Prove(world, s_node);
        Assert.True(Claim(world, s_node, 1, cpu, block, mem, block).Success);
        ulong claimedAt = world.Number - 1;
        world.AtTerm(world.Term + 1);
        Assert.Equal($"ProofReplayed({claimedAt})", Claim(world, s_node, 1, cpu, block, mem, block).Reason);
        (ulong freshCpu, ulong freshMem, ulong fresh) = Prove(world, s_node);
        Assert.Equal($"ProofReplayed({claimedAt})", Claim(world, s_node, 1, freshCpu, fresh, mem, block).Reason);
        Assert.Equal($"ProofReplayed({claimedAt})", Claim(world, s_node, 1, cpu, block, freshMem, fresh).Reason);
        Assert.True(Claim(world, s_node, 1, freshCpu, fresh, freshMem, fresh).Success);
    }

    [Fact]
    public void A_malformed_claim_is_reverted_and_changes_nothing()
    {
        using EconomyWorld world = Ready();
        AbiFunction claim = Sys.Campaign.Abi.Function("claim");
        (ulong cpu, ulong mem, ulong block) = Prove(world, s_node);
        byte[] good = claim.EncodeCall(Arguments(1, cpu, block, mem, block));
        for (int length = 0; length < good.Length; length += 31)
            Assert.False(world.SendBytes(s_node, default, Sys.Campaign, claim, good[..length]).Success);
        // A nonce that does not fit 64 bits, and a list that begins beyond the data.
        foreach (int word in new[] { 1, 2, 3 })
        {
            byte[] bad = [.. good];
            bad[4 + 32 * word] = 1;
            Assert.False(world.SendBytes(s_node, default, Sys.Campaign, claim, bad).Success);
        }
        Assert.Empty(List(world, world.Term + 1));
    }

    [Fact]
    public void D12_commitments_are_one_for_each_term_and_none_is_empty()
    {
        using EconomyWorld world = Ready();
        (ulong cpu, ulong mem, ulong block) = Prove(world, s_node);
        Assert.Equal("CommitmentsMissing(2)", world.Send(s_node, Sys.Campaign, "claim", With(Arguments(1, cpu, block, mem, block), 0, (byte)2)).Reason);
        Assert.Equal("CommitmentsMissing(1)", world.Send(s_node, Sys.Campaign, "claim", With(Arguments(2, cpu, block, mem, block), 0, (byte)1)).Reason);
        object[] empty = [Commitment(1), Hash256.Zero];
        Assert.Equal("EmptyCommitment(1)", world.Send(s_node, Sys.Campaign, "claim", With(Arguments(2, cpu, block, mem, block), 1, empty)).Reason);
        Assert.True(Claim(world, s_node, 3).Success);
        ulong term = world.Term;
        for (ulong i = 0; i < 3; i++)
        {
            object[] candidate = (object[])((object[])world.View(Sys.Campaign, "candidatesOf", term + 1 + i, 0UL, 10UL)[0])[0];
            Assert.Equal(Commitment((int)i).ToArray(), (byte[])candidate[1]);
        }
    }

    [Fact]
    public void Campaign_20_9_who_is_no_RNode_is_refused()
    {
        using EconomyWorld world = Ready();
        Assert.Equal("NotRNode()", Claim(world, Actor(2), 1).Reason);
        world.At(world.Now + 100 * Minute);
        Assert.True(world.Send(s_node, Sys.RNodePool, "quit").Success);
        Assert.Equal("NotRNode()", Claim(world, s_node, 1).Reason);
    }

    [Fact]
    public void Campaign_20_9_no_term_and_four_terms_are_refused()
    {
        using EconomyWorld world = Ready();
        Assert.Equal("WrongTerms(3)", Claim(world, s_node, 0).Reason);
        Assert.Equal("WrongTerms(3)", Claim(world, s_node, 4).Reason);
        Assert.Equal("WrongTerms(3)", Claim(world, s_node, 255).Reason);
    }

    [Fact]
    public void Campaign_20_9_an_old_version_is_refused()
    {
        using EconomyWorld world = Ready();
        RNodePoolTests.Set(world, Parameter.CampaignVersion, 2UL);
        Assert.Equal("VersionTooOld(2)", Claim(world, s_node, 1, version: 1).Reason);
        Assert.True(Claim(world, s_node, 1, version: 2).Success);
    }

    [Fact]
    public void D1_a_default_proposer_is_no_candidate_and_a_full_list_takes_nobody()
    {
        using EconomyWorld world = Ready(w => w.Write(Sys.Parameters.Address, (ulong)Parameter.CandidatesMax, 2UL));
        RNodePoolTests.Join(world, DefaultProposer);
        Assert.Equal("DefaultProposerCannotClaim()", Claim(world, DefaultProposer, 1).Reason);
        foreach (int i in new[] { 2, 3 }) RNodePoolTests.Join(world, Actor(i));
        Assert.True(Claim(world, s_node, 1).Success);
        Assert.True(Claim(world, Actor(2), 3).Success);
        Assert.Equal($"ListFull({world.Term + 1})", Claim(world, Actor(3), 1).Reason);
        Assert.Equal([s_node, Actor(2)], List(world, world.Term + 1));
    }

    [Fact]
    public void D9_a_default_proposer_commits_four_terms_ahead_and_never_twice()
    {
        using EconomyWorld world = Ready();
        ulong term = world.Term;
        object[] two = [Commitment(1), Commitment(2)];
        Assert.Equal("NotDefaultProposer()", world.Send(s_node, Sys.Campaign, "commit", term + 4, two).Reason);
        Assert.Equal($"TermTooNear({term + 4})", world.Send(DefaultProposer, Sys.Campaign, "commit", term + 3, two).Reason);
        Assert.True(world.Send(DefaultProposer, Sys.Campaign, "commit", term + 4, two).Success);
        Assert.Equal($"CommittedAlready({term + 5})", world.Send(DefaultProposer, Sys.Campaign, "commit", term + 5, two).Reason);
        Assert.Equal("EmptyCommitment(0)", world.Send(DefaultProposer, Sys.Campaign, "commit", term + 6, new object[] { Hash256.Zero }).Reason);
        Assert.Equal("CommitmentsMissing(1)", world.Send(DefaultProposer, Sys.Campaign, "commit", term + 6, Array.Empty<object>()).Reason);
        UInt256 slot = Slots.Of(new UInt256(term + 5), Slots.Of(DefaultProposer, 1UL));
        Assert.Equal(Commitment(2).ToUInt256(), world.Word(Sys.Campaign.Address, slot));
    }

    [Fact]
    public void Specification_Contracts_the_list_that_elections_read_is_where_it_says()
    {
        using EconomyWorld world = Ready();
        RNodePoolTests.Join(world, Actor(2));
        ulong term = world.Term;
        Assert.True(Claim(world, Actor(2), 1).Success);
        Assert.True(Claim(world, s_node, 2).Success);
        UInt256 length = Slots.Of(new UInt256(term + 1), 0UL), elements = Slots.Elements(length);
        Address campaign = Sys.Campaign.Address;
        Assert.Equal((UInt256)2UL, world.Word(campaign, length));
        Assert.Equal(Actor(2).ToUInt256(), world.Word(campaign, elements));
        Assert.Equal(Commitment(0).ToUInt256(), world.Word(campaign, elements + UInt256.One));
        Assert.Equal(s_node.ToUInt256(), world.Word(campaign, elements + new UInt256(2UL)));
        Assert.Equal(UInt256.One, world.Word(campaign, Slots.Of(new UInt256(term + 2), 0UL)));
    }

    [Fact]
    public void Admission_20_9_good_and_bad_nonces_and_another_difficulty()
    {
        using EconomyWorld world = Ready();
        (ulong cpu, ulong mem, ulong block) = Prove(world, s_node);
        Assert.True((bool)world.View(Sys.Admission, "verifyCpu", s_node, cpu, block)[0]);
        Assert.False((bool)world.View(Sys.Admission, "verifyCpu", s_node, cpu ^ 1, block)[0]);
        Assert.True((bool)world.View(Sys.Admission, "verifyMemory", s_node, mem, block)[0]);
        Assert.False((bool)world.View(Sys.Admission, "verifyMemory", s_node, mem ^ 1, block)[0]);
        RNodePoolTests.Set(world, Parameter.CpuDifficulty, 20UL);
        Assert.Equal((UInt256)20UL, world.Uint(Sys.Admission, "difficulties"));
        Assert.False((bool)world.View(Sys.Admission, "verifyCpu", s_node, cpu, block)[0]);
        Assert.True((bool)world.View(Sys.Admission, "verifyMemory", s_node, mem, block)[0]);
    }

    [Fact]
    public void W9_X10_nobody_but_governance_changes_a_difficulty_and_not_beyond_its_bounds()
    {
        using EconomyWorld world = Ready();
        foreach (Address who in new[] { s_node, DefaultProposer, Validators[0], Sys.Step, Bank })
            foreach (int parameter in new[] { Parameter.CpuDifficulty, Parameter.MemoryDifficulty })
                Assert.Equal("OnlyGovernance()", world.Send(who, Sys.Parameters, "change", parameter, 1UL).Reason);
        Assert.Equal((UInt256)12UL, world.Uint(Sys.Admission, "difficulties"));
        foreach (ulong beyond in new[] { 0UL, 65UL, 256UL, 257UL, ulong.MaxValue })
            Assert.Equal($"OutOfRange({Parameter.CpuDifficulty}, 1, 64)", world.Send(Sys.Governance.Address, Sys.Parameters, "change", Parameter.CpuDifficulty, beyond).Reason);
    }

    [Fact]
    public void A_verifier_that_is_missing_fails_or_answers_otherwise_admits_nobody()
    {
        foreach ((byte[] code, string reason) in new[]
        {
            (Array.Empty<byte>(), $"VerifierMissing({Sys.CpuVerifier})"), (Verifiers.Refusing, "CpuProofWrong()"),
            (Verifiers.Two, "CpuProofWrong()"), (Verifiers.Short, "CpuProofWrong()"),
        })
        {
            using EconomyWorld world = Ready(w => w.SetCode(Sys.CpuVerifier, code));
            Assert.Equal(reason, Claim(world, s_node, 1).Reason);
        }
    }

    /// <summary>A world past its first term with one RNode.</summary>
    private static EconomyWorld Ready(Action<EconomyWorld>? change = null)
    {
        EconomyWorld world = new(change);
        world.AtTerm(1);
        RNodePoolTests.Join(world, s_node);
        return world;
    }

    /// <summary>Proofs for the block before the next one.</summary>
    private static (ulong Cpu, ulong Memory, ulong Block) Prove(EconomyWorld world, Address account)
    {
        ulong block = world.Number - 1;
        Hash256 hash = world.HashOf(block);
        return (Verifiers.CpuNonce(account, hash, 12), Verifiers.MemoryNonce(account, hash, 6), block);
    }

    private static Done Claim(EconomyWorld world, Address account, int terms, uint version = 1)
    {
        (ulong cpu, ulong mem, ulong block) = Prove(world, account);
        return world.Send(account, Sys.Campaign, "claim", With(Arguments(terms, cpu, block, mem, block), 6, version));
    }

    private static Done Claim(EconomyWorld world, Address account, int terms, ulong cpu, ulong cpuBlock, ulong mem, ulong memBlock) =>
        world.Send(account, Sys.Campaign, "claim", Arguments(terms, cpu, cpuBlock, mem, memBlock));

    private static object[] Arguments(int terms, ulong cpu, ulong cpuBlock, ulong mem, ulong memBlock) =>
        [(byte)terms, Enumerable.Range(0, terms).Select(i => (object)Commitment(i)).ToArray(), cpu, cpuBlock, mem, memBlock, 1U];

    private static object[] With(object[] arguments, int index, object value)
    {
        object[] changed = [.. arguments];
        changed[index] = value;
        return changed;
    }

    private static Hash256 Commitment(int index) => Keccak256.Hash([(byte)index, 0xc0]);

    private static Address[] List(EconomyWorld world, ulong term)
    {
        object[] page = (object[])world.View(Sys.Campaign, "candidatesOf", term, 0UL, 100UL)[0];
        Assert.Equal(world.Uint(Sys.Campaign, "countOf", term), (UInt256)page.Length);
        return [.. page.Select(entry => (Address)((object[])entry)[0])];
    }
}
