using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Execution.Tests.Harness;
using CPChain.Types;

namespace CPChain.Execution.Tests.Rules;

/// <summary>Rules C13 and C14.4: keys that everybody has are good for local networks alone.</summary>
public sealed class DevnetAccountTests
{
    [Fact]
    public void C14_a_genesis_of_another_chain_refuses_them()
    {
        GenesisAccount known = new(DevnetAccounts.At(3), 5UL * Units.Cpc, 0, default, []);
        string elsewhere = TestChain.With(TestChain.GenesisOf(), known).Print();
        Assert.False(Genesis.TryParse(elsewhere, out _, out GenesisFault fault));
        Assert.Contains("alloc", fault.Path, StringComparison.Ordinal);
        string local = TestChain.With(
            TestChain.GenesisOf() with { ChainId = DevnetAccounts.ChainId }, known).Print();
        Assert.True(Genesis.TryParse(local, out _, out fault), fault.ToString());
    }

    [Fact]
    public void C13_another_chain_runs_no_transaction_of_theirs_even_if_somebody_paid_them()
    {
        using PrivateKey known = DevnetAccounts.Key(0);
        TestChain chain = new();
        chain.Run(Transaction.Sign(
            chain.Call(TestChain.Users[0], known.Address, value: Units.Cpc), TestChain.Users[0]));
        Assert.Equal(
            ValidityFault.DevnetAccount,
            chain.FaultOf(Transaction.Sign(chain.Call(known, TestChain.Users[0].Address), known)));
    }
}
