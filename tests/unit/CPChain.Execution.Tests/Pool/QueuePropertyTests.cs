using System.Collections.Immutable;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Evm;
using CPChain.Execution.Tests.Harness;
using CPChain.Execution.TxOrder;
using CPChain.Types;
using FsCheck;
using FsCheck.Fluent;

namespace CPChain.Execution.Tests.Pool;

/// <summary>Rule C17: the indexed queue equals the slow one after every step of random histories.</summary>
public sealed class QueuePropertyTests
{
    private static readonly QueueLimits Limits = new(8, 1 << 20, 4, 1 << 20, 3);

    // Kind 0 lets the best transactions become final, 1 moves the base fee, all others submit.
    private sealed record Step(int Kind, int User, int Nonce, int Price);

    [Fact]
    public void C17_the_queue_equals_the_slow_reference()
    {
        int evicted = 0;
        Gen<Step> step = Gen.Choose(0, 11).Zip(Gen.Choose(0, 3)).Zip(Gen.Choose(0, 5).Zip(Gen.Choose(0, 63)))
            .Select(all => new Step(all.Item1.Item1, all.Item1.Item2, all.Item2.Item1, all.Item2.Item2));
        Prop.ForAll(step.ListOf(60).Select(steps => steps.ToArray()).ToArbitrary(), steps => Agree(steps, ref evicted))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(200));
        Assert.True(evicted > 20, $"only {evicted} evictions: the histories do not fill the queue");
    }

    private static bool Agree(Step[] steps, ref int evicted)
    {
        ListState state = new();
        TestChain chain = new();
        TransactionQueue queue = new(chain.Rules, Limits, TestChain.Gwei);
        ReferenceQueue slow = new(Limits, TestChain.Gwei, address => state.Accounts[address]);
        foreach (Step step in steps)
        {
            if (step.Kind <= 1)
            {
                UInt256 fee = step.Kind == 1 ? (ulong)(step.Price % 4 + 1) * TestChain.Gwei : queue.NextBaseFee;
                ImmutableArray<AccountChange> changes =
                    step.Kind == 0 ? state.Include(queue.Best(step.Nonce, long.MaxValue)) : [];
                queue.Settle(changes, fee);
                slow.Settle(fee);
            }
            else
            {
                PrivateKey user = TestChain.Users[step.User];
                Transaction one = Make(user, (ulong)step.Nonce, step.Price);
                bool added = queue.Add(one, state, out ImmutableArray<Transaction> dropped).IsNone;
                evicted += added && dropped.Any(gone => gone.Nonce != one.Nonce) ? 1 : 0;
                if (added != slow.Add(one, user.Address))
                    return Disagree($"{step} was {(added ? "taken" : "refused")}", queue);
            }
            if (!queue.Content().Select(one => one.Transaction.Hash).SequenceEqual(slow.Content()))
                return Disagree($"content after {step}", queue);
            if (!queue.Best(100, long.MaxValue).Select(one => one.Hash).SequenceEqual(slow.Best()))
                return Disagree($"order after {step}", queue);
            if (queue.Bytes != queue.Content().Sum(one => (long)one.Transaction.Encoded.Length))
                return Disagree($"bytes after {step}", queue);
        }
        return true;
    }

    private static bool Disagree(string where, TransactionQueue queue) => throw new InvalidOperationException(
        $"{where}; base fee {queue.NextBaseFee}; " + string.Join(" ", queue.Content().Select(one =>
            $"{one.Sender.ToString()[..6]}/{one.Transaction.Nonce}:{one.Transaction.MaxFeePerGas}"
            + $"+{one.Transaction.MaxPriorityFeePerGas}{(one.IsPending ? "" : "?")}")));

    private static Transaction Make(PrivateKey user, ulong nonce, int price) => Transaction.Sign(
        UnsignedTransaction.FeeMarket(
            TestChain.ChainId, nonce, (ulong)(price % 8 + 1) * TestChain.Gwei,
            (ulong)(price % 8 * (price / 8) / 8) * TestChain.Gwei, 21_000) with
        {
            To = Address.FromUInt256(0xeeeeUL),
            Value = (ulong)(price / 16) * Units.Cpc,
        },
        user);

    /// <summary>Accounts that a made-up final block changes.</summary>
    private sealed class ListState : IStateReader
    {
        public Dictionary<Address, Account> Accounts { get; } = TestChain.Users.ToDictionary(
            user => user.Address, _ => Account.Empty with { Balance = 7UL * Units.Cpc });

        public ImmutableArray<AccountChange> Include(ImmutableArray<Transaction> transactions)
        {
            foreach (Transaction one in transactions)
            {
                Assert.True(one.TryRecoverSender(out Address sender));
                Account account = Accounts[sender];
                Assert.Equal(account.Nonce, one.Nonce);
                Accounts[sender] = account with
                {
                    Nonce = account.Nonce + 1,
                    Balance = account.Balance - one.Value - one.MaxFeePerGas * one.GasLimit,
                };
            }
            return [.. Accounts.OrderBy(pair => pair.Key).Select(pair => new AccountChange(pair.Key, pair.Value))];
        }

        public bool TryGetAccount(in Address address, out Account account) =>
            Accounts.TryGetValue(address, out account);

        public UInt256 GetStorage(in Address address, in UInt256 slot) => UInt256.Zero;

        public ReadOnlyMemory<byte> GetCode(in Hash256 codeHash) => default;
    }
}
