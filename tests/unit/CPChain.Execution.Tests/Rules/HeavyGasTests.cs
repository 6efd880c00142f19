using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Execution.Tests.Harness;
using CPChain.Types;

namespace CPChain.Execution.Tests.Rules;

/// <summary>C13.3: what precompiled contracts may take in one block.</summary>
public sealed class HeavyGasTests
{
    private const ulong EachGas = 8_000_000;

    private static readonly PrivateKey Alice = TestChain.Users[0];
    private static readonly PrivateKey Bob = TestChain.Users[1];
    private static readonly PrivateKey Carol = TestChain.Users[2];

    // Both call their contract again and again until all gas is gone: the pairing of nothing (45,000 gas), SHA-256 of nothing.
    private static readonly Address Pairing = Address.FromUInt256(0xaaaaUL);
    private static readonly Address Hashing = Address.FromUInt256(0xbbbbUL);

    [Theory]
    [InlineData(250_000_000, 50_000_000)]
    [InlineData(83_886_085, 16_777_217)]
    [InlineData(83_886_084, 1 << 24)]
    [InlineData(30_000_000, 1 << 24)]
    public void A_fifth_of_the_gas_limit_and_always_one_transaction(ulong gasLimit, ulong most) =>
        Assert.Equal(most, new TestChain(genesis => genesis with { GasLimit = gasLimit }).Rules.HeavyGasMax);

    [Fact]
    public void A_block_takes_no_more_and_leaves_the_rest_for_the_next()
    {
        TestChain chain = NewChain();
        Transaction first = Call(chain, Alice, Pairing), second = Call(chain, Bob, Pairing), third = Call(chain, Carol, Pairing);
        Transaction late = Call(chain, TestChain.Users[3], Pairing), plain = Call(chain, TestChain.Users[4], Hashing);

        Block block = chain.Build([first, second, third, late, plain], out BuiltBlock built);

        Assert.Equal([first, second, plain], block.Transactions);
        Assert.Empty(built.Skipped);
        chain.Append(block);
        Assert.Equal([third, late], chain.Build(third, late).Transactions);
    }

    [Fact]
    public void After_one_that_was_too_much_none_needs_any()
    {
        TestChain chain = NewChain();
        Transaction small = Call(chain, TestChain.Users[3], Pairing, gas: 100_000);

        Block block = chain.Build(
            [Call(chain, Alice, Pairing), Call(chain, Bob, Pairing), Call(chain, Carol, Pairing), small], out BuiltBlock built);

        Assert.DoesNotContain(small, block.Transactions);
        Assert.Empty(built.Skipped);
        Assert.Contains(small, chain.Build(Call(chain, Alice, Pairing), Call(chain, Bob, Pairing), small).Transactions);
    }

    [Fact]
    public void A_block_with_more_is_not_valid()
    {
        TestChain chain = NewChain();
        PrivateKey proposer = chain.ProposerOf(1);
        BuiltBlock built = BlockBuilder.Build(
            chain.Head, chain.State, [Call(chain, Alice, Pairing), Call(chain, Bob, Pairing), Call(chain, Carol, Pairing)],
            new BlockPlan(proposer.Address, 0), chain.Rules with { HeavyGasMax = ulong.MaxValue });
        Assert.Equal(3, built.Transactions.Length);

        ExecutionOutcome outcome = chain.Judge(built.Seal(proposer.Sign(built.SealDigest(chain.Rules))));

        Assert.Equal(BlockFaultKind.InvalidTransaction, outcome.Fault.Kind);
        Assert.Equal($"transaction 2: {ValidityFault.HeavyGasExhausted.Text()}", outcome.Fault.Detail);
    }

    [Fact]
    public void Hashes_count_nothing()
    {
        TestChain chain = NewChain();
        Assert.Equal(3, chain.Build(Call(chain, Alice, Hashing), Call(chain, Bob, Hashing), Call(chain, Carol, Hashing)).Transactions.Length);
    }

    private static TestChain NewChain() => new(genesis => TestChain.WithCode(
        TestChain.WithCode(genesis, Pairing, LoopOver(8)), Hashing, LoopOver(2)));

    // JUMPDEST, STATICCALL(gas, contract, 0, 0, 0, 32), POP, JUMP 0.
    private static string LoopOver(int contract) => $"5b60205f5f5f60{contract:x2}5afa505f56";

    private static Transaction Call(TestChain chain, PrivateKey user, Address to, ulong gas = EachGas) =>
        Transaction.Sign(chain.Call(user, to, gas), user);
}
