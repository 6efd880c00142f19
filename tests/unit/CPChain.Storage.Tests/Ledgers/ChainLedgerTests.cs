using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Execution;
using CPChain.Ledger;
using CPChain.Trie;
using CPChain.Trie.Proofs;
using CPChain.Types;

namespace CPChain.Storage.Tests.Ledgers;

public sealed class ChainLedgerTests
{
    private static readonly Address s_friend = Address.Parse("0x00000000000000000000000000000000000000f1");
    private readonly TestChain _chain = new();

    [Fact]
    public void L4_an_empty_store_becomes_the_genesis_state()
    {
        using ChainLedger ledger = Open();
        Assert.Equal(0UL, ledger.Head.Number);
        Assert.Equal(ledger.GenesisHash, ledger.Head.Hash);
        LedgerState state = ledger.HeadState;
        Assert.True(state.TryGetAccount(_chain.Sender, out Account sender));
        Assert.Equal(UInt256.Parse("1000000000000000000000"), sender.Balance);
        Assert.True(state.TryGetAccount(TestChain.Recorder, out Account recorder));
        Assert.Equal(recorder.CodeHash, Keccak256.Hash(state.GetCode(recorder.CodeHash).Span));
        Assert.Equal(77UL, state.GetStorage(TestChain.Recorder, 7UL));
        Assert.Equal(UInt256.MaxValue, state.GetStorage(TestChain.Recorder, 8UL));
        Assert.Equal(UInt256.Zero, state.GetStorage(TestChain.Recorder, 9UL));
        Assert.False(state.TryGetAccount(s_friend, out _));
        Assert.True(state.GetCode(Account.EmptyCodeHash).IsEmpty);
        Assert.Null(ledger.Verify().Problem);
    }

    [Fact]
    public void L4_a_store_of_another_chain_is_refused_with_both_hashes()
    {
        InMemoryStore store = new(ChainLedger.Format);
        InMemoryStore copy;
        Hash256 first;
        using (ChainLedger ledger = ChainLedger.Open(store, _chain.Genesis))
        {
            first = ledger.GenesisHash;
            copy = store.Copy(ChainLedger.Format);
        }

        Genesis other = new TestChain("another").Genesis;
        Hash256 second = GenesisState.Create(other).Block.Hash;
        StorageFailure failure = Assert.Throws<StorageFailure>(() => ChainLedger.Open(copy, other));
        Assert.Equal(StorageFault.WrongChain, failure.Fault);
        Assert.Contains(first.ToString(), failure.Message, StringComparison.Ordinal);
        Assert.Contains(second.ToString(), failure.Message, StringComparison.Ordinal);
    }

    // Who sees a receipt asks for the state next, and must not get the one before it.
    [Fact]
    public void L3_nothing_of_a_block_is_seen_before_it_is_the_head()
    {
        WatchedStore store = new(new InMemoryStore(ChainLedger.Format));
        using ChainLedger ledger = ChainLedger.Open(store, _chain.Genesis);
        Transaction pay = _chain.Pay(s_friend, 5);
        int looks = 0;
        store.Written = () =>
        {
            looks++;
            Assert.Equal(0UL, ledger.Head.Number);
            Assert.Null(ledger.Locate(pay.Hash));
            Assert.Null(ledger.BlockByNumber(1));
            Assert.Null(ledger.HeaderByNumber(1));
            Assert.Null(ledger.HashOf(1));
            Assert.Null(ledger.CertificateOf(1));
            Assert.Empty(ledger.ReceiptsOf(1));
        };
        Block block = _chain.Append(ledger, pay);
        store.Written = null;

        Assert.Equal(1, looks);
        Assert.Equal(1UL, ledger.Locate(pay.Hash)?.Number);
        Assert.Equal(1UL, ledger.NumberOf(block.Hash));
    }

    [Fact]
    public void L3_everything_of_an_appended_block_is_read_back_and_survives_reopening()
    {
        using TestDirectory directory = new();
        Transaction pay = _chain.Pay(s_friend, 5);
        Transaction record = _chain.Record(1, 11);
        Block block;
        using (ChainLedger ledger = ChainLedger.OpenDirectory(directory.File("ledger"), _chain.Genesis))
        {
            block = _chain.Append(ledger, pay, record);
            Check(ledger);
        }

        using (ChainLedger ledger = ChainLedger.OpenDirectory(directory.File("ledger"), _chain.Genesis))
        {
            Check(ledger);
        }

        void Check(ChainLedger ledger)
        {
            Assert.Equal(block.Hash, ledger.Head.Hash);
            Assert.Equal(block, ledger.BlockByNumber(1));
            Assert.Equal(block, ledger.BlockByHash(block.Hash));
            Assert.Equal(block.Header, ledger.HeaderByNumber(1));
            Assert.Equal(ledger.GenesisHash, ledger.HeaderByNumber(0)!.Hash);
            Assert.Equal(block.Hash, ledger.HashOf(1));
            Assert.Equal(1UL, ledger.NumberOf(block.Hash));
            Assert.Equal(new TransactionLocation(1, 1), ledger.Locate(record.Hash));
            Assert.Equal(2, ledger.ReceiptsOf(1).Length);
            Assert.Single(ledger.ReceiptsOf(1)[1].Logs);
            Assert.Equal(TestChain.Certificate(1), ledger.CertificateOf(1));
            Assert.Null(ledger.CertificateOf(0));
            Assert.Equal(11UL, ledger.HeadState.GetStorage(TestChain.Recorder, 1UL));
            Assert.Equal(block.Hash, ledger.HeadState.GetBlockHash(1));
            Assert.Null(ledger.BlockByNumber(2));
            Assert.Null(ledger.BlockByHash(pay.Hash));
            Assert.Null(ledger.Locate(block.Hash));
            Assert.Null(ledger.Verify().Problem);
        }
    }

    [Fact]
    public void L6_a_state_does_not_change_while_blocks_are_appended()
    {
        using ChainLedger ledger = Open();
        LedgerState before = ledger.HeadState;
        for (ulong i = 1; i <= 5; i++)
        {
            _chain.Append(ledger, _chain.Record(7, 100 + i), _chain.Pay(s_friend, 1));
        }

        Assert.Equal(77UL, before.GetStorage(TestChain.Recorder, 7UL));
        Assert.False(before.TryGetAccount(s_friend, out _));
        Assert.Equal(Hash256.Zero, before.GetBlockHash(1));
        Assert.Equal(105UL, ledger.HeadState.GetStorage(TestChain.Recorder, 7UL));

        // The trie of the old head is whole too: a block can still be run on it.
        byte[] key = StateTrieKeys.OfAddress(TestChain.Recorder).ToArray();
        Assert.Equal(
            ProofVerdict.Present,
            TrieProof.Verify(before.StateRoot, key, TrieProof.Of(before.TrieNodes, TrieOwner.Accounts, before.StateRoot, key), out _));
    }

    [Fact]
    public void L6_recent_states_are_readable_by_number_and_older_ones_are_not()
    {
        using ChainLedger ledger = Open(new LedgerOptions(HistoryBlocks: 3));
        for (ulong i = 1; i <= 10; i++)
        {
            _chain.Append(ledger, _chain.Record(1, i));
        }

        Assert.Equal(7UL, ledger.OldestState);
        for (ulong number = 7; number <= 10; number++)
        {
            using LedgerState state = ledger.StateAt(number)!;
            Assert.Equal(number, state.GetStorage(TestChain.Recorder, 1UL));
            Assert.True(state.TryGetAccount(_chain.Sender, out Account sender));
            Assert.Equal(number, sender.Nonce);
            Assert.Equal(ledger.HeaderByNumber(number)!.StateRoot, state.StateRoot);
            Assert.Equal(number == 10, state.IsHead);
        }

        Assert.Null(ledger.StateAt(6));
        Assert.Null(ledger.StateAt(11));
        Assert.Null(ledger.StateAt(ulong.MaxValue));
    }

    [Fact]
    public void L3_a_block_that_does_not_follow_the_head_is_a_broken_invariant()
    {
        using ChainLedger ledger = Open();
        (Block block, BlockResult result) = _chain.Next(ledger);
        ledger.Append(block, [], result);
        Assert.Throws<InvariantViolation>(() => ledger.Append(block, [], result));
    }

    [Fact]
    public void L7_subscribers_are_called_in_order_after_the_block_is_readable()
    {
        using ChainLedger ledger = Open();
        List<ulong> seen = [];
        using (ledger.SubscribeFinalized(f =>
        {
            Assert.Equal(f.Block.Hash, ledger.Head.Hash);
            Assert.Equal(f.Block.Header.StateRoot, ledger.HeadState.StateRoot);
            seen.Add(f.Block.Header.Number);
        }))
        {
            _chain.Append(ledger);
            _chain.Append(ledger, _chain.Pay(s_friend, 1));
        }

        _chain.Append(ledger);
        Assert.Equal([1UL, 2UL], seen);
    }

    [Fact]
    public void L5_a_store_without_the_root_node_is_refused()
    {
        InMemoryStore store = new(ChainLedger.Format);
        InMemoryStore copy;
        using (ChainLedger ledger = ChainLedger.Open(store, _chain.Genesis))
        {
            _chain.Append(ledger, _chain.Pay(s_friend, 1));
            copy = store.Copy(ChainLedger.Format);
        }

        WriteBatch batch = new();
        batch.Delete([0x18, 0]);
        copy.Write(batch, durable: true);
        StorageFailure failure = Assert.Throws<StorageFailure>(() => ChainLedger.Open(copy, _chain.Genesis));
        Assert.Equal(StorageFault.Corrupt, failure.Fault);
        Assert.Contains("state root of block 0", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void L5_the_full_check_finds_any_changed_flat_row()
    {
        InMemoryStore store = new(ChainLedger.Format);
        using ChainLedger ledger = ChainLedger.Open(store, _chain.Genesis);
        _chain.Append(ledger, _chain.Record(1, 2), _chain.Pay(s_friend, 1));
        Assert.Null(ledger.Verify().Problem);
        foreach (byte kind in (byte[])[0x02, 0x03, 0x04, 0x05, 0x06, 0x10, 0x11, 0x12])
        {
            foreach (StoreEntry row in store.Scan(new[] { kind }).ToList())
            {
                WriteBatch damage = new();
                damage.Delete(row.Key);
                store.Write(damage, durable: false);
                string? problem = null;
                StorageFailure? failure = Record.Exception(() => problem = ledger.Verify().Problem) as StorageFailure;
                Assert.True(problem is not null || failure is not null, $"{kind}");
                WriteBatch repair = new();
                repair.Put(row.Key, row.Value);
                store.Write(repair, durable: false);
            }
        }

        Assert.Null(ledger.Verify().Problem);
    }

    private ChainLedger Open(LedgerOptions? options = null) =>
        ChainLedger.Open(new InMemoryStore(ChainLedger.Format), _chain.Genesis, options);

    /// <summary>A store that tells when a batch is in it and its writer has not heard yet.</summary>
    private sealed class WatchedStore(InMemoryStore inner) : IKeyValueStore
    {
        public Action? Written { get; set; }

        public string Location => inner.Location;

        public StoreFormat Format => inner.Format;

        public bool TryGet(ReadOnlySpan<byte> key, out byte[] value) => inner.TryGet(key, out value);

        public IEnumerable<StoreEntry> Scan(ReadOnlyMemory<byte> prefix, ReadOnlyMemory<byte>? from = null) => inner.Scan(prefix, from);

        public IEnumerable<StoreEntry> ScanDown(ReadOnlyMemory<byte> prefix, ReadOnlyMemory<byte>? from = null) => inner.ScanDown(prefix, from);

        public IKeyValueSnapshot Snapshot() => inner.Snapshot();

        public void Write(WriteBatch batch, bool durable)
        {
            inner.Write(batch, durable);
            Written?.Invoke();
        }

        public void Dispose() => inner.Dispose();
    }
}
