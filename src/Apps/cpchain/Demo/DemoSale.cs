using CPChain.Data.Keys;
using CPChain.Pdash.Buying;
using CPChain.Pdash.Owner;
using CPChain.Pre.Grants;
using CPChain.Sdk;

namespace CPChain.App.Demo;

/// <summary>A sale that went through.</summary>
public sealed record DemoSale(Buyer Buyer, Purchase Purchase, VerifiedGrant Grant, KeyBundle Keys, Received Received) : IDisposable
{
    /// <summary>Lists, orders, grants, collects the proxies' fragments, fetches, verifies and accepts.</summary>
    public static async Task<DemoSale> MakeAsync(string what, Seller seller, Buyer buyer, Offer offer, DemoLog log, CancellationToken cancel)
    {
        Listed listed = await seller.ListAsync(offer, cancel);
        log.Transaction($"list {what}", listed.Receipt);
        Purchase ordered = await buyer.OrderAsync(listed.ListingId, cancel);
        Granted granted = await seller.GrantAsync(ordered.Order.Id, cancel);
        log.Transaction($"grant {what}", granted.Receipt);
        (Purchase purchase, VerifiedGrant grant) = await buyer.AwaitGrantAsync(ordered, cancel);
        (KeyBundle keys, IReadOnlyList<Types.Address> proxies) = await buyer.CollectKeysAsync(purchase, grant, cancel);
        Received received = await buyer.FetchAsync(purchase, keys, proxies, cancel);
        ReceiptInfo accepted = await buyer.AcceptAsync(purchase, received, cancel);
        log.Transaction($"accept {what}", accepted);
        return new DemoSale(buyer, purchase, grant, keys, received);
    }

    public void Dispose()
    {
        Keys.Dispose();
        Grant.Dispose();
    }
}
