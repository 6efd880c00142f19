using CPChain.Chain;
using CPChain.Economy.Tests.Chain;
using CPChain.Execution;
using CPChain.Sdk.Contracts;
using CPChain.Types;
using SystemContracts = CPChain.Sdk.Contracts.SystemContracts;

namespace CPChain.Economy.Tests;

/// <summary>What stops a node rather than let the supply change (C15, C19). That ordinary blocks pass is in every other test here.</summary>
public sealed class SupplyTests
{
    // CREATE with one unit a contract that destroys itself in favour of itself: at the end of a block nobody inherits.
    private static readonly byte[] s_burns = Hex.Decode("0x6130ff5f526002601e6001f000");

    [Fact]
    public void C15_a_block_that_loses_a_unit_is_neither_made_nor_judged()
    {
        ElectionChain chain = new(alter: static account => account.Address == SystemContracts.Reserve.Address ? account with { Code = s_burns } : account);

        InvariantViolation made = Assert.Throws<InvariantViolation>(() => chain.Build());

        Assert.StartsWith("C15: block 1 ", made.Message, StringComparison.Ordinal);
        Block block = MadeByRulesThatBurn(chain);
        Assert.Throws<InvariantViolation>(() => chain.Judge(block));
        // Nobody is paid for it, so the contract is not called.
        chain.Impeach();
    }

    [Fact]
    public void C19_2_a_genesis_with_elections_has_a_billion_coins_and_not_a_unit_more_or_less()
    {
        Genesis genesis = new ElectionChain().Genesis;
        GenesisAccount rich = genesis.Alloc.First(static account => !account.Balance.IsZero);
        foreach (Func<UInt256, UInt256> change in (Func<UInt256, UInt256>[])[static one => one + UInt256.One, static one => one - UInt256.One])
        {
            Genesis other = genesis with
            {
                Alloc = [.. genesis.Alloc.Select(account => account == rich ? account with { Balance = change(account.Balance) } : account)],
            };

            Assert.False(Genesis.TryParse(other.Print(), out _, out GenesisFault fault));

            Assert.Equal("$.alloc", fault.Path);
            Assert.Contains("10^9 CPC", fault.Reason, StringComparison.Ordinal);
        }
        Assert.Equal(EconomyGenesis.Supply, genesis.Alloc.Aggregate(UInt256.Zero, static (sum, one) => sum + one.Balance));
    }

    private static Block MadeByRulesThatBurn(ElectionChain chain)
    {
        BuiltBlock built = BlockBuilder.Build(
            chain.Head, chain.State, [], new BlockPlan(chain.Turn.Proposer, 0, chain.Reveal()), chain.Rules with { BurnsBaseFee = true });
        return built.Seal(ElectionChain.Defaults.Single(key => key.Address == chain.Turn.Proposer).Sign(built.SealDigest(chain.Rules)));
    }
}
