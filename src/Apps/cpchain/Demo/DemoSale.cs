using CPChain.App.Demo.People;
using CPChain.Data.Manifests;
using CPChain.Pdash.Buying;
using CPChain.Pdash.Owner;
using CPChain.Sdk;
using CPChain.Sdk.Contracts;
using CPChain.Types;

namespace CPChain.App.Demo;

/// <summary>A sale that went through.</summary>
/// <param name="Buyer">Who bought.</param>
/// <param name="Purchase">Order, listing and terms, which everybody can read.</param>
/// <param name="Fetched">What the buyer fetched and verified.</param>
public sealed record DemoSale(IBuyerDesk Buyer, Purchase Purchase, Fetched Fetched)
{
    /// <summary>Lists, orders, grants; the buyer collects the proxies' fragments, fetches, verifies and accepts.</summary>
    public static async Task<DemoSale> MakeAsync(
        DemoSalePlan plan, ISellerDesk seller, IBuyerDesk buyer, DemoScene scene, DemoLog log, CancellationToken cancel)
    {
        PutUp listed = await seller.ListAsync(plan.Offer, cancel);
        log.Transaction($"list {plan.What}", listed.Transaction);
        ulong orderId = await buyer.OrderAsync(listed.ListingId, cancel);
        log.Transaction($"grant {plan.What}", await seller.GrantAsync(orderId, cancel));
        Delivery delivery = await buyer.ReceiveAsync(orderId, plan.SaveAs, cancel);
        log.Transaction($"accept {plan.What}", delivery.Accepted);
        return new DemoSale(buyer, await PurchaseAsync(scene.Client, orderId, delivery, cancel), delivery.Fetched);
    }

    private static async Task<Purchase> PurchaseAsync(ChainClient client, ulong orderId, Delivery delivery, CancellationToken cancel)
    {
        MarketContract market = new(client);
        MarketOrder? order = await market.GetOrderAsync(orderId, default, cancel);
        MarketListing? listing = await market.GetListingAsync(delivery.ListingId, default, cancel);
        Invariant.Check(order is not null && listing is not null, "an accepted order and its listing are on the chain");
        return KeyRecord.TryDecode(delivery.Terms, long.MinValue, out KeyRecord? terms) == ManifestFault.None
            ? new Purchase(order!, listing!, terms!)
            : throw new CommandFault($"the buyer's terms of order {orderId} cannot be read.", "start it with the same program.");
    }
}

/// <summary>A sale that is to be made.</summary>
/// <param name="What">Its name in the report.</param>
/// <param name="Offer">What is put up.</param>
/// <param name="SaveAs">Where the buyer saves the file; null saves none.</param>
public sealed record DemoSalePlan(string What, Offer Offer, string? SaveAs);
