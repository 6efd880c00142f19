using System.IO;
using System.Security.Cryptography;
using CPChain.Data.Blocks;
using CPChain.Data.Columns;
using CPChain.Data.Keys;
using CPChain.Data.Manifests;
using CPChain.Data.Merkle;
using CPChain.Network;
using CPChain.Pdash.Owner;
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

namespace CPChain.Pdash.Buying;

/// <summary>What a buyer knows of an order and its terms.</summary>
public sealed record Purchase(MarketOrder Order, MarketListing Listing, KeyRecord Terms);

/// <summary>A purchase whose keys the buyer has.</summary>
/// <param name="Purchase">Order, listing and terms.</param>
/// <param name="Keys">The keys that were bought.</param>
/// <param name="Proxies">The proxies whose fragments were combined.</param>
public sealed record Bought(Purchase Purchase, KeyBundle Keys, IReadOnlyList<Address> Proxies) : IDisposable
{
    /// <summary>Wipes the keys.</summary>
    public void Dispose() => Keys.Dispose();
}

/// <summary>What a buyer got and verified.</summary>
/// <param name="File">The readings, byte for byte.</param>
/// <param name="RowsVerified">Rows whose root, signatures and count were checked.</param>
/// <param name="Blocks">Blocks opened.</param>
/// <param name="DamagedShards">Shards that were damaged and made good from the others.</param>
/// <param name="UnreachableNodes">Storage nodes that did not answer.</param>
/// <param name="Proxies">The proxies whose fragments were combined.</param>
public sealed record Received(byte[] File, long RowsVerified, int Blocks, int DamagedShards, IReadOnlyList<Address> UnreachableNodes,
    IReadOnlyList<Address> Proxies);

/// <summary>Buys data: pays into escrow, verifies the grant before any proxy works, verifies every block before it
/// accepts.</summary>
public sealed class Buyer : IAsyncDisposable
{
    private static readonly string[] Operations = ["fetch", "verify", "accept"];
    private static readonly TimeSpan ProxyPatience = TimeSpan.FromSeconds(60);
    private readonly Participant _self;
    private readonly BuyerKey _key;
    private readonly PurchaseStore _purchases;
    private readonly IBlockCipher _cipher;
    private readonly OrderWindows _least;

    /// <summary>Opens the buyer's directory.</summary>
    public Buyer(ParticipantOptions options, IBlockCipher? cipher = null, OrderWindows? least = null)
    {
        _least = least ?? new OrderWindows();
        _self = new Participant(options, PeerRole.Client);
        _key = OpenKey(options);
        _purchases = new PurchaseStore(_self.PathOf("purchases"), options.Key);
        _cipher = cipher ?? AesGcmBlockCipher.Instance;
    }

    /// <summary>The buyer's identity and account.</summary>
    public Address Address => _self.Address;

    /// <summary>The storage network as the buyer sees it.</summary>
    public StorageClient Storage => _self.Storage;

    /// <summary>Begins to connect.</summary>
    public void Start() => _self.Network.Start();

    /// <summary>The buyer's key for re-encryption, for the demonstration that it opens with enough proxies; the caller
    /// disposes it.</summary>
    public BuyerKey RevealKey()
    {
        Span<byte> secret = stackalloc byte[32];
        _key.CopyTo(secret);
        bool valid = BuyerKey.TryFromBytes(secret, out BuyerKey? copy);
        CryptographicOperations.ZeroMemory(secret);
        Invariant.Check(valid, "a buyer's key is a scalar");
        return copy!;
    }

    /// <summary>Closes connections and wipes secrets.</summary>
    public async ValueTask DisposeAsync()
    {
        await _self.DisposeAsync().ConfigureAwait(false);
        _key.Dispose();
        _purchases.Dispose();
    }

    /// <summary>Reads listing and terms, checks them against each other and the chain, and pays into escrow.</summary>
    public async Task<Purchase> OrderAsync(ulong listingId, CancellationToken cancel = default)
    {
        StepClock steps = _self.Steps();
        MarketListing listing = await _self.Market.GetListingAsync(listingId, default, cancel).ConfigureAwait(false)
            ?? throw new PdashException(PdashFault.Chain, $"There is no listing {listingId} on the chain.");
        if (_least.WhyTooShort(listing.Terms) is { } why)
            throw new PdashException(PdashFault.Verification, $"Listing {listingId} {why}. Do not order.");
        KeyRecord terms = await FetchTermsAsync(listing, cancel).ConfigureAwait(false);
        steps.End(PlatformLayer.Application, "read listing",
            $"terms {listing.Terms.TermsHash} are what the chain commits to, signed by the stream's owner");
        (ulong orderId, _) = await _self.Market.OrderAsync(_self.Sender, listing, _key.PublicKey.ToArray(), cancel)
            .ConfigureAwait(false);
        MarketOrder order = (await _self.Market.GetOrderAsync(orderId, default, cancel).ConfigureAwait(false))!;
        steps.End(PlatformLayer.Contract, "order", $"order {orderId}: {Units.FormatCpc(order.Escrow)} in escrow");
        return new Purchase(order, listing, terms);
    }

    /// <summary>Waits for the grant and verifies that any threshold of proxies must produce the right key.</summary>
    public async Task<(Purchase Purchase, VerifiedGrant Grant)> AwaitGrantAsync(Purchase purchase,
        CancellationToken cancel = default)
    {
        StepClock steps = _self.Steps();
        MarketOrder order = await WaitGrantedAsync(purchase.Order.Id, cancel).ConfigureAwait(false);
        Purchase granted = purchase with { Order = order };
        byte[] bytes = await _self.Storage.GetAsync(order.GrantHash, cancel).ConfigureAwait(false)
            ?? throw new PdashException(PdashFault.Storage,
                $"No storage node has the grant {order.GrantHash}. Cancel the order.");
        if (!Grant.TryDecode(bytes, out Grant? grant, out Pre.Format.DecodeFault fault))
            throw new PdashException(PdashFault.Verification, $"The grant cannot be read: {fault}. Cancel the order.");
        GrantFault verdict = VerifiedGrant.Verify(grant, _key, Expectation(granted), out VerifiedGrant? verified);
        if (verdict != GrantFault.None)
            throw new PdashException(PdashFault.Verification, $"The grant is not what was agreed: {verdict}. Cancel the order.");
        steps.End(PlatformLayer.Data, "verify grant",
            $"any {grant.Threshold} of {grant.Shares.Length} proxies must give the key of intervals {grant.Terms.IntervalFirst} to {grant.Terms.IntervalLast}, and no other");
        return (granted, verified!);
    }

    /// <summary>Collects and verifies fragments from the proxies until the threshold is met, unwraps the keys and keeps them sealed.</summary>
    public async Task<(KeyBundle Keys, IReadOnlyList<Address> Proxies)> CollectKeysAsync(Purchase purchase,
        VerifiedGrant grant, CancellationToken cancel = default)
    {
        StepClock steps = _self.Steps();
        if (!Capsule.TryDecode(purchase.Terms.Envelope.Capsule, out Capsule? capsule, out _))
            throw new PdashException(PdashFault.Verification, "The terms hold no readable capsule. Cancel the order.");
        byte[] request = new ReEncryptRequest(purchase.Order.Id, purchase.Terms.Envelope.Capsule).Encode();
        List<VerifiedFragment> verified = [];
        List<string> refusals = [];
        List<Task<(Address Proxy, VerifiedFragment? Fragment, string Why)>> asked =
            [.. purchase.Listing.Proxies.Select(p => AskProxyAsync(p, request, capsule, grant, purchase.Order.Id, cancel))];
        while (asked.Count > 0 && verified.Count < grant.Grant.Threshold)
        {
            Task<(Address Proxy, VerifiedFragment? Fragment, string Why)> done = await Task.WhenAny(asked).ConfigureAwait(false);
            asked.Remove(done);
            (Address proxy, VerifiedFragment? fragment, string why) = await done.ConfigureAwait(false);
            if (fragment is not null) verified.Add(fragment);
            else refusals.Add($"{proxy}: {why}");
        }
        // The others finish too: their receipts are paid for.
        foreach ((_, VerifiedFragment? late, _) in await Task.WhenAll(asked).ConfigureAwait(false))
            if (late is not null) verified.Add(late);
        using KemKey? kem = Opening.Combine(verified);
        KeyBundle? keys = kem is null ? null : KeyLabel.Unwrap(purchase.Terms.StreamId, purchase.Terms.Envelope, kem);
        if (keys is null)
            throw new PdashException(PdashFault.Proxies,
                $"{verified.Count} valid fragments do not open the keys ({string.Join("; ", refusals)}).");
        Address[] proxies = [.. verified.Take(grant.Grant.Threshold).Select(v => v.Proxy)];
        _purchases.Put(purchase.Order.Id, new KeptPurchase(keys, purchase.Terms, proxies));
        steps.End(PlatformLayer.Data, "combine fragments",
            $"{verified.Count} proofs of re-encryption verified, {proxies.Length} fragments opened the wrapped keys");
        return (keys, proxies);
    }

    /// <summary>Opens a purchase again from the own directory, after a restart too; the caller disposes it.</summary>
    /// <exception cref="PdashException">The keys of this order were never collected here, or the chain does not know it.</exception>
    /// <exception cref="InvalidDataException">The file is of another version, identity or order, or was changed.</exception>
    public async Task<Bought> ReopenAsync(ulong orderId, CancellationToken cancel = default)
    {
        MarketOrder order = await _self.Market.GetOrderAsync(orderId, default, cancel).ConfigureAwait(false)
            ?? throw new PdashException(PdashFault.Chain, $"There is no order {orderId} on the chain.");
        MarketListing listing = await _self.Market.GetListingAsync(order.ListingId, default, cancel).ConfigureAwait(false)
            ?? throw new PdashException(PdashFault.Chain, $"There is no listing {order.ListingId} on the chain.");
        KeptPurchase kept = _purchases.Get(orderId) ?? throw new PdashException(PdashFault.Input,
            $"{_purchases.PathOf(orderId)} does not exist: the keys of order {orderId} were not collected here. Collect them first.");
        return new Bought(new Purchase(order, listing, kept.Terms), kept.Keys, kept.Proxies);
    }

    /// <summary>Fetches the bought blocks, verifies anchor, manifest, roots, signatures and counts, and decrypts.</summary>
    public async Task<Received> FetchAsync(Purchase purchase, KeyBundle keys, IReadOnlyList<Address> proxies,
        CancellationToken cancel = default)
    {
        StepClock steps = _self.Steps();
        IReadOnlyList<Manifest> manifests = await VerifiedManifests.FetchAsync(_self, purchase, cancel).ConfigureAwait(false);
        steps.End(PlatformLayer.Control, "verify anchors",
            $"{manifests.Count} manifests are on the chain, signed by owner and device, in one chain of blocks");
        List<BlockContent> contents = [];
        int damaged = 0;
        HashSet<Address> unreachable = [];
        long rows = 0;
        foreach (Manifest manifest in manifests)
            foreach (ManifestBlock block in manifest.Blocks.Where(b => IsBought(b.Header, purchase)))
            {
                FetchedBlock fetched = await _self.Storage.GetBlockAsync(block, manifest.Profile, cancel).ConfigureAwait(false);
                if (!fetched.IsJoined)
                    throw new PdashException(PdashFault.Storage,
                        $"Block {block.Header.Seq}: only {fetched.GoodShards} of {manifest.Profile.DataShards} needed shards came back.");
                BlockContent content = Open(manifest, block.Header, fetched.Ciphertext, keys);
                contents.Add(content);
                rows += content.RowCount;
                damaged += fetched.DamagedShards.Count;
                unreachable.UnionWith(fetched.UnreachableNodes);
            }
        ulong expected = purchase.Listing.Terms.LastSeq - purchase.Listing.Terms.FirstSeq + 1;
        if ((ulong)contents.Count != expected)
            throw new PdashException(PdashFault.Verification, $"{contents.Count} blocks came, {expected} were listed.");
        steps.End(PlatformLayer.Data, "fetch and decrypt",
            $"{rows} rows in {contents.Count} blocks: both roots, key commitments and counts match");
        return new Received(DataOpening.Join(contents), rows, contents.Count, damaged, [.. unreachable.Order()], proxies);
    }

    /// <summary>Accepts: seller and proxies are owed their part.</summary>
    public async Task<ReceiptInfo> AcceptAsync(Purchase purchase, Received received, CancellationToken cancel = default)
    {
        StepClock steps = _self.Steps();
        // Salted by a secret of the buyer: on the chain it tells nothing of the data, yet he can prove later what he got.
        using SymmetricKey salt = SealedFile.Derive(_self.Options.Key, "cpchain/received/1");
        Hash256 digest = SegmentTree.SaltedRoot(received.File, salt.Bytes);
        Task<ReceiptInfo> accepting = _self.Market.AcceptAsync(_self.Sender, purchase.Order.Id, cancel);
        Task<ReceiptInfo> noting = _self.Registry.NoteAllAsync(_self.Sender,
            [.. Operations.Select(o => new OperationNote(DataRegistryContract.OperationId(o), GrantRules.OrderHash(purchase.Order.Id), digest))], cancel);
        ReceiptInfo receipt = await accepting.ConfigureAwait(false);
        steps.End(PlatformLayer.Contract, "accept", $"order {purchase.Order.Id} is settled");
        await noting.ConfigureAwait(false);
        steps.End(PlatformLayer.Control, "note", "fetch, verification and acceptance are on record");
        return receipt;
    }

    /// <summary>Steps back before delivery; the escrow comes back but for receipts on record.</summary>
    public Task<ReceiptInfo> CancelAsync(ulong orderId, string reason, CancellationToken cancel = default) =>
        _self.Market.CancelAsync(_self.Sender, orderId, DataRegistryContract.OperationId(reason), cancel);

    /// <summary>Takes what the market owes the buyer.</summary>
    public Task<ReceiptInfo> WithdrawAsync(CancellationToken cancel = default) => _self.Market.WithdrawAsync(_self.Sender, cancel);

    /// <summary>Writes a received file whole or not at all.</summary>
    public static void Save(Received received, string path) => PrivateFiles.Write(path, received.File);

    private static bool IsBought(BlockHeader header, Purchase purchase) =>
        header.Seq >= purchase.Listing.Terms.FirstSeq && header.Seq <= purchase.Listing.Terms.LastSeq;

    private BlockContent Open(Manifest manifest, BlockHeader header, byte[] ciphertext, KeyBundle keys)
    {
        ManifestFault fault = DataOpening.TryOpen(manifest, header, ciphertext, keys, _cipher, out BlockContent? content, out BlockFault inside);
        return fault == ManifestFault.None && inside == BlockFault.None ? content!
            : throw new PdashException(PdashFault.Content,
                $"Block {header.Seq} is not what its owner signed: {(fault != ManifestFault.None ? fault : inside)}.");
    }

    private async Task<KeyRecord> FetchTermsAsync(MarketListing listing, CancellationToken cancel)
    {
        byte[] bytes = await _self.Storage.GetAsync(listing.Terms.TermsHash, cancel).ConfigureAwait(false)
            ?? throw new PdashException(PdashFault.Storage, $"No storage node has the terms {listing.Terms.TermsHash}.");
        if (KeyRecord.TryDecode(bytes, _self.NowMs, out KeyRecord? terms) != ManifestFault.None)
            throw new PdashException(PdashFault.Verification, "The listing's terms cannot be read or are past their time.");
        KeyEnvelope e = terms!.Envelope;
        MarketTerms t = listing.Terms;
        bool agree = terms.StreamId == t.StreamId && terms.Owner.Address == listing.Seller && e.FirstInterval == t.FirstInterval
            && e.LastInterval == t.LastInterval && e.Label == KeyLabel.Of(t.StreamId, t.FirstInterval, t.LastInterval)
            && Seller.VerifierHash(terms) == t.VerifierHash && VerifiedManifests.IsBounded(terms, t);
        return agree ? terms : throw new PdashException(PdashFault.Verification, "The terms are not those of the listing. Do not order.");
    }

    private async Task<MarketOrder> WaitGrantedAsync(ulong orderId, CancellationToken cancel)
    {
        using PeriodicTimer poll = new(TimeSpan.FromMilliseconds(200), _self.Options.Time);
        while (true)
        {
            MarketOrder? order = await _self.Market.GetOrderAsync(orderId, default, cancel).ConfigureAwait(false);
            if (order is { State: OrderState.Granted or OrderState.Delivered }) return order;
            if (order is null || order.State != OrderState.Locked)
                throw new PdashException(PdashFault.Chain, $"Order {orderId} ended as {order?.State}.");
            await poll.WaitForNextTickAsync(cancel).ConfigureAwait(false);
        }
    }

    private static GrantExpectation Expectation(Purchase p)
    {
        bool valid = OwnerPublicKey.TryFromBytes(p.Terms.Envelope.LabelKey.ToCompressed(), out OwnerPublicKey owner);
        Invariant.Check(valid, "a decoded label key is a point of the curve");
        return new GrantExpectation(p.Listing.Seller, owner, GrantRules.TermsOf(p.Order, p.Listing, p.Terms), GrantRules.ProxiesOf(p.Listing));
    }

    private async Task<(Address Proxy, VerifiedFragment? Fragment, string Why)> AskProxyAsync(Address proxy, byte[] request, Capsule capsule,
        VerifiedGrant grant, ulong orderId, CancellationToken cancel)
    {
        try
        {
            (PeerAddress peer, _) = await ProxyDirectory.FindAsync(_self.Market, proxy, cancel).ConfigureAwait(false);
            Reply reply = await _self.Links.AskAsync(peer, PdashMessages.ReEncrypt, request, ProxyPatience, cancel)
                .ConfigureAwait(false);
            if (!reply.IsOk || ReEncryptReply.Decode(reply.Payload.Span) is not { } answer) return (proxy, null, reply.Status.ToString());
            if (answer.Receipt.Proxy != proxy || answer.Receipt.OrderId != orderId || !answer.Receipt.IsSigned) return (proxy, null, "bad receipt");
            if (!CapsuleFragment.TryDecode(answer.Fragment, out CapsuleFragment? fragment, out _)) return (proxy, null, "unreadable fragment");
            FragmentFault fault = VerifiedFragment.Verify(fragment, capsule, grant, proxy, out VerifiedFragment? verified);
            return (proxy, verified, fault.ToString());
        }
        catch (PdashException e)
        {
            return (proxy, null, e.Message);
        }
    }

    private static BuyerKey OpenKey(ParticipantOptions options)
    {
        const string purpose = "buyer key";
        string path = Path.Combine(options.Directory, "buyer-key.sealed");
        using SealedFile file = new(options.Key);
        byte[]? secret = file.Read(path, purpose);
        if (secret is not null)
        {
            bool valid = BuyerKey.TryFromBytes(secret, out BuyerKey? kept);
            CryptographicOperations.ZeroMemory(secret);
            return valid ? kept! : throw new InvalidDataException($"{path} holds no key. Restore it from a copy.");
        }
        BuyerKey made = BuyerKey.Generate(options.Entropy);
        secret = new byte[32];
        made.CopyTo(secret);
        file.Write(path, purpose, secret);
        CryptographicOperations.ZeroMemory(secret);
        return made;
    }
}
