using System.Collections.Immutable;
using CPChain.Evm;
using CPChain.Ledger;
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
            using ChainLedger ledger = ChainLedger.Open(store, chain.Genesis, new LedgerOptions(History));
            List<Model> states = [new Model()];
            foreach (Change[] block in blocks)
            {
                Model next = states[^1].Copy();
                TestChain.AppendChanges(ledger, next.Apply(block));
                states.Add(next);
            }

            Assert.Null(ledger.Verify().Problem);
            for (ulong number = ledger.OldestState; number <= ledger.Head.Number; number++)
            {
                using LedgerState state = ledger.StateAt(number)!;
                states[(int)number].AssertEqual(state);
            }

            int kept = blocks.TakeLast((int)History).Sum(static b => (b.Length * 5) + 1);
            Assert.InRange(store.Scan(new byte[] { 0x20 }).Count() + store.Scan(new byte[] { 0x21 }).Count(), 0, kept);
            ShorterHistoryIsPrunedOnOpening(store, chain);
        }).QuickCheckThrowOnFailure();

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
                }
            }
        }
    }
}
