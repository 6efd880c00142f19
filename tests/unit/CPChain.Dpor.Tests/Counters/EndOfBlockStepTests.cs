using System.Collections.Immutable;
using CPChain.Types;

namespace CPChain.Dpor.Tests.Counters;

/// <summary>D4 on storage words, with short terms: 4 seats, 2 views, 8 numbers.</summary>
public sealed class EndOfBlockStepTests
{
    private static readonly Address Node = Fixture.Of(1);
    private readonly Words _state = new();
    private readonly EndOfBlockStep _step = new(Fixture.Short, Fixture.Defaults);
    private readonly StoredView _view;

    public EndOfBlockStepTests() => _view = new StoredView(_state);

    [Fact]
    public void Deeds_of_an_rnode_are_counted_and_those_of_others_are_not()
    {
        Deposit(Node, Fixture.Short.RNodeDeposit);
        Deposit(Fixture.Of(2), Fixture.Short.RNodeDeposit - UInt256.One);
        foreach (Address account in (Address[])[Node, Fixture.Of(2), Fixture.Of(3)])
        {
            _step.Apply(_state, Ordinary(1) with
            {
                Sends = [new Send(account, 1_000), new Send(account, 9)],
                Uploads = [account],
                Sales = [account, account],
                Receipts = [account, account, account],
                Balances = [new BalanceChange(account, 50, 70)],
            });
        }
        Assert.Equal(new Deeds(2, 0, 0, 1, 2, 3), _view.DeedsOf(Node, 0));
        Assert.Equal(new Money(50, 302), _view.MoneyOf(Node, 0));
        Assert.Equal(default, _view.DeedsOf(Fixture.Of(2), 0));
        Assert.Equal(default, _view.MoneyOf(Fixture.Of(3), 0));
    }

    [Fact]
    public void The_low_balance_is_of_before_and_after_any_block_of_the_term()
    {
        Deposit(Node, Fixture.Short.RNodeDeposit);
        foreach ((UInt256 before, UInt256 after) in ((UInt256, UInt256)[])[(50, 40), (40, 90), (90, 80)])
            _step.Apply(_state, Ordinary(1) with { Balances = [new BalanceChange(Node, before, after)] });
        Assert.Equal((UInt256)40UL, _view.MoneyOf(Node, 0).Low);
        Assert.Null(_view.MoneyOf(Node, 1).Low);
    }

    [Fact]
    public void An_ordinary_block_counts_for_its_coinbase()
    {
        _step.Apply(_state, Ordinary(1) with { ProposerFees = 77 });
        Assert.Equal(1, _view.DeedsOf(_step.SlotOf(1, new Words()).Account, 0).Blocks);
        Assert.Equal(new TermTotals(1, 0, 77), _view.TotalsOf(0));
    }

    [Fact]
    public void An_impeach_block_counts_against_the_slot_and_default_proposers_have_no_queue()
    {
        Address named = _step.SlotOf(1, _state).Account;
        _step.Apply(_state, Impeach(1));
        Assert.Equal(1, _view.DeedsOf(named, 0).Impeached);
        Assert.Equal(new TermTotals(0, 1, 0), _view.TotalsOf(0));
        Assert.Equal(default, _view.PenaltiesOf(named));
        Assert.Equal(Fixture.Defaults[2], _step.SlotOf(2, _state).Account);
    }

    [Fact]
    public void An_elected_account_is_seated_reveals_is_impeached_and_loses_its_seat()
    {
        Deposit(Node, Fixture.Short.RNodeDeposit);
        _state.Balances[Node] = Fixture.Cpc(5);
        Hash256 secret = Fixture.Hash(77);
        for (ulong term = 0; term < 8; term++)
            List(term, Node, TermSeed.Commitment(secret, 8));

        // The list of term 0 serves term 3, whose first number is 25; it is drawn at the checkpoint of term 1.
        ulong number = 1;
        for (; number <= 15; number++)
            _step.Apply(_state, Ordinary(number));
        Assert.True(_state.Load(SystemContracts.Dpor, Slots.LastElected(Node)).IsZero);
        _step.Apply(_state, Ordinary(number++));
        Assert.Equal((UInt256)4UL, _state.Load(SystemContracts.Dpor, Slots.LastElected(Node)));
        Committee committee = _step.CommitteeOf(3, _state);
        CommitteeSeat seat = Assert.Single(committee.Seats, static seat => seat.Elected);
        Assert.Equal(new CommitteeSeat(Node, true, TermSeed.Commitment(secret, 8)), seat);

        for (; number <= 24; number++)
            _step.Apply(_state, Ordinary(number));
        ulong mine = 25UL + (ulong)committee.Seats.IndexOf(seat);
        for (; number < mine; number++)
            _step.Apply(_state, Ordinary(number));
        Assert.Equal(new Slot(Node, true), _step.SlotOf(mine, _state));
        _step.Apply(_state, Impeach(mine));
        Assert.Equal(1, _view.PenaltiesOf(Node).CountIn(3, 20));
        Assert.False(_step.SlotOf(mine + 1, _state).Elected);
    }

    [Fact]
    public void A_seed_is_the_hash_of_all_reveals_of_its_term()
    {
        Hash256 parent = Fixture.Hash(500);
        Hash256 mix = TermSeed.Begin(parent, 0);
        for (ulong n = 1; n <= 8; n++)
        {
            bool impeach = n == 5;
            // What an impeach block is said to reveal does not enter.
            _step.Apply(_state, (impeach ? Impeach(n) : Ordinary(n)) with { Reveal = Fixture.Hash((int)n) });
            mix = TermSeed.Absorb(mix, n, impeach ? Hash256.Zero : Fixture.Hash((int)n));
        }
        Hash256 seed = TermSeed.Finish(mix, 0);
        Assert.Equal(seed, Hash256.FromUInt256(_state.Load(SystemContracts.Dpor, Slots.Seed(0))));
        _step.Apply(_state, Ordinary(9));
        Assert.Equal(
            TermSeed.Absorb(TermSeed.Begin(seed, 1), 9, Hash256.Zero),
            Hash256.FromUInt256(_state.Load(SystemContracts.Dpor, Slots.Mix)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_checkpoint_rolls_and_draws_whether_ordinary_or_impeached(bool impeached)
    {
        Deposit(Node, Fixture.Short.RNodeDeposit);
        List(0, Node, Fixture.Hash(1));
        for (ulong n = 1; n <= 16; n++)
            _step.Apply(_state, n % 8 == 0 && impeached ? Impeach(n) : Ordinary(n));
        Assert.Equal((UInt256)2UL, _state.Load(SystemContracts.Dpor, Slots.Roll(3)));
        Assert.Equal((UInt256)8UL, _state.Load(SystemContracts.Dpor, Slots.Committee(3)));
        Assert.Equal(Node, Assert.Single(_step.CommitteeOf(3, _state).Seats, static seat => seat.Elected).Account);
        Assert.Equal(impeached ? Fixture.Defaults[17 % 4] : Fixture.Defaults[2], _step.SlotOf(17, _state).Account);
    }

    [Fact]
    public void A_shorter_roll_leaves_nothing_of_the_longer_one()
    {
        Deposit(Node, Fixture.Short.RNodeDeposit);
        List(0, Node, Fixture.Hash(1));
        for (ulong n = 1; n <= 16 * 8 + 8; n++)
            _step.Apply(_state, Ordinary(n));
        UInt256 slot = Slots.Roll(3);
        Assert.True(_state.Load(SystemContracts.Dpor, slot).IsZero);
        Assert.True(_state.Load(SystemContracts.Dpor, Slots.Elements(slot)).IsZero);
        Assert.True(_state.Load(SystemContracts.Dpor, Slots.Behind(Slots.Elements(slot), 1)).IsZero);
    }

    [Theory]
    [InlineData(0, 2, false)]
    [InlineData(5, 4, false)]
    [InlineData(5, 5, true)]
    [InlineData(5, 6, true)]
    public void A_validator_set_holds_from_its_first_term_on(ulong nextTerm, ulong term, bool next)
    {
        Set(Slots.ValidatorsInForce, Fixture.Of(1), Fixture.Of(2));
        Set(Slots.ValidatorsNext, Fixture.Of(3));
        _state.Store(SystemContracts.ValidatorSet, Slots.ValidatorsNextTerm, nextTerm);
        ImmutableArray<Address> expected = next ? [Fixture.Of(3)] : [Fixture.Of(1), Fixture.Of(2)];
        Assert.Equal(expected, _view.ValidatorsOf(term));
    }

    private BlockFacts Ordinary(ulong number) => new()
    {
        Number = number,
        ParentHash = Fixture.Hash(500),
        Coinbase = _step.SlotOf(number, _state).Account,
    };

    private static BlockFacts Impeach(ulong number) =>
        new() { Number = number, ParentHash = Fixture.Hash(500), Coinbase = Address.Zero };

    private void Deposit(Address account, UInt256 amount) =>
        _state.Store(SystemContracts.RNodePool, Slots.Deposit(account), amount | (UInt256)123UL << 128);

    private void List(ulong term, Address account, Hash256 commitment)
    {
        UInt256 slot = Slots.Candidates(term);
        _state.Store(SystemContracts.Campaign, slot, 1);
        _state.Store(SystemContracts.Campaign, Slots.Elements(slot), account.ToUInt256());
        _state.Store(SystemContracts.Campaign, Slots.Behind(Slots.Elements(slot), 1), commitment.ToUInt256());
    }

    private void Set(UInt256 slot, params Address[] members)
    {
        _state.Store(SystemContracts.ValidatorSet, slot, (ulong)members.Length);
        for (int i = 0; i < members.Length; i++)
            _state.Store(SystemContracts.ValidatorSet, Slots.Behind(Slots.Elements(slot), i), members[i].ToUInt256());
    }

    private sealed class Words : IWordState
    {
        private readonly Dictionary<(Address, UInt256), UInt256> _words = [];

        public Dictionary<Address, UInt256> Balances { get; } = [];

        public UInt256 Load(Address contract, UInt256 slot) => _words.GetValueOrDefault((contract, slot));

        public UInt256 BalanceOf(Address account) => Balances.GetValueOrDefault(account);

        public void Store(Address contract, UInt256 slot, UInt256 word) => _words[(contract, slot)] = word;
    }
}
