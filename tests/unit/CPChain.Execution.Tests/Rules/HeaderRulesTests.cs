using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Execution.Tests.Harness;
using CPChain.Lbft.Votes;
using CPChain.Types;

namespace CPChain.Execution.Tests.Rules;

/// <summary>Rules C5 to C12: each way in which a block can be wrong has its fault.</summary>
public sealed class HeaderRulesTests
{
    private readonly TestChain _chain = new();

    [Fact]
    public void C5_a_built_block_is_valid_and_gives_the_same_result_twice()
    {
        Block block = _chain.Build(Transfer());
        BlockResult first = _chain.Judge(block).Result!;
        BlockResult second = _chain.Judge(block).Result!;
        Assert.Equal(first.StateRoot, second.StateRoot);
        Assert.Equal(first.ReceiptsRoot, second.ReceiptsRoot);
        Assert.Equal(first.StateChanges.Accounts.AsEnumerable(), second.StateChanges.Accounts);
        Assert.Equal(
            first.TrieChanges.Nodes.Select(node => Hex.Encode(node.Path.Span)),
            second.TrieChanges.Nodes.Select(node => Hex.Encode(node.Path.Span)));
    }

    [Fact]
    public void C5_number_and_parent_follow()
    {
        Refuses(BlockFaultKind.WrongNumber, header => header with { Number = 2 });
        Refuses(BlockFaultKind.WrongNumber, header => header with { Number = 0 });
        Refuses(BlockFaultKind.WrongParent, header => header with { ParentHash = Hash256.Zero });
    }

    [Fact]
    public void C2_only_version_1_is_valid() =>
        Refuses(BlockFaultKind.UnknownVersion, header => header with { Version = 2 });

    [Fact]
    public void C6_L7_1_time_is_a_period_after_the_parent_without_upper_bound()
    {
        ulong earliest = _chain.Head.TimestampMs + _chain.Rules.PeriodMs;
        Refuses(BlockFaultKind.TimeTooEarly, header => header with { TimestampMs = earliest - 1 });
        Accepts(header => header with { TimestampMs = earliest });
        Accepts(header => header with { TimestampMs = earliest + 365UL * 86_400_000 });
    }

    [Fact]
    public void C8_the_gas_limit_is_that_of_the_genesis()
    {
        Refuses(BlockFaultKind.WrongGasLimit, header => header with { GasLimit = header.GasLimit + 1 });
        Refuses(BlockFaultKind.GasAboveLimit, header => header with { GasUsed = header.GasLimit + 1 });
    }

    [Fact]
    public void C9_the_base_fee_follows_from_the_parent() =>
        Refuses(BlockFaultKind.WrongBaseFee, header => header with { BaseFeePerGas = header.BaseFeePerGas + 1UL });

    [Fact]
    public void C10_L21_the_header_commits_to_the_next_validators() =>
        Refuses(BlockFaultKind.WrongNextValidators, header => header with { NextValidatorsHash = Hash256.Zero });

    [Fact]
    public void C3_extra_is_bounded() =>
        Refuses(BlockFaultKind.Malformed, header => header with { Extra = new byte[33] });

    [Fact]
    public void C11_roots_gas_and_bloom_are_those_of_the_execution()
    {
        Refuses(BlockFaultKind.WrongTransactionsRoot, header => header with { TransactionsRoot = Hash256.Zero });
        Refuses(BlockFaultKind.WrongGasUsed, header => header with { GasUsed = header.GasUsed + 1 });
        Refuses(BlockFaultKind.WrongReceiptsRoot, header => header with { ReceiptsRoot = Hash256.Zero });
        Refuses(BlockFaultKind.WrongBloom, header => header with { LogsBloom = Bloom.Of([Samples.Log]) });
        Refuses(BlockFaultKind.WrongStateRoot, header => header with { StateRoot = Hash256.Zero });
    }

    [Fact]
    public void C13_one_invalid_transaction_makes_the_block_invalid()
    {
        Block block = _chain.Build(Transfer());
        Block twice = block with { Transactions = [block.Transactions[0], block.Transactions[0]] };
        BlockFault fault = _chain.Judge(twice).Fault;
        Assert.Equal(BlockFaultKind.InvalidTransaction, fault.Kind);
        Assert.Contains("transaction 1: nonce too low", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void L8_2_the_coinbase_is_bound_to_the_seal_and_to_the_number()
    {
        Block block = _chain.Build(Transfer());
        Hash256 digest = SealDigest.Of(_chain.Rules.GenesisHash, TestChain.ChainId, 1, block.Hash);
        PrivateKey stranger = TestChain.Key(99);
        Assert.Equal(BlockFaultKind.WrongSeal, _chain.Judge(block with { Seal = stranger.Sign(digest) }).Fault.Kind);
        Assert.Equal(
            BlockFaultKind.WrongSeal,
            _chain.Judge(block with { Seal = _chain.ProposerOf(1).Sign(block.Hash) }).Fault.Kind);
        Assert.Equal(BlockFaultKind.SealMisplaced, _chain.Judge(block with { Seal = null }).Fault.Kind);

        PrivateKey other = _chain.ProposerOf(2);
        BuiltBlock early = BlockBuilder.Build(_chain.Head, _chain.State, [], new BlockPlan(other.Address, 0), _chain.Rules);
        Block unscheduled = early.Seal(other.Sign(early.SealDigest(_chain.Rules)));
        Assert.Equal(BlockFaultKind.WrongProposer, _chain.Judge(unscheduled).Fault.Kind);
    }

    [Fact]
    public void L2_4_the_seal_digest_is_that_of_the_consensus()
    {
        Hash256 hash = Keccak256.Hash("block"u8);
        ChainDomain domain = new(Keccak256.Hash("genesis"u8), 337);
        Statement seal = new(StatementKind.Seal, new BlockNumber(12), 0, hash, Statement.NoRound);
        Assert.Equal(seal.Digest(domain), SealDigest.Of(domain.GenesisHash, domain.ChainId, 12, hash));
    }

    private Transaction Transfer() => Transaction.Sign(
        _chain.Call(TestChain.Users[0], TestChain.Users[1].Address), TestChain.Users[0]);

    private void Accepts(Func<BlockHeader, BlockHeader> change) => Assert.Equal(
        BlockFault.None, _chain.Judge(_chain.Reseal(_chain.Build(Transfer()), change)).Fault);

    private void Refuses(BlockFaultKind kind, Func<BlockHeader, BlockHeader> change)
    {
        ExecutionOutcome outcome = _chain.Judge(_chain.Reseal(_chain.Build(Transfer()), change));
        Assert.Equal(kind, outcome.Fault.Kind);
        Assert.Null(outcome.Result);
    }
}
