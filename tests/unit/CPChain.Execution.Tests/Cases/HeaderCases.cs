using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Execution.Tests.Harness;
using CPChain.Types;

namespace CPChain.Execution.Tests.Cases;

/// <summary>Cases of the original's test plan that a block's own content decides (specs/lbft/cases.md).</summary>
public sealed class HeaderCases
{
    private readonly TestChain _chain = new();

    // The original refuses the first group and leaves the second to insertion; here all are refused before any signature, because a validator
    // executes before it votes (L9.1). Its lists of proposers and validators are one hash here (C10); its free coinbase is bound (L8.2).
    public static TheoryData<string, BlockFaultKind> Attributes => new()
    {
        { "ParentHash", BlockFaultKind.WrongParent },
        { "Number", BlockFaultKind.WrongNumber },
        { "GasLimit below", BlockFaultKind.WrongGasLimit },
        { "GasLimit above", BlockFaultKind.WrongGasLimit },
        { "GasUsed above GasLimit", BlockFaultKind.GasAboveLimit },
        { "Time early", BlockFaultKind.TimeTooEarly },
        { "Validators", BlockFaultKind.WrongNextValidators },
        { "Seal", BlockFaultKind.WrongSeal },
        { "Seal missing", BlockFaultKind.SealMisplaced },
        { "Proposer", BlockFaultKind.WrongProposer },
        { "Coinbase", BlockFaultKind.WrongSeal },
        { "TxsRoot", BlockFaultKind.WrongTransactionsRoot },
        { "Extra too long", BlockFaultKind.Malformed },
        { "StateRoot", BlockFaultKind.WrongStateRoot },
        { "ReceiptsRoot", BlockFaultKind.WrongReceiptsRoot },
        { "Bloom", BlockFaultKind.WrongBloom },
        { "GasUsed", BlockFaultKind.WrongGasUsed },
        { "BaseFee", BlockFaultKind.WrongBaseFee },
    };

    [Theory]
    [MemberData(nameof(Attributes))]
    public void Case_20_1_A1_ours_a_block_with_any_wrong_attribute_gives_no_result_to_sign(string attribute, BlockFaultKind fault)
    {
        Block good = _chain.Build(Transfer());
        Assert.Equal(BlockFault.None, _chain.Judge(good).Fault);

        ExecutionOutcome outcome = _chain.Judge(Change(good, attribute));
        Assert.Equal(fault, outcome.Fault.Kind);
        Assert.Null(outcome.Result);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    public void Case_20_1_A1_extra_bytes_within_the_bound_are_free(int bytes)
    {
        Block block = _chain.Reseal(_chain.Build(Transfer()), header => header with { Extra = new byte[bytes] });
        Assert.Equal(BlockFault.None, _chain.Judge(block).Fault);
    }

    // The upper bound of the original, parent + period + timeout, is not a rule here.
    [Fact]
    public void Case_20_1_A4_ours_an_imported_block_has_no_latest_time()
    {
        ulong original = _chain.Head.TimestampMs + _chain.Rules.PeriodMs + _chain.Rules.TimeoutMs;
        foreach (ulong time in (ulong[])[original, original + 1, original + 86_400_000])
        {
            Block block = _chain.Reseal(_chain.Build(Transfer()), header => header with { TimestampMs = time });
            Assert.Equal(BlockFault.None, _chain.Judge(block).Fault);
        }
    }

    [Fact]
    public void Case_20_1_A10_the_impeach_block_pays_nobody_and_has_no_coinbase()
    {
        UInt256 before = _chain.State.SumOfBalances();
        Block impeach = ImpeachBlock.Create(_chain.Head, _chain.State, _chain.Rules).Block;
        ulong time = _chain.Head.TimestampMs + _chain.Rules.PeriodMs + _chain.Rules.TimeoutMs;
        BlockResult result = _chain.Append(impeach);
        Assert.Equal((Address.Zero, time), (impeach.Header.Coinbase, impeach.Header.TimestampMs));
        Assert.Empty(result.StateChanges.Accounts);
        Assert.Equal(before, _chain.State.SumOfBalances());
    }

    [Fact]
    public void Case_20_11_X5_a_bad_state_root_is_found_before_any_vote()
    {
        Block lie = _chain.Reseal(_chain.Build(Transfer()), header => header with { StateRoot = Keccak256.Hash("lie"u8) });
        Assert.Equal(BlockFault.None, HeaderRules.Check(lie, _chain.Head, _chain.TurnOf(lie.Header.Number), _chain.Rules));
        ExecutionOutcome outcome = _chain.Judge(lie);
        Assert.Equal((BlockFaultKind.WrongStateRoot, (BlockResult?)null), (outcome.Fault.Kind, outcome.Result));
    }

    [Fact]
    public void Case_20_11_X15a_an_impeach_block_of_another_time_or_parent_is_refused()
    {
        Block good = ImpeachBlock.Create(_chain.Head, _chain.State, _chain.Rules).Block;
        Assert.Equal(BlockFault.None, _chain.Judge(good).Fault);
        Block far = good with { Header = good.Header with { TimestampMs = good.Header.TimestampMs + 31_536_000_000 } };
        Assert.Equal(BlockFaultKind.WrongImpeachBlock, _chain.Judge(far).Fault.Kind);
        Block orphan = good with { Header = good.Header with { ParentHash = Keccak256.Hash("unknown"u8) } };
        Assert.Equal(BlockFaultKind.WrongParent, _chain.Judge(orphan).Fault.Kind);
    }

    // Computed from the parent alone: two nodes at two times make the same bytes.
    [Fact]
    public void Case_CE4_nodes_on_both_sides_of_any_boundary_make_the_same_impeach_block()
    {
        TestChain other = new();
        Block here = ImpeachBlock.Create(_chain.Head, _chain.State, _chain.Rules).Block;
        Block there = ImpeachBlock.Create(other.Head, other.State, other.Rules).Block;
        Assert.Equal(here.Encode(), there.Encode());
        Assert.Equal(_chain.Head.TimestampMs + _chain.Rules.PeriodMs + _chain.Rules.TimeoutMs, here.Header.TimestampMs);
    }

    [Fact]
    public void Case_Flaw_F14_the_header_before_a_change_commits_to_the_next_set()
    {
        CommitteeEntry first = TestChain.GenesisOf().Schedule.Entries[0];
        CommitteeEntry second = first with { FromNumber = 3, Validators = [.. first.Validators.Reverse()] };
        Assert.True(CommitteeSchedule.TryCreate([first, second], out CommitteeSchedule? schedule, out _));
        TestChain chain = new(genesis => genesis with { Schedule = schedule });
        chain.Run();
        Block last = chain.Build();
        Assert.Equal(CommitteeSchedule.HashOf(second.Validators.AsSpan()), last.Header.NextValidatorsHash);
        Block lie = chain.Reseal(last, header => header with { NextValidatorsHash = schedule.ValidatorsHash(1) });
        Assert.Equal(BlockFaultKind.WrongNextValidators, chain.Judge(lie).Fault.Kind);
        Block impeach = ImpeachBlock.Create(chain.Head, chain.State, chain.Rules).Block;
        Assert.Equal(last.Header.NextValidatorsHash, impeach.Header.NextValidatorsHash);
        Assert.Equal((1UL, (ulong?)2UL), schedule.ValidatorsRun(2));
        Assert.Equal((3UL, (ulong?)null), schedule.ValidatorsRun(3));
    }

    private Block Change(Block good, string attribute)
    {
        BlockHeader header = good.Header;
        Hash256 digest = SealDigest.Of(_chain.Rules.GenesisHash, TestChain.ChainId, header.Number, header.Hash);
        return attribute switch
        {
            "Seal" => good with { Seal = TestChain.Key(99).Sign(digest) },
            "Seal missing" => good with { Seal = null },
            "Proposer" => SealedOutOfTurn(),
            "Bloom" => Reseal(header with { LogsBloom = Bloom.Of([Samples.Log]) }),
            "ParentHash" => Reseal(header with { ParentHash = Hash256.Zero }),
            "Number" => Reseal(header with { Number = 2 }),
            "GasLimit below" => Reseal(header with { GasLimit = 2_999_999 }),
            "GasLimit above" => Reseal(header with { GasLimit = 150_000_001 }),
            "GasUsed above GasLimit" => Reseal(header with { GasUsed = header.GasLimit + 1 }),
            "Time early" => Reseal(header with { TimestampMs = _chain.Head.TimestampMs + _chain.Rules.PeriodMs - 1 }),
            "Validators" => Reseal(header with { NextValidatorsHash = Hash256.Zero }),
            "Coinbase" => Reseal(header with { Coinbase = TestChain.Users[3].Address }),
            "TxsRoot" => Reseal(header with { TransactionsRoot = Hash256.Zero }),
            "Extra too long" => Reseal(header with { Extra = new byte[33] }),
            "StateRoot" => Reseal(header with { StateRoot = Hash256.Zero }),
            "ReceiptsRoot" => Reseal(header with { ReceiptsRoot = Hash256.Zero }),
            "GasUsed" => Reseal(header with { GasUsed = header.GasUsed + 1 }),
            "BaseFee" => Reseal(header with { BaseFeePerGas = header.BaseFeePerGas + 1UL }),
            _ => throw new ArgumentException(attribute),
        };

        Block Reseal(BlockHeader changed) => _chain.Reseal(good, _ => changed);
    }

    private Block SealedOutOfTurn()
    {
        PrivateKey other = _chain.ProposerOf(2);
        BuiltBlock early = BlockBuilder.Build(_chain.Head, _chain.State, [], new BlockPlan(other.Address, 0), _chain.Rules);
        return early.Seal(other.Sign(early.SealDigest(_chain.Rules)));
    }

    private Transaction Transfer() => Transaction.Sign(
        _chain.Call(TestChain.Users[0], TestChain.Users[1].Address), TestChain.Users[0]);
}
