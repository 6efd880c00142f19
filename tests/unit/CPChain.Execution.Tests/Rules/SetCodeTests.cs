using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Execution.Tests.Harness;
using CPChain.Types;

namespace CPChain.Execution.Tests.Rules;

/// <summary>EIP-7702: accounts that borrow code.</summary>
public sealed class SetCodeTests
{
    private static readonly PrivateKey Alice = TestChain.Users[0];
    private static readonly PrivateKey Bob = TestChain.Users[1];
    private static readonly Address Library = Address.Parse("0x00000000000000000000000000000000c0de0002");

    // SSTORE(0, CALLER).
    private readonly TestChain _chain = new(genesis => TestChain.WithCode(genesis, Library, "0x335f5500"));

    [Fact]
    public void Eip7702_an_authority_runs_borrowed_code_in_its_own_storage()
    {
        Run(Authorization.Sign(TestChain.ChainId, Library, 0, Bob), to: Bob.Address);
        Assert.True(_chain.State.TryGetAccount(Bob.Address, out Account account));
        Assert.Equal(TransactionRules.Designator(Library), _chain.State.GetCode(account.CodeHash).ToArray());
        Assert.Equal(1UL, account.Nonce);
        Assert.Equal(Alice.Address.ToUInt256(), _chain.State.GetStorage(Bob.Address, UInt256.Zero));
        // A delegated account still sends (EIP-3607 as amended).
        Assert.Equal(
            ValidityFault.None, _chain.FaultOf(Transaction.Sign(_chain.Call(Bob, Alice.Address), Bob)));
    }

    [Fact]
    public void Eip7702_target_zero_clears_the_delegation()
    {
        Run(Authorization.Sign(TestChain.ChainId, Library, 0, Bob), to: Alice.Address);
        Run(Authorization.Sign(TestChain.ChainId, Address.Zero, 1, Bob), to: Alice.Address);
        Assert.True(_chain.State.TryGetAccount(Bob.Address, out Account account));
        Assert.False(account.HasCode);
        Assert.Equal(2UL, account.Nonce);
    }

    [Fact]
    public void Eip7702_an_entry_that_does_not_hold_is_skipped_and_paid()
    {
        Authorization good = Authorization.Sign(TestChain.ChainId, Library, 0, Bob);
        foreach (Authorization bad in (Authorization[])
            [
                Authorization.Sign(99UL, Library, 0, Bob),
                Authorization.Sign(TestChain.ChainId, Library, 5, Bob),
                Authorization.Sign(TestChain.ChainId, Library, ulong.MaxValue, Bob),
                good with { YParity = 2 },
                good with { S = Signature.GroupOrder - good.S },
                good with { R = UInt256.Zero },
            ])
        {
            BlockResult result = Run(bad, to: Alice.Address);
            Assert.True(result.Receipts[0].Success);
            Assert.Equal(21_000UL + 25_000, result.GasUsed);
            Assert.True(_chain.State.TryGetAccount(Bob.Address, out Account account));
            Assert.Equal(0UL, account.Nonce);
        }
    }

    [Fact]
    public void Eip7702_an_existing_authority_is_refunded_within_the_cap()
    {
        BlockResult result = Run(Authorization.Sign(0UL, Library, 0, Bob), to: Alice.Address);
        // 12,500 would come back; a fifth of 46,000 does.
        Assert.Equal(46_000UL - 46_000 / 5, result.GasUsed);
    }

    [Fact]
    public void Eip7702_the_sender_may_authorise_itself_with_its_raised_nonce()
    {
        Run(Authorization.Sign(TestChain.ChainId, Library, 1, Alice), to: Bob.Address);
        Assert.True(_chain.State.TryGetAccount(Alice.Address, out Account account));
        Assert.True(account.HasCode);
        Assert.Equal(2UL, account.Nonce);
    }

    private BlockResult Run(Authorization authorization, Address to) => _chain.Run(Transaction.Sign(
        _chain.Call(Alice, to, gas: 200_000) with { Type = TxType.SetCode, Authorizations = [authorization] }, Alice));
}
