using CPChain.Crypto;
using CPChain.Rpc.Tests.Chain;
using CPChain.Sdk.Contracts;
using CPChain.Types;

namespace CPChain.Rpc.Tests.Contracts;

/// <summary>
/// Random acts of many parties, sensible and not, against a slow and obvious model of who may do what and who is owed what.
/// After each act: same outcome, same state of every order, same debts, and money conserved.
/// </summary>
public sealed class MarketModelTests
{
    private const int Steps = 300;
    private static readonly PrivateKey[] s_buyers = [InstantChain.Rich[1], InstantChain.Rich[6], InstantChain.Rich[7]];
    private static readonly PrivateKey[] s_all = [.. InstantChain.Rich.Take(8)];

    [Theory]
    [InlineData(1)]
    [InlineData(20_261_120)]
    [InlineData(77)]
    public async Task Money_is_conserved_and_every_act_ends_as_the_model_says(int seed)
    {
        await using MarketWorld world = MarketWorld.Ready();
        Random random = new(seed);
        List<ModelOrder> orders = [];
        Dictionary<Address, UInt256> owed = s_all.ToDictionary(k => k.Address, _ => UInt256.Zero);
        for (int step = 0; step < Steps; step++)
        {
            string shown = Act(world, random, orders, owed);
            // The last orders after each act, all of them now and then.
            foreach (ModelOrder order in step % 50 == 49 ? orders : orders.TakeLast(4))
                Assert.True(order.State == world.StateOf(order.Id), $"seed {seed}, step {step}, {shown}: order {order.Id}");
            foreach (PrivateKey key in s_all)
                Assert.True(owed[key.Address] == world.Owed(key), $"seed {seed}, step {step}, {shown}: {key.Address}");
            MarketSums sums = world.Sums();
            UInt256 escrow = orders.Where(o => o.State is OrderState.Locked or OrderState.Granted or OrderState.Delivered)
                .Aggregate(UInt256.Zero, (sum, _) => sum + ModelOrder.Total);
            Assert.True(sums.Escrow == escrow && sums.Balance == sums.Escrow + sums.Owed + sums.Stakes, $"seed {seed}, step {step}, {shown}");
        }
        Assert.Contains(orders, o => o.State == OrderState.Settled);
        Assert.Contains(orders, o => o.State == OrderState.Refunded);
        Assert.Contains(orders, o => o.State == OrderState.Cancelled);
    }

    private static string Act(MarketWorld world, Random random, List<ModelOrder> orders, Dictionary<Address, UInt256> owed)
    {
        PrivateKey who = s_all[random.Next(s_all.Length)];
        ModelOrder? order = orders.Count == 0 ? null : orders[Math.Max(0, orders.Count - 1 - random.Next(4))];
        string act = ModelOrder.Acts[random.Next(ModelOrder.Acts.Length)];
        // Half of the time the one who may act does what is next, so that orders get somewhere.
        if (order is not null && random.Next(2) == 0) (who, act) = order.Likely(random, world.Chain.NowSeconds);
        switch (random.Next(14))
        {
            case 0:
                return Order(world, random, orders);
            case 2:
                world.Chain.MoveTime(TimeSpan.FromSeconds(random.Next(1, (int)MarketWorld.WindowSeconds + 100)));
                world.Chain.SealExactly();
                return "time";
            case 3:
                Done paid = world.Market(who, "withdraw");
                Assert.Equal(!owed[who.Address].IsZero, paid.Success);
                owed[who.Address] = UInt256.Zero;
                return "withdraw";
            default:
                if (order is null) return "nothing";
                Done done = act switch
                {
                    "grant" => world.Market(who, act, order.Id, Keccak256.Hash([4])),
                    "deliver" => world.Deliver(who, order.Id, (ulong)random.Next(10_000)),
                    "cancel" => world.Market(who, act, order.Id, Hash256.Zero),
                    _ => world.Market(who, act, order.Id),
                };
                bool expected = order.Apply(act, who, world.Chain.NowSeconds, owed);
                Assert.True(expected == done.Success, $"{act} in {order.State} by {who.Address}: {done.Reason}");
                return $"{act} {(done.Success ? "done" : done.Reason)}";
        }
    }

    private static string Order(MarketWorld world, Random random, List<ModelOrder> orders)
    {
        PrivateKey buyer = s_buyers[random.Next(s_buyers.Length)];
        UInt256 paid = random.Next(5) == 0 ? ModelOrder.Total - 1UL : ModelOrder.Total;
        Done done = world.Pay(buyer, paid, "order", 1UL, MarketWorld.TermsHash, MarketWorld.BuyerKey);
        Assert.Equal(paid == ModelOrder.Total, done.Success);
        if (done.Success)
            orders.Add(new ModelOrder((ulong)done.Event("Ordered").Value<UInt256>("orderId"), buyer, world.Chain.NowSeconds + MarketWorld.WindowSeconds));
        return "order";
    }

    /// <summary>One order of listing 1 as plain code.</summary>
    private sealed class ModelOrder(ulong id, PrivateKey buyer, ulong deadline)
    {
        public static readonly string[] Acts = ["grant", "deliver", "deliver", "accept", "cancel", "expire"];

        private readonly HashSet<Address> _delivered = [];
        private ulong _deadline = deadline;

        public static UInt256 Total => MarketWorld.Price + MarketWorld.Fee * 3UL;

        public ulong Id => id;

        public OrderState State { get; private set; } = OrderState.Locked;

        public (PrivateKey Who, string Act) Likely(Random random, ulong now) => State switch
        {
            _ when now > _deadline => (s_all[random.Next(s_all.Length)], "expire"),
            OrderState.Locked => (MarketWorld.Seller, "grant"),
            OrderState.Granted when random.Next(5) == 0 => (buyer, "cancel"),
            OrderState.Granted => (MarketWorld.Proxies[random.Next(3)], "deliver"),
            _ => (buyer, "accept"),
        };

        /// <summary>Does what the rules say; false when they refuse.</summary>
        public bool Apply(string act, PrivateKey who, ulong now, Dictionary<Address, UInt256> owed)
        {
            bool late = now > _deadline;
            bool isBuyer = who.Address == buyer.Address;
            bool isSeller = who.Address == MarketWorld.Seller.Address;
            switch (act)
            {
                case "grant" when State == OrderState.Locked && isSeller && !late:
                    (State, _deadline) = (OrderState.Granted, now + MarketWorld.WindowSeconds);
                    return true;
                case "deliver" when State is OrderState.Granted or OrderState.Delivered && !late
                    && MarketWorld.Proxies.Any(p => p.Address == who.Address) && _delivered.Add(who.Address):
                    if (State == OrderState.Granted && _delivered.Count == 2)
                        (State, _deadline) = (OrderState.Delivered, now + MarketWorld.WindowSeconds);
                    return true;
                case "accept" when State == OrderState.Delivered && isBuyer && !late:
                case "expire" when State == OrderState.Delivered && late:
                    End(OrderState.Settled, owed, paysSeller: true);
                    return true;
                case "expire" when State is OrderState.Locked or OrderState.Granted && late:
                    End(OrderState.Refunded, owed, paysSeller: false);
                    return true;
                case "cancel" when !late && ((State == OrderState.Locked && (isBuyer || isSeller)) || (State == OrderState.Granted && isBuyer)):
                    End(OrderState.Cancelled, owed, paysSeller: false);
                    return true;
                default:
                    return false;
            }
        }

        private void End(OrderState state, Dictionary<Address, UInt256> owed, bool paysSeller)
        {
            UInt256 left = Total;
            foreach (Address proxy in _delivered)
            {
                owed[proxy] += MarketWorld.Fee;
                left -= MarketWorld.Fee;
            }
            if (paysSeller)
            {
                owed[MarketWorld.Seller.Address] += MarketWorld.Price;
                left -= MarketWorld.Price;
            }
            owed[buyer.Address] += left;
            State = state;
        }
    }
}
