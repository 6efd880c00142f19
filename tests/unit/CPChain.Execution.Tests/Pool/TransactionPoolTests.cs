using System.Collections.Immutable;
using System.Diagnostics;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Execution.Tests.Harness;
using CPChain.Execution.TxOrder;
using CPChain.Storage;
using CPChain.TxPool;
using CPChain.Types;

namespace CPChain.Execution.Tests.Pool;

/// <summary>Rule C18: what was acknowledged is not lost.</summary>
public sealed class TransactionPoolTests : IDisposable
{
    private static readonly PrivateKey Alice = TestChain.Users[0];
    private static readonly PrivateKey Bob = TestChain.Users[1];

    private readonly TestChain _chain = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("cpchain-pool-").FullName;

    private string JournalPath => Path.Combine(_folder, "pool.journal");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task C18_an_answered_transaction_is_on_the_disk_at_that_moment()
    {
        Transaction transaction = Transfer(Alice, 0);
        await using TransactionPool pool = Open(JournalPath);
        PoolAnswer answer = await pool.SubmitAsync(transaction.Encoded, Cancellation);
        Assert.True(answer.IsAccepted);
        Assert.Equal(transaction.Hash, answer.Hash);
        // What a crash would leave: the file as it lies, with the process still running.
        await using TransactionPool after = Open(CopyAsAfterCrash());
        Assert.Equal(transaction, Assert.Single(after.BestForBlock()));
        Assert.Equal(1UL, after.NextNonce(Alice.Address));
    }

    [Fact]
    public async Task C18_many_submitters_share_flushes_and_lose_nothing()
    {
        ImmutableArray<Transaction> transactions =
        [
            .. TestChain.Users.SelectMany(user => Enumerable.Range(0, 25).Select(n => Transfer(user, (ulong)n))),
        ];
        await using TransactionPool pool = Open(JournalPath);
        PoolAnswer[] answers = await Task.WhenAll(
            transactions.Select(one => Task.Run(() => pool.SubmitAsync(one.Encoded, Cancellation).AsTask())));
        Assert.All(answers, answer => Assert.True(answer.IsAccepted, answer.Fault.Text));
        await using TransactionPool after = Open(CopyAsAfterCrash());
        Assert.Equal(
            transactions.Select(one => one.Hash).Order(), after.Content().Select(one => one.Transaction.Hash).Order());
        Assert.Equal(new PoolStatus(200, 0, transactions.Sum(one => (long)one.Encoded.Length)), after.Status());
    }

    [Fact]
    public async Task C18_a_batch_is_answered_in_order_with_each_refusal()
    {
        await using TransactionPool pool = Open(JournalPath);
        Transaction good = Transfer(Alice, 0);
        ImmutableArray<PoolAnswer> answers =
            await pool.SubmitManyAsync([good, good, Transfer(Alice, 1), Transfer(Bob, 0, 2_000)], Cancellation);
        Assert.Equal(
            [QueueFaultKind.None, QueueFaultKind.AlreadyKnown, QueueFaultKind.None, QueueFaultKind.Invalid],
            answers.Select(answer => answer.Fault.Kind));
        PoolAnswer bytes = await pool.SubmitAsync(new byte[] { 0x03, 0xc0 }, Cancellation);
        Assert.Contains("blob", bytes.Fault.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task C18_after_a_restart_only_what_is_not_final_is_still_there()
    {
        Transaction[] alice = [Transfer(Alice, 0), Transfer(Alice, 1)];
        await using (TransactionPool pool = Open(JournalPath))
        {
            await pool.SubmitManyAsync(alice, Cancellation);
            Block block = _chain.Build(alice[0]);
            _chain.Append(block);
            pool.OnFinal(block, _chain.State);
            Assert.Equal(alice[1], Assert.Single(pool.BestForBlock()));
            Assert.Null(pool.Find(alice[0].Hash));
        }
        await using TransactionPool again = Open(JournalPath);
        Assert.Equal(alice[1], Assert.Single(again.BestForBlock()));
    }

    [Fact]
    public async Task C18_an_answered_transaction_comes_back_without_the_many_before_it_that_peers_had_sent()
    {
        Transaction[] others = [.. Enumerable.Range(0, 1_200).Select(nonce => Transfer(Alice, (ulong)nonce))];
        Transaction last = Transfer(Alice, 1_200);
        await using (TransactionPool pool = Open(JournalPath))
        {
            pool.AddFromPeer(others);
            Assert.True((await pool.SubmitAsync(last, Cancellation)).IsAccepted);
        }
        await using TransactionPool again = Open(JournalPath);
        Assert.Equal(last, again.Find(last.Hash));
        again.AddFromPeer(others);
        Assert.Equal(1_201UL, again.NextNonce(Alice.Address));
    }

    [Fact]
    public async Task C18_a_long_journal_is_rewritten_to_what_still_waits()
    {
        PoolOptions options = new() { CompactionBytesMin = 2_000 };
        await using (TransactionPool pool = Open(JournalPath, options))
        {
            Transaction waiting = Transfer(Bob, 0);
            await pool.SubmitAsync(waiting, Cancellation);
            for (int round = 0; round < 4; round++)
            {
                Transaction[] some = [.. Enumerable.Range(0, 10).Select(i => Transfer(Alice, (ulong)(round * 10 + i)))];
                await pool.SubmitManyAsync(some, Cancellation);
                Block block = _chain.Build(some);
                _chain.Append(block);
                pool.OnFinal(block, _chain.State);
            }
            await pool.SubmitAsync(Transfer(Bob, 1), Cancellation);
        }
        Assert.True(new FileInfo(JournalPath).Length < 2_000);
        await using TransactionPool again = Open(JournalPath, options);
        Assert.Equal(2, again.Content().Length);
    }

    [Fact]
    public async Task C18_a_torn_tail_is_dropped_and_the_rest_stays()
    {
        await using (TransactionPool pool = Open(JournalPath))
        {
            await pool.SubmitAsync(Transfer(Alice, 0), Cancellation);
            await pool.SubmitAsync(Transfer(Alice, 1), Cancellation);
        }
        using (FileStream file = new(JournalPath, FileMode.Open))
            file.SetLength(file.Length - 5);
        await using TransactionPool again = Open(JournalPath);
        Assert.Equal(0UL, Assert.Single(again.Content()).Transaction.Nonce);
    }

    [Fact]
    public async Task C18_wherever_a_crash_cuts_the_journal_a_beginning_of_it_comes_back()
    {
        await using (TransactionPool pool = Open(JournalPath))
        {
            for (ulong nonce = 0; nonce < 4; nonce++)
                await pool.SubmitAsync(Transfer(Alice, nonce), Cancellation);
        }
        byte[] whole = await File.ReadAllBytesAsync(JournalPath, Cancellation);
        int most = 0;
        for (int length = 0; length <= whole.Length; length += 17)
        {
            string cut = Path.Combine(_folder, "cut.journal");
            await File.WriteAllBytesAsync(cut, whole[..length], Cancellation);
            await using TransactionPool after = Open(cut);
            ulong[] nonces = [.. after.BestForBlock().Select(one => one.Nonce)];
            Assert.Equal(nonces.Select((_, index) => (ulong)index), nonces);
            Assert.True(nonces.Length >= most, "a longer journal brings back less");
            most = nonces.Length;
        }
        Assert.True(most >= 3);
    }

    [Fact]
    public async Task C18_when_the_disk_fails_nothing_more_is_acknowledged()
    {
        TransactionPool pool = Open(JournalPath, new PoolOptions { CompactionBytesMin = 0 });
        await pool.SubmitAsync(Transfer(Alice, 0), Cancellation);
        Directory.Delete(_folder, recursive: true);
        Block block = _chain.Build(Transfer(Alice, 0));
        _chain.Append(block);
        pool.OnFinal(block, _chain.State);
        await Assert.ThrowsAsync<StorageFailure>(() => pool.Completion);
        await Assert.ThrowsAsync<StorageFailure>(async () => await pool.SubmitAsync(Transfer(Bob, 0), Cancellation));
        await pool.DisposeAsync();
        Directory.CreateDirectory(_folder);
    }

    [Fact]
    public async Task C18_a_journal_of_another_kind_is_refused()
    {
        await File.WriteAllTextAsync(JournalPath, new string('x', 64), Cancellation);
        Assert.Throws<StorageFailure>(() => Open(JournalPath));
    }

    [Fact]
    public async Task C18_gossip_hears_of_local_ones_when_they_are_durable_and_of_others_at_once()
    {
        TaskCompletionSource<NewTransactions> heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TransactionPool pool = Open(JournalPath);
        pool.Accepted += news => heard.TrySetResult(news);
        Transaction local = Transfer(Alice, 0);
        await pool.SubmitAsync(local, Cancellation);
        NewTransactions first = await heard.Task.WaitAsync(Cancellation);
        Assert.True(first.IsLocal);
        Assert.Equal([local], first.Transactions);

        List<NewTransactions> later = [];
        pool.Accepted += later.Add;
        Transaction remote = Transfer(Bob, 0);
        Assert.Equal([QueueFault.None, new QueueFault(QueueFaultKind.AlreadyKnown)], pool.AddFromPeer([remote, local]));
        Assert.Equal([remote], Assert.Single(later).Transactions);
        Assert.False(later[0].IsLocal);
        // Nobody was promised anything about it.
        await using TransactionPool after = Open(CopyAsAfterCrash());
        Assert.Equal([local], after.BestForBlock());
    }

    [Fact]
    public async Task C18_money_moved_from_elsewhere_is_noticed_on_refresh()
    {
        await using TransactionPool pool = Open(JournalPath);
        await pool.SubmitAsync(Transfer(Alice, 0, 900), Cancellation);
        pool.Refresh([Alice.Address]);
        Assert.Single(pool.BestForBlock());
        TestChain poorer = new(genesis => genesis with
        {
            Alloc = [.. genesis.Alloc.Select(one => one with { Balance = Units.Cpc })],
        });
        pool.OnFinal(_chain.Build(), poorer.State);
        Assert.Single(pool.BestForBlock());
        pool.Refresh([Alice.Address]);
        Assert.Empty(pool.BestForBlock());
        Assert.Equal((0, 1), (pool.Status().Pending, pool.Status().Queued));

        // Its sender was told that it waits; a restart does not change that, and the money may come back.
        await using TransactionPool after = TransactionPool.Open(
            CopyAsAfterCrash(), new PoolOptions(), _chain.Rules, _chain.Head, poorer.State);
        Assert.Equal((0, 1), (after.Status().Pending, after.Status().Queued));
        after.OnFinal(_chain.Build(), _chain.State);
        after.Refresh([Alice.Address]);
        Assert.Single(after.BestForBlock());
    }

    [Fact]
    public async Task Intern_reuses_what_the_pool_knows()
    {
        await using TransactionPool pool = Open(JournalPath);
        Transaction mine = Transfer(Alice, 0);
        await pool.SubmitAsync(mine, Cancellation);
        Assert.True(Block.TryDecode(_chain.Build(mine).Encode(), BlockLimits.Default, out Block? read, out _));
        Assert.NotSame(mine, read.Transactions[0]);
        Block interned = pool.Intern(read);
        Assert.Same(mine, interned.Transactions[0]);
        Assert.Equal(read, interned);
    }

    [Fact]
    public async Task C17_a_sender_is_recovered_once_until_its_transaction_is_final()
    {
        await using TransactionPool pool = Open(JournalPath);
        Block proposed = Again(_chain.Build(Transfer(Alice, 0)));
        pool.Remember(proposed);

        // Proposed again, or heard from a peer: the same object, whose sender is known.
        Assert.Same(proposed.Transactions[0], pool.Intern(Again(proposed)).Transactions[0]);
        Assert.True(pool.AddFromPeer(Again(proposed).Transactions)[0].IsNone);
        Assert.Same(proposed.Transactions[0], pool.Find(proposed.Transactions[0].Hash));
        Assert.Equal(QueueFaultKind.AlreadyKnown, pool.AddFromPeer(Again(proposed).Transactions)[0].Kind);
        pool.OnFinal(proposed, _chain.State);
        Block late = Again(proposed);
        pool.Remember(late);
        pool.OnFinal(late, _chain.State);
        Block after = Again(proposed);
        pool.Refresh([Alice.Address]);
        Assert.NotSame(late.Transactions[0], pool.Intern(after).Transactions[0]);
    }

    private static Block Again(Block block)
    {
        Assert.True(Block.TryDecode(block.Encode(), BlockLimits.Default, out Block? read, out _));
        return read;
    }

    private static Transaction Transfer(PrivateKey user, ulong nonce, ulong cpc = 0) => Transaction.Sign(
        UnsignedTransaction.FeeMarket(TestChain.ChainId, nonce, 3UL * TestChain.Gwei, TestChain.Gwei, 21_000) with
        {
            To = Address.FromUInt256(0xeeeeUL),
            Value = cpc * Units.Cpc,
        },
        user);

    private TransactionPool Open(string path, PoolOptions? options = null) =>
        TransactionPool.Open(path, options ?? new PoolOptions(), _chain.Rules, _chain.Head, _chain.State);

    private string CopyAsAfterCrash()
    {
        string copy = Path.Combine(_folder, $"crash-{Directory.GetFiles(_folder).Length}.journal");
        // The open journal is locked for this runtime; another program may still read it.
        using Process process = Process.Start("cp", [JournalPath, copy]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return copy;
    }
}
