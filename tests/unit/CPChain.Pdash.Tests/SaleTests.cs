using System.Security.Cryptography;
using CPChain.Data.Blocks;
using CPChain.Data.Columns;
using CPChain.Data.Csv;
using CPChain.Data.Manifests;
using CPChain.Pdash.Attack;
using CPChain.Pdash.Buying;
using CPChain.Pdash.Owner;
using CPChain.Pdash.Progress;
using CPChain.Pdash.Storage;
using CPChain.Pre.Fragments;
using CPChain.Pre.Keys;
using CPChain.Sdk;
using CPChain.Sdk.Contracts;
using CPChain.Types;

namespace CPChain.Pdash.Tests;

public sealed class SaleTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Readings_are_sold_delivered_verified_and_paid_for()
    {
        await using Platform p = await Platform.StartAsync();
        CollectReport collected = await p.CollectAsync();
        Assert.Equal(591, collected.Rows);
        Assert.Equal([4, 4, 2], collected.Uploads.Select(u => u.Blocks.Count));
        Assert.Equal(3, collected.Anchors.Select(a => a.BlockNumber).Distinct().Count());
        Assert.True(collected.Tally.NumberCells * 2 > collected.Tally.Cells);

        Listed listed = await p.ListAsync(collected.Shape.StreamId, 0, 4);
        Deal deal = await p.SellAsync(p.Buyer, listed.ListingId);
        Assert.Equal(Platform.Readings, deal.Received.File);
        Assert.Equal((591, 10), (deal.Received.RowsVerified, deal.Received.Blocks));
        await p.Buyer.AcceptAsync(deal.Purchase, deal.Received);

        MarketContract market = new(p.Rpc.Client);
        Assert.Equal(Platform.Price, await market.GetOwedAsync(p.Seller.Address));
        foreach (Proxies.ProxyNode proxy in p.Proxies) Assert.Equal(Platform.Fee, await market.GetOwedAsync(proxy.Address));
        await p.Seller.WithdrawAsync();
        await p.Proxies[0].WithdrawAsync();
        Assert.True((await market.GetOwedAsync(p.Seller.Address)).IsZero);
        Assert.True((await market.GetSumsAsync()).AreCovered);

        DataRegistryContract registry = new(p.Rpc.Client);
        IReadOnlyList<ContractEvent> notes = await registry.Contract.GetEventsAsync("Recorded", BlockTag.Earliest, BlockTag.Latest);
        Assert.Equal(10 + 1 + 3, notes.Count);
        Assert.Equal([.. Enum.GetValues<PlatformLayer>()], p.Steps.Select(s => s.Layer).Distinct().Order());
        foreach (StepReport step in p.Steps) output.WriteLine($"{step.Layer,-12} {step.Name,-24} {step.Ms,8:F1} ms  {step.Proven}");
    }

    [Fact]
    public async Task A_flipped_bit_is_found_and_two_stopped_nodes_are_done_without()
    {
        await using Platform p = await Platform.StartAsync();
        CollectReport collected = await p.CollectAsync();
        Listed listed = await p.ListAsync(collected.Shape.StreamId, 0, 4);
        UploadBlock first = collected.Uploads[0].Blocks[0], second = collected.Uploads[0].Blocks[1];
        Assert.True(StoredDamage.FlipBit(p.NodeOf(first.Shards[1].Id), first.Shards[1].Id));
        Assert.True(StoredDamage.FlipBit(p.NodeOf(second.Shards[3].Id), second.Shards[3].Id, hides: true));
        ManifestBlock block = collected.Uploads[0].Manifest.Blocks[0];
        FetchedBlock fetched = await p.Buyer.Storage.GetBlockAsync(block, Platform.Profile);
        Assert.True(fetched.IsJoined);
        Assert.Equal([1], fetched.DamagedShards);
        Deal deal = await p.SellAsync(p.Buyer, listed.ListingId);
        Assert.Equal(Platform.Readings, deal.Received.File);
        Assert.Equal(2, deal.Received.DamagedShards);

        Assert.Equal(1, await p.Gateway.Storage.RepairAsync(block, Platform.Profile));
        Assert.Equal(1, await p.Gateway.Storage.RepairAsync(collected.Uploads[0].Manifest.Blocks[1], Platform.Profile));
        Assert.Equal(0, await p.Gateway.Storage.RepairAsync(block, Platform.Profile));

        Buyer other = p.NewBuyer("other", 5);
        StorageNode[] stopped = [p.Nodes[1], p.Nodes[4]];
        foreach (StorageNode node in stopped) await node.DisposeAsync();
        Deal without = await p.SellAsync(other, listed.ListingId);
        Assert.Equal(Platform.Readings, without.Received.File);
        Assert.Equal<Address>([.. stopped.Select(n => n.Address).Order()], [.. without.Received.UnreachableNodes]);
    }

    [Fact]
    public async Task Nobody_opens_what_he_has_not_bought()
    {
        await using Platform p = await Platform.StartAsync();
        CollectReport collected = await p.CollectAsync();
        Hash256 stream = collected.Shape.StreamId;
        Deal all = await p.SellAsync(p.Buyer, (await p.ListAsync(stream, 0, 4)).ListingId);
        Manifest manifest = collected.Uploads[0].Manifest;
        UploadBlock block = collected.Uploads[0].Blocks[0];
        OpeningAttempt attempt = new(all.Purchase, manifest, block.Sealed.Header, block.Sealed.Ciphertext);
        ulong now = (ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        List<byte[]> stored = [.. p.Nodes.SelectMany(n => Files(n.Directory))];

        using BuyerKey stranger = BuyerKey.Generate(RandomNumberGenerator.Fill);
        Assert.False(attempt.OpensWithAnyKeyIn(stored));
        Assert.False(attempt.OpensWith([], all.Granted.Grant, stranger, now, RandomNumberGenerator.Fill));

        KeyFragment[] fragments = [.. p.Proxies.Select(x => x.RevealFragment(all.Purchase.Order.Id)!)];
        byte[] bare = fragments[0].Encode();
        Assert.False(attempt.OpensWithAnyKeyIn([.. Files(p.Proxies[0].Directory), bare]));
        Assert.False(attempt.OpensWith([fragments[0]], all.Granted.Grant, stranger, now, RandomNumberGenerator.Fill));
        using BuyerKey buyer = p.Buyer.RevealKey();
        Assert.False(attempt.OpensWith([fragments[0]], all.Granted.Grant, buyer, now, RandomNumberGenerator.Fill));
        Assert.False(attempt.OpensWith(fragments, all.Granted.Grant, stranger, now, RandomNumberGenerator.Fill));
        Assert.True(attempt.OpensWith([fragments[2], fragments[0]], all.Granted.Grant, buyer, now, RandomNumberGenerator.Fill));

        Buyer partial = p.NewBuyer("partial", 5);
        Deal one = await p.SellAsync(partial, (await p.ListAsync(stream, 1, 1)).ListingId);
        Assert.Equal(2, one.Received.Blocks);
        OpeningAttempt bought = new(one.Purchase, manifest, collected.Uploads[0].Blocks[2].Sealed.Header, collected.Uploads[0].Blocks[2].Sealed.Ciphertext);
        UploadBlock nextBlock = collected.Uploads[1].Blocks[0];
        OpeningAttempt next = new(one.Purchase, collected.Uploads[1].Manifest, nextBlock.Sealed.Header, nextBlock.Sealed.Ciphertext);
        Assert.True(bought.Opens(one.Keys));
        Assert.False(next.Opens(one.Keys));
        Assert.True(bought.OpensWithAnyKeyIn([one.Keys.Encode()]));
        Assert.False(next.OpensWithAnyKeyIn([one.Keys.Encode(), .. stored]));
        Assert.False(attempt.Opens(one.Keys));
        foreach (KeyFragment fragment in fragments) fragment.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stored_files_show_plaintext_only_when_the_cipher_does_nothing(bool open)
    {
        await using Platform p = await Platform.StartAsync(open ? new IdentityCipher() : null);
        CollectReport collected = await p.CollectAsync();
        CsvTable table = Platform.Table();
        BlockRows first = StreamBlocks.Cut(table, RowTimes.ByNumber(), Platform.Profile.PeriodMs).First();
        byte[] coded = BlockCodec.Encode(table.Header.Span, first.Rows, table.Dialect, out _, 9);
        HashSet<UInt128> windows = [];
        for (int i = 0; i + 16 <= coded.Length; i++) windows.Add(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(coded.AsSpan(i)));
        bool found = false;
        foreach (byte[] file in p.Nodes.SelectMany(n => Files(n.Directory)))
            for (int i = 0; i + 16 <= file.Length && !found; i++)
                found = windows.Contains(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(file.AsSpan(i)));
        Assert.Equal(open, found);
        Assert.NotEmpty(collected.Uploads);
    }

    [Fact]
    public async Task A_proxy_serves_only_the_buyer_of_a_granted_order_and_is_on_record_first()
    {
        await using Platform p = await Platform.StartAsync();
        CollectReport collected = await p.CollectAsync();
        Listed listed = await p.ListAsync(collected.Shape.StreamId, 0, 1);
        Purchase purchase = await p.Buyer.OrderAsync(listed.ListingId);
        Granted granted = await p.Seller.GrantAsync(purchase.Order.Id);
        (purchase, Pre.Grants.VerifiedGrant grant) = await p.Buyer.AwaitGrantAsync(purchase);
        Assert.Equal(granted.GrantHash, purchase.Order.GrantHash);

        Buyer thief = p.NewBuyer("thief", 6);
        PdashException refused = await Assert.ThrowsAsync<PdashException>(() => thief.CollectKeysAsync(purchase, grant));
        Assert.Equal(PdashFault.Proxies, refused.Fault);
        await Assert.ThrowsAsync<PdashException>(() => thief.AwaitGrantAsync(purchase));
        MarketContract market = new(p.Rpc.Client);
        Assert.Equal(0, (await market.GetOrderAsync(purchase.Order.Id))!.Deliveries);
        await p.Buyer.CollectKeysAsync(purchase, grant);
        MarketOrder order = (await market.GetOrderAsync(purchase.Order.Id))!;
        Assert.Equal((3, OrderState.Delivered), (order.Deliveries, order.State));
        (Data.Keys.KeyBundle again, _) = await p.Buyer.CollectKeysAsync(purchase, grant);
        Assert.True(again.TryIntervalKey(1, out _));
        Assert.Equal(3, (await market.GetOrderAsync(purchase.Order.Id))!.Deliveries);
        await Assert.ThrowsAsync<PdashException>(() => p.Seller.GrantAsync(purchase.Order.Id));
    }

    [Fact]
    public async Task A_sale_goes_through_with_one_proxy_stopped()
    {
        await using Platform p = await Platform.StartAsync();
        CollectReport collected = await p.CollectAsync();
        Listed listed = await p.ListAsync(collected.Shape.StreamId, 0, 4);
        Purchase purchase = await p.Buyer.OrderAsync(listed.ListingId);
        await p.Seller.GrantAsync(purchase.Order.Id);
        await p.Proxies[1].DisposeAsync();
        (purchase, Pre.Grants.VerifiedGrant grant) = await p.Buyer.AwaitGrantAsync(purchase);
        (Data.Keys.KeyBundle keys, IReadOnlyList<Address> proxies) = await p.Buyer.CollectKeysAsync(purchase, grant);
        Received received = await p.Buyer.FetchAsync(purchase, keys, proxies);
        Assert.Equal(Platform.Readings, received.File);
        Assert.DoesNotContain(p.Proxies[1].Address, received.Proxies);
        await p.Buyer.AcceptAsync(purchase, received);
        Assert.True((await new MarketContract(p.Rpc.Client).GetOwedAsync(p.Proxies[1].Address)).IsZero);
    }

    [Fact]
    public async Task A_buyer_opens_again_after_a_restart_what_he_has_bought()
    {
        await using Platform p = await Platform.StartAsync();
        CollectReport collected = await p.CollectAsync();
        Buyer before = p.NewBuyer("restarted", 5);
        Deal deal = await p.SellAsync(before, (await p.ListAsync(collected.Shape.StreamId, 0, 4)).ListingId);
        await before.AcceptAsync(deal.Purchase, deal.Received);
        await before.DisposeAsync();

        Buyer after = p.NewBuyer("restarted", 5);
        using Bought bought = await after.ReopenAsync(deal.Purchase.Order.Id);
        Assert.Equal(deal.Purchase.Terms.ContentId(), bought.Purchase.Terms.ContentId());
        Assert.Equal(OrderState.Settled, bought.Purchase.Order.State);
        Received again = await after.FetchAsync(bought.Purchase, bought.Keys, bought.Proxies);
        Assert.Equal(Platform.Readings, again.File);
        Assert.Equal(deal.Received.Proxies, again.Proxies);

        PdashException unknown = await Assert.ThrowsAsync<PdashException>(() => p.Buyer.ReopenAsync(deal.Purchase.Order.Id));
        Assert.Equal(PdashFault.Input, unknown.Fault);
        await Assert.ThrowsAsync<PdashException>(() => after.ReopenAsync(deal.Purchase.Order.Id + 1));
    }

    [Fact]
    public async Task A_stream_goes_on_behind_what_it_holds()
    {
        await using Platform p = await Platform.StartAsync();
        CollectReport first = await p.CollectAsync();
        CollectReport second = await p.Gateway.CollectAsync(first.Shape.StreamId, Platform.Table());
        Assert.Equal(10UL, second.Uploads[0].Manifest.FirstSeq);
        Assert.Equal(ManifestFault.None, second.Uploads[0].Manifest.Verify(first.Uploads[^1].Manifest.Blocks[^1].Header));
        Deal deal = await p.SellAsync(p.Buyer, (await p.ListAsync(first.Shape.StreamId, 5, 9)).ListingId);
        Assert.Equal(Platform.Readings, deal.Received.File);
    }

    private static IEnumerable<byte[]> Files(string directory) =>
        Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Select(File.ReadAllBytes);
}
