using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Execution.Tests.Harness;
using CPChain.Types;
using FsCheck;
using FsCheck.Fluent;

namespace CPChain.Execution.Tests.Rules;

/// <summary>Rule C15: money is neither made nor destroyed; and C11: the trie's root is that of the flat state.</summary>
public sealed class SupplyTests
{
    private static readonly Address Vault = Address.Parse("0x00000000000000000000000000000000c0de0003");

    // With data: send half of the balance to the caller. Without: store CALLVALUE at slot NUMBER, or revert on odd value.
    private const string VaultCode =
        "0x36601357" // CALLDATASIZE, jump to 19 when there is any
        + "60013416600f57" // odd value: jump to 15
        + "34435500" // SSTORE(NUMBER, CALLVALUE), STOP
        + "5b5f5ffd" // 15: REVERT
        + "5b5f5f5f5f60024704335af100"; // 19: CALL(GAS, CALLER, BALANCE / 2), STOP

    private const string DestroysToItself = "0x30ff"; // ADDRESS SELFDESTRUCT

    private const string PaysDestroyed =
        "0x6133ff5f526002601e5ff0" // CREATE(0, code CALLER SELFDESTRUCT)
        + "5f5f5f5f34855af100"; // CALL(GAS, created, CALLVALUE), STOP

    private sealed record Act(int User, int Kind, int Target, int Value);

    [Fact]
    public void C15_the_sum_of_balances_is_constant_over_random_blocks()
    {
        Gen<Act> act = Gen.Choose(0, 7).Zip(Gen.Choose(0, 8)).Zip(Gen.Choose(0, 11).Zip(Gen.Choose(0, 1_000_000)))
            .Select(all => new Act(all.Item1.Item1, all.Item1.Item2, all.Item2.Item1, all.Item2.Item2));
        Config config = Config.QuickThrowOnFailure.WithMaxTest(25);
        Prop.ForAll(act.ListOf().Select(list => list.Take(40).ToArray()).ToArbitrary(), acts =>
        {
            TestChain chain = new(genesis => TestChain.WithCode(genesis, Vault, VaultCode));
            UInt256 supply = chain.State.SumOfBalances();
            foreach (Act[] block in acts.Chunk(6))
            {
                RunBlock(chain, block);
                if (chain.State.SumOfBalances() != supply || chain.State.SlowRoot() != chain.Head.StateRoot)
                    return false;
            }
            return true;
        }).Check(config);
    }

    [Theory]
    [InlineData(DestroysToItself)]
    [InlineData(PaysDestroyed)]
    public void C15_what_a_destroyed_contract_would_burn_goes_to_the_coinbase(string initCode)
    {
        TestChain chain = new();
        Address proposer = chain.ProposerOf(1).Address;
        UInt256 supply = chain.State.SumOfBalances();
        PrivateKey user = TestChain.Users[0];

        BlockResult result = chain.Run(
            Transaction.Sign(chain.Call(user, null, gas: 200_000, value: 777, data: Hex.Decode(initCode)), user));

        Receipt receipt = Assert.Single(result.Receipts);
        Assert.True(receipt.Success);
        Assert.Equal(supply, chain.State.SumOfBalances());
        Assert.Equal((receipt.EffectiveGasPrice * receipt.GasUsed) + 777UL, chain.BalanceOf(proposer));
    }

    private static void RunBlock(TestChain chain, Act[] acts)
    {
        if (acts.Any(act => act.Kind == 6))
        {
            chain.Append(ImpeachBlock.Create(chain.Head, chain.State, chain.Rules).Block);
            return;
        }
        Dictionary<int, ulong> made = [];
        List<Transaction> transactions = [];
        foreach (Act act in acts)
        {
            PrivateKey user = TestChain.Users[act.User];
            ulong ahead = made.GetValueOrDefault(act.User);
            made[act.User] = ahead + 1;
            UnsignedTransaction call = CallOf(chain, user, act);
            transactions.Add(Transaction.Sign(call with { Nonce = call.Nonce + ahead }, user));
        }
        chain.Append(chain.Build(transactions));
    }

    private static UnsignedTransaction CallOf(TestChain chain, PrivateKey user, Act act)
    {
        UInt256 value = (ulong)act.Value;
        Address target = act.Target < 8
            ? TestChain.Users[act.Target].Address
            : Address.FromUInt256((ulong)act.Target + 0x1000UL);
        return act.Kind switch
        {
            0 or 1 => chain.Call(user, target, gas: 100_000, value: value),
            2 => chain.Call(user, Vault, gas: 100_000, value: value),
            3 => chain.Call(user, Vault, gas: 100_000, data: new byte[] { 1 }),
            // Creates a contract that destroys itself at once in favour of its creator: CALLER SELFDESTRUCT.
            4 => chain.Call(user, null, gas: 200_000, value: value, data: Hex.Decode("0x33ff")),
            7 => chain.Call(user, null, gas: 200_000, value: value, data: Hex.Decode(DestroysToItself)),
            8 => chain.Call(user, null, gas: 200_000, value: value, data: Hex.Decode(PaysDestroyed)),
            // Runs out of gas in its init code.
            _ => chain.Call(user, null, gas: 60_000, value: value, data: Hex.Decode("0x5b5f56")),
        };
    }
}
