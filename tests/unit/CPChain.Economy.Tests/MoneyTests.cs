using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Dpor;
using CPChain.Economy.Tests.Chain;
using CPChain.Execution;
using CPChain.Types;
using SystemContracts = CPChain.Sdk.Contracts.SystemContracts;

namespace CPChain.Economy.Tests;

/// <summary>Rewards and fees in whole blocks (D11).</summary>
public sealed class MoneyTests
{
    private static readonly UInt256 s_none = UInt256.Zero;

    [Fact]
    public void D11_2_fees_are_divided_to_the_unit()
    {
        ElectionChain chain = new();
        PrivateKey sender = ElectionChain.Users[0];
        Address proposer = chain.Turn.Proposer;
        Address validator = ElectionChain.Validators[0].Address;
        UInt256 proposerBefore = chain.BalanceOf(proposer), reserveBefore = chain.BalanceOf(SystemContracts.Reserve.Address);

        BlockResult result = chain.Make(
            chain.Send(sender, ElectionChain.Users[1].Address, UInt256.One), chain.Send(sender, ElectionChain.Users[2].Address, UInt256.One, ahead: 1));

        UInt256 fees = result.Receipts.Aggregate(s_none, static (sum, one) => sum + (one.EffectiveGasPrice * one.GasUsed));
        UInt256 reward = Eras.RewardOf(chain.Parameters, 1), foundation = fees * 200UL / 1000UL, reserve = fees * 100UL / 1000UL;
        UInt256 each = fees * 100UL / 1000UL / 4UL;
        Assert.Equal(foundation, chain.BalanceOf(ElectionChain.Foundation));
        Assert.Equal(each, chain.BalanceOf(validator));
        Assert.Equal(reserveBefore + reserve - reward, chain.BalanceOf(SystemContracts.Reserve.Address));
        Assert.Equal(proposerBefore + reward + fees - foundation - reserve - (each * 4UL), chain.BalanceOf(proposer));
        Assert.Equal(fees - foundation - reserve - (each * 4UL), chain.View.TotalsOf(0).ProposerFees);
    }

    [Fact]
    public void D11_1_an_impeached_number_pays_nothing_and_nothing_is_carried_over()
    {
        ElectionChain chain = new();
        UInt256 reserve = chain.BalanceOf(SystemContracts.Reserve.Address);

        chain.Impeach();
        Assert.Equal(reserve, chain.BalanceOf(SystemContracts.Reserve.Address));
        Address answering = chain.Turn.Proposer;
        UInt256 before = chain.BalanceOf(answering);
        chain.Make();

        Assert.Equal(before + Eras.RewardOf(chain.Parameters, 2), chain.BalanceOf(answering));
    }

    [Fact]
    public void ECO_21_the_table_is_paid_to_the_unit_across_each_boundary_of_eras()
    {
        // The paper's rewards at heights scaled down, so that 10^4 real blocks lie around each boundary, a part of them impeached.
        const ulong length = 10_000;
        ulong[] cents = [1265, 951, 713, 539, 403];
        Era[] eras = [.. cents.Select(static (one, i) => new Era(length * (ulong)(i + 1), Cents(one)))];
        ElectionChain chain = new(DporParameters.Short with { Eras = [.. eras] });
        UInt256 before = chain.BalanceOf(SystemContracts.Reserve.Address), paid = s_none;
        ulong impeached = 0;
        while (chain.Head.Number < (length * 5) + 20)
        {
            ulong number = chain.Head.Number + 1;
            Address proposer = chain.Turn.Proposer;
            UInt256 had = chain.BalanceOf(proposer), due = cents.Select((one, i) => (one, i))
                .Where(era => number > length * (ulong)era.i && number <= length * (ulong)(era.i + 1)).Select(static era => Cents(era.one)).SingleOrDefault();
            if (number % 97 == 0)
            {
                chain.Impeach();
                impeached++;
                due = s_none;
            }
            else
            {
                chain.Make();
            }
            Assert.Equal(had + due, chain.BalanceOf(proposer));
            paid += due;
        }
        Assert.Equal(before - paid, chain.BalanceOf(SystemContracts.Reserve.Address));
        Assert.InRange(impeached, 500UL, 520UL);
        // Without the impeached ones it is the table's sum.
        UInt256 whole = cents.Aggregate(s_none, static (sum, one) => sum + (Cents(one) * length));
        UInt256 missing = Enumerable.Range(1, (int)(length * 5 / 97)).Aggregate(s_none, (sum, i) => sum + Cents(cents[((i * 97) - 1) / (int)length]));
        Assert.Equal(whole - missing, paid);
    }

    private static UInt256 Cents(ulong hundredths) => Units.Cpc * hundredths / 100UL;
}
