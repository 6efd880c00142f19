using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Rpc.Tests.Chain;
using CPChain.Sdk.Contracts;
using CPChain.Types;

namespace CPChain.Rpc.Tests.Contracts;

/// <summary>The defects of the original escrow, each as a test that it cannot happen here; numbered as they were found.</summary>
public sealed class MarketDefectTests
{
    // Forwards a call: the first word of its data is the target, the rest the data; refuses coins that come without data.
    private const string RefusingPuppet = "0x3660075" + "75f5ffd5b60203603806020" + "5f375f5f825f345f355af160245" + "73d5f5f3e3d5ffd5b00";

    [Fact]
    public async Task Defect_1_who_behaves_well_loses_no_deposit()
    {
        await using MarketWorld world = MarketWorld.Ready();
        ulong id = world.OrderIn(OrderState.Delivered);
        UInt256 stakes = world.Sums().Stakes;
        Done done = world.Market(MarketWorld.Buyer, "accept", id);
        Assert.True(done.Success, done.Reason);
        Assert.Equal(MarketWorld.Price, world.Owed(MarketWorld.Seller));
        Assert.Equal(MarketWorld.Fee, world.Owed(MarketWorld.Proxies[0]));
        Assert.Equal(MarketWorld.Fee, world.Owed(MarketWorld.Proxies[1]));
        Assert.Equal(UInt256.Zero, world.Owed(MarketWorld.Proxies[2]));
        Assert.Equal(MarketWorld.Fee, world.Owed(MarketWorld.Buyer));
        foreach (PrivateKey payee in new[] { MarketWorld.Seller, MarketWorld.Buyer, MarketWorld.Proxies[0], MarketWorld.Proxies[1] })
            Assert.True(world.Market(payee, "withdraw").Success);
        Assert.Equal(new MarketSums(stakes, 0UL, 0UL, stakes), world.Sums());
    }

    [Theory]
    [InlineData(OrderState.Locked)]
    [InlineData(OrderState.Granted)]
    [InlineData(OrderState.Delivered)]
    public async Task Defect_2_no_state_freezes_money_when_all_parties_are_gone(OrderState state)
    {
        await using MarketWorld world = MarketWorld.Ready();
        ulong id = world.OrderIn(state);
        Assert.StartsWith("TooEarly", world.Market(MarketWorld.Stranger, "expire", id).Reason, StringComparison.Ordinal);
        world.Late();
        Assert.True(world.Market(MarketWorld.Stranger, "expire", id).Success);
        MarketSums sums = world.Sums();
        Assert.Equal(UInt256.Zero, sums.Escrow);
        Assert.Equal(MarketWorld.Price + MarketWorld.Fee * 3UL, sums.Owed);
        Assert.Equal(state == OrderState.Delivered ? MarketWorld.Price : UInt256.Zero, world.Owed(MarketWorld.Seller));
    }

    [Fact]
    public async Task Defect_2_a_stake_comes_free_when_the_last_order_has_ended()
    {
        await using MarketWorld world = MarketWorld.Ready();
        PrivateKey proxy = MarketWorld.Proxies[0];
        ulong id = world.OrderIn(OrderState.Granted);
        Assert.True(world.Market(proxy, "leaveProxy").Success);
        Assert.Equal("OrdersOpen(1)", world.Market(proxy, "releaseStake").Reason);
        Done refused = world.Pay(MarketWorld.Buyer, MarketWorld.Price + MarketWorld.Fee * 3UL, "order", 1UL, MarketWorld.TermsHash, MarketWorld.BuyerKey);
        Assert.StartsWith("NotActive", refused.Reason, StringComparison.Ordinal);
        world.Late();
        Assert.True(world.Market(MarketWorld.Stranger, "expire", id).Success);
        Assert.True(world.Market(proxy, "releaseStake").Success);
        Assert.Equal(MarketContract.MinStake, world.Owed(proxy));
        Assert.StartsWith("NotActive", world.Market(proxy, "releaseStake").Reason, StringComparison.Ordinal);
        Assert.True(world.Stake(proxy).Success);
        world.AssertConserved();
    }

    [Fact]
    public async Task Defect_3_no_end_pays_from_another_order_or_from_a_stake()
    {
        await using MarketWorld world = MarketWorld.Ready();
        UInt256 total = MarketWorld.Price + MarketWorld.Fee * 3UL;
        UInt256 stakes = world.Sums().Stakes;
        ulong bystander = world.OrderIn(OrderState.Locked);
        foreach (OrderState end in new[] { OrderState.Settled, OrderState.Cancelled })
        {
            UInt256 owed = world.Sums().Owed;
            world.OrderIn(end);
            Assert.Equal(owed + total, world.Sums().Owed);
            Assert.Equal(total, world.Sums().Escrow);
            Assert.Equal(stakes, world.Sums().Stakes);
        }
        Assert.Equal(OrderState.Locked, world.StateOf(bystander));
    }

    [Fact]
    public async Task Defect_4_a_proxy_needs_a_stake_and_a_key_and_is_named_once()
    {
        await using MarketWorld world = MarketWorld.Ready();
        byte[] key = MarketWorld.Stranger.PublicKey.ToCompressed();
        Assert.Equal("StakeTooSmall()", world.Pay(MarketWorld.Stranger, MarketContract.MinStake - 1UL, "registerProxy", key, "").Reason);
        Assert.Equal("BadKey()", world.Pay(MarketWorld.Stranger, MarketContract.MinStake, "registerProxy", key[1..], "").Reason);
        Assert.Equal("AlreadyRegistered()", world.Stake(MarketWorld.Proxies[0]).Reason);
        PrivateKey[] p = MarketWorld.Proxies;
        Assert.Equal("BadProxies()", world.List(MarketWorld.Terms, [p[0], p[0]]).Reason);
        Assert.Equal("BadProxies()", world.List(MarketWorld.Terms, [p[0], MarketWorld.Stranger]).Reason);
        Assert.Equal("BadProxies()", world.List(MarketWorld.Terms, [p[0]]).Reason);
        Assert.True(world.Stake(MarketWorld.Seller).Success);
        Assert.Equal("BadProxies()", world.List(MarketWorld.Terms, [p[0], MarketWorld.Seller]).Reason);
        Done proxyBuys = world.Pay(p[0], MarketWorld.Price + MarketWorld.Fee * 3UL, "order", 1UL, MarketWorld.TermsHash, MarketWorld.BuyerKey);
        Assert.Equal("NotYours()", proxyBuys.Reason);
    }

    [Fact]
    public async Task Defect_5_an_order_commits_to_anchored_data_to_terms_and_to_receipts()
    {
        await using MarketWorld world = MarketWorld.Ready();
        Assert.Equal("NotOwner()", world.List(MarketWorld.Terms, MarketWorld.Proxies, MarketWorld.Stranger).Reason);
        Assert.False(world.List(MarketWorld.Terms with { LastSeq = 8 }, MarketWorld.Proxies).Success);
        Assert.False(world.List(MarketWorld.Terms with { FirstSeq = 5, LastSeq = 4 }, MarketWorld.Proxies).Success);
        UInt256 total = MarketWorld.Price + MarketWorld.Fee * 3UL;
        Assert.Equal("TermsDiffer()", world.Pay(MarketWorld.Buyer, total, "order", 1UL, Hash256.Zero, MarketWorld.BuyerKey).Reason);
        Assert.StartsWith("WrongPayment", world.Pay(MarketWorld.Buyer, total + 1UL, "order", 1UL, MarketWorld.TermsHash, MarketWorld.BuyerKey).Reason, StringComparison.Ordinal);
        ulong id = world.OrderIn(OrderState.Locked);
        Assert.Equal("BadTerms()", world.Market(MarketWorld.Seller, "grant", id, Hash256.Zero).Reason);
        Assert.True(world.Market(MarketWorld.Seller, "grant", id, Keccak256.Hash([4])).Success);
        Assert.Equal("BadTerms()", world.Market(MarketWorld.Proxies[0], "deliver", id, Hash256.Zero, 1UL).Reason);
        Assert.True(world.Deliver(MarketWorld.Proxies[0], id).Success);
        Assert.Equal("DeliveredAlready()", world.Deliver(MarketWorld.Proxies[0], id).Reason);
        Assert.StartsWith("WrongState", world.Market(MarketWorld.Buyer, "accept", id).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Defect_6_a_payee_that_refuses_coins_blocks_nobody_and_keeps_its_claim()
    {
        await using MarketWorld world = MarketWorld.Ready();
        Address puppet = Deploy(world, RefusingPuppet);
        Forward(world, puppet, MarketContract.MinStake, "registerProxy", MarketWorld.Stranger.PublicKey.ToCompressed(), "");
        Done listed = world.Market(MarketWorld.Seller, "list", MarketWorld.Tuple(MarketWorld.Terms with { Threshold = 1 }), new object[] { puppet });
        ulong listing = (ulong)listed.Event("Listed").Value<UInt256>("listingId");
        Done ordered = world.Pay(MarketWorld.Buyer, MarketWorld.Price + MarketWorld.Fee, "order", listing, MarketWorld.TermsHash, MarketWorld.BuyerKey);
        ulong id = (ulong)ordered.Event("Ordered").Value<UInt256>("orderId");
        Assert.True(world.Market(MarketWorld.Seller, "grant", id, Keccak256.Hash([4])).Success);
        Assert.True(Forward(world, puppet, default, "deliver", id, Keccak256.Hash([5]), 1UL));
        Assert.True(world.Market(MarketWorld.Buyer, "accept", id).Success);
        Assert.True(world.Market(MarketWorld.Seller, "withdraw").Success);

        Assert.False(Forward(world, puppet, default, "withdraw"));
        Assert.Equal(MarketWorld.Fee, (UInt256)world.View("owed", puppet)[0]);
        Address elsewhere = Address.Parse("0x00000000000000000000000000000000000000ee");
        Assert.True(Forward(world, puppet, default, "withdrawTo", elsewhere));
        Assert.Equal(MarketWorld.Fee, world.Balance(elsewhere));
        world.AssertConserved();
    }

    [Fact]
    public async Task Defect_6_coins_without_a_call_are_refused()
    {
        await using MarketWorld world = MarketWorld.Ready();
        Address market = SystemContracts.Market.Address;
        Assert.False(world.Send(MarketWorld.Stranger, market, [], Units.Cpc).Receipt.Success);
        Assert.False(world.Send(MarketWorld.Stranger, market, [1, 2, 3, 4], Units.Cpc).Receipt.Success);
        Assert.False(world.Pay(MarketWorld.Seller, 1UL, "withdraw").Success);
        Assert.False(world.Send(MarketWorld.Stranger, SystemContracts.DataRegistry.Address, [], 1UL).Receipt.Success);
        world.AssertConserved();
    }

    [Fact]
    public async Task Defect_6_a_payee_that_calls_back_is_paid_once()
    {
        await using MarketWorld world = MarketWorld.Ready();
        // As the puppet, but coins without data make it call withdraw() of the sender again.
        string selector = Convert.ToHexStringLower(SystemContracts.Market.Abi.Function("withdraw").Selector);
        string again = "63" + selector + "60e01b5f525f5f60045f5f335af100";
        Address caller = Deploy(world, $"0x36601857{again}5b60203603806020" + "5f375f5f825f345f355af160355" + "73d5f5f3e3d5ffd5b00");
        Forward(world, caller, MarketContract.MinStake, "registerProxy", MarketWorld.Stranger.PublicKey.ToCompressed(), "");
        Assert.True(Forward(world, caller, default, "leaveProxy"));
        Assert.True(Forward(world, caller, default, "releaseStake"));
        UInt256 others = world.Sums().Stakes;
        Assert.True(Forward(world, caller, default, "withdraw"));
        Assert.Equal(MarketContract.MinStake, world.Balance(caller));
        Assert.Equal(new MarketSums(others, 0UL, 0UL, others), world.Sums());
    }

    [Fact]
    public async Task Defect_7_what_reputation_reads_comes_from_settled_orders_and_anchored_bytes()
    {
        await using MarketWorld world = MarketWorld.Ready();
        ulong id = world.OrderIn(OrderState.Granted);
        Done first = world.Deliver(MarketWorld.Proxies[0], id, ulong.MaxValue);
        Assert.Equal(MarketWorld.CipherBytes, (ulong)first.Event("ProxyDelivered").Value<UInt256>("servedBytes"));
        Assert.DoesNotContain(first.Events, e => e.Event.Name == "ProxyRewarded");
        world.Deliver(MarketWorld.Proxies[2], id, 100);
        Done settled = world.Market(MarketWorld.Buyer, "accept", id);
        ContractEvent[] rewards = [.. settled.Events.Where(e => e.Event.Name == "ProxyRewarded")];
        Assert.Equal([MarketWorld.Proxies[0].Address, MarketWorld.Proxies[2].Address], rewards.Select(r => r.Value<Address>("proxy")));
        Assert.All(rewards, r => Assert.Equal(MarketWorld.Seller.Address, r.Value<Address>("owner")));
        Assert.All(rewards, r => Assert.Equal((UInt256)8UL, r.Value<UInt256>("units")));
        Assert.Equal((UInt256)(MarketWorld.CipherBytes + 100), settled.Event("Settled").Value<UInt256>("servedBytes"));
        Done cancelled = world.Market(MarketWorld.Buyer, "cancel", world.OrderIn(OrderState.Locked), Hash256.Zero);
        Assert.DoesNotContain(cancelled.Events, e => e.Event.Name is "ProxyRewarded" or "Settled");
    }

    [Fact]
    public async Task Defect_8_nothing_can_be_squatted_or_changed_under_a_buyer()
    {
        await using MarketWorld world = MarketWorld.Ready();
        Hash256 mine = DataRegistryContract.StreamIdOf(MarketWorld.Seller.Address, Hash256.Zero);
        Hash256 theirs = DataRegistryContract.StreamIdOf(MarketWorld.Stranger.Address, Hash256.Zero);
        Assert.NotEqual(mine, theirs);
        Assert.Equal(mine.ToArray(), (byte[])world.RegistryView("streamIdOf", MarketWorld.Seller.Address, Hash256.Zero)[0]);
        Assert.Equal("NotYours()", world.Market(MarketWorld.Stranger, "closeListing", 1UL).Reason);
        ulong id = world.OrderIn(OrderState.Locked);
        Assert.True(world.Market(MarketWorld.Seller, "closeListing", 1UL).Success);
        Assert.Equal("Closed()", world.Pay(MarketWorld.Buyer, MarketWorld.Price, "order", 1UL, MarketWorld.TermsHash, MarketWorld.BuyerKey).Reason);
        Assert.True(world.Market(MarketWorld.Seller, "grant", id, Keccak256.Hash([4])).Success);
    }

    [Fact]
    public async Task A_buyer_who_refuses_a_grant_pays_for_the_receipts_on_record_and_no_more()
    {
        await using MarketWorld world = MarketWorld.Ready();
        ulong id = world.OrderIn(OrderState.Granted);
        world.Deliver(MarketWorld.Proxies[1], id);
        Assert.True(world.Market(MarketWorld.Buyer, "cancel", id, Keccak256.Hash([9])).Success);
        Assert.Equal(MarketWorld.Fee, world.Owed(MarketWorld.Proxies[1]));
        Assert.Equal(MarketWorld.Price + MarketWorld.Fee * 2UL, world.Owed(MarketWorld.Buyer));
        world.AssertConserved();
    }

    [Fact]
    public async Task An_order_that_runs_out_below_the_threshold_pays_the_receipts_on_record_and_the_rest_goes_back()
    {
        await using MarketWorld world = MarketWorld.Ready();
        ulong id = world.OrderIn(OrderState.Granted);
        world.Deliver(MarketWorld.Proxies[1], id);
        world.Late();
        Done expired = world.Market(MarketWorld.Stranger, "expire", id);
        Assert.True(expired.Success, expired.Reason);
        Assert.Equal(OrderState.Refunded, world.StateOf(id));
        Assert.Equal(MarketWorld.Fee, world.Owed(MarketWorld.Proxies[1]));
        Assert.Equal(UInt256.Zero, world.Owed(MarketWorld.Seller));
        Assert.Equal(MarketWorld.Price + MarketWorld.Fee * 2UL, world.Owed(MarketWorld.Buyer));
        Assert.Equal(MarketWorld.Proxies[1].Address, expired.Event("ProxyRewarded").Value<Address>("proxy"));
        world.AssertConserved();
    }

    [Theory]
    [InlineData(59U, false)]
    [InlineData(60U, true)]
    public async Task A_listing_leaves_the_buyer_a_minute_at_least_to_look_at_what_came(uint seconds, bool allowed)
    {
        await using MarketWorld world = MarketWorld.Ready();
        Assert.Equal((UInt256)60UL, (UInt256)world.View("MIN_ACCEPT_WITHIN")[0]);
        Done listed = world.List(MarketWorld.Terms with { AcceptWithinSeconds = seconds }, MarketWorld.Proxies);
        Assert.Equal(allowed, listed.Success);
        if (!allowed) Assert.Equal("BadTerms()", listed.Reason);
    }

    private static Address Deploy(MarketWorld world, string runtime)
    {
        byte[] code = Hex.Decode(runtime);
        byte[] creation = [0x60, (byte)code.Length, 0x60, 0x0b, 0x5f, 0x39, 0x60, (byte)code.Length, 0x5f, 0xf3, 0x00, .. code];
        Receipt receipt = world.Send(MarketWorld.Stranger, null, creation).Receipt;
        Assert.True(receipt.Success);
        return receipt.ContractAddress!.Value;
    }

    private static bool Forward(MarketWorld world, Address puppet, UInt256 value, string function, params object[] arguments)
    {
        byte[] data = SystemContracts.Market.Abi.Function(function).EncodeCall(arguments);
        return world.Send(MarketWorld.Stranger, puppet, [.. new byte[12], .. SystemContracts.Market.Address.ToArray(), .. data], value).Receipt.Success;
    }
}
