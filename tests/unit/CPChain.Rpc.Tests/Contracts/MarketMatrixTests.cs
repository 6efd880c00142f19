using CPChain.Crypto;
using CPChain.Sdk.Contracts;
using CPChain.Types;

namespace CPChain.Rpc.Tests.Contracts;

/// <summary>Every state, every party, every act, before and after the deadline, against the table of contracts/README.md.</summary>
public sealed class MarketMatrixTests
{
    private static readonly string[] s_acts = ["grant", "deliver", "accept", "cancel", "expire"];

    private static readonly (string Name, PrivateKey Key)[] s_parties =
    [
        ("seller", MarketWorld.Seller), ("buyer", MarketWorld.Buyer), ("proxy", MarketWorld.Proxies[2]), ("stranger", MarketWorld.Stranger),
    ];

    [Theory]
    [InlineData(OrderState.Locked)]
    [InlineData(OrderState.Granted)]
    [InlineData(OrderState.Delivered)]
    [InlineData(OrderState.Settled)]
    [InlineData(OrderState.Cancelled)]
    [InlineData(OrderState.Refunded)]
    public async Task Each_state_lets_through_what_the_table_says_and_nothing_else(OrderState state)
    {
        await using MarketWorld world = MarketWorld.Ready();
        foreach (bool late in new[] { false, true })
        {
            foreach (string act in s_acts)
            {
                foreach ((string party, PrivateKey key) in s_parties)
                {
                    ulong id = world.OrderIn(state);
                    Assert.Equal(state, world.StateOf(id));
                    if (late) world.Late();
                    OrderState? expected = Table(state, act, party, late);
                    Done done = Act(world, act, key, id);
                    string shown = $"{party} {act} in {state}, late: {late}: {done.Reason}";
                    Assert.True(done.Success == expected is not null, shown);
                    Assert.True(world.StateOf(id) == (expected ?? state), shown);
                    world.AssertConserved();
                }
            }
        }
    }

    [Theory]
    [InlineData(OrderState.Locked, "grant")]
    [InlineData(OrderState.Granted, "deliver")]
    [InlineData(OrderState.Delivered, "accept")]
    public async Task The_deadline_is_the_last_second_of_the_party_and_the_next_one_is_anybodys(OrderState state, string act)
    {
        await using MarketWorld world = MarketWorld.Ready();
        PrivateKey party = act switch
        {
            "grant" => MarketWorld.Seller,
            "deliver" => MarketWorld.Proxies[2],
            _ => MarketWorld.Buyer,
        };
        ulong inTime = world.OrderIn(state);
        MoveTo(world, inTime, 0);
        Assert.StartsWith("TooEarly", world.Peek(MarketWorld.Stranger, "expire", inTime), StringComparison.Ordinal);
        Assert.True(Act(world, act, party, inTime).Success);

        ulong late = world.OrderIn(state);
        MoveTo(world, late, 1);
        Assert.True(world.Market(MarketWorld.Stranger, "expire", late).Success);
    }

    [Fact]
    public async Task An_order_that_does_not_exist_knows_no_act()
    {
        await using MarketWorld world = MarketWorld.Ready();
        foreach (string act in s_acts)
            foreach ((_, PrivateKey key) in s_parties)
                Assert.StartsWith("WrongState", Act(world, act, key, 99).Reason, StringComparison.Ordinal);
    }

    /// <summary>The state after an act that is allowed; null where it is refused. The proxy has not delivered before.</summary>
    private static OrderState? Table(OrderState state, string act, string party, bool late) => (state, act, party, late) switch
    {
        (OrderState.Locked, "grant", "seller", false) => OrderState.Granted,
        (OrderState.Granted, "deliver", "proxy", false) => OrderState.Granted,
        (OrderState.Delivered, "deliver", "proxy", false) => OrderState.Delivered,
        (OrderState.Delivered, "accept", "buyer", false) => OrderState.Settled,
        (OrderState.Locked, "cancel", "buyer" or "seller", false) => OrderState.Cancelled,
        (OrderState.Granted, "cancel", "buyer", false) => OrderState.Cancelled,
        (OrderState.Locked or OrderState.Granted, "expire", _, true) => OrderState.Refunded,
        (OrderState.Delivered, "expire", _, true) => OrderState.Settled,
        _ => null,
    };

    /// <summary>The next block's time is so many seconds after the order's deadline.</summary>
    private static void MoveTo(MarketWorld world, ulong id, ulong after)
    {
        ulong deadline = (ulong)(UInt256)((object[])world.View("orderOf", id)[0])[4];
        world.Chain.MoveTime(TimeSpan.FromMilliseconds((deadline + after) * 1_000 - world.Chain.Ledger.Head.TimestampMs));
    }

    private static Done Act(MarketWorld world, string act, PrivateKey key, ulong id) => act switch
    {
        "grant" => world.Market(key, act, id, Keccak256.Hash([4])),
        "deliver" => world.Deliver(key, id),
        "cancel" => world.Market(key, act, id, Hash256.Zero),
        _ => world.Market(key, act, id),
    };
}
