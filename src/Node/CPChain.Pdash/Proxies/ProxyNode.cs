using System.Collections.Concurrent;
using System.Security.Cryptography;
using CPChain.Data.Keys;
using CPChain.Data.Merkle;
using CPChain.Network;
using CPChain.Pdash.Owner;
using CPChain.Pdash.Progress;
using CPChain.Pdash.Wire;
using CPChain.Pre.Capsules;
using CPChain.Pre.Fragments;
using CPChain.Pre.Grants;
using CPChain.Pre.Keys;
using CPChain.Sdk;
using CPChain.Sdk.Contracts;
using CPChain.Types;

namespace CPChain.Pdash.Proxies;

/// <summary>
/// Holds one fragment of each order it is named in and re-encrypts for the buyer, with a proof, once the chain says
/// that the order
/// is paid and granted. It never sees a data key (SHA-04).
/// </summary>
public sealed class ProxyNode : IAsyncDisposable
{
    private readonly Participant _self;
    private PeerAddress? _peer;
    private readonly OwnerKey _key;
    private readonly FragmentStore _fragments;
    private readonly ConcurrentDictionary<ulong, SemaphoreSlim> _turns = new();

    /// <summary>Opens the proxy's directory; <see cref="Start"/> begins to serve.</summary>
    public ProxyNode(ParticipantOptions options)
    {
        _self = new Participant(options, PeerRole.Proxy);
        using (SymmetricKey secret = SealedFile.Derive(options.Key, "cpchain/proxy-key/1"))
        using (OwnerMasterKey master = OwnerMasterKey.FromBytes(secret.Bytes))
            _key = master.Derive("proxy");
        _fragments = new FragmentStore(_self.PathOf("fragments"), options.Key);
        _self.Network.Serve(PdashMessages.PutFragment, options.Logger, TakeFragmentAsync);
        _self.Network.Serve(PdashMessages.ReEncrypt, options.Logger, ReEncryptAsync);
    }

    /// <summary>The proxy's identity and account.</summary>
    public Address Address => _self.Address;

    /// <summary>Where it listens, once started.</summary>
    public PeerAddress Peer => _peer ?? throw new InvalidOperationException("Start it first.");

    /// <summary>The proxy's own directory.</summary>
    public string Directory => _self.Options.Directory;

    /// <summary>Binds and serves.</summary>
    public void Start()
    {
        _self.Network.Start();
        _peer = new PeerAddress(Address, _self.Network.ListenEndPoint!.ToString());
    }

    /// <summary>Closes connections and wipes secrets.</summary>
    public async ValueTask DisposeAsync()
    {
        await _self.DisposeAsync().ConfigureAwait(false);
        _key.Dispose();
        _fragments.Dispose();
    }

    /// <summary>Registers on the chain with a stake, once; gives null when it is registered already.</summary>
    public async Task<ReceiptInfo?> RegisterAsync(UInt256 stake, CancellationToken cancel = default)
    {
        StepClock steps = _self.Steps();
        if (await _self.Market.GetProxyAsync(Address, default, cancel).ConfigureAwait(false) is not null) return null;
        ReceiptInfo receipt = await _self.Market.RegisterProxyAsync(_self.Sender, _key.PublicKey.ToArray(), Peer.Endpoint, stake, cancel).ConfigureAwait(false);
        steps.End(PlatformLayer.Contract, "register proxy", $"{Address} staked {Units.FormatCpc(stake)}");
        return receipt;
    }

    /// <summary>Takes what the market owes the proxy.</summary>
    public Task<ReceiptInfo> WithdrawAsync(CancellationToken cancel = default) => _self.Market.WithdrawAsync(_self.Sender, cancel);

    /// <summary>The bare fragment of an order, for the demonstration that one proxy alone opens nothing; the caller
    /// disposes it.</summary>
    public KeyFragment? RevealFragment(ulong orderId)
    {
        if (_fragments.Get(orderId) is not { } held) return null;
        KeyFragment.TryDecode(held.Fragment, out KeyFragment? fragment, out _);
        CryptographicOperations.ZeroMemory(held.Fragment);
        return fragment;
    }

    private async ValueTask<byte[]?> TakeFragmentAsync(IPeer seller, ReadOnlyMemory<byte> payload, CancellationToken stopping)
    {
        if (FragmentDelivery.Decode(payload.Span) is not { } delivery) return null;
        if (!Capsule.TryDecode(delivery.Capsule, out Capsule? capsule, out _)) return null;
        using KemKey? kem = capsule.Open(_key);
        if (kem is null || !KeyWrap.TryOpen(kem, delivery.SealedFragment, FragmentDelivery.Bound(delivery.OrderId, Address), out byte[] secret, out _)) return null;
        try
        {
            if (!KeyFragment.TryDecode(secret, out KeyFragment? fragment, out _)) return null;
            using (fragment)
            {
                bool meant = fragment.Check(Address) == FragmentFault.None && fragment.Signer == seller.Identity
                    && fragment.Terms.OrderId == GrantRules.OrderHash(delivery.OrderId) && Grant.TryDecode(delivery.Grant, out Grant? grant, out _)
                    && grant.Names(fragment);
                if (!meant || !await IsNamedAsync(delivery.OrderId, seller.Identity, stopping).ConfigureAwait(false)) return null;
            }
            _fragments.Put(delivery.OrderId, secret, delivery.Grant);
            return [0];
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private async Task<bool> IsNamedAsync(ulong orderId, Address seller, CancellationToken cancel)
    {
        MarketOrder? order = await _self.Market.GetOrderAsync(orderId, default, cancel).ConfigureAwait(false);
        if (order is null || order.State != OrderState.Locked) return false;
        MarketListing? listing = await _self.Market.GetListingAsync(order.ListingId, default, cancel).ConfigureAwait(false);
        return listing is not null && listing.Seller == seller && listing.Proxies.Contains(Address);
    }

    private async ValueTask<byte[]?> ReEncryptAsync(IPeer buyer, ReadOnlyMemory<byte> payload, CancellationToken stopping)
    {
        if (ReEncryptRequest.Decode(payload.Span) is not { } request || !Capsule.TryDecode(request.Capsule, out Capsule? capsule, out _)) return null;
        // Asked before anything is kept, so that strangers cannot fill the memory; asked again once it is this order's turn.
        if (await ServableAsync(request.OrderId, buyer.Identity, stopping).ConfigureAwait(false) is null) return null;
        SemaphoreSlim turn = _turns.GetOrAdd(request.OrderId, _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(stopping).ConfigureAwait(false);
        try
        {
            MarketOrder? order = await ServableAsync(request.OrderId, buyer.Identity, stopping).ConfigureAwait(false);
            if (order is null || _fragments.Get(request.OrderId) is not { } held) return null;
            try
            {
                bool known = SegmentTree.Root(held.Grant) == order.GrantHash;
                if (!known || !KeyFragment.TryDecode(held.Fragment, out KeyFragment? fragment, out _)) return null;
                using (fragment)
                    return await ServeAsync(order, fragment, capsule, request.Capsule, stopping).ConfigureAwait(false);
            }
            finally
            {
                CryptographicOperations.ZeroMemory(held.Fragment);
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>The order, if the chain says that this buyer may be served now.</summary>
    private async Task<MarketOrder?> ServableAsync(ulong orderId, Address buyer, CancellationToken cancel)
    {
        MarketOrder? order = await _self.Market.GetOrderAsync(orderId, default, cancel).ConfigureAwait(false);
        return order is { State: OrderState.Granted or OrderState.Delivered } && order.Buyer == buyer ? order : null;
    }

    /// <summary>
    /// The receipt is on the chain before the buyer gets the fragment, so that work and fee go together. The answer to each capsule
    /// is kept first: after a crash, or when the buyer asks again, it is the very one that a receipt was signed for. The first
    /// receipt of an order goes on the chain.
    /// </summary>
    private async Task<byte[]?> ServeAsync(MarketOrder order, KeyFragment key, Capsule capsule, byte[] capsuleBytes,
        CancellationToken stopping)
    {
        StepClock steps = _self.Steps();
        Hash256 capsuleHash = Sha256(capsuleBytes);
        if (ReEncryptReply.Decode(_fragments.GetReply(order.Id, capsuleHash)) is not { } reply)
        {
            if (key.ReEncrypt(capsule, (ulong)_self.NowMs, _self.Options.Entropy, out CapsuleFragment? made) != FragmentFault.None)
                return null;
            reply = Sign(order, capsuleHash, made!.Encode());
            if (!_fragments.TryPutReply(order.Id, capsuleHash, reply.Encode())) return null;
            steps.End(PlatformLayer.Data, "re-encrypt",
                $"proxy {Address} made its part for order {order.Id} with a proof of correctness");
        }
        if (reply.Receipt.CapsuleHash != capsuleHash) return null;
        MarketListing? listing = await _self.Market.GetListingAsync(order.ListingId, default, stopping).ConfigureAwait(false);
        int index = listing is null ? -1 : listing.Proxies.ToList().IndexOf(Address);
        if (index < 0) return null;
        if ((order.DeliveredMask >> index & 1) == 0)
            await _self.Market.DeliverAsync(_self.Sender, order.Id, reply.Receipt.Hash(), reply.Receipt.ServedBytes, stopping)
                .ConfigureAwait(false);
        steps.End(PlatformLayer.Contract, "deliver", $"receipt of proxy {Address} for order {order.Id} is on the chain");
        return reply.Encode();
    }

    private ReEncryptReply Sign(MarketOrder order, Hash256 capsule, byte[] fragment)
    {
        ProxyReceipt unsigned = new(order.Id, Address, order.Buyer, capsule, Sha256(fragment), (ulong)fragment.Length,
            _self.NowMs, default);
        return new ReEncryptReply(fragment, unsigned with { Signature = _self.Options.Key.Sign(unsigned.Hash()) });
    }

    private static Hash256 Sha256(ReadOnlySpan<byte> bytes) => Hash256.FromBytes(SHA256.HashData(bytes));
}
