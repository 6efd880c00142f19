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
    private const ulong SettlementGasReserve = (16 + 3) * 17_100;

    /// <summary>Calls, transactions and events by name.</summary>
    public Contract Contract { get; } = new(client, SystemContracts.Market.Address, SystemContracts.Market.Abi);

    public Task<ReceiptInfo> RegisterProxyAsync(
        AccountSender proxy, byte[] preKey, string endpoint, UInt256 stake, CancellationToken cancel = default) =>
        Contract.InvokeAsync(proxy, "registerProxy", [preKey, endpoint], stake, cancel);

    public Task<ReceiptInfo> LeaveProxyAsync(AccountSender proxy, CancellationToken cancel = default) =>
        Contract.InvokeAsync(proxy, "leaveProxy", [], default, cancel);

    /// <summary>Makes the stake withdrawable once the proxy has left and its last order has ended.</summary>
    public Task<ReceiptInfo> ReleaseStakeAsync(AccountSender proxy, CancellationToken cancel = default) =>
        Contract.InvokeAsync(proxy, "releaseStake", [], default, cancel);

    /// <summary>Lists anchored blocks of a stream that the seller owns; the new listing's id.</summary>
    public async Task<(ulong ListingId, ReceiptInfo Receipt)> ListAsync(
        AccountSender seller, MarketTerms terms, IReadOnlyList<Address> proxies, CancellationToken cancel = default)
    {
        object[] named = [.. proxies.Select(p => (object)p)];
        ReceiptInfo receipt = await Contract.InvokeAsync(seller, "list", [terms.ToTuple(), named], default, cancel)
            .ConfigureAwait(false);
        return (IdIn(receipt, "Listed", "listingId"), receipt);
    }

    public Task<ReceiptInfo> CloseListingAsync(AccountSender seller, ulong listingId, CancellationToken cancel = default) =>
        Contract.InvokeAsync(seller, "closeListing", [listingId], default, cancel);

    /// <summary>Orders under the listing's terms and locks price and fees; the new order's id.</summary>
    public async Task<(ulong OrderId, ReceiptInfo Receipt)> OrderAsync(
        AccountSender buyer, MarketListing listing, byte[] buyerKey, CancellationToken cancel = default)
    {
        ReceiptInfo receipt = await Contract.InvokeAsync(
            buyer, "order", [listing.Id, listing.Terms.TermsHash, buyerKey], listing.Total, cancel).ConfigureAwait(false);
        return (IdIn(receipt, "Ordered", "orderId"), receipt);
    }

    public Task<ReceiptInfo> GrantAsync(
        AccountSender seller, ulong orderId, Hash256 grantHash, CancellationToken cancel = default) =>
        Contract.InvokeAsync(seller, "grant", [orderId, grantHash], default, cancel);

    /// <summary>Puts a proxy's receipt on record; serve the buyer after this is final, not before.</summary>
    public Task<ReceiptInfo> DeliverAsync(
        AccountSender proxy, ulong orderId, Hash256 receiptHash, ulong servedBytes, CancellationToken cancel = default) =>
        Contract.InvokeAsync(proxy, "deliver", [orderId, receiptHash, servedBytes], default, cancel);

    public Task<ReceiptInfo> AcceptAsync(AccountSender buyer, ulong orderId, CancellationToken cancel = default) =>
        SettleAsync(buyer, "accept", [orderId], cancel);

    public Task<ReceiptInfo> CancelAsync(
        AccountSender party, ulong orderId, Hash256 reason, CancellationToken cancel = default) =>
        SettleAsync(party, "cancel", [orderId, reason], cancel);

    /// <summary>Ends an order whose deadline has passed; anybody may.</summary>
    public Task<ReceiptInfo> ExpireAsync(AccountSender anybody, ulong orderId, CancellationToken cancel = default) =>
        SettleAsync(anybody, "expire", [orderId], cancel);

    /// <summary>Pays the sender all that it is owed.</summary>
    public Task<ReceiptInfo> WithdrawAsync(AccountSender payee, CancellationToken cancel = default) =>
        Contract.InvokeAsync(payee, "withdraw", [], default, cancel);

    public Task<ReceiptInfo> WithdrawToAsync(AccountSender payee, Address to, CancellationToken cancel = default) =>
        Contract.InvokeAsync(payee, "withdrawTo", [to], default, cancel);

    /// <summary>What the market owes an address, in base units.</summary>
    public async Task<UInt256> GetOwedAsync(Address payee, BlockTag block = default, CancellationToken cancel = default) =>
        new Values(await Contract.CallAsync("owed", [payee], block, cancel).ConfigureAwait(false)).Number(0);

    /// <summary>The listing, or null when there is none with this id.</summary>
    public async Task<MarketListing?> GetListingAsync(
        ulong listingId, BlockTag block = default, CancellationToken cancel = default)
    {
        object[] output = await Contract.CallAsync("listingOf", [listingId], block, cancel).ConfigureAwait(false);
        Values l = Values.Tuple(output[0]);
        return l.Address(0).IsZero
            ? null
            : new MarketListing(listingId, l.Address(0), l.Flag(1), l.Ulong(2),
                MarketTerms.FromTuple(l.List(3)), [.. l.List(4).Cast<Address>()]);
    }

    /// <summary>The order, or null when there is none with this id.</summary>
    public async Task<MarketOrder?> GetOrderAsync(ulong orderId, BlockTag block = default, CancellationToken cancel = default)
    {
        object[] output = await Contract.CallAsync("orderOf", [orderId], block, cancel).ConfigureAwait(false);
        Values o = Values.Tuple(output[0]);
        return o.Uint(1) == 0
            ? null
            : new MarketOrder(orderId, o.Ulong(6), o.Address(0), (OrderState)o.Uint(1), (int)o.Uint(2), (int)o.Uint(3),
                o.Ulong(4), o.Number(7), [(byte)o.Uint(5), .. o.Bytes(8)], o.Hash(9));
    }

    /// <summary>The proxy, or null when the address has no stake.</summary>
    public async Task<MarketProxy?> GetProxyAsync(Address proxy, BlockTag block = default, CancellationToken cancel = default)
    {
        Values p = new(await Contract.CallAsync("proxyOf", [proxy], block, cancel).ConfigureAwait(false));
        return p.Number(0).IsZero ? null : new MarketProxy(proxy, p.Number(0), p.Flag(1), p.Uint(2), p.Bytes(3));
    }

    public async Task<MarketSums> GetSumsAsync(BlockTag block = default, CancellationToken cancel = default)
    {
        Values s = new(await Contract.CallAsync("sums", [], block, cancel).ConfigureAwait(false));
        return new MarketSums(s.Number(0), s.Number(1), s.Number(2), s.Number(3));
    }

    private Task<ReceiptInfo> SettleAsync(AccountSender sender, string name, IReadOnlyList<object> arguments, CancellationToken cancel) =>
        Contract.SendAsync(sender, Contract.Abi.Function(name), arguments, default, new SendOptions { GasReserve = SettlementGasReserve }, cancel)
            .AndWaitAsync(cancel);

    private ulong IdIn(ReceiptInfo receipt, string name, string parameter)
    {
        ContractEvent? found = Contract.EventsOf(receipt).FirstOrDefault(e => e.Event.Name == name);
        return found is not null
            ? (ulong)found.Value<UInt256>(parameter)
            : throw new BadAnswerException(name, "the receipt lacks the event");
    }
}
