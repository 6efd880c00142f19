using System.Net;
using CPChain.Crypto;
using CPChain.Data.Manifests;
using CPChain.Network;
using CPChain.Pdash.Buying;
using CPChain.Pdash.Owner;
using CPChain.Pdash.Storage;
using CPChain.Pdash.Wire;
using CPChain.Pre.Capsules;
using CPChain.Pre.Keys;
using CPChain.Rpc.Tests.Chain;
using CPChain.Sdk;
using CPChain.Sdk.Contracts;
using CPChain.Types;
using Microsoft.Extensions.Logging.Abstractions;

namespace CPChain.Pdash.Tests;

/// <summary>Participants that do what they may, and more, against those that keep the rules.</summary>
public sealed class HostileTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("cpchain-hostile-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task D8_1_an_empty_answer_of_a_storage_node_is_a_refusal_and_the_next_node_is_asked()
    {
        await using StorageNode honest = new(Options("honest", 1));
        honest.Start();
        await using Participant liar = new(Options("liar", 2), PeerRole.Storage);
        liar.Network.Serve(PdashMessages.PutContent, NullLogger.Instance, (_, _, _) => ValueTask.FromResult<byte[]?>([]));
        liar.Network.Start();
        PeerAddress lies = new(liar.Address, liar.Network.ListenEndPoint!.ToString());

        await using Participant client = new(Options("client", 3) with { StorageNodes = [lies, honest.Peer] }, PeerRole.Client);
        client.Network.Start();
        bool liarIsClosest = false;
        for (byte i = 0; i < 8; i++)
        {
            byte[] content = [i, 1, 2, 3];
            Hash256 id = await client.Storage.PutAsync(content);
            Assert.True(honest.Content.Has(id));
            UploadBlock block = new(null!, [(id, content)]);
            Assert.Equal([honest.Address], await client.Storage.PutShardsAsync(block));
            liarIsClosest |= Placement.Closest(id, client.Storage.Nodes)[0] == liar.Address;
        }
        Assert.True(liarIsClosest);

        await using Participant alone = new(Options("alone", 4) with { StorageNodes = [lies] }, PeerRole.Client);
        alone.Network.Start();
        PdashException refused = await Assert.ThrowsAsync<PdashException>(() => alone.Storage.PutAsync([1]));
        Assert.Equal(PdashFault.Storage, refused.Fault);
    }

    [Fact]
    public async Task DAT_19_who_anchors_a_stored_manifest_first_in_a_stream_of_his_own_does_not_hinder_its_owner()
    {
        await using Platform p = await Platform.StartAsync();
        using AccountSender squatter = new(p.Rpc.Client, InstantChain.Rich[7]);
        DataRegistryContract registry = new(p.Rpc.Client);
        Hash256 his = DataRegistryContract.StreamIdOf(squatter.Address, Hash256.Zero);
        await registry.RegisterAsync(squatter, his, Hash256.Zero);
        ulong taken = 0;
        ParticipantOptions watched = p.Options("watched gateway", InstantChain.Key(111), null) with
        {
            Progress = step =>
            {
                if (step.Name == "owner signs") Anchor(registry, squatter, his, taken++, Hash256.Parse(step.Proven.Split(' ')[1]));
            },
        };
        await using Gateway gateway = new(watched, new GatewayOptions(p.Seller.Peer, Platform.Profile));
        gateway.Start();
        Hash256 stream = await p.Seller.RegisterStreamAsync("car 2", Platform.Profile, gateway.Address);
        CollectReport collected = await gateway.CollectAsync(stream, Platform.Table());
        Assert.Equal(3UL, taken);
        Assert.Equal((10UL, 3U), ((await registry.GetStreamAsync(stream)).NextSeq, (await registry.GetStreamAsync(stream)).Records));
        Assert.All(collected.Anchors, a => Assert.NotEqual(Hash256.Zero, a.TransactionHash));
        Deal deal = await p.SellAsync(p.Buyer, (await p.ListAsync(stream, 0, 4)).ListingId);
        Assert.Equal(Platform.Readings, deal.Received.File);
    }

    [Fact]
    public async Task Another_capsule_asked_first_does_not_keep_the_right_one_from_its_answer()
    {
        await using Platform p = await Platform.StartAsync();
        CollectReport collected = await p.CollectAsync();
        Listed listed = await p.ListAsync(collected.Shape.StreamId, 0, 1);
        Purchase purchase = await p.Buyer.OrderAsync(listed.ListingId);
        await p.Seller.GrantAsync(purchase.Order.Id);
        (purchase, Pre.Grants.VerifiedGrant grant) = await p.Buyer.AwaitGrantAsync(purchase);
        await using (Participant hasty = new(p.Options("hasty", InstantChain.Rich[4], null), PeerRole.Client))
        {
            hasty.Network.Start();
            Assert.True(OwnerPublicKey.TryFromBytes(listed.Terms.Envelope.LabelKey.ToCompressed(), out OwnerPublicKey label));
            foreach (Proxies.ProxyNode proxy in p.Proxies)
            {
                List<bool> answered = [];
                // One answer fewer than are kept, so that the right one still finds room.
                for (int i = 1; i < Proxies.FragmentStore.RepliesMax; i++)
                {
                    (Capsule capsule, KemKey kem) = Capsule.Encapsulate(label, b => b.Fill((byte)i));
                    kem.Dispose();
                    byte[] request = new ReEncryptRequest(purchase.Order.Id, capsule.Encode()).Encode();
                    Reply reply = await hasty.Links.AskAsync(proxy.Peer, PdashMessages.ReEncrypt, request, TimeSpan.FromSeconds(30), default);
                    answered.Add(reply.IsOk);
                }
                Assert.All(answered, Assert.True);
            }
        }
        (Data.Keys.KeyBundle keys, _) = await p.Buyer.CollectKeysAsync(purchase, grant);
        Assert.True(keys.TryIntervalKey(1, out _));
        Assert.Equal(3, (await new MarketContract(p.Rpc.Client).GetOrderAsync(purchase.Order.Id))!.Deliveries);
    }

    [Fact]
    public async Task A_buyer_fetches_no_manifest_beyond_what_the_listing_covers()
    {
        await using Platform p = await Platform.StartAsync();
        CollectReport collected = await p.CollectAsync();
        Hash256[] all = [.. collected.Uploads.Select(u => u.ManifestHash)];
        Deal two = await p.SellAsync(p.Buyer, (await p.ListAsync(collected.Shape.StreamId, 1, 1)).ListingId);
        Deal four = await p.SellAsync(p.Buyer, (await p.ListAsync(collected.Shape.StreamId, 0, 1)).ListingId);
        foreach ((Deal deal, string reason) in new[] { (two, "3 manifests"), (four, all[1].ToString()) })
        {
            Purchase padded = deal.Purchase with { Terms = deal.Purchase.Terms with { Manifests = all } };
            PdashException refused = await Assert.ThrowsAsync<PdashException>(() => p.Buyer.FetchAsync(padded, deal.Keys, []));
            Assert.Equal(PdashFault.Verification, refused.Fault);
            Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(59U, 3_600U, 3_600U, "the grant")]
    [InlineData(3_600U, 299U, 3_600U, "the delivery")]
    [InlineData(3_600U, 3_600U, 599U, "the buyer to accept")]
    [InlineData(60U, 300U, 600U, null)]
    public void A_buyer_orders_only_where_each_window_is_long_enough_for_him(uint grant, uint deliver, uint accept, string? what)
    {
        MarketTerms terms = new()
        {
            StreamId = Hash256.Zero,
            FirstSeq = 0,
            LastSeq = 0,
            FirstInterval = 0,
            LastInterval = 0,
            TermsHash = Hash256.Zero,
            Price = Platform.Price,
            ProxyFee = Platform.Fee,
            Threshold = 1,
            GrantWithinSeconds = grant,
            DeliverWithinSeconds = deliver,
            AcceptWithinSeconds = accept,
        };
        string? why = new OrderWindows().WhyTooShort(terms);
        Assert.Equal(what is null, why is null);
        if (what is not null) Assert.Contains(what, why, StringComparison.Ordinal);
        Assert.Null(new OrderWindows(1, 1, 1).WhyTooShort(terms));
    }

    [Fact]
    public async Task A_buyer_pays_nothing_for_a_listing_whose_windows_are_too_short_for_him()
    {
        await using Platform p = await Platform.StartAsync();
        CollectReport collected = await p.CollectAsync();
        Listed listed = await p.ListAsync(collected.Shape.StreamId, 0, 1);
        await using Buyer careful = new(p.Options("careful", InstantChain.Rich[6], p.Rpc.Server.Url), least: new OrderWindows(AcceptSeconds: 7_200));
        careful.Start();
        PdashException refused = await Assert.ThrowsAsync<PdashException>(() => careful.OrderAsync(listed.ListingId));
        Assert.Contains("3600 s", refused.Message, StringComparison.Ordinal);
        Assert.Null(await new MarketContract(p.Rpc.Client).GetOrderAsync(1));
    }

    private static void Anchor(DataRegistryContract registry, AccountSender who, Hash256 stream, ulong seq, Hash256 manifest) =>
        registry.AnchorAsync(who, stream, seq, 1, manifest, 1).GetAwaiter().GetResult();

    private ParticipantOptions Options(string name, int key) => new()
    {
        Directory = Path.Combine(_root, name),
        Key = InstantChain.Key(key),
        ChainId = InstantChain.ChainId,
        Genesis = Keccak256.Hash([1]),
        Listen = new IPEndPoint(IPAddress.Loopback, 0),
    };
}
