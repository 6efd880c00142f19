using System.Collections.Immutable;
using CPChain.Data.Manifests;
using CPChain.Network;
using CPChain.Pre.Grants;
using CPChain.Pre.Keys;
using CPChain.Sdk.Contracts;
using CPChain.Types;

namespace CPChain.Pdash.Owner;

/// <summary>What a grant of an order has to say; seller, proxies and buyer derive it alike from the chain and the
/// terms.</summary>
internal static class GrantRules
{
    public static Hash256 OrderHash(ulong orderId) => Hash256.FromUInt256(orderId);

    public static GrantTerms TermsOf(MarketOrder order, MarketListing listing, KeyRecord terms) =>
        new(KeyLabel.Text(terms.Envelope.Label), terms.Envelope.FirstInterval, terms.Envelope.LastInterval, 0, (ulong)terms.ExpiryMs,
            OrderHash(order.Id), listing.Terms.Price);

    public static ProxySet ProxiesOf(MarketListing listing) => new([.. listing.Proxies], listing.Terms.Threshold);
}

/// <summary>Finds proxies by what they registered on the chain.</summary>
internal static class ProxyDirectory
{
    /// <summary>Where a proxy listens and under which key it takes fragments.</summary>
    /// <exception cref="PdashException">It is not registered, or its key is no point of the curve.</exception>
    public static async Task<(PeerAddress Peer, OwnerPublicKey Key)> FindAsync(MarketContract market,
        Address proxy, CancellationToken cancel)
    {
        IReadOnlyList<ContractEvent> registered = await market.Contract.GetEventsAsync("ProxyRegistered", Sdk.BlockTag.Earliest,
            Sdk.BlockTag.Latest, [("proxy", proxy)], cancel).ConfigureAwait(false);
        if (registered.Count == 0 || !OwnerPublicKey.TryFromBytes(registered[^1].Value<byte[]>("preKey"), out OwnerPublicKey key))
            throw new PdashException(PdashFault.Chain,
                $"Proxy {proxy} is not registered with a usable key. Choose another proxy.");
        return (new PeerAddress(proxy, registered[^1].Value<string>("endpoint")), key);
    }
}
