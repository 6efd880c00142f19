using CPChain.Simulation;
using CPChain.Types;

namespace CPChain.Dpor.Tests.Economy;

/// <summary>D14.</summary>
public sealed class EconomySeasonTests
{
    private const ulong Origin = 1_900_000_000;
    private const ulong Day = 86_400;
    private static readonly EconomySeason Main = new(SeasonTimes.Main, Origin);

    [Theory]
    [InlineData(0, 0, SeasonPhase.Raising)]
    [InlineData(3 * Day - 1, 0, SeasonPhase.Raising)]
    [InlineData(3 * Day, 0, SeasonPhase.Locked)]
    [InlineData(87 * Day - 1, 0, SeasonPhase.Locked)]
    [InlineData(87 * Day, 0, SeasonPhase.Settlement)]
    [InlineData(90 * Day - 1, 0, SeasonPhase.Settlement)]
    [InlineData(90 * Day, 1, SeasonPhase.Raising)]
    [InlineData(93 * Day, 1, SeasonPhase.Locked)]
    [InlineData(900 * Day, 10, SeasonPhase.Raising)]
    public void Phases_follow_back_to_back(ulong since, ulong season, SeasonPhase phase) =>
        Assert.Equal((season, phase), Main.At(Origin + since));

    [Fact]
    public void Before_block_0_there_is_no_season() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Main.At(Origin - 1));

    [Theory]
    [InlineData(0, 90)]
    [InlineData(3, 90)]
    [InlineData(4, 85)]
    [InlineData(5, 90)]
    [InlineData(7, 90)]
    [InlineData(8, 85)]
    public void A_season_that_crosses_the_end_of_a_year_has_five_days_less(ulong season, ulong days) =>
        Assert.Equal(Fixture.Cpc(1_250_000) * days / 90UL, Main.PoolOf(season));

    [Fact]
    public void Any_365_days_in_a_row_accrue_five_million_at_most()
    {
        // A season's pool, spread over its days without the dead ones, by an own count of days.
        bool Alive(ulong day) => day % 365 < 360;
        UInt256[] perDay = new UInt256[365 * 12];
        for (ulong day = 0; day < (ulong)perDay.Length; day++)
        {
            ulong season = day / 90;
            ulong alive = 0;
            for (ulong d = season * 90; d < season * 90 + 90; d++)
                alive += Alive(d) ? 1UL : 0;
            perDay[day] = Alive(day) ? Main.PoolOf(season) / alive : UInt256.Zero;
        }
        for (int first = 0; first + 365 <= perDay.Length; first++)
        {
            UInt256 sum = UInt256.Zero;
            for (int day = first; day < first + 365; day++)
                sum += perDay[day];
            Assert.True(sum <= Fixture.Cpc(5_000_000));
            Assert.True(sum > Fixture.Cpc(4_999_999));
        }
    }

    [Fact]
    public void Pools_equal_a_count_second_by_second()
    {
        SeededRandom random = new(9);
        for (int round = 0; round < 60; round++)
        {
            SeasonTimes times = new(
                1UL + (ulong)random.Below(9), 1UL + (ulong)random.Below(30), 1UL + (ulong)random.Below(9),
                1UL + (ulong)random.Below(500), 20UL + (ulong)random.Below(100), (ulong)random.Below(1_500));
            ulong alive = (ulong)times.YearPool * times.Length / (ulong)times.SeasonPool;
            for (ulong season = 0; season < 12; season++)
            {
                ulong seconds = 0;
                for (ulong second = season * times.Length; second < (season + 1) * times.Length; second++)
                    seconds += second % times.YearSeconds < alive ? 1UL : 0;
                Assert.Equal(times.SeasonPool * seconds / times.Length, new EconomySeason(times, 0).PoolOf(season));
            }
        }
    }

    [Fact]
    public void Shares_never_pass_the_pool_and_leave_less_than_a_unit_each()
    {
        SeededRandom random = new(4);
        for (int round = 0; round < 500; round++)
        {
            UInt256[] deposits = [.. Enumerable.Range(0, 1 + random.Below(20)).Select(_ => Fixture.Cpc(20_000UL + (ulong)random.Below(90_000)) + random.Next())];
            UInt256 total = deposits.Aggregate(UInt256.Zero, static (sum, deposit) => sum + deposit);
            UInt256 pool = Main.PoolOf((ulong)random.Below(50));
            UInt256 paid = deposits.Aggregate(UInt256.Zero, (sum, deposit) => sum + EconomySeason.Share(pool, deposit, total));
            Assert.True(paid <= pool && pool - paid < (UInt256)deposits.Length);
        }
        Assert.Equal(UInt256.Zero, EconomySeason.Share(Fixture.Cpc(1), Fixture.Cpc(1), 0));
    }

    [Fact]
    public void A_year_with_room_for_all_seasons_has_no_dead_time()
    {
        EconomySeason free = new(SeasonTimes.Short with { YearPool = Fixture.Cpc(1_000_000) }, 0);
        EconomySeason none = new(SeasonTimes.Short with { SeasonPool = 0 }, 0);
        for (ulong season = 0; season < 40; season++)
        {
            Assert.Equal(Fixture.Cpc(1_250), free.PoolOf(season));
            Assert.Equal(UInt256.Zero, none.PoolOf(season));
        }
    }
}
