using CPChain.Contracts.Tests.World;
using CPChain.Types;
using static CPChain.Contracts.Tests.World.EconomyWorld;

namespace CPChain.Contracts.Tests.Pools;

/// <summary>The team's share: GOV-02, GOV-03.</summary>
public sealed class VestingTests
{
    private const ulong Year = 365 * Day;

    [Fact]
    public void GOV_03_a_quarter_comes_free_each_year_the_first_after_a_year()
    {
        using EconomyWorld world = new();
        UInt256 taken = default;
        for (ulong batch = 1; batch <= 4; batch++)
        {
            world.At(Origin + batch * Year - 1);
            Assert.Equal($"NothingFreeYet({Origin + batch * Year})", world.Send(Team, Sys.Vesting, "release", Team).Reason);
            world.At(Origin + batch * Year);
            Assert.True(world.Send(Team, Sys.Vesting, "release", Team).Success);
            taken += Cpc(50_000_000);
            Assert.Equal(taken, world.Balance(Team));
        }
        world.At(Origin + 9 * Year);
        Assert.StartsWith("NothingFreeYet", world.Send(Team, Sys.Vesting, "release", Team).Reason, StringComparison.Ordinal);
        Assert.Equal(UInt256.Zero, world.Balance(Sys.Vesting.Address));
    }

    [Fact]
    public void GOV_03_the_profile_of_three_years_leaves_no_unit_behind()
    {
        UInt256 total = Cpc(200_000_000) + UInt256.One;
        using EconomyWorld world = new(w =>
        {
            w.Write(Sys.Vesting.Address, 0UL, Slots.Pack((Origin, 64), (Year, 64), (3UL, 64)));
            w.Write(Sys.Vesting.Address, Slots.Of(Team, 1UL), total);
            w.Endow(Sys.Vesting.Address, total);
        });
        world.At(Origin + Year);
        Assert.True(world.Send(Team, Sys.Vesting, "release", Team).Success);
        Assert.Equal(total / 3UL, world.Balance(Team));
        world.At(Origin + 3 * Year);
        Assert.True(world.Send(Team, Sys.Vesting, "release", Team).Success);
        Assert.Equal(total, world.Balance(Team));
    }

    [Fact]
    public void Nobody_else_has_a_grant_and_a_refused_payment_keeps_it()
    {
        using EconomyWorld world = new(w => w.SetCode(Actor(1), Verifiers.Refusing));
        world.At(Origin + Year);
        Assert.Equal("NothingGranted()", world.Send(Actor(2), Sys.Vesting, "release", Actor(2)).Reason);
        Assert.Equal("PaymentRefused()", world.Send(Team, Sys.Vesting, "release", Actor(1)).Reason);
        Assert.True(world.Send(Team, Sys.Vesting, "release", Actor(3)).Success);
        Assert.Equal(Cpc(50_000_000), world.Balance(Actor(3)));
    }
}
