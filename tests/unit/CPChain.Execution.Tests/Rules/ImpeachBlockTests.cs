using CPChain.Chain;
using CPChain.Execution.Tests.Harness;
using CPChain.Types;

namespace CPChain.Execution.Tests.Rules;

/// <summary>Rule C12 (L2.2): the impeach block is one, and everybody finds it.</summary>
public sealed class ImpeachBlockTests
{
    private readonly TestChain _chain = new();

    [Fact]
    public void L2_2_two_independent_computations_give_the_same_bytes()
    {
        TestChain other = new();
        Block first = ImpeachBlock.Create(_chain.Head, _chain.State, _chain.Rules).Block;
        Block second = ImpeachBlock.Create(other.Head, other.State, other.Rules).Block;
        Assert.Equal(first.Encode(), second.Encode());
        Assert.True(first.IsImpeach);
        Assert.Null(first.Seal);
        Assert.True(first.Header.Extra.IsEmpty);
        Assert.Equal(_chain.Head.StateRoot, first.Header.StateRoot);
        Assert.Equal(_chain.Head.GasLimit, first.Header.GasLimit);
        Assert.Equal(
            _chain.Head.TimestampMs + _chain.Rules.PeriodMs + _chain.Rules.TimeoutMs, first.Header.TimestampMs);
    }

    [Fact]
    public void L2_2_it_is_valid_and_the_chain_goes_on_after_it()
    {
        for (int i = 0; i < 3; i++)
        {
            _chain.Append(ImpeachBlock.Create(_chain.Head, _chain.State, _chain.Rules).Block);
            _chain.Run(Transaction.Sign(
                _chain.Call(TestChain.Users[0], TestChain.Users[1].Address), TestChain.Users[0]));
        }
        Assert.Equal(6UL, _chain.Head.Number);
    }

    [Fact]
    public void L2_2_any_other_block_without_coinbase_is_refused()
    {
        Block good = ImpeachBlock.Create(_chain.Head, _chain.State, _chain.Rules).Block;
        Func<BlockHeader, BlockHeader>[] changes =
        [
            header => header with { TimestampMs = header.TimestampMs + 1 },
            header => header with { Extra = new byte[] { 1 } },
            header => header with { StateRoot = Hash256.Zero },
            header => header with { LogsBloom = Bloom.Of([Samples.Log]) },
        ];
        foreach (Func<BlockHeader, BlockHeader> change in changes)
        {
            Block changed = good with { Header = change(good.Header) };
            Assert.Equal(BlockFaultKind.WrongImpeachBlock, _chain.Judge(changed).Fault.Kind);
        }
        Transaction transfer = Transaction.Sign(
            _chain.Call(TestChain.Users[0], TestChain.Users[1].Address), TestChain.Users[0]);
        Assert.Equal(
            BlockFaultKind.WrongImpeachBlock, _chain.Judge(good with { Transactions = [transfer] }).Fault.Kind);
        Assert.Equal(
            BlockFaultKind.SealMisplaced, _chain.Judge(good with { Seal = transfer.Signature }).Fault.Kind);
    }

    [Fact]
    public void L22_1_nobody_is_paid_by_an_impeach_block()
    {
        UInt256 before = _chain.State.SumOfBalances();
        BlockResult result = _chain.Append(ImpeachBlock.Create(_chain.Head, _chain.State, _chain.Rules).Block);
        Assert.Empty(result.StateChanges.Accounts);
        Assert.Equal(before, _chain.State.SumOfBalances());
    }
}
