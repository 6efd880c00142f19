using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.IO;
using System.Security.Cryptography;
using CPChain.Crypto;
using CPChain.Data.Blocks;
using CPChain.Data.Keys;
using CPChain.Data.Manifests;
using CPChain.Network;
using CPChain.Pdash.Progress;
using CPChain.Pdash.Storage;
using CPChain.Pdash.Wire;
using CPChain.Pre.Capsules;
using CPChain.Pre.Fragments;
using CPChain.Pre.Grants;
using CPChain.Pre.Keys;
using CPChain.Sdk;
using CPChain.Sdk.Contracts;
using CPChain.Types;

namespace CPChain.Pdash.Owner;

/// <summary>What is put up for sale.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="FirstInterval">First encryption interval.</param>
/// <param name="LastInterval">Last encryption interval.</param>
/// <param name="Price">For the seller, in base units.</param>
/// <param name="ProxyFee">For each proxy that delivers, in base units.</param>
/// <param name="Proxies">Who re-encrypts.</param>
/// <param name="Threshold">How many of them are needed.</param>
/// <param name="ValidMs">How long the offer's key record and its grants hold, milliseconds.</param>
public sealed record Offer(Hash256 StreamId, ulong FirstInterval, ulong LastInterval, UInt256 Price, UInt256 ProxyFee,
    IReadOnlyList<Address> Proxies, byte Threshold, long ValidMs = 30L * 86_400_000);

/// <summary>A listing on the chain and the terms it commits to.</summary>
public sealed record Listed(ulong ListingId, Hash256 TermsHash, KeyRecord Terms, ReceiptInfo Receipt);

/// <summary>A grant that was handed out and put on the chain.</summary>
public sealed record Granted(ulong OrderId, Hash256 GrantHash, Grant Grant, ReceiptInfo Receipt);

/// <summary>The owner of streams: signs what gateways seal, anchors it, lists it, and grants access to who has paid.</summary>
public sealed class Seller : IAsyncDisposable
{
    private static readonly TimeSpan FragmentPatience = TimeSpan.FromSeconds(20);
    private readonly Participant _self;
    private PeerAddress? _peer;
    private readonly OwnerMasterKey _master;
    private readonly OwnerBook _book;
    private readonly ConcurrentDictionary<Hash256, Address> _gateways = new();
    private readonly SemaphoreSlim _anchoring = new(1, 1);

    /// <summary>Opens the seller's directory; <see cref="Start"/> begins to serve gateways.</summary>
    public Seller(ParticipantOptions options)
    {
        _self = new Participant(options, PeerRole.Client);
        _master = OpenMaster(options);
        _book = new OwnerBook(_self.PathOf("manifests"));
        _self.Network.Serve(PdashMessages.OwnerKeys, options.Logger, (peer, payload, _) => ValueTask.FromResult(TellKeys(peer, payload.Span)));
        _self.Network.Serve(PdashMessages.SignManifest, options.Logger, SignAsync);
        _self.Network.Serve(PdashMessages.AnchorManifest, options.Logger, AnchorAsync);
    }

    /// <summary>The owner's identity and account.</summary>
    public Address Address => _self.Address;

    /// <summary>Where gateways find the seller, once started.</summary>
    public PeerAddress Peer => _peer ?? throw new InvalidOperationException("Start it first.");

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
        _master.Dispose();
        _anchoring.Dispose();
    }

    /// <summary>Registers a stream on the chain and allows a gateway to seal for it; gives the stream's id.</summary>
    public async Task<Hash256> RegisterStreamAsync(string name, StreamProfile profile, Address gateway,
        CancellationToken cancel = default)
    {
        StepClock steps = _self.Steps();
        Hash256 label = Hash256.FromBytes(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)));
        Hash256 streamId = DataRegistryContract.StreamIdOf(Address, label);
        RegisteredStream known = await _self.Registry.GetStreamAsync(streamId, default, cancel).ConfigureAwait(false);
        if (known.Owner.IsZero) await _self.Registry.RegisterAsync(_self.Sender, streamId, profile.Hash(), cancel).ConfigureAwait(false);
        else if (known.Owner != Address) throw new PdashException(PdashFault.Chain,
            $"Stream {streamId} belongs to {known.Owner}. Use another name.");
        _gateways[streamId] = gateway;
        steps.End(PlatformLayer.Contract, "register stream", $"{streamId} belongs to {Address} on the chain");
        return streamId;
    }

    /// <summary>Lists intervals of a stream: wraps their keys under a label of their own and publishes the terms.</summary>
    public async Task<Listed> ListAsync(Offer offer, CancellationToken cancel = default)
    {
        StepClock steps = _self.Steps();
        KeyRecord terms = Terms(offer, out ulong firstSeq, out ulong lastSeq);
        Hash256 termsHash = await _self.Storage.PutAsync(terms.Encode(), cancel).ConfigureAwait(false);
        await _self.Storage.PutRecordAsync(terms, cancel).ConfigureAwait(false);
        steps.End(PlatformLayer.Data, "publish key record",
            $"keys of intervals {offer.FirstInterval} to {offer.LastInterval} lie wrapped on storage nodes");
        MarketTerms market = new()
        {
            StreamId = offer.StreamId,
            FirstSeq = firstSeq,
            LastSeq = lastSeq,
            FirstInterval = offer.FirstInterval,
            LastInterval = offer.LastInterval,
            TermsHash = termsHash,
            VerifierHash = VerifierHash(terms),
            Price = offer.Price,
            ProxyFee = offer.ProxyFee,
            Threshold = offer.Threshold,
        };
        (ulong listingId, ReceiptInfo receipt) = await _self.Market.ListAsync(_self.Sender, market, offer.Proxies, cancel)
            .ConfigureAwait(false);
        steps.End(PlatformLayer.Application, "list", $"listing {listingId} commits to terms {termsHash}");
        return new Listed(listingId, termsHash, terms, receipt);
    }

    /// <summary>Grants a paid order: hands each proxy its fragment, publishes the grant and commits to it on the chain.</summary>
    public async Task<Granted> GrantAsync(ulong orderId, CancellationToken cancel = default)
    {
        StepClock steps = _self.Steps();
        MarketOrder order = await _self.Market.GetOrderAsync(orderId, default, cancel).ConfigureAwait(false)
            ?? throw new PdashException(PdashFault.Chain, $"There is no order {orderId} on the chain.");
        MarketListing listing = await _self.Market.GetListingAsync(order.ListingId, default, cancel).ConfigureAwait(false)
            ?? throw new PdashException(PdashFault.Chain, $"There is no listing {order.ListingId} on the chain.");
        if (order.State != OrderState.Locked || listing.Seller != Address)
            throw new PdashException(PdashFault.Chain,
                $"Order {orderId} is {order.State} and its seller is {listing.Seller}: nothing to grant.");
        KeyRecord terms = await FetchTermsAsync(listing, cancel).ConfigureAwait(false);
        if (!BuyerPublicKey.TryFromBytes(order.BuyerKey, out BuyerPublicKey buyer))
            throw new PdashException(PdashFault.Chain, $"Order {orderId} names a key that is no point of the curve. Cancel it.");
        using OwnerKey labelKey = _master.Derive(KeyLabel.Text(terms.Envelope.Label));
        using GrantResult made = Granting.Create(labelKey, _self.Options.Key, buyer, GrantRules.TermsOf(order, listing, terms),
            GrantRules.ProxiesOf(listing), _self.Options.Entropy);
        byte[] grantBytes = made.Grant.Encode();
        foreach (KeyFragment fragment in made.Fragments) await HandOverAsync(orderId, fragment, grantBytes, cancel).ConfigureAwait(false);
        Hash256 grantHash = await _self.Storage.PutAsync(grantBytes, cancel).ConfigureAwait(false);
        steps.End(PlatformLayer.Data, "hand out fragments",
            $"{made.Fragments.Length} proxies hold one sealed fragment each, {listing.Terms.Threshold} are needed");
        Task<ReceiptInfo> granting = _self.Market.GrantAsync(_self.Sender, orderId, grantHash, cancel);
        await Task.WhenAll(granting, NoteAsync("grant", grantHash, terms.ContentId(), cancel)).ConfigureAwait(false);
        ReceiptInfo receipt = await granting.ConfigureAwait(false);
        steps.End(PlatformLayer.Contract, "grant", $"order {orderId} commits to grant {grantHash}");
        return new Granted(orderId, grantHash, made.Grant, receipt);
    }

    /// <summary>Takes what the market owes the seller.</summary>
    public Task<ReceiptInfo> WithdrawAsync(CancellationToken cancel = default) => _self.Market.WithdrawAsync(_self.Sender, cancel);

    /// <summary>Leaves a control-layer record of a data operation (ARC-01).</summary>
    public Task<ReceiptInfo> NoteAsync(string operation, Hash256 subject, Hash256 digest, CancellationToken cancel = default) =>
        _self.Registry.NoteAsync(_self.Sender, new OperationNote(DataRegistryContract.OperationId(operation), subject, digest), cancel);

    internal static Hash256 VerifierHash(KeyRecord terms) =>
        Hash256.FromBytes(SHA256.HashData(terms.Envelope.LabelKey.ToCompressed()));

    private async Task HandOverAsync(ulong orderId, KeyFragment fragment, byte[] grant, CancellationToken cancel)
    {
        (PeerAddress peer, OwnerPublicKey key) = await ProxyDirectory.FindAsync(_self.Market, fragment.Proxy, cancel)
            .ConfigureAwait(false);
        (Capsule capsule, KemKey kem) = Capsule.Encapsulate(key, _self.Options.Entropy);
        using (kem)
        {
            byte[] secret = fragment.Encode();
            byte[] wrapped = KeyWrap.Seal(kem, secret, FragmentDelivery.Bound(orderId, fragment.Proxy), _self.Options.Entropy);
            CryptographicOperations.ZeroMemory(secret);
            FragmentDelivery delivery = new(orderId, capsule.Encode(), wrapped, grant);
            Reply reply = await _self.Links.AskAsync(peer, PdashMessages.PutFragment, delivery.Encode(), FragmentPatience, cancel)
                .ConfigureAwait(false);
            if (!reply.IsOk || reply.Payload.Length != 1 || reply.Payload.Span[0] != 0)
                throw new PdashException(PdashFault.Proxies,
                    $"Proxy {fragment.Proxy} did not take its fragment ({reply.Status}). List with another proxy.");
        }
    }

    private KeyRecord Terms(Offer offer, out ulong firstSeq, out ulong lastSeq)
    {
        IReadOnlyList<Manifest> all = _book.Of(offer.StreamId);
        Manifest[] covering = [.. all.Where(m => m.Blocks.Any(b => b.Header.Interval >= offer.FirstInterval && b.Header.Interval <= offer.LastInterval))];
        if (covering.Length == 0)
            throw new PdashException(PdashFault.Chain,
                $"No anchored block lies in intervals {offer.FirstInterval} to {offer.LastInterval}.");
        BlockHeader[] blocks = [.. covering.SelectMany(m => m.Blocks).Select(b => b.Header)
            .Where(h => h.Interval >= offer.FirstInterval && h.Interval <= offer.LastInterval)];
        (firstSeq, lastSeq) = (blocks[0].Seq, blocks[^1].Seq);
        Manifest any = covering[0];
        using OwnerKey epochKey = _master.Derive(KeyLabel.Text(any.Envelope.Label));
        using KeyBundle epoch = KeyLabel.Unwrap(offer.StreamId, any.Envelope, epochKey)
            ?? throw new PdashException(PdashFault.Content, "The gateway's seed cannot be unwrapped.");
        using KeyBundle keys = epoch.Narrow(offer.FirstInterval, offer.LastInterval)
            ?? throw new PdashException(PdashFault.Content,
                "The intervals lie in more than one epoch. List each epoch by itself.");
        Hash256 label = KeyLabel.Of(offer.StreamId, offer.FirstInterval, offer.LastInterval);
        using OwnerKey labelKey = _master.Derive(KeyLabel.Text(label));
        KeyEnvelope envelope = KeyLabel.Wrap(offer.StreamId, offer.FirstInterval, offer.LastInterval, keys, labelKey.PublicKey, _self.Options.Entropy);
        return Signed(offer.StreamId, envelope, [.. covering.Select(m => m.ManifestHash())], Commitments(covering, offer), offer.ValidMs);
    }

    private static List<Hash256> Commitments(Manifest[] manifests, Offer offer)
    {
        List<Hash256> commitments = [];
        for (ulong i = offer.FirstInterval; i <= offer.LastInterval; i++)
            foreach (Manifest manifest in manifests)
            {
                if (!manifest.TryCommitment(i, out Hash256 commitment)) continue;
                commitments.Add(commitment);
                break;
            }
        return commitments;
    }

    private KeyRecord Signed(Hash256 streamId, KeyEnvelope envelope, IReadOnlyList<Hash256> manifests,
        IReadOnlyList<Hash256> commitments, long validMs) =>
        KeyRecord.Sign(new KeyRecord(streamId, KeyTree.EpochOf(envelope.FirstInterval), envelope, manifests,
            Data.Merkle.MerkleTree.OfList(commitments), (ulong)_self.NowMs, _self.NowMs + validMs, _self.Options.Key.PublicKey, default),
            _self.Options.Key);

    private async Task<KeyRecord> FetchTermsAsync(MarketListing listing, CancellationToken cancel)
    {
        byte[] bytes = await _self.Storage.GetAsync(listing.Terms.TermsHash, cancel).ConfigureAwait(false)
            ?? throw new PdashException(PdashFault.Storage, $"No storage node has the terms {listing.Terms.TermsHash}.");
        return KeyRecord.TryDecode(bytes, _self.NowMs, out KeyRecord? terms) is ManifestFault.None ? terms!
            : throw new PdashException(PdashFault.Verification, "The listing's terms cannot be read or are past their time.");
    }

    private byte[]? TellKeys(IPeer gateway, ReadOnlySpan<byte> payload)
    {
        if (payload.Length != 36) return null;
        Hash256 streamId = Hash256.FromBytes(payload[..32]);
        uint epoch = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(payload[32..]);
        if (!_gateways.TryGetValue(streamId, out Address allowed) || allowed != gateway.Identity) return null;
        using OwnerKey key = _master.Derive(KeyLabel.Text(KeyLabel.OfEpoch(streamId, epoch)));
        return new OwnerKeysReply(_self.Options.Key.PublicKey, key.PublicKey).Encode();
    }

    /// <summary>Signs what an allowed gateway sealed for the own stream: device signatures, pointers and wrapped seed
    /// are in order.</summary>
    private async ValueTask<byte[]?> SignAsync(IPeer gateway, ReadOnlyMemory<byte> payload, CancellationToken stopping)
    {
        if (Manifest.TryDecode(payload.Span, out Manifest? manifest) != ManifestFault.None) return null;
        if (!_gateways.TryGetValue(manifest!.StreamId, out Address allowed) || allowed != gateway.Identity) return null;
        if (manifest.Owner != _self.Options.Key.PublicKey || manifest.Device.Address != allowed || !manifest.IsSignedBy(manifest.Device)) return null;
        Manifest signed = Manifest.Sign(manifest, _self.Options.Key);
        Manifest? last = _book.Of(manifest.StreamId).LastOrDefault(m => m.FirstSeq < manifest.FirstSeq);
        bool follows = last is null ? manifest.FirstSeq == 0 && manifest.PrevManifest == Hash256.Zero : manifest.PrevManifest == last.ManifestHash();
        if (!follows || signed.Verify(last?.Blocks[^1].Header) != ManifestFault.None || !OpensSeed(signed)) return null;
        // What is not anchored yet may be sealed anew, after a gateway's crash; what is anchored is never signed twice.
        RegisteredStream stream = await _self.Registry.GetStreamAsync(manifest.StreamId, default, stopping).ConfigureAwait(false);
        return _book.TryAdd(signed, replaces: stream.NextSeq <= manifest.FirstSeq) ? signed.OwnerSignature.ToArray() : null;
    }

    /// <summary>The owner signs only what he can open himself: every committed key comes out of the wrapped seed.</summary>
    private bool OpensSeed(Manifest manifest)
    {
        using OwnerKey key = _master.Derive(KeyLabel.Text(manifest.Envelope.Label));
        using KeyBundle? seed = KeyLabel.Unwrap(manifest.StreamId, manifest.Envelope, key);
        if (seed is null) return false;
        foreach (ulong interval in manifest.Blocks.Select(b => b.Header.Interval).Distinct())
        {
            if (!seed.TryIntervalKey(interval, out SymmetricKey? intervalKey) || !manifest.TryCommitment(interval, out Hash256 expected)) return false;
            using (intervalKey)
                if (intervalKey.Commitment() != expected) return false;
        }
        return true;
    }

    private async ValueTask<byte[]?> AnchorAsync(IPeer gateway, ReadOnlyMemory<byte> payload, CancellationToken stopping)
    {
        if (payload.Length != 32 || _book.Find(Hash256.FromBytes(payload.Span)) is not { } manifest) return null;
        if (!_gateways.TryGetValue(manifest.StreamId, out Address allowed) || allowed != gateway.Identity) return null;
        await _anchoring.WaitAsync(stopping).ConfigureAwait(false);
        try
        {
            Hash256 hash = manifest.ManifestHash();
            if (await _self.Registry.GetRecordAsync(manifest.StreamId, hash, default, stopping).ConfigureAwait(false) is { } anchored)
                return new AnchorReply(Hash256.Zero, anchored.BlockNumber, 0).Encode();
            // Anchor and control-layer records go into the same block where they can; neither needs the other.
            Task<ReceiptInfo> anchoring = _self.Registry.AnchorAsync(_self.Sender, manifest.StreamId, manifest.FirstSeq,
                (uint)manifest.Blocks.Count, hash, manifest.CipherBytes, stopping);
            Task<ReceiptInfo> noting = _self.Registry.NoteAllAsync(_self.Sender,
                [.. manifest.Blocks.Select(b => new OperationNote(DataRegistryContract.OperationId("store"), hash, b.Header.Hash()))], stopping);
            await Task.WhenAll(anchoring, noting, PublishEpochRecordAsync(manifest, stopping)).ConfigureAwait(false);
            ReceiptInfo receipt = await anchoring.ConfigureAwait(false);
            return new AnchorReply(receipt.TransactionHash, receipt.BlockNumber, receipt.GasUsed).Encode();
        }
        finally
        {
            _anchoring.Release();
        }
    }

    /// <summary>The key-to-block record of the epoch: all its manifests so far, and the wrapped seed.</summary>
    private Task PublishEpochRecordAsync(Manifest newest, CancellationToken cancel)
    {
        Manifest[] all = [.. _book.Of(newest.StreamId).Where(m => m.FirstSeq <= newest.FirstSeq).TakeLast(1024)];
        IReadOnlyList<Hash256> commitments = [.. all.SelectMany(m => m.KeyCommitments)];
        return _self.Storage.PutRecordAsync(
            Signed(newest.StreamId, newest.Envelope, [.. all.Select(m => m.ManifestHash())], commitments, 365L * 86_400_000), cancel);
    }

    private static OwnerMasterKey OpenMaster(ParticipantOptions options)
    {
        const string purpose = "owner master";
        string path = Path.Combine(options.Directory, "owner-master.sealed");
        using SealedFile file = new(options.Key);
        byte[]? secret = file.Read(path, purpose);
        if (secret is null)
        {
            secret = new byte[OwnerMasterKey.Length];
            options.Entropy(secret);
            file.Write(path, purpose, secret);
        }
        OwnerMasterKey master = OwnerMasterKey.FromBytes(secret);
        CryptographicOperations.ZeroMemory(secret);
        return master;
    }
}
