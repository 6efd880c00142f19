using System.Numerics;
using CPChain.Contracts.Tests.World;
using CPChain.Types;
using static CPChain.Contracts.Tests.World.EconomyWorld;

namespace CPChain.Contracts.Tests.Pools;

/// <summary>The economy pool: ECO-02, ECO-09, ECO-12 to ECO-19, D14, and the original's cases (20.9 Reward, W10).</summary>
public sealed class EconomyPoolTests
{
    private static readonly UInt256 s_least = Cpc(20_000);
    private static readonly UInt256 s_pool = Cpc(1_250_000);

    public enum Phase { Raising, Locked, Settling }

    [Fact]
    public void ECO_02_one_unit_less_than_the_least_deposit_is_refused()
    {
        using EconomyWorld world = new();
        world.Fund(Actor(1), s_least);
        Assert.Equal($"DepositTooSmall({s_least})", world.Pay(Actor(1), s_least - UInt256.One, Sys.EconomyPool, "deposit").Reason);
        Assert.StartsWith("DepositTooSmall", world.Send(Actor(1), Sys.EconomyPool, "deposit").Reason, StringComparison.Ordinal);
        Assert.True(world.Pay(Actor(1), s_least, Sys.EconomyPool, "deposit").Success);
        Assert.True((bool)world.View(Sys.EconomyPool, "isEconomyNode", Actor(1))[0]);
        world.Fund(Actor(1), UInt256.One);
        Assert.True(world.Pay(Actor(1), UInt256.One, Sys.EconomyPool, "deposit").Success);
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(1UL)]
    [InlineData(5UL)]
    public void ECO_14_every_boundary_of_every_phase_the_second_before_at_and_after(ulong season)
    {
        ulong began = Origin + season * Season;
        (ulong Time, ulong Season, Phase Phase)[] expected =
        [
            (began + Raising - 1, season, Phase.Raising),
            (began + Raising, season, Phase.Locked),
            (began + Raising + 1, season, Phase.Locked),
            (began + Raising + Locked - 1, season, Phase.Locked),
            (began + Raising + Locked, season, Phase.Settling),
            (began + Raising + Locked + 1, season, Phase.Settling),
            (began + Season - 1, season, Phase.Settling),
            (began + Season, season + 1, Phase.Raising),
            (began + Season + 1, season + 1, Phase.Raising),
        ];
        using EconomyWorld world = new();
        Deposit(world, Actor(1), Cpc(60_000));
        world.Fund(Actor(2), s_least * 9UL);
        foreach ((ulong time, ulong at, Phase phase) in expected)
        {
            world.At(time);
            object[] now = world.View(Sys.EconomyPool, "phaseNow");
            Assert.Equal(at, (ulong)(UInt256)now[0]);
            Assert.Equal(phase, (Phase)(int)(UInt256)now[1]);
            Assert.Equal(EndOf(at, phase), (ulong)(UInt256)now[2]);
            string wrong = $"WrongPhase({(int)phase}, {EndOf(at, phase)})";
            string inRaising = phase == Phase.Raising ? "" : wrong, inSettling = phase == Phase.Settling ? "" : wrong;
            Assert.Equal(inRaising, world.PeekPaying(Actor(2), s_least, Sys.EconomyPool, "deposit"));
            Assert.Equal(inRaising, world.Peek(Actor(1), Sys.EconomyPool, "withdraw", s_least, Actor(1)));
            Assert.Equal(inSettling, world.Peek(Actor(1), Sys.EconomyPool, "claim", Actor(1)));
            Assert.Equal(inSettling, world.Peek(Actor(3), Sys.EconomyPool, "distribute", Actor(1)));
            Assert.Equal(phase == Phase.Locked ? wrong : "", world.Peek(Actor(3), Sys.EconomyPool, "catchUp", Actor(1)));
            // As blocks of their own: the ones that must pass do not depend on being tried only.
            Assert.Equal(phase == Phase.Raising, world.Pay(Actor(2), s_least, Sys.EconomyPool, "deposit").Success);
        }
    }

    [Fact]
    public void Reward_20_9_five_nodes_of_30_000_share_a_season_and_small_investors_are_no_nodes()
    {
        using EconomyWorld world = new();
        Address[] nodes = [.. Enumerable.Range(1, 5).Select(Actor)], small = [.. Enumerable.Range(11, 5).Select(Actor)];
        foreach (Address node in nodes) Deposit(world, node, Cpc(30_000));
        foreach (Address investor in small)
        {
            world.Fund(investor, Cpc(10_000));
            Assert.StartsWith("DepositTooSmall", world.Pay(investor, Cpc(10_000), Sys.EconomyPool, "deposit").Reason, StringComparison.Ordinal);
            Assert.Equal(Cpc(10_000), world.Balance(investor));
        }
        world.At(Origin + Raising);
        foreach (Address node in nodes)
            Assert.StartsWith("WrongPhase", world.Send(node, Sys.EconomyPool, "withdraw", Cpc(30_000), node).Reason, StringComparison.Ordinal);
        world.At(Origin + Raising + Locked);
        foreach (Address node in nodes)
        {
            Assert.True(world.Send(node, Sys.EconomyPool, "claim", node).Success);
            Assert.Equal(Cpc(250_000), world.Balance(node));
            Assert.Equal("NoInterest()", world.Send(node, Sys.EconomyPool, "claim", node).Reason);
        }
        world.At(Origin + Season);
        foreach (Address node in nodes)
        {
            Assert.True(world.Send(node, Sys.EconomyPool, "withdraw", Cpc(30_000), node).Success);
            Assert.Equal(Cpc(280_000), world.Balance(node));
        }
        Assert.Equal(UInt256.Zero, world.Balance(Sys.EconomyPool.Address));
        Assert.Equal(Cpc(400_000_000) - s_pool, world.Balance(Sys.Reserve.Address));
    }

    [Fact]
    public void W10_X11_a_withdrawal_of_nothing_is_refused_and_in_the_lock_everything_is_and_the_node_is_still_settled()
    {
        using EconomyWorld world = new();
        Deposit(world, Actor(1), Cpc(30_000));
        Assert.Equal("NothingToWithdraw()", world.Send(Actor(1), Sys.EconomyPool, "withdraw", UInt256.Zero, Actor(1)).Reason);
        world.At(Origin + Raising);
        Assert.StartsWith("WrongPhase(1", world.Send(Actor(1), Sys.EconomyPool, "withdraw", UInt256.Zero, Actor(1)).Reason, StringComparison.Ordinal);
        world.At(Origin + Raising + Locked);
        Assert.True(world.Send(Actor(1), Sys.EconomyPool, "claim", Actor(1)).Success);
        Assert.Equal(s_pool, world.Balance(Actor(1)));
        world.At(Origin + Season);
        Deposit(world, Actor(2), Cpc(30_000));
        Assert.True(world.Send(Actor(1), Sys.EconomyPool, "withdraw", Cpc(30_000), Actor(1)).Success);
    }

    [Fact]
    public void W10_a_season_without_deposits_pays_nothing_and_stops_nothing()
    {
        using EconomyWorld world = new();
        world.At(Origin + Raising + Locked);
        Assert.Equal("NoInterest()", world.Send(Actor(1), Sys.EconomyPool, "claim", Actor(1)).Reason);
        world.At(Origin + 7 * Season);
        Deposit(world, Actor(1), s_least);
        world.At(Origin + 7 * Season + Raising + Locked);
        Assert.True(world.Send(Actor(1), Sys.EconomyPool, "claim", Actor(1)).Success);
        Assert.Equal(s_pool, world.Balance(Actor(1)));
    }

    [Fact]
    public void ECO_13_shares_are_exact_to_the_unit_and_what_rounding_leaves_is_less_than_a_unit_a_node()
    {
        using EconomyWorld world = new();
        UInt256[] deposits = [Cpc(20_000), Cpc(20_000) + UInt256.One, Cpc(77_777) + new UInt256(777UL), Cpc(1_000_003), Cpc(20_001)];
        for (int i = 0; i < deposits.Length; i++) Deposit(world, Actor(i), deposits[i]);
        BigInteger all = deposits.Aggregate(BigInteger.Zero, (sum, d) => sum + d.ToBigInteger()), paid = 0;
        world.At(Origin + Raising + Locked);
        for (int i = 0; i < deposits.Length; i++)
        {
            Assert.True(world.Send(Actor(i), Sys.EconomyPool, "claim", Actor(i)).Success);
            BigInteger share = s_pool.ToBigInteger() * deposits[i].ToBigInteger() / all;
            Assert.Equal(share, world.Balance(Actor(i)).ToBigInteger());
            paid += share;
        }
        BigInteger dust = s_pool.ToBigInteger() - paid;
        Assert.InRange(dust, 0, deposits.Length - 1);
        Assert.Equal(dust, world.Uint(Sys.EconomyPool, "totalInterest").ToBigInteger());
    }

    [Fact]
    public void ECO_09_a_deposit_of_the_last_second_of_raising_earns_the_whole_season_and_comes_back_in_the_next_one()
    {
        using EconomyWorld world = new();
        world.Fund(Actor(1), s_least);
        world.At(Origin + Raising - 1);
        Assert.True(world.Pay(Actor(1), s_least, Sys.EconomyPool, "deposit").Success);
        world.At(Origin + Season - 1);
        Assert.True(world.Send(Actor(1), Sys.EconomyPool, "claim", Actor(1)).Success);
        world.At(Origin + Season);
        Assert.True(world.Send(Actor(1), Sys.EconomyPool, "withdraw", s_least, Actor(1)).Success);
        Assert.Equal(s_pool + s_least, world.Balance(Actor(1)));
    }

    [Fact]
    public void ECO_18_EC_7_unclaimed_interest_is_pushed_by_anybody_exactly_once()
    {
        using EconomyWorld world = new();
        for (int i = 1; i <= 4; i++) Deposit(world, Actor(i), Cpc(25_000));
        world.At(Origin + Raising + Locked);
        Assert.True(world.Send(Actor(1), Sys.EconomyPool, "claim", Actor(1)).Success);
        for (int i = 1; i <= 4; i++)
        {
            Done pushed = world.Send(Actor(30), Sys.EconomyPool, "distribute", Actor(i));
            Assert.Equal(i != 1, pushed.Success);
            Assert.Equal("NoInterest()", world.Send(Actor(31), Sys.EconomyPool, "distribute", Actor(i)).Reason);
            Assert.Equal(s_pool / 4UL, world.Balance(Actor(i)));
        }
        Assert.Equal(UInt256.Zero, world.Uint(Sys.EconomyPool, "totalInterest"));
    }

    [Fact]
    public void ECO_18_what_a_receiver_refuses_stays_its_own()
    {
        using EconomyWorld world = new();
        Deposit(world, Actor(1), Cpc(25_000));
        // Burns all gas that it gets.
        world.SetCode(Actor(1), Hex.Decode("0x5b5f56"));
        world.At(Origin + Raising + Locked);
        Done kept = world.Send(Actor(2), Sys.EconomyPool, "distribute", Actor(1));
        Assert.Equal(s_pool, kept.Event("InterestKept").Value<UInt256>("amount"));
        Assert.InRange(kept.GasUsed, 1UL, 400_000UL);
        world.SetCode(Actor(1), Verifiers.Refusing);
        Assert.Equal(s_pool, world.Uint(Sys.EconomyPool, "interestOf", Actor(1)));
        Assert.Equal("PaymentRefused()", world.Send(Actor(1), Sys.EconomyPool, "claim", Actor(1)).Reason);
        Assert.True(world.Send(Actor(1), Sys.EconomyPool, "claim", Actor(3)).Success);
        Assert.Equal(s_pool, world.Balance(Actor(3)));
    }

    [Fact]
    public void Interest_of_seasons_that_nobody_took_is_there_years_later()
    {
        using EconomyWorld world = new();
        Deposit(world, Actor(1), Cpc(30_000));
        Deposit(world, Actor(2), Cpc(90_000));
        UInt256 expected = default;
        for (ulong s = 0; s <= 8; s++) expected += PoolOf(s) / 4UL;
        world.At(Origin + 8 * Season + Raising + Locked);
        Assert.True(world.Send(Actor(1), Sys.EconomyPool, "claim", Actor(1)).Success);
        Assert.InRange(expected - world.Balance(Actor(1)), UInt256.Zero, new UInt256(9UL));
        Assert.Equal((UInt256)9UL, world.Uint(Sys.EconomyPool, "openedSeasons"));
    }

    [Fact]
    public void A_pool_that_slept_for_longer_than_one_call_opens_is_caught_up()
    {
        using EconomyWorld world = new();
        Deposit(world, Actor(1), Cpc(30_000));
        world.At(Origin + 100 * Season);
        world.Fund(Actor(2), s_least);
        Assert.Equal("SeasonsUnopened(40)", world.Pay(Actor(2), s_least, Sys.EconomyPool, "deposit").Reason);
        Assert.True(world.Send(Actor(9), Sys.EconomyPool, "catchUp", Actor(1)).Success);
        Assert.True(world.Send(Actor(9), Sys.EconomyPool, "catchUp", Actor(1)).Success);
        Assert.True(world.Pay(Actor(2), s_least, Sys.EconomyPool, "deposit").Success);
        UInt256 expected = default;
        for (ulong s = 0; s < 100; s++) expected += PoolOf(s);
        UInt256 interest = world.Uint(Sys.EconomyPool, "interestOf", Actor(1));
        // The reserve ran dry before: what it had is what was paid.
        Assert.Equal(UInt256.Min(expected, Cpc(400_000_000)), interest);
    }

    [Fact]
    public void A_deposit_that_slept_for_longer_than_one_call_reckons_is_reckoned_before_it_changes()
    {
        const ulong length = 30 + 60 + 30;
        using EconomyWorld world = new(w => w.Write(Sys.EconomyPool.Address, 0UL, Slots.Pack((Origin, 64), (30UL, 64), (60UL, 64), (30UL, 64))));
        Deposit(world, Actor(1), Cpc(20_000));
        ulong raising = Origin + 1_010 * length;
        for (int call = 0; call < 26; call++) Assert.True(world.At(raising + (ulong)call).Send(Actor(2), Sys.EconomyPool, "catchUp", Actor(2)).Success);
        Assert.Equal((UInt256)1_010UL, world.Uint(Sys.EconomyPool, "openedSeasons"));
        world.At(raising + 27);
        Assert.Equal("SeasonsUnreckoned(1000)", world.Peek(Actor(1), Sys.EconomyPool, "withdraw", Cpc(20_000), Actor(1)));
        Assert.True(world.Send(Actor(2), Sys.EconomyPool, "catchUp", Actor(1)).Success);
        world.At(raising + 29);
        Assert.True(world.Send(Actor(1), Sys.EconomyPool, "withdraw", Cpc(20_000), Actor(1)).Success);
        // All of them lie in one year, whose coins are used up after four.
        Assert.Equal(Cpc(5_000_000), world.Uint(Sys.EconomyPool, "interestOf", Actor(1)));
    }

    [Fact]
    public void D14_2_the_pool_of_each_season_is_the_specifications_and_no_year_pays_more_than_five_million()
    {
        using EconomyWorld world = new();
        Assert.Equal(s_pool, world.Uint(Sys.EconomyPool, "poolOf", 0UL));
        Assert.Equal("1180555.555555555555555555 CPC", Units.FormatCpc(world.Uint(Sys.EconomyPool, "poolOf", 4UL)));
        UInt256[] pools = [.. Enumerable.Range(0, 90).Select(s => world.Uint(Sys.EconomyPool, "poolOf", (ulong)s))];
        for (int s = 0; s < pools.Length; s++) Assert.Equal(PoolOf((ulong)s), pools[s]);
        // Of all whole seasons that lie in 365 days from any season's first second on.
        for (int s = 0; s + 4 <= pools.Length; s++) Assert.True(pools[s] + pools[s + 1] + pools[s + 2] + pools[s + 3] <= Cpc(5_000_000));
        UInt256 ten = pools.Take(41).Aggregate(UInt256.Zero, (sum, p) => sum + p);
        Assert.True(ten <= Cpc(5_000_000) * 11UL && ten > Cpc(5_000_000) * 10UL, $"{ten}");
    }

    [Theory]
    [InlineData(1_000UL, 3_000UL, 100UL, 69)]
    [InlineData(1_000UL, 4_999UL, 100UL, 100)]
    [InlineData(7UL, 1UL, 10UL, 3)]
    [InlineData(0UL, 5UL, 100UL, 0)]
    public void D14_2_the_pool_is_what_counting_second_by_second_gives(ulong seasonPool, ulong yearPool, ulong year, int alive)
    {
        const ulong length = 7 + 11 + 5;
        using EconomyWorld world = new(w =>
        {
            w.Write(Sys.EconomyPool.Address, 0UL, Slots.Pack((Origin, 64), (7UL, 64), (11UL, 64), (5UL, 64)));
            w.Write(Sys.EconomyPool.Address, 1UL, Slots.Pack((Cpc(seasonPool), 128), (Cpc(yearPool), 128)));
            w.Write(Sys.EconomyPool.Address, 2UL, Slots.Pack((Cpc(1), 128), (year, 64)));
        });
        for (ulong season = 0; season < 40; season++)
        {
            ulong counted = 0;
            for (ulong second = season * length; second < (season + 1) * length; second++) if (second % year < (ulong)alive) counted++;
            Assert.Equal(Cpc(seasonPool) * counted / length, world.Uint(Sys.EconomyPool, "poolOf", season));
        }
    }

    [Fact]
    public void ECO_29_an_empty_reserve_pays_nothing_and_a_nearly_empty_one_what_it_has()
    {
        using EconomyWorld world = new(w => w.Endow(Sys.Reserve.Address, Cpc(1_000)));
        Deposit(world, Actor(1), Cpc(30_000));
        world.At(Origin + Raising + Locked);
        Assert.True(world.Send(Actor(1), Sys.EconomyPool, "claim", Actor(1)).Success);
        Assert.Equal(Cpc(1_000), world.Balance(Actor(1)));
        world.At(Origin + Season + Raising + Locked);
        Assert.Equal("NoInterest()", world.Send(Actor(1), Sys.EconomyPool, "claim", Actor(1)).Reason);
        Assert.Equal(UInt256.Zero, world.Balance(Sys.Reserve.Address));
        world.At(Origin + 2 * Season);
        Assert.True(world.Send(Actor(1), Sys.EconomyPool, "withdraw", Cpc(30_000), Actor(1)).Success);
        Assert.Equal(Cpc(31_000), world.Balance(Actor(1)));
    }

    [Fact]
    public void A_part_can_be_withdrawn_as_long_as_the_least_deposit_stays()
    {
        using EconomyWorld world = new();
        Deposit(world, Actor(1), Cpc(50_000));
        Assert.Equal($"DepositTooSmall({s_least})", world.Send(Actor(1), Sys.EconomyPool, "withdraw", Cpc(30_000) + UInt256.One, Actor(1)).Reason);
        Assert.Equal($"DepositSmaller({Cpc(50_000)})", world.Send(Actor(1), Sys.EconomyPool, "withdraw", Cpc(50_000) + UInt256.One, Actor(1)).Reason);
        Assert.True(world.Send(Actor(1), Sys.EconomyPool, "withdraw", Cpc(30_000), Actor(1)).Success);
        Assert.True(world.Send(Actor(1), Sys.EconomyPool, "withdraw", s_least, Actor(1)).Success);
        Assert.StartsWith("DepositSmaller(0)", world.Send(Actor(1), Sys.EconomyPool, "withdraw", UInt256.One, Actor(1)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Defect_6_2_reward_no_owner_moves_the_seasons_sets_their_times_or_stops_them()
    {
        string[] changing = [.. Sys.EconomyPool.Abi.Functions.Where(f => !f.IsView).Select(f => f.Name).Order(StringComparer.Ordinal)];
        Assert.Equal(["catchUp", "claim", "deposit", "distribute", "fund", "withdraw"], changing);
        using EconomyWorld world = new();
        foreach (Address account in new[] { Sys.Governance.Address, Sys.Step, Bank })
            Assert.Equal("DepositSmaller(0)", world.Peek(account, Sys.EconomyPool, "withdraw", UInt256.One, account));
    }

    [Fact]
    public void W22_nobody_but_the_reserve_funds_and_before_the_start_there_is_no_phase()
    {
        using EconomyWorld world = new(w => w.Write(Sys.EconomyPool.Address, 0UL,
            Slots.Pack((Origin + 1_000, 64), (Raising, 64), (Locked, 64), (Settling, 64))));
        world.Fund(Actor(1), Cpc(30_000));
        Assert.Equal("OnlyReserve()", world.Pay(Actor(1), UInt256.One, Sys.EconomyPool, "fund").Reason);
        Assert.Equal($"NotStarted({Origin + 1_000})", world.Pay(Actor(1), Cpc(30_000), Sys.EconomyPool, "deposit").Reason);
        world.At(Origin + 1_000);
        Assert.True(world.Pay(Actor(1), Cpc(30_000), Sys.EconomyPool, "deposit").Success);
    }

    internal static void Deposit(EconomyWorld world, Address account, UInt256 amount)
    {
        world.Fund(account, amount);
        Done done = world.Pay(account, amount, Sys.EconomyPool, "deposit");
        Assert.True(done.Success, done.Reason);
    }

    /// <summary>D14.2 second by second is too slow; this adds up the pieces of a season year by year.</summary>
    internal static UInt256 PoolOf(ulong season)
    {
        BigInteger alive = 0, first = season * Season, end = first + Season, year = 365 * Day, inYear = 4 * Season;
        for (BigInteger y = first / year; y * year < end; y++)
            alive += BigInteger.Max(0, BigInteger.Min(end, y * year + inYear) - BigInteger.Max(first, y * year));
        return UInt256.FromBigInteger(s_pool.ToBigInteger() * alive / Season);
    }

    private static ulong EndOf(ulong season, Phase phase) => Origin + season * Season + phase switch
    {
        Phase.Raising => Raising,
        Phase.Locked => Raising + Locked,
        _ => Season,
    };
}
