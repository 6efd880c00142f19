using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Evm;
using CPChain.Execution.Tests.Harness;
using CPChain.Execution.TxOrder;
using CPChain.Types;

namespace CPChain.Execution.Tests.Pool;

/// <summary>Rule C17: what may wait, in which order, and who leaves.</summary>
public sealed class TransactionQueueTests
{
    private static readonly PrivateKey Alice = TestChain.Users[0];
    private static readonly PrivateKey Bob = TestChain.Users[1];
    private static readonly PrivateKey Carol = TestChain.Users[2];

    private readonly TestChain _chain = new();

    [Fact]
    public void C17_refusals_speak_the_words_of_ethereum()
    {
        TransactionQueue queue = Queue();
        Transaction first = Make(Alice, 0);
        Assert.True(Add(queue, first).IsNone);
        Assert.Equal("already known", Add(queue, first).Text);
        Assert.Equal("replacement transaction underpriced", Add(queue, Make(Alice, 0, tip: 1, value: 5)).Text);
        Assert.Equal("insufficient funds for gas * price + value", Add(queue, Make(Bob, 0, value: 2_000)).Text);
        Assert.Equal("nonce too high", Add(queue, Make(Bob, 5_000)).Text);
        Assert.Equal("exceeds block gas limit", Add(Queue(gasLimit: 50_000), Make(Bob, 0, gas: 60_000)).Text);
        Assert.Equal("intrinsic gas too low", Add(queue, Make(Bob, 0, gas: 20_999)).Text);
        Assert.Equal("max fee per gas less than block base fee", Add(queue, Make(Bob, 0, cap: 0, tip: 0)).Text);
        _chain.Run(first);
        Assert.Equal("nonce too low", Add(Queue(), first).Text);
    }

    [Fact]
    public void C17_a_replacement_must_offer_a_tenth_more_in_cap_and_tip()
    {
        TransactionQueue queue = Queue();
        Transaction old = Make(Alice, 0, cap: 100, tip: 10);
        Add(queue, old);
        Assert.False(Add(queue, Make(Alice, 0, cap: 109, tip: 11)).IsNone);
        Assert.False(Add(queue, Make(Alice, 0, cap: 110, tip: 10)).IsNone);
        Transaction better = Make(Alice, 0, cap: 110, tip: 11);
        Assert.True(queue.Add(better, _chain.State, out ImmutableArray<Transaction> dropped).IsNone);
        Assert.Equal([old], dropped);
        Assert.Equal(1, queue.Count);
        Assert.Equal(better, Assert.Single(queue.Best(10, long.MaxValue)));
    }

    [Fact]
    public void C17_order_is_by_effective_tip_then_arrival_and_by_nonce_for_a_sender()
    {
        TransactionQueue queue = Queue();
        Transaction[] alice = [Make(Alice, 0, tip: 1), Make(Alice, 1, tip: 9)];
        Transaction bob = Make(Bob, 0, tip: 5);
        Transaction carol = Make(Carol, 0, tip: 5);
        foreach (Transaction one in (Transaction[])[alice[1], alice[0], bob, carol])
            Assert.True(Add(queue, one).IsNone);
        Assert.Equal([bob, carol, alice[0], alice[1]], queue.Best(10, long.MaxValue));
        Assert.Equal([bob, carol], queue.Best(2, long.MaxValue));
        Assert.Equal(2UL, queue.NextNonce(Alice.Address));
    }

    [Fact]
    public void C17_behind_a_gap_nothing_is_offered_until_it_closes()
    {
        TransactionQueue queue = Queue();
        Transaction late = Make(Alice, 1);
        Add(queue, late);
        Assert.Empty(queue.Best(10, long.MaxValue));
        Assert.Equal((0, 1), (queue.PendingCount, queue.Count));
        Transaction first = Make(Alice, 0);
        Add(queue, first);
        Assert.Equal([first, late], queue.Best(10, long.MaxValue));
        Assert.Equal(2, queue.PendingCount);
    }

    [Fact]
    public void C17_one_sender_cannot_promise_its_balance_twice()
    {
        TransactionQueue queue = Queue();
        Assert.True(Add(queue, Make(Alice, 0, value: 600)).IsNone);
        Assert.Equal(ValidityFault.InsufficientFunds, Add(queue, Make(Alice, 1, value: 600)).Validity);
        Assert.True(Add(queue, Make(Alice, 1, value: 300)).IsNone);
    }

    [Fact]
    public void C17_a_full_queue_drops_the_cheapest_and_queued_before_pending()
    {
        TransactionQueue queue = Queue(QueueLimits.Default with { CountMax = 3 });
        Transaction behindGap = Make(Alice, 1, tip: 9);
        Transaction cheap = Make(Bob, 0, tip: 2);
        Transaction dear = Make(Carol, 0, tip: 5);
        foreach (Transaction one in (Transaction[])[behindGap, cheap, dear])
            Add(queue, one);
        Assert.Equal("transaction underpriced", Add(queue, Make(TestChain.Users[4], 3, tip: 1)).Text);
        AddAndExpect(queue, Make(TestChain.Users[4], 0, tip: 3), behindGap);
        AddAndExpect(queue, Make(TestChain.Users[5], 0, tip: 4), cheap);
        Assert.Equal("transaction underpriced", Add(queue, Make(TestChain.Users[6], 0, tip: 3)).Text);
    }

    [Fact]
    public void C17_bytes_are_bounded_like_counts_for_all_and_for_one()
    {
        Transaction one = Make(Alice, 0);
        int bytes = one.Encoded.Length;
        TransactionQueue queue = Queue(QueueLimits.Default with { BytesMax = 2 * bytes + 1 });
        Add(queue, one);
        Add(queue, Make(Bob, 0));
        Assert.Equal(QueueFaultKind.Underpriced, Add(queue, Make(Carol, 0)).Kind);
        Assert.True(queue.Bytes <= 2 * bytes + 1);
        TransactionQueue narrow = Queue(QueueLimits.Default with { AccountCountMax = 2 });
        Add(narrow, Make(Alice, 0));
        Add(narrow, Make(Alice, 1));
        Assert.Equal(QueueFaultKind.AccountLimit, Add(narrow, Make(Alice, 2)).Kind);
    }

    [Fact]
    public void C17_what_a_final_block_took_leaves_and_what_the_balance_no_longer_covers_waits_for_it()
    {
        TransactionQueue queue = Queue();
        Transaction[] alice = [Make(Alice, 0, value: 100), Make(Alice, 1, value: 800), Make(Alice, 2)];
        foreach (Transaction one in alice)
            Add(queue, one);
        // In the block Alice gives away so much that nonce 1 cannot be paid any more.
        BlockResult result = _chain.Run(Make(Alice, 0, value: 500));
        queue.Settle(result.StateChanges.Accounts, BaseFee.After(_chain.Head, _chain.Rules.BaseFeeFloor));
        Assert.Null(queue.Find(alice[0].Hash));
        Assert.Equal(alice[1], queue.Find(alice[1].Hash));
        Assert.Equal(alice[2], queue.Find(alice[2].Hash));
        Assert.Empty(queue.Best(10, long.MaxValue));
        Assert.Equal(0, queue.PendingCount);
        Assert.Equal(1UL, queue.NextNonce(Alice.Address));
        AccountChange now = result.StateChanges.Accounts.Single(one => one.Address == Alice.Address);
        queue.Settle([now with { After = now.After!.Value with { Balance = 801UL * Units.Cpc } }], queue.NextBaseFee);
        Assert.Equal(alice[1..], queue.Best(10, long.MaxValue));
    }

    [Fact]
    public void C17_what_is_not_covered_together_is_pending_as_far_as_it_is_covered_and_leaves_first()
    {
        TransactionQueue queue = Queue(QueueLimits.Default with { CountMax = 4 });
        Transaction[] alice = [Make(Alice, 0, value: 300), Make(Alice, 1, value: 300), Make(Alice, 2, value: 300, tip: 50)];
        foreach (Transaction one in alice)
            Add(queue, one);
        queue.Settle([new AccountChange(Alice.Address, Account.Empty with { Balance = 700UL * Units.Cpc })], queue.NextBaseFee);
        Assert.Equal(alice[..2], queue.Best(10, long.MaxValue));
        Assert.Equal(2UL, queue.NextNonce(Alice.Address));
        Add(queue, Make(Bob, 0));
        AddAndExpect(queue, Make(Bob, 1), leaves: alice[2]);
    }

    [Fact]
    public void C17_a_higher_base_fee_holds_back_what_does_not_cover_it()
    {
        TransactionQueue queue = Queue();
        Transaction low = Make(Alice, 0, cap: 5, tip: 5);
        Transaction high = Make(Bob, 0, cap: 100, tip: 1);
        Add(queue, low);
        Add(queue, high);
        Assert.Equal([low, high], queue.Best(10, long.MaxValue));
        queue.Settle([], 6UL * TestChain.Gwei);
        Assert.Equal([high], queue.Best(10, long.MaxValue));
        queue.Settle([], TestChain.Gwei);
        Assert.Equal([low, high], queue.Best(10, long.MaxValue));
    }

    private Transaction Make(
        PrivateKey user, ulong nonce, ulong cap = 100, ulong tip = 2, ulong value = 0, ulong gas = 21_000) =>
        Transaction.Sign(
            UnsignedTransaction.FeeMarket(
                TestChain.ChainId, nonce, cap * TestChain.Gwei, tip * TestChain.Gwei, gas) with
            {
                To = Address.FromUInt256(0xeeeeUL),
                Value = value * Units.Cpc,
            },
            user);

    private TransactionQueue Queue(QueueLimits? limits = null, ulong gasLimit = 30_000_000) => new(
        _chain.Rules with { GasLimit = gasLimit },
        limits ?? QueueLimits.Default,
        BaseFee.After(_chain.Head, _chain.Rules.BaseFeeFloor));

    private QueueFault Add(TransactionQueue queue, Transaction transaction) =>
        queue.Add(transaction, _chain.State, out _);

    private void AddAndExpect(TransactionQueue queue, Transaction transaction, Transaction leaves)
    {
        Assert.True(queue.Add(transaction, _chain.State, out ImmutableArray<Transaction> dropped).IsNone);
        Assert.Equal([leaves], dropped);
    }
}
