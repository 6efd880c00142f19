using System.Numerics;
using CPChain.Contracts.Tests.World;
using CPChain.Types;
using static CPChain.Contracts.Tests.World.EconomyWorld;

namespace CPChain.Contracts.Tests.Pools;

/// <summary>
/// ECO-36: random acts, sensible and not, against a slow model. After each one: same outcome, same coins of everybody, nothing lost,
/// no season that pays more than its pool, and nobody with more than he put in and his interest.
/// </summary>
public sealed class EconomyModelTests
{
    // anvil needs many times as long for a block.
    private static readonly int s_steps = EconomyWorld.IsMirrored ? 60 : 250;
    private static readonly Address[] s_all = [.. Enumerable.Range(1, 7).Select(Actor)];

    [Theory]
    [InlineData(1, 400_000_000UL)]
    [InlineData(20_261_129, 400_000_000UL)]
    [InlineData(36, 3_000_000UL)]
    public void Every_act_ends_as_the_model_says_and_coins_are_conserved(int seed, ulong reserve)
    {
        using EconomyWorld world = new(w => w.Endow(Sys.Reserve.Address, Cpc(reserve)));
        foreach (Address account in s_all) world.Fund(account, Cpc(10_000_000));
        Random random = new(seed);
        EconomyModel model = new(Cpc(reserve).ToBigInteger());
        Dictionary<Address, BigInteger> put = s_all.ToDictionary(a => a, _ => BigInteger.Zero), got = new(put), interest = new(put);
        int refused = 0;
        for (int step = 0; step < s_steps; step++)
        {
            if (random.Next(4) == 0) Jump(world, random);
            Address who = s_all[random.Next(s_all.Length)];
            string act = Act(world, model, random, who, put, got, interest, ref refused);
            string shown = $"seed {seed}, step {step}, {act}";
            foreach (Address account in s_all)
            {
                Assert.True(got[account] + model.DepositOf(account) == put[account] + interest[account], shown);
                Assert.True(Cpc(10_000_000).ToBigInteger() - put[account] + got[account] == world.Balance(account).ToBigInteger(), shown);
            }
            object[] sums = world.View(Sys.EconomyPool, "sums");
            Assert.True((UInt256)sums[0] == (UInt256)sums[1] + (UInt256)sums[2], shown);
            Assert.True(model.Deposits == ((UInt256)sums[1]).ToBigInteger(), shown);
            Assert.True(model.Reserve == world.Balance(Sys.Reserve.Address).ToBigInteger(), shown);
        }
        Assert.All(model.Seasons, s => Assert.InRange(s.Shares, 0, s.Pool));
        Assert.All(model.Seasons, s => Assert.True(s.Pool <= Cpc(1_250_000).ToBigInteger()));
        if (!IsMirrored) Assert.Contains(model.Seasons, s => s.Shares > 0);
        Assert.InRange(refused, s_steps / 10, s_steps * 9 / 10);
        EverybodyLeaves(world, model);
    }

    private static string Act(
        EconomyWorld world, EconomyModel model, Random random, Address who,
        Dictionary<Address, BigInteger> put, Dictionary<Address, BigInteger> got, Dictionary<Address, BigInteger> interest, ref int refused)
    {
        ulong time = world.Now;
        Done done;
        bool expected;
        switch (random.Next(6))
        {
            case 0 or 1:
                UInt256 amount = Amount(random);
                done = world.Pay(who, amount, Sys.EconomyPool, "deposit");
                expected = model.Deposit(who, amount.ToBigInteger(), time);
                if (expected) put[who] += amount.ToBigInteger();
                break;
            case 2:
                UInt256 part = random.Next(2) == 0 ? UInt256.FromBigInteger(model.DepositOf(who)) : Amount(random);
                done = world.Send(who, Sys.EconomyPool, "withdraw", part, who);
                expected = model.Withdraw(who, part.ToBigInteger(), time);
                if (expected) got[who] += part.ToBigInteger();
                break;
            case 3 or 4:
                // By himself, or by somebody else for him.
                done = random.Next(2) == 0
                    ? world.Send(who, Sys.EconomyPool, "claim", who)
                    : world.Send(s_all[random.Next(s_all.Length)], Sys.EconomyPool, "distribute", who);
                BigInteger paid = model.Collect(who, time);
                expected = paid != 0;
                got[who] += paid;
                interest[who] += paid;
                break;
            default:
                done = world.Send(who, Sys.EconomyPool, "catchUp", s_all[random.Next(s_all.Length)]);
                expected = model.CatchUp(time);
                break;
        }
        if (!done.Success) refused++;
        Assert.True(expected == done.Success, $"expected {expected} at {time - Origin} s: {done.Reason}");
        return done.Reason;
    }

    private static UInt256 Amount(Random random) => random.Next(5) switch
    {
        0 => Cpc(20_000) - UInt256.One,
        1 => Cpc(20_000),
        2 => new UInt256((ulong)random.Next(2)),
        _ => new UInt256((ulong)random.NextInt64(1, long.MaxValue)) * new UInt256((ulong)random.Next(1, 50_000)),
    };

    /// <summary>To the second before, at or after the next boundary, or some days on.</summary>
    private static void Jump(EconomyWorld world, Random random)
    {
        ulong began = world.Now - (world.Now - Origin) % Season;
        ulong next = new[] { began + Raising, began + Raising + Locked, began + Season }.First(t => t > world.Now + 1);
        ulong to = random.Next(3) == 0 ? world.Now + (ulong)random.Next(1, (int)(20 * Day)) : next - 1 + (ulong)random.Next(3);
        world.At(Math.Max(to, world.Now));
    }

    /// <summary>In the end everybody takes interest and deposit; what stays is dust that no season's books owe to anybody.</summary>
    private static void EverybodyLeaves(EconomyWorld world, EconomyModel model)
    {
        ulong began = world.Now - (world.Now - Origin) % Season;
        world.At(began + Season + Raising + Locked);
        foreach (Address account in s_all)
        {
            Done claimed = world.Send(account, Sys.EconomyPool, "claim", account);
            Assert.Equal(model.Collect(account, world.Now - PeriodSeconds) != 0, claimed.Success);
        }
        world.At(began + 2 * Season);
        foreach (Address account in s_all)
        {
            UInt256 deposit = UInt256.FromBigInteger(model.DepositOf(account));
            if (!deposit.IsZero) Assert.True(world.Send(account, Sys.EconomyPool, "withdraw", deposit, account).Success);
        }
        BigInteger dust = model.Seasons.Aggregate(BigInteger.Zero, (sum, s) => sum + s.Pool - s.Shares);
        Assert.Equal(dust, world.Balance(Sys.EconomyPool.Address).ToBigInteger());
        Assert.True(dust < model.Seasons.Count * s_all.Length);
    }
}
