using System.Numerics;
using CPChain.Contracts.Tests.World;
using CPChain.Types;
using static CPChain.Contracts.Tests.World.EconomyWorld;

namespace CPChain.Contracts.Tests.Pools;

/// <summary>ECO-36: random acts of RNodes, elections and reporters against a slow model; coins are conserved and nobody gets another's.</summary>
public sealed class RNodeModelTests
{
    // anvil needs many times as long for a block.
    private static readonly int s_steps = EconomyWorld.IsMirrored ? 40 : 250;
    private static readonly Address[] s_all = [.. Enumerable.Range(1, 6).Select(Actor)];
    private static readonly UInt256 s_least = Cpc(200_000);

    [Theory]
    [InlineData(5)]
    [InlineData(41)]
    [InlineData(20_261_130)]
    public void Every_act_ends_as_the_model_says_and_coins_are_conserved(int seed)
    {
        using EconomyWorld world = new();
        foreach (Address account in s_all) world.Fund(account, Cpc(4_000_000));
        Random random = new(seed);
        Dictionary<Address, Member> members = s_all.ToDictionary(a => a, _ => new Member());
        BigInteger toReserve = 0;
        Dictionary<string, int> outcomes = [];
        for (int step = 0; step < s_steps; step++)
        {
            if (random.Next(3) == 0) world.AtBlock(world.Number + (ulong)random.Next(1, 60));
            if (random.Next(14) == 0) Elect(world, random, members);
            // Now and then who has just been elected would rather go.
            Address[] bound = [.. s_all.Where(a => members[a].Deposit != 0 && members[a].Through + 1 >= world.Term)];
            bool goes = bound.Length != 0 && random.Next(4) == 0;
            Address who = goes ? bound[random.Next(bound.Length)] : s_all[random.Next(s_all.Length)];
            Done done = Act(world, random, goes ? 2 : random.Next(9), members[who], who, ref toReserve);
            outcomes[done.Reason.Split('(')[0]] = outcomes.GetValueOrDefault(done.Reason.Split('(')[0]) + 1;
            Check(world, members, toReserve, $"seed {seed}, step {step}: {done.Reason}");
        }
        if (EconomyWorld.IsMirrored) return;
        foreach (string reason in new[] { "", "AlreadyJoined", "DepositTooSmall", "StayNotOver", "ElectedAhead", "AtRiskForEvidence", "NotJoined", "NothingOwed" })
            Assert.True(outcomes.ContainsKey(reason), $"never: {reason}");
        Assert.True(toReserve > 0);
    }

    private static void Elect(EconomyWorld world, Random random, Dictionary<Address, Member> members)
    {
        Address[] able = [.. s_all.Where(a => members[a].IsRNode)];
        if (able.Length == 0) return;
        Address elected = able[random.Next(able.Length)];
        world.Elect(elected, world.Term + 2);
        members[elected].Through = world.Term + 3;
    }

    private static Done Act(EconomyWorld world, Random random, int act, Member member, Address who, ref BigInteger toReserve)
    {
        ulong time = world.Now, term = world.Term, number = world.Number;
        Done done;
        bool expected;
        switch (act)
        {
            case 0 or 1:
                UInt256 amount = random.Next(4) == 0 ? s_least - UInt256.One : s_least + Cpc((ulong)random.Next(300_000));
                expected = member.Deposit == 0 && amount >= s_least;
                done = world.Pay(who, amount, Sys.RNodePool, "join", 1U);
                if (expected) (member.Deposit, member.JoinedAt, member.IsRNode) = (amount.ToBigInteger(), time, true);
                if (expected) member.Put += amount.ToBigInteger();
                break;
            case 2 or 3 or 4 or 5:
                expected = member.Deposit != 0 && time >= member.JoinedAt + 100 * Minute && (member.Through is null || term > member.Through);
                done = world.Send(who, Sys.RNodePool, "quit");
                if (expected) member.Leave();
                break;
            case 6:
                expected = member.Owed != 0;
                done = world.Send(who, Sys.RNodePool, "withdraw");
                if (expected) (member.Got, member.Owed) = (member.Got + member.Owed, 0);
                break;
            default:
                ulong at = number - Math.Min(number - 1, (ulong)random.Next(0, 100));
                expected = term <= (at - 1) / TermBlocks + 1 && member.Punished.Add(at);
                done = world.Send(Bank, Sys.Evidence, "report", Verifiers.EvidenceProof(who, at, 4UL));
                if (expected)
                {
                    BigInteger taken = member.Slash();
                    toReserve += taken - taken * 50 / 1_000;
                }
                break;
        }
        Assert.True(expected == done.Success, $"{who} at block {number}, term {term}: {done.Reason}");
        return done;
    }

    private static void Check(EconomyWorld world, Dictionary<Address, Member> members, BigInteger toReserve, string shown)
    {
        foreach ((Address account, Member m) in members)
        {
            Assert.True(m.Deposit == world.Uint(Sys.RNodePool, "depositOf", account).ToBigInteger(), shown);
            Assert.True(m.Owed == world.Uint(Sys.RNodePool, "owed", account).ToBigInteger(), shown);
            Assert.True(m.IsRNode == RNodePoolTests.IsRNode(world, account), shown);
            Assert.True(m.Put == m.Got + m.Owed + m.Deposit + m.Lost, shown);
            Assert.True(Cpc(4_000_000).ToBigInteger() - m.Put + m.Got == world.Balance(account).ToBigInteger(), shown);
        }
        Address[] listed = [.. ((object[])world.View(Sys.RNodePool, "page", 0, 100)[0]).Cast<Address>()];
        Assert.True(listed.Order().SequenceEqual(s_all.Where(a => members[a].IsRNode).Order()), shown);
        object[] sums = world.View(Sys.RNodePool, "sums");
        Assert.True((UInt256)sums[0] == (UInt256)sums[1] + (UInt256)sums[2], shown);
        Assert.True(Cpc(400_000_000).ToBigInteger() + toReserve == world.Balance(Sys.Reserve.Address).ToBigInteger(), shown);
    }

    /// <summary>One account as plain code; `Through` is the last term in which it must stay.</summary>
    private sealed class Member
    {
        public BigInteger Deposit, Owed, Put, Got, Lost;
        public ulong JoinedAt;
        public ulong? Through;
        public bool IsRNode;
        public HashSet<ulong> Punished = [];

        public void Leave()
        {
            Owed += Deposit;
            Deposit = 0;
            IsRNode = false;
        }

        public BigInteger Slash()
        {
            BigInteger taken = Deposit * 500 / 1_000;
            Deposit -= taken;
            Lost += taken;
            IsRNode &= Deposit >= s_least.ToBigInteger();
            return taken;
        }
    }
}
