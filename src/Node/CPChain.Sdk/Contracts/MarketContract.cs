using CPChain.Sdk.Contracts.Generated;
using CPChain.Types;

namespace CPChain.Sdk.Contracts;

/// <summary>
/// The predeployed market: proxies and stakes, listings, orders with escrow, settlement. Every method that sends waits for
/// the block; a refusal by the contract is a <see cref="ContractRefusalException"/> that names the contract's error.
/// </summary>
public sealed class MarketContract(ChainClient client)
{
    /// <summary>The least stake of a proxy, in base units.</summary>
    public static UInt256 MinStake { get; } = Units.Cpc * 10UL;

    // A payee who withdraws between estimate and block empties a slot: writing it again costs 20,000 gas instead of 2,900
    // (EIP-2200, EIP-2929). Sixteen proxies, seller, buyer and the sum of what is owed may all be emptied.
    private static readonly SendOptions s_settlement = new() { GasReserve = (16 + 3) * 17_100 };

    /// <summary>All of the contract, as it is generated.</summary>
    public Market Typed { get; } = new(client, SystemContracts.Market.Address);

    /// <summary>Calls, transactions and events by name.</summary>
    public Contract Contract => Typed.Contract;

    public Task<ReceiptInfo> RegisterProxyAsync(
        AccountSender proxy, byte[] preKey, string endpoint, UInt256 stake, CancellationToken cancel = default) =>
        Typed.RegisterProxyAsync(proxy, preKey, endpoint, stake, cancel: cancel).AndWaitAsync(cancel);

    public Task<ReceiptInfo> LeaveProxyAsync(AccountSender proxy, CancellationToken cancel = default) =>
        Typed.LeaveProxyAsync(proxy, cancel: cancel).AndWaitAsync(cancel);

    /// <summary>Makes the stake withdrawable once the proxy has left and its last order has ended.</summary>
    public Task<ReceiptInfo> ReleaseStakeAsync(AccountSender proxy, CancellationToken cancel = default) =>
        Typed.ReleaseStakeAsync(proxy, cancel: cancel).AndWaitAsync(cancel);

    /// <summary>Lists anchored blocks of a stream that the seller owns; the new listing's id.</summary>
    public async Task<(ulong ListingId, ReceiptInfo Receipt)> ListAsync(
        AccountSender seller, MarketTerms terms, IReadOnlyList<Address> proxies, CancellationToken cancel = default)
    {
        ReceiptInfo receipt = await Typed.ListAsync(seller, terms.ToContract(), proxies, cancel: cancel).AndWaitAsync(cancel)
            .ConfigureAwait(false);
        return (Typed.ListedEvents.In(receipt) is [{ Event: { } listed }] ? listed.ListingId : throw Lacks("Listed"), receipt);
    }

    public Task<ReceiptInfo> CloseListingAsync(AccountSender seller, ulong listingId, CancellationToken cancel = default) =>
        Typed.CloseListingAsync(seller, listingId, cancel: cancel).AndWaitAsync(cancel);

    /// <summary>Orders under the listing's terms and locks price and fees; the new order's id.</summary>
    public async Task<(ulong OrderId, ReceiptInfo Receipt)> OrderAsync(
        AccountSender buyer, MarketListing listing, byte[] buyerKey, CancellationToken cancel = default)
    {
        ReceiptInfo receipt = await Typed.OrderAsync(
            buyer, listing.Id, listing.Terms.TermsHash, buyerKey, listing.Total, cancel: cancel).AndWaitAsync(cancel).ConfigureAwait(false);
        return (Typed.OrderedEvents.In(receipt) is [{ Event: { } ordered }] ? ordered.OrderId : throw Lacks("Ordered"), receipt);
    }

    public Task<ReceiptInfo> GrantAsync(
        AccountSender seller, ulong orderId, Hash256 grantHash, CancellationToken cancel = default) =>
        Typed.GrantAsync(seller, orderId, grantHash, cancel: cancel).AndWaitAsync(cancel);

    /// <summary>Puts a proxy's receipt on record; serve the buyer after this is final, not before.</summary>
    public Task<ReceiptInfo> DeliverAsync(
        AccountSender proxy, ulong orderId, Hash256 receiptHash, ulong servedBytes, CancellationToken cancel = default) =>
        Typed.DeliverAsync(proxy, orderId, receiptHash, servedBytes, cancel: cancel).AndWaitAsync(cancel);

    public Task<ReceiptInfo> AcceptAsync(AccountSender buyer, ulong orderId, CancellationToken cancel = default) =>
        Typed.AcceptAsync(buyer, orderId, s_settlement, cancel).AndWaitAsync(cancel);

    public Task<ReceiptInfo> CancelAsync(
        AccountSender party, ulong orderId, Hash256 reason, CancellationToken cancel = default) =>
        Typed.CancelAsync(party, orderId, reason, s_settlement, cancel).AndWaitAsync(cancel);

    /// <summary>Ends an order whose deadline has passed; anybody may.</summary>
    public Task<ReceiptInfo> ExpireAsync(AccountSender anybody, ulong orderId, CancellationToken cancel = default) =>
        Typed.ExpireAsync(anybody, orderId, s_settlement, cancel).AndWaitAsync(cancel);

    /// <summary>Pays the sender all that it is owed.</summary>
    public Task<ReceiptInfo> WithdrawAsync(AccountSender payee, CancellationToken cancel = default) =>
        Typed.WithdrawAsync(payee, cancel: cancel).AndWaitAsync(cancel);

    public Task<ReceiptInfo> WithdrawToAsync(AccountSender payee, Address to, CancellationToken cancel = default) =>
        Typed.WithdrawToAsync(payee, to, cancel: cancel).AndWaitAsync(cancel);

    /// <summary>What the market owes an address, in base units.</summary>
    public Task<UInt256> GetOwedAsync(Address payee, BlockTag block = default, CancellationToken cancel = default) =>
        Typed.OwedAsync(payee, block, cancel);

    /// <summary>The listing, or null when there is none with this id.</summary>
    public async Task<MarketListing?> GetListingAsync(
        ulong listingId, BlockTag block = default, CancellationToken cancel = default)
    {
        Market.Listing l = await Typed.ListingOfAsync(listingId, block, cancel).ConfigureAwait(false);
        return l.Seller.IsZero
            ? null
            : new MarketListing(listingId, l.Seller, l.Open, l.CipherBytes, MarketTerms.Of(l.Terms), l.Proxies);
    }

    /// <summary>The order, or null when there is none with this id.</summary>
    public async Task<MarketOrder?> GetOrderAsync(ulong orderId, BlockTag block = default, CancellationToken cancel = default)
    {
        Market.Order o = await Typed.OrderOfAsync(orderId, block, cancel).ConfigureAwait(false);
        return o.State == 0
            ? null
            : new MarketOrder(orderId, o.ListingId, o.Buyer, (OrderState)o.State, o.Deliveries, o.DeliveredMask, o.Deadline,
                o.Escrow, [o.KeyPrefix, .. o.KeyX.ToArray()], o.GrantHash);
    }

    /// <summary>The proxy, or null when the address has no stake.</summary>
    public async Task<MarketProxy?> GetProxyAsync(Address proxy, BlockTag block = default, CancellationToken cancel = default)
    {
        (UInt256 stake, bool isActive, uint openOrders, byte[] preKey) =
            await Typed.ProxyOfAsync(proxy, block, cancel).ConfigureAwait(false);
        return stake.IsZero ? null : new MarketProxy(proxy, stake, isActive, openOrders, preKey);
    }

    public async Task<MarketSums> GetSumsAsync(BlockTag block = default, CancellationToken cancel = default)
    {
        (UInt256 balance, UInt256 escrow, UInt256 owed, UInt256 stakes) =
            await Typed.SumsAsync(block, cancel).ConfigureAwait(false);
        return new MarketSums(balance, escrow, owed, stakes);
    }

    private static BadAnswerException Lacks(string name) => new(name, "the receipt lacks the event");
}
