using System.Collections.Immutable;
using CPChain.Evm;
using CPChain.Ledger;
using CPChain.Trie;
using CPChain.Trie.Proofs;
using CPChain.Types;
using FsCheck;
using FsCheck.Fluent;

namespace CPChain.Storage.Tests.Ledgers;

/// <summary>Random state changes against a plain map of every block's state.</summary>
public sealed class LedgerHistoryTests
{
    private const ulong History = 4;

    private static readonly Gen<Change[][]> s_blocks = Gen.ArrayOf(Gen.ArrayOf(
        from account in Gen.Choose(1, 4)
        from kind in Gen.Choose(0, 9)
        from slot in Gen.Choose(0, 3)
        from value in Gen.Choose(0, 3)
        select new Change(account, kind, slot, value)));

    [Fact]
    public void L6_every_kept_state_equals_a_plain_map_and_history_stays_bounded() =>
        Prop.ForAll(s_blocks.ToArbitrary(), blocks =>
        {
            TestChain chain = new();
            InMemoryStore store = new(ChainLedger.Format);
            using ChainLedger ledger = ChainLedger.Open(store, chain.Genesis, new LedgerOptions(History) { Scheduler = AtOnce.Instance });
            List<Model> states = Fill(ledger, blocks);
            AssertStates(ledger, states, ledger.OldestState);
            int kept = blocks.TakeLast((int)History).Sum(static b => (b.Length * 5) + 1);
            Assert.InRange(store.Scan(new byte[] { 0x20 }).Count() + store.Scan(new byte[] { 0x21 }).Count(), 0, kept);
            ShorterHistoryIsPrunedOnOpening(store, chain);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void L11_an_archive_has_values_and_trie_of_every_block() =>
        Prop.ForAll(s_blocks.ToArbitrary(), blocks =>
        {
            TestChain chain = new();
            InMemoryStore store = new(ChainLedger.Format);
            using ChainLedger ledger = ChainLedger.Open(store, chain.Genesis, new LedgerOptions(1, IsArchive: true));
            Assert.Equal(0UL, ledger.ArchiveFrom);
            AssertStates(ledger, Fill(ledger, blocks), 0);
            StorageFailure failure = Assert.Throws<StorageFailure>(() => ChainLedger.Open(store.Copy(ChainLedger.Format), chain.Genesis));
            Assert.Equal(StorageFault.Archive, failure.Fault);
            Assert.Contains("--archive", failure.Message, StringComparison.Ordinal);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Fact]
    public void L11_a_ledger_that_becomes_an_archive_keeps_what_it_had_and_all_from_then_on() =>
        Prop.ForAll(s_blocks.ToArbitrary(), blocks =>
        {
            TestChain chain = new();
            InMemoryStore store = new(ChainLedger.Format);
            int half = blocks.Length / 2;
            ChainLedger before = ChainLedger.Open(store, chain.Genesis, new LedgerOptions { Scheduler = Never.Instance });
            List<Model> states = Fill(before, blocks[..half]);
            using ChainLedger ledger = ChainLedger.Open(store.Copy(ChainLedger.Format), chain.Genesis, new LedgerOptions(IsArchive: true));
            Assert.Equal((ulong)half, ledger.ArchiveFrom);
            AssertStates(ledger, Fill(ledger, blocks[half..], states), 0);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Fact]
    public void L10_a_restart_works_out_the_nodes_that_were_not_written() =>
        Prop.ForAll(s_blocks.ToArbitrary(), Gen.Choose(0, 2).ToArbitrary(), (blocks, mode) =>
        {
            TestChain chain = new();
            InMemoryStore store = new(ChainLedger.Format);
            LedgerOptions options = new() { Scheduler = mode == 0 ? Never.Instance : AtOnce.Instance };
            options = options with { UnwrittenNodesBytesMax = mode == 2 ? 300 : options.UnwrittenNodesBytesMax };
            ChainLedger ledger = ChainLedger.Open(store, chain.Genesis, options);
            List<Model> states = [new Model()];
            foreach (Change[] block in blocks)
            {
                states = Fill(ledger, [block], states);
                store = store.Copy(ChainLedger.Format);
                ledger.Dispose();
                ledger = ChainLedger.Open(store, chain.Genesis, options);
                using LedgerState state = ledger.StateAt(ledger.Head.Number)!;
                states[^1].AssertEqual(state);
            }

            AssertStates(ledger, states, 0);
            ledger.Dispose();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Fact]
    public void L10_a_trie_that_is_too_far_is_told_and_not_worked_out()
    {
        TestChain chain = new();
        using ChainLedger ledger = ChainLedger.Open(
            new InMemoryStore(ChainLedger.Format), chain.Genesis, new LedgerOptions(ProofKeysMax: 2));
        Fill(ledger, [[new Change(1, 2, 1, 1)], [new Change(1, 2, 1, 2)], [new Change(2, 2, 1, 2)]]);
        using LedgerState near = ledger.StateAt(2)!;
        Assert.True(near.TryGetTrie(out _));
        using LedgerState far = ledger.StateAt(1)!;
        Assert.False(far.TryGetTrie(out _));
        Assert.True(far.TryGetAccount(Address.FromBytes([.. new byte[19], 1]), out _));
        Assert.Throws<InvalidOperationException>(() => far.TrieNodes);
    }

    private static List<Model> Fill(ChainLedger ledger, Change[][] blocks, List<Model>? before = null)
    {
        List<Model> states = [.. before ?? [new Model()]];
        foreach (Change[] block in blocks)
        {
            Model next = states[^1].Copy();
            TestChain.AppendChanges(ledger, next.Apply(block));
            states.Add(next);
        }

        Assert.Null(ledger.Verify().Problem);
        return states;
    }

    private static void AssertStates(ChainLedger ledger, List<Model> states, ulong first)
    {
        for (ulong number = first; number <= ledger.Head.Number; number++)
        {
            using LedgerState state = ledger.StateAt(number)!;
            states[(int)number].AssertEqual(state);
        }
    }

    private static void ShorterHistoryIsPrunedOnOpening(InMemoryStore store, TestChain chain)
    {
        using ChainLedger ledger = ChainLedger.Open(store.Copy(ChainLedger.Format), chain.Genesis, new LedgerOptions(1));
        if (ledger.Head.Number >= 1)
        {
            using LedgerState? before = ledger.StateAt(ledger.Head.Number - 1);
            Assert.NotNull(before);
        }

        if (ledger.Head.Number >= 2)
        {
            Assert.Null(ledger.StateAt(ledger.Head.Number - 2));
        }
    }

    private sealed record Change(int Account, int Kind, int Slot, int Value);

    private sealed class Model
    {
        private readonly SortedDictionary<Address, (ulong Nonce, SortedDictionary<UInt256, UInt256> Slots)> _accounts = [];

        public Model Copy()
        {
            Model copy = new();
            foreach ((Address address, (ulong nonce, SortedDictionary<UInt256, UInt256> slots)) in _accounts)
            {
                copy._accounts[address] = (nonce, new(slots));
            }

            return copy;
        }

        /// <summary>Applies the changes and says them as an execution would.</summary>
        public StateChanges Apply(Change[] block)
        {
            SortedDictionary<Address, AccountChange> accounts = [];
            SortedDictionary<(Address, UInt256), StorageChange> storage = [];
            SortedSet<Address> cleared = [];
            foreach (Change change in block)
            {
                Address address = Address.FromBytes([.. new byte[19], (byte)change.Account]);
                (ulong nonce, SortedDictionary<UInt256, UInt256> slots) =
                    _accounts.TryGetValue(address, out var known) ? known : (0, []);
                if (change.Kind <= 1)
                {
                    foreach ((Address Address, UInt256) key in storage.Keys.Where(k => k.Item1 == address).ToList())
                    {
                        storage.Remove(key);
                    }

                    slots.Clear();
                    cleared.Add(address);
                }

                if (change.Kind == 0)
                {
                    _accounts.Remove(address);
                    accounts[address] = new AccountChange(address, null);
                    continue;
                }

                UInt256 slot = (ulong)change.Slot;
                UInt256 value = (ulong)change.Value;
                if (change.Kind > 1)
                {
                    storage[(address, slot)] = new StorageChange(address, slot, value);
                    slots.Remove(slot);
                    if (!value.IsZero)
                    {
                        slots[slot] = value;
                    }
                }

                _accounts[address] = (nonce + 1, slots);
                accounts[address] = new AccountChange(
                    address, new Account(nonce + 1, 1UL, Account.EmptyCodeHash, Account.EmptyTrieRoot));
            }

            return new StateChanges([.. accounts.Values], [.. storage.Values], [.. cleared], []);
        }

        public void AssertEqual(LedgerState state)
        {
            for (byte account = 1; account <= 4; account++)
            {
                Address address = Address.FromBytes([.. new byte[19], account]);
                bool exists = _accounts.TryGetValue(address, out var expected);
                Assert.Equal(exists, state.TryGetAccount(address, out Account actual));
                Assert.Equal(exists ? expected.Nonce : 0, actual.Nonce);
                for (ulong slot = 0; slot <= 3; slot++)
                {
                    UInt256 value = exists && expected.Slots.TryGetValue(slot, out UInt256 stored) ? stored : UInt256.Zero;
                    Assert.Equal(value, state.GetStorage(address, slot));
                    AssertSlotInTrie(state, address, actual, slot, value);
                }

                byte[] key = StateTrieKeys.OfAddress(address).ToArray();
                ProofVerdict verdict = TrieProof.Verify(
                    state.StateRoot, key, TrieProof.Of(state.TrieNodes, TrieOwner.Accounts, state.StateRoot, key), out ReadOnlyMemory<byte> proven);
                Assert.Equal(exists ? ProofVerdict.Present : ProofVerdict.Absent, verdict);
                Assert.Equal(exists ? actual.Encode() : [], proven.ToArray());
            }
        }

        private static void AssertSlotInTrie(LedgerState state, in Address address, in Account account, ulong slot, in UInt256 value)
        {
            Hash256 root = account == default ? Account.EmptyTrieRoot : account.StorageRoot;
            byte[] key = StateTrieKeys.OfSlot(slot).ToArray();
            ProofVerdict verdict = TrieProof.Verify(
                root, key, TrieProof.Of(state.TrieNodes, StateTrieKeys.OfAddress(address), root, key), out ReadOnlyMemory<byte> proven);
            Assert.Equal(value.IsZero ? ProofVerdict.Absent : ProofVerdict.Present, verdict);
            Assert.Equal(StateTrieKeys.EncodeSlotValue(value) ?? [], proven.ToArray());
        }
    }
}
