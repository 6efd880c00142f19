using CPChain.Simulation;
using CPChain.Types;

namespace CPChain.Dpor.Tests.Counters;

/// <summary>D5 and the section "Contracts": words and slots as Solidity has them.</summary>
public sealed class WordTests
{
    [Fact]
    public void Words_come_back_for_their_term_and_are_nothing_for_another()
    {
        SeededRandom random = new(7);
        for (int i = 0; i < 2_000; i++)
        {
            ulong term = random.Next() % (Terms.Last + 1);
            ulong other = (term + 16) % (Terms.Last + 1);
            Deeds deeds = unchecked(new(
                (uint)random.Next(), (ushort)random.Next(), (ushort)random.Next(), (uint)random.Next(), (uint)random.Next(), (uint)random.Next()));
            Assert.Equal(deeds, Deeds.Read(deeds.Pack(term), term));
            Assert.Equal(default, Deeds.Read(deeds.Pack(term), other));
            Money money = new(random.Chance(50) ? Ninety(random) : null, Ninety(random));
            Assert.Equal(money, Money.Read(money.Pack(term), term));
            Assert.Equal(default, Money.Read(money.Pack(term), other));
            TermTotals totals = new(unchecked((ushort)random.Next()), unchecked((ushort)random.Next()), Ninety(random));
            Assert.Equal(totals, TermTotals.Read(totals.Pack(term), term));
            Assert.Equal(default, TermTotals.Read(totals.Pack(term), other));
        }
    }

    [Fact]
    public void An_untouched_word_is_nothing_for_term_0()
    {
        Assert.Equal(default, Deeds.Read(UInt256.Zero, 0));
        Assert.Null(Money.Read(UInt256.Zero, 0).Low);
    }

    [Fact]
    public void Fields_lie_where_the_table_says()
    {
        UInt256 deeds = new Deeds(1, 2, 3, 4, 5, 6).Pack(9);
        Assert.Equal(UInt256.Parse("0x000000000000000000000006000000050000000400030002000000010000000a"), deeds);
        UInt256 money = new Money(0x11, 0x22).Pack(9);
        Assert.Equal((UInt256)10UL | (UInt256)0x11UL << 32 | UInt256.One << 128 | (UInt256)0x22UL << 136, money);
        UInt256 totals = new TermTotals(7, 8, 9).Pack(9);
        Assert.Equal((UInt256)10UL | (UInt256)7UL << 32 | (UInt256)8UL << 48 | (UInt256)9UL << 64, totals);
    }

    [Fact]
    public void Counters_stay_at_their_maximum()
    {
        Assert.Equal(uint.MaxValue, Deeds.Up(uint.MaxValue));
        Assert.Equal(ushort.MaxValue, Deeds.Up(ushort.MaxValue));
        Assert.Equal(Money.FieldMax, new Money(null, Money.FieldMax).WithSpent(5).Spent);
        Assert.Equal(Money.FieldMax, Money.Sum(UInt256.MaxValue, UInt256.MaxValue));
    }

    [Fact]
    public void The_low_balance_is_the_least_one_seen()
    {
        Assert.Equal((UInt256)3UL, new Money(null, 0).WithBalance(9).WithBalance(3).WithBalance(7).Low);
        Assert.Equal(UInt256.Zero, new Money(null, 0).WithBalance(0).Low);
    }

    [Theory]
    [InlineData(0, "0x290decd9548b62a8d60345a988386fc84ba6bc95484008f6362f93160ef3e563")]
    [InlineData(1, "0xb10e2d527612073b26eecdfd717e6a320cf44b4afac2b0732d9fcbe2b7fa0cf6")]
    public void Elements_of_an_array_begin_at_the_hash_of_its_slot(ulong slot, string first) =>
        Assert.Equal(UInt256.Parse(first), Slots.Elements(slot));

    [Fact]
    public void A_mapping_hashes_key_then_slot() => Assert.Equal(
        UInt256.Parse("0xad3228b676f7d3cd4284a5443f17f1962b36e491b30a40b2405849e597ba5fb5"), Slots.Mapping(0, 0));

    [Fact]
    public void Slots_of_different_things_differ_and_come_round_after_16_terms()
    {
        Address account = Fixture.Of(1);
        UInt256[] all =
        [
            Slots.Penalties(account), Slots.Deeds(account, 3), Slots.Money(account, 3), Slots.Totals(3), Slots.Roll(3),
            Slots.Committee(3), Slots.LastElected(account), Slots.Seed(3), Slots.Deeds(account, 4), Slots.Deeds(Fixture.Of(2), 3),
        ];
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.Equal(Slots.Deeds(account, 3), Slots.Deeds(account, 19));
        Assert.NotEqual(Slots.Candidates(3), Slots.Candidates(19));
    }

    private static UInt256 Ninety(SeededRandom random) => new(random.Next(), random.Next() & uint.MaxValue);
}
