using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Dpor;
using CPChain.Economy.Tests.Chain;
using CPChain.Execution;
using CPChain.Types;
using SystemContracts = CPChain.Sdk.Contracts.SystemContracts;

namespace CPChain.Economy.Tests;

/// <summary>From an account to a proposer and back, in whole blocks (D7, D8, D11 to D13).</summary>
public sealed class LifeTests
{
    [Fact]
    public void D13_an_account_joins_claims_is_elected_proposes_earns_and_leaves()
    {
        ElectionChain chain = new();
        PrivateKey user = ElectionChain.Users[0];
        chain.Make(chain.Join(user));
        Assert.Equal(chain.Parameters.RNodeDeposit, chain.View.DepositOf(user.Address));
        chain.Make(chain.Claim(user, 1));
        ulong serving = chain.Term + 4;
        UInt256 before = chain.BalanceOf(user.Address);

        Committee? committee = null;
        int made = 0;
        while (chain.Term <= serving)
        {
            if (chain.Term == serving)
                committee ??= chain.Rules.Elections!.CommitteeOf(serving, chain.Head.Number, chain.State);
            // H4.2: a place among the peers from the draw to the last number of the term, and not for the deposit alone.
            Assert.Equal(chain.Term + 1 >= serving, chain.Rules.Committees.HoldsSeat(user.Address, chain.Head.Number, chain.State));
            made += chain.Turn.Proposer == user.Address ? 1 : 0;
            chain.Make();
        }

        Assert.False(chain.Rules.Committees.HoldsSeat(user.Address, chain.Head.Number, chain.State));
        Assert.NotNull(committee);
        Assert.Contains(committee.Seats, seat => seat.Account == user.Address && seat.Elected);
        Assert.Equal(chain.Parameters.Views, made);
        Assert.Equal(before + Eras.RewardOf(chain.Parameters, chain.Head.Number) * (ulong)made, chain.BalanceOf(user.Address));
        Assert.Equal((uint)made, (uint)chain.View.DeedsOf(user.Address, serving).Blocks);

        // D13: not in the term after the last elected one, and not later than in the one after that.
        Assert.Equal(serving + 1, chain.Term);
        Assert.False(chain.Append(chain.Build(chain.Call(user, SystemContracts.RNodePool, "quit", UInt256.Zero))).Receipts[0].Success);
        chain.RunTo(chain.Parameters.Terms.CheckpointOf(serving + 1));
        chain.Make(chain.Call(user, SystemContracts.RNodePool, "quit", UInt256.Zero));
        UInt256 low = chain.BalanceOf(user.Address);
        chain.Make(chain.Call(user, SystemContracts.RNodePool, "withdraw", UInt256.Zero));
        Assert.True(chain.BalanceOf(user.Address) > low + chain.Parameters.RNodeDeposit - Units.Cpc);
        Assert.True(chain.View.DepositOf(user.Address).IsZero);
    }

    [Fact]
    public void D8_5_who_leaves_after_the_roll_is_struck_and_a_default_proposer_sits_in_its_place()
    {
        ElectionChain chain = new();
        PrivateKey user = ElectionChain.Users[0];
        chain.Make(chain.Join(user));
        chain.Make(chain.Claim(user, 1));
        // The roll of term 4 is made at the end of term 1, the committee drawn at the end of term 2.
        chain.RunTo(chain.Parameters.Terms.CheckpointOf(1));
        chain.Make(chain.Call(user, SystemContracts.RNodePool, "quit", UInt256.Zero));
        chain.RunTo(chain.Parameters.Terms.CheckpointOf(2));

        Committee committee = chain.Rules.Elections!.CommitteeOf(4, chain.Head.Number, chain.State)!;

        Assert.DoesNotContain(committee.Seats, seat => seat.Elected);
    }

    [Fact]
    public void D4_2_sends_count_for_rnodes_alone()
    {
        ElectionChain chain = new();
        (PrivateKey member, PrivateKey civilian) = (ElectionChain.Users[0], ElectionChain.Users[1]);
        chain.Make(chain.Join(member));
        ulong term = chain.Parameters.Terms.TermOf(chain.Head.Number);

        chain.Make(chain.Send(member, civilian.Address, UInt256.One), chain.Send(civilian, member.Address, UInt256.One));

        // Its joining counts too: it is an RNode by the state after the transactions.
        Assert.Equal(2U, chain.View.DeedsOf(member.Address, term).Sends);
        Assert.Equal(0U, chain.View.DeedsOf(civilian.Address, term).Sends);
        Assert.False(chain.View.MoneyOf(member.Address, term).Spent.IsZero);
        Assert.NotNull(chain.View.MoneyOf(member.Address, term).Low);
        Assert.Null(chain.View.MoneyOf(civilian.Address, term).Low);
    }

    [Fact]
    public void C1_a_replay_from_genesis_gives_the_same_states_and_committees()
    {
        ElectionChain chain = new();
        chain.Make(ElectionChain.Users.Select(chain.Join));
        Random random = new(20_261_130);
        for (int term = 0; term < 12; term++)
        {
            while (chain.Term == (ulong)term)
            {
                if (chain.Parameters.Terms.OffsetOf(chain.Head.Number + 1) == 2 && term % 2 == 0)
                    chain.Make(ElectionChain.Users.Take(3).Select(user => chain.Claim(user, 2)));
                else if (random.Next(5) == 0)
                    chain.Impeach();
                else
                    chain.Make(chain.Send(ElectionChain.Users[random.Next(8)], ElectionChain.Users[random.Next(8)].Address, UInt256.One));
            }
        }

        ElectionChain again = new();
        foreach (Block block in chain.Blocks)
            again.Append(block);
        Assert.Equal(chain.State.StateRoot, again.State.StateRoot);
        Assert.Contains(chain.Rules.Elections!.CommitteeOf(chain.Term, chain.Head.Number, chain.State)!.Seats, static seat => seat.Elected);
        Assert.Equal(chain.State.SlowRoot(), chain.State.StateRoot);
    }
}
