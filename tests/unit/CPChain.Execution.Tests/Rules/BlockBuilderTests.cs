using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Execution.Tests.Harness;
using CPChain.Types;

namespace CPChain.Execution.Tests.Rules;

/// <summary>What a proposer puts into its block, and where it stops.</summary>
public sealed class BlockBuilderTests
{
    private static readonly PrivateKey Alice = TestChain.Users[0];
    private static readonly PrivateKey Bob = TestChain.Users[1];

    [Fact]
    public void C4_it_stops_at_count_gas_and_bytes_and_what_it_built_is_valid()
    {
        Transaction[] ten = [.. Enumerable.Range(0, 10).Select(n => Transfer(Alice, (ulong)n, new byte[5_000]))];
        Assert.Equal(3, Built(ten, limits => limits with { TransactionsMax = 3 }, 30_000_000));
        // 5,000 zero bytes cost 21,000 + 50,000 (EIP-7623).
        Assert.Equal(4, Built(ten, limits => limits, 4 * 71_000 + 70_999));
        Assert.Equal(7, Built(ten, limits => limits with { BytesMax = 8 * 5_100 }, 30_000_000));
        Assert.Equal(10, Built(ten, limits => limits, 30_000_000));
    }

    [Fact]
    public void It_ends_when_the_caller_has_no_patience_left()
    {
        TestChain chain = new();
        int asked = 0;
        BuiltBlock built = BlockBuilder.Build(
            chain.Head, chain.State, Enumerable.Range(0, 10).Select(n => Transfer(Alice, (ulong)n)),
            new BlockPlan(chain.ProposerOf(1).Address, 0), chain.Rules, () => asked++ < 4);
        Assert.Equal(4, built.Transactions.Length);
        Assert.Equal(4 * 21_000UL, built.Header.GasUsed);
    }

    [Fact]
    public void It_skips_what_is_not_valid_and_goes_on()
    {
        TestChain chain = new();
        Transaction good = Transfer(Alice, 0);
        Transaction gap = Transfer(Alice, 5);
        Transaction foreign = Transaction.Sign(good.Content with { ChainId = 1 }, Bob);
        Transaction last = Transfer(Bob, 0);
        Block block = chain.Build([good, gap, good, foreign, last], out BuiltBlock built);
        Assert.Equal([good, last], block.Transactions);
        Assert.Equal(
            [(gap, ValidityFault.NonceTooHigh), (good, ValidityFault.NonceTooLow), (foreign, ValidityFault.WrongChainId)],
            built.Skipped);
        chain.Append(block);
    }

    [Fact]
    public void L7_3_its_time_is_the_callers_but_never_before_the_period()
    {
        TestChain chain = new();
        ulong earliest = chain.Head.TimestampMs + chain.Rules.PeriodMs;
        BlockPlan plan = new(chain.ProposerOf(1).Address, 0);
        Assert.Equal(earliest, BlockBuilder.Build(chain.Head, chain.State, [], plan, chain.Rules).Header.TimestampMs);
        plan = plan with { TimestampMs = earliest + 77 };
        Assert.Equal(earliest + 77, BlockBuilder.Build(chain.Head, chain.State, [], plan, chain.Rules).Header.TimestampMs);
    }

    [Fact]
    public void C5_without_a_coinbase_it_builds_nothing()
    {
        TestChain chain = new();
        Assert.Throws<InvariantViolation>(
            () => BlockBuilder.Build(chain.Head, chain.State, [], new BlockPlan(Address.Zero, 0), chain.Rules));
    }

    private static int Built(Transaction[] candidates, Func<BlockLimits, BlockLimits> change, ulong gasLimit)
    {
        TestChain chain = new(genesis => genesis with { Limits = change(genesis.Limits), GasLimit = gasLimit });
        Block block = chain.Build(candidates);
        Assert.True(Block.TryDecode(block.Encode(), chain.Rules.Limits, out Block? read, out BlockFault fault), $"{fault}");
        chain.Append(read);
        return read.Transactions.Length;
    }

    private static Transaction Transfer(PrivateKey user, ulong nonce, byte[]? data = null) => Transaction.Sign(
        UnsignedTransaction.FeeMarket(TestChain.ChainId, nonce, 5UL * TestChain.Gwei, TestChain.Gwei, 71_000) with
        {
            To = Address.FromUInt256(0xeeeeUL),
            Data = data,
        },
        user);
}
