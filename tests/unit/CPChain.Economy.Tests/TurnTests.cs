using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Dpor;
using CPChain.Economy.Tests.Chain;
using CPChain.Execution;
using CPChain.Lbft.Evidence;
using CPChain.Lbft.Values;
using CPChain.Lbft.Votes;
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

    [Fact]
    public void D16_a_retired_validator_still_answers_for_its_last_number()
    {
        ElectionChain chain = new();
        (PrivateKey reporter, PrivateKey retired) = (ElectionChain.Users[0], ElectionChain.Validators[0]);
        chain.Make(chain.NameValidators(reporter, 3, [.. ElectionChain.Validators.Skip(1).Take(4).Select(static key => key.Address)]));
        ulong last = chain.Parameters.Terms.CheckpointOf(2);
        chain.RunTo(last + 2);
        Assert.DoesNotContain(retired.Address, chain.Turn.Validators);

        chain.Make(chain.Call(reporter, SystemContracts.Evidence, "report", UInt256.Zero, TwoCommits(chain, retired, last)));
        Assert.Equal(UInt256.One, FaultsOf(chain, retired.Address));

        // A number of term 2 counts through term 3.
        chain.RunTo(chain.Parameters.Terms.CheckpointOf(3) + 1);
        Transaction late = chain.Call(reporter, SystemContracts.Evidence, "report", UInt256.Zero, TwoCommits(chain, retired, last - 1));
        Assert.False(chain.Append(chain.Build(late)).Receipts[0].Success);
        Assert.Equal(UInt256.One, FaultsOf(chain, retired.Address));
    }

    [Fact]
    public void X14_a_parameter_that_changes_in_the_block_after_a_checkpoint_changes_no_committee_that_is_under_way()
    {
        // Ids of Parameters.sol: elections go by none of those that governance may change.
        const ulong rnodeDeposit = 1, joiningDeposit = 7, campaignVersion = 10;
        Committee[] changed = Play(true), plain = Play(false);
        Assert.Equal(plain, changed);
        Assert.Contains(plain, static committee => committee.Seats.Any(static seat => seat.Elected));

        static Committee[] Play(bool changes)
        {
            ElectionChain chain = new(governed: SystemContracts.Parameters);
            PrivateKey stranger = ElectionChain.Users[7];
            chain.Make(ElectionChain.Users.Take(5).Select(chain.Join));
            chain.Make(ElectionChain.Users.Take(5).Select(user => chain.Claim(user, 3)));
            List<Committee> committees = [];
            Terms terms = chain.Parameters.Terms;
            for (ulong term = 1; term < 9; term++)
            {
                chain.RunTo(terms.CheckpointOf(term));
                if (changes && term % 2 == 1)
                {
                    Assert.True(chain.Append(chain.Build(Change(chain, stranger, joiningDeposit, chain.Parameters.RNodeDeposit * term))).Receipts[0].Success);
                    Assert.True(chain.Append(chain.Build(Change(chain, stranger, campaignVersion, (term + 3) / 2))).Receipts[0].Success);
                    Assert.False(chain.Append(chain.Build(Change(chain, stranger, rnodeDeposit, UInt256.One))).Receipts[0].Success);
                }
                chain.RunTo(terms.CheckpointOf(term) + 4);
                committees.Add(chain.Rules.Elections!.CommitteeOf(term + 2, chain.Head.Number, chain.State)!);
            }
            return [.. committees];
        }

        static Transaction Change(ElectionChain chain, PrivateKey sender, ulong id, UInt256 value) => chain.Send(
            sender, SystemContracts.Governance.Address, UInt256.Zero,
            SystemContracts.Parameters.Abi.Function("change").EncodeCall((UInt256)id, value), 300_000);
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

    private static byte[] TwoCommits(ElectionChain chain, PrivateKey signer, ulong number)
    {
        ChainDomain domain = new(chain.Rules.GenesisHash, ElectionChain.ChainId);
        SignedStatement Signed(byte content)
        {
            Statement commit = new(StatementKind.Commit, new BlockNumber(number), 0, Keccak256.Hash([content]));
            return new SignedStatement(commit, signer.Sign(commit.Digest(domain)));
        }

        return MisconductCodec.Encode(new Misconduct(MisconductKind.TwoCommits, Signed(1), Signed(2)));
    }

    private static UInt256 FaultsOf(ElectionChain chain, Address account) =>
        new StateWords(chain.State).Load(SystemContracts.Evidence.Address, Slots.Faults(account));

    private static int SeatAhead(ElectionChain chain, Committee committee)
    {
        int seat = committee.Seats.ToList().FindIndex(static one => one.Elected);
        Assert.InRange(seat, 0, chain.Parameters.Seats - 1);
        return seat;
    }
}
