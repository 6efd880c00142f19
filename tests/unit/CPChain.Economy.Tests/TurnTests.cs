using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Dpor;
using CPChain.Economy.Tests.Chain;
using CPChain.Execution;
using CPChain.Types;
using SystemContracts = CPChain.Sdk.Contracts.SystemContracts;

namespace CPChain.Economy.Tests;

/// <summary>Whose number it is, what it reveals, and who validates, in whole blocks (D9, D10, D17).</summary>
public sealed class TurnTests
{
    [Fact]
    public void D10_2_after_an_impeach_block_a_default_proposer_answers_and_then_the_seats_go_on()
    {
        ElectionChain chain = WithElected(out Committee committee);
        int seat = SeatAhead(chain, committee);
        chain.RunTo(chain.Head.Number + (ulong)seat);
        Assert.True(chain.Turn.IsElected);
        Address punished = chain.Turn.Proposer;

        chain.Impeach();

        Assert.False(chain.Turn.IsElected);
        Assert.Equal(ElectionChain.Defaults[(int)((chain.Head.Number + 1) % 3)].Address, chain.Turn.Proposer);
        Assert.Equal(1, chain.View.PenaltiesOf(punished).CountIn(chain.Parameters.Terms.TermOf(chain.Head.Number), 20));
        chain.Make();
        Assert.Equal(committee.Seats[chain.Parameters.Terms.SeatOf(chain.Head.Number + 1)].Account, chain.Turn.Proposer);
    }

    [Fact]
    public void D10_4_with_every_elected_proposer_dead_every_second_block_is_ordinary()
    {
        ElectionChain chain = WithElected(out _, users: 4);
        ulong last = chain.Parameters.Terms.CheckpointOf(chain.Term);
        bool fell = false;
        int impeached = 0;
        while (chain.Head.Number < last)
        {
            if (chain.Turn.IsElected)
            {
                Assert.False(fell, "two impeach blocks in a row");
                chain.Impeach();
                impeached++;
                fell = true;
            }
            else
            {
                chain.Make();
                fell = false;
            }
        }
        Assert.True(impeached >= 2);
        // k = 2 in a view of 4: the rest of the view is the defaults'.
        Assert.True(impeached <= 2 * chain.Parameters.Views);
    }

    [Fact]
    public void D9_2_a_block_without_the_right_reveal_is_no_block()
    {
        ElectionChain chain = new();
        chain.Make(ElectionChain.Defaults.Select(key => chain.Call(key, SystemContracts.Campaign, "commit", UInt256.Zero, 4UL,
            (byte[][])[chain.CommitmentOf(key, 4).ToArray(), chain.CommitmentOf(key, 5).ToArray()])));
        chain.RunTo(chain.Parameters.Terms.CheckpointOf(3));
        Assert.False(chain.Turn.Commitment.IsZero);
        byte[] right = chain.Reveal();
        byte[] wrong = [.. right];
        wrong[31] ^= 1;

        foreach (byte[] extra in (byte[][])[[], wrong, right[..31]])
            Assert.Equal(BlockFaultKind.WrongReveal, chain.Judge(chain.WithExtra(chain.Build(), extra)).Fault.Kind);
        chain.Append(chain.Build());

        // The same reveal is not that of the next number.
        Assert.Equal(BlockFaultKind.WrongReveal, chain.Judge(chain.WithExtra(chain.Build(), right)).Fault.Kind);
    }

    [Fact]
    public void D10_only_who_has_the_number_may_make_its_block()
    {
        ElectionChain chain = new();
        Address other = ElectionChain.Defaults.First(key => key.Address != chain.Turn.Proposer).Address;

        Assert.Equal(BlockFaultKind.WrongProposer, chain.Judge(chain.Build(other, [], [])).Fault.Kind);
    }

    [Fact]
    public void D17_a_set_holds_from_its_term_on_and_headers_name_it_one_block_ahead()
    {
        ElectionChain chain = new();
        PrivateKey sender = ElectionChain.Users[0];
        Address[] first = [.. ElectionChain.Validators.Take(4).Select(static key => key.Address)];
        Address[] second = [.. ElectionChain.Validators.Skip(1).Take(4).Select(static key => key.Address)];
        Address[] third = [.. ElectionChain.Validators.Take(7).Select(static key => key.Address)];
        chain.Make(chain.NameValidators(sender, 3, second));
        ulong begin = chain.Parameters.Terms.FirstOf(3);
        Assert.Equal((1UL, begin - 1), chain.Rules.Committees.ValidatorsRun(chain.Head.Number, chain.State));

        chain.RunTo(begin - 2);
        Assert.Equal(first, chain.Turn.Validators);
        chain.Make();
        Assert.Equal(CommitteeSchedule.HashOf(second), chain.Head.NextValidatorsHash);
        Assert.Equal(second, chain.Turn.Validators);
        Assert.Equal((begin, (ulong?)null), chain.Rules.Committees.ValidatorsRun(chain.Head.Number, chain.State));

        chain.Make(chain.NameValidators(sender, 6, third));
        ulong then = chain.Parameters.Terms.FirstOf(6);
        Assert.Equal((begin, then - 1), chain.Rules.Committees.ValidatorsRun(chain.Head.Number, chain.State));
        chain.RunTo(then + 3);
        // Who validated an old number is known by the hash that its header before it names.
        foreach (Block block in chain.Blocks)
        {
            Address[] expected = block.Header.Number + 1 < begin ? first : block.Header.Number + 1 < then ? second : third;
            Assert.Equal(expected, chain.Rules.Committees.ValidatorsOf(block.Header.Number + 1, block.Header.NextValidatorsHash, chain.Head.Number, chain.State));
        }
        // D17: settled two terms ahead of the one at hand, and no farther.
        ulong far = chain.Parameters.Terms.FirstOf(chain.Term + 3);
        Assert.Equal(third, chain.Rules.Committees.ValidatorsOf(far - 1, null, chain.Head.Number, chain.State));
        Assert.Null(chain.Rules.Committees.ValidatorsOf(far, null, chain.Head.Number, chain.State));
    }

    /// <summary>A chain at the beginning of a term with elected seats.</summary>
    private static ElectionChain WithElected(out Committee committee, int users = 3)
    {
        ElectionChain chain = new();
        chain.Make(ElectionChain.Users.Take(users).Select(chain.Join));
        chain.Make(ElectionChain.Users.Take(users).Select(user => chain.Claim(user, 1)));
        ulong serving = chain.Term + 4;
        chain.RunTo(chain.Parameters.Terms.CheckpointOf(serving - 1));
        committee = chain.Rules.Elections!.CommitteeOf(serving, chain.Head.Number, chain.State)!;
        Assert.Equal(users, committee.Seats.Count(static seat => seat.Elected));
        return chain;
    }

    private static int SeatAhead(ElectionChain chain, Committee committee)
    {
        int seat = committee.Seats.ToList().FindIndex(static one => one.Elected);
        Assert.InRange(seat, 0, chain.Parameters.Seats - 1);
        return seat;
    }
}
