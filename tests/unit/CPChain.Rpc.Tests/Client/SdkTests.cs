using CPChain.Crypto;
using CPChain.Rpc.Tests.Chain;
using CPChain.Rpc.Tests.Contracts;
using CPChain.Sdk;
using CPChain.Sdk.Contracts;
using CPChain.Types;

namespace CPChain.Rpc.Tests.Client;

/// <summary>The SDK over HTTP: typed contracts from registration to payment, senders, errors.</summary>
public sealed class SdkTests
{
    [Fact]
    public async Task A_sale_goes_from_anchor_to_payment_through_the_typed_contracts()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        DataRegistryContract registry = new(fixture.Client);
        MarketContract market = new(fixture.Client);
        using AccountSender seller = fixture.Sender(0), buyer = fixture.Sender(1), proxyA = fixture.Sender(2), proxyB = fixture.Sender(3);
        Hash256 stream = DataRegistryContract.StreamIdOf(seller.Address, Keccak256.Hash([1]));
        Hash256 manifest = Keccak256.Hash([2]);

        await registry.RegisterAsync(seller, stream, Hash256.Zero);
        await registry.AnchorAsync(seller, stream, 0, 8, manifest, 5_000);
        AnchoredRecord record = (await registry.GetRecordAsync(stream, manifest))!;
        Assert.Equal((stream, 0UL, 8U, 5_000UL), (record.StreamId, record.FirstSeq, record.Count, record.TotalBytes));
        Assert.Equal(record, await registry.GetRecordAtAsync(stream, 0));
        Assert.Null(await registry.GetRecordAsync(stream, stream));
        Assert.Null(await registry.GetRecordAsync(manifest, manifest));
        Assert.Equal((seller.Address, 8UL), ((await registry.GetStreamAsync(stream)).Owner, (await registry.GetStreamAsync(stream)).NextSeq));
        Assert.Equal(0U, await registry.GetIndexOfAsync(stream, 7));
        await registry.NoteAllAsync(seller, [new OperationNote(DataRegistryContract.OperationId("data.store"), stream, manifest)]);
        ContractEvent note = Assert.Single(await registry.Contract.GetEventsAsync("Recorded", 0, BlockTag.Latest, [("actor", seller.Address)]));
        Assert.Equal(manifest.ToArray(), note.Value<byte[]>("digest"));

        foreach (AccountSender proxy in new[] { proxyA, proxyB })
            await market.RegisterProxyAsync(proxy, MarketWorld.BuyerKey, "127.0.0.1:9", MarketContract.MinStake);
        MarketTerms terms = MarketWorld.Terms with { StreamId = stream };
        (ulong listingId, _) = await market.ListAsync(seller, terms, [proxyA.Address, proxyB.Address]);
        MarketListing listing = (await market.GetListingAsync(listingId))!;
        Assert.Equal((terms, 5_000UL, true), (listing.Terms, listing.CipherBytes, listing.IsOpen));
        (ulong orderId, _) = await market.OrderAsync(buyer, listing, MarketWorld.BuyerKey);
        MarketOrder order = (await market.GetOrderAsync(orderId))!;
        Assert.Equal((OrderState.Locked, listing.Total, buyer.Address), (order.State, order.Escrow, order.Buyer));
        Assert.Equal(MarketWorld.BuyerKey, order.BuyerKey);
        await market.GrantAsync(seller, orderId, Keccak256.Hash([3]));
        await market.DeliverAsync(proxyA, orderId, Keccak256.Hash([4]), 5_000);
        await market.DeliverAsync(proxyB, orderId, Keccak256.Hash([5]), 5_000);
        Assert.Equal(OrderState.Delivered, (await market.GetOrderAsync(orderId))!.State);
        await market.AcceptAsync(buyer, orderId);

        Assert.Equal(MarketWorld.Price, await market.GetOwedAsync(seller.Address));
        UInt256 before = await fixture.Client.GetBalanceAsync(proxyA.Address);
        ReceiptInfo paid = await market.WithdrawAsync(proxyA);
        UInt256 gasCost = paid.EffectiveGasPrice * paid.GasUsed;
        Assert.Equal(before + MarketWorld.Fee - gasCost, await fixture.Client.GetBalanceAsync(proxyA.Address));
        Assert.True((await market.GetSumsAsync()).AreCovered);
        Assert.Equal(2, (await market.Contract.GetEventsAsync("ProxyRewarded", 0, BlockTag.Latest, [("orderId", orderId)])).Count);
        Assert.Null(await market.GetOrderAsync(99));
        Assert.Null(await market.GetProxyAsync(buyer.Address));
        Assert.Equal(MarketWorld.BuyerKey, (await market.GetProxyAsync(proxyA.Address))!.PreKey);
    }

    [Fact]
    public async Task A_contracts_refusal_names_its_error_before_anything_is_sent()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        MarketContract market = new(fixture.Client);
        using AccountSender sender = fixture.Sender(0);
        ContractRefusalException refusal = await Assert.ThrowsAsync<ContractRefusalException>(() => market.ExpireAsync(sender, 5));
        Assert.Equal("WrongState(0)", refusal.Reason);
        Assert.Equal(0UL, await fixture.Client.GetTransactionCountAsync(sender.Address));
    }

    [Fact]
    public async Task A_call_that_fails_only_in_its_block_is_told_with_the_reason()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(sealsAtOnce: false);
        DataRegistryContract registry = new(fixture.Client);
        using AccountSender first = fixture.Sender(0), second = fixture.Sender(1);
        Hash256 stream = Keccak256.Hash([1]);
        Hash256 a = await registry.Contract.SendAsync(first, "register", [stream, Hash256.Zero]);
        Hash256 b = await registry.Contract.SendAsync(second, "register", [stream, Hash256.Zero]);
        fixture.Chain.SealExactly(fixture.Chain.Pool.Find(a)!);
        fixture.Chain.Seal();
        Assert.True((await registry.Contract.WaitAsync(a, TimeSpan.FromSeconds(30))).Success);
        TransactionFailedException failed = await Assert.ThrowsAsync<TransactionFailedException>(
            () => registry.Contract.WaitAsync(b, TimeSpan.FromSeconds(30)));
        Assert.StartsWith("StreamTaken(", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_callers_of_one_sender_get_consecutive_nonces()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync(sealsAtOnce: false);
        using AccountSender sender = fixture.Sender(0);
        Address to = Address.Parse("0x00000000000000000000000000000000000000bb");
        Hash256[] hashes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => sender.SendAsync(to, default, 1UL, 21_000)));
        Assert.Equal(20, hashes.Distinct().Count());
        Assert.Equal(20, fixture.Chain.Seal().Transactions.Length);
        Assert.Equal((UInt256)20UL, await fixture.Client.GetBalanceAsync(to));
    }

    [Fact]
    public async Task A_sender_whose_key_was_used_elsewhere_counts_anew()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        using AccountSender one = fixture.Sender(0), other = fixture.Sender(0);
        Address to = Address.Parse("0x00000000000000000000000000000000000000bb");
        await one.SendAndWaitAsync(to, default, 1UL);
        await other.SendAndWaitAsync(to, default, 1UL);
        await one.SendAndWaitAsync(to, default, 1UL);
        Assert.Equal(3UL, await fixture.Client.GetTransactionCountAsync(one.Address));
    }

    [Fact]
    public async Task A_transaction_in_no_block_times_out_and_a_wait_can_be_cancelled()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        await Assert.ThrowsAsync<ReceiptTimeoutException>(() => fixture.Client.WaitForReceiptAsync(Hash256.Zero, TimeSpan.Zero));
        using CancellationTokenSource cancel = new();
        Task waiting = fixture.Client.WaitForReceiptAsync(Hash256.Zero, TimeSpan.FromHours(1), cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task A_node_that_is_away_or_answers_too_much_is_a_typed_error()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        using ChainClient small = new(fixture.Server.Url, new ChainClientOptions { ResponseBytesMax = 1_000 });
        await Assert.ThrowsAsync<BadAnswerException>(() => small.GetCodeAsync(SystemContracts.Market.Address));
        using ChainClient nobody = new(new Uri("http://127.0.0.1:9"));
        await Assert.ThrowsAsync<NodeUnreachableException>(() => nobody.GetChainIdAsync());
        RpcException refusal = await Assert.ThrowsAsync<RpcException>(() => fixture.Client.AskAsync("eth_nothing", []));
        Assert.Equal(-32601, refusal.Code);
    }
}
