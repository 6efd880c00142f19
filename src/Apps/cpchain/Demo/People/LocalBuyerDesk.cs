using System.Collections.Concurrent;
using System.Security.Cryptography;
using CPChain.App.Devnet;
using CPChain.Data.Blocks;
using CPChain.Data.Keys;
using CPChain.Pdash.Buying;
using CPChain.Pre.Grants;
using CPChain.Types;

namespace CPChain.App.Demo.People;

/// <summary>A buyer in this process.</summary>
internal sealed class LocalBuyerDesk : IBuyerDesk
{
    private readonly ParticipantFolder folder;
    private readonly Buyer buyer;
    private readonly ConcurrentDictionary<ulong, Purchase> ordered = new();

    public LocalBuyerDesk(ParticipantFolder folder, IBlockCipher? cipher)
    {
        this.folder = folder;
        buyer = new Buyer(folder.Options, cipher);
        buyer.Start();
    }

    public Address Address => buyer.Address;

    public async Task<ulong> OrderAsync(ulong listingId, CancellationToken cancel)
    {
        Purchase purchase = await buyer.OrderAsync(listingId, cancel);
        ordered[purchase.Order.Id] = purchase;
        return purchase.Order.Id;
    }

    public async Task<Delivery> ReceiveAsync(ulong orderId, string? saveAs, CancellationToken cancel)
    {
        if (!ordered.TryGetValue(orderId, out Purchase? placed))
        {
            throw new CommandFault($"order {orderId} was not placed here.", "order first.");
        }

        (Purchase purchase, VerifiedGrant grant) = await buyer.AwaitGrantAsync(placed, cancel);
        using (grant)
        {
            (KeyBundle keys, IReadOnlyList<Address> proxies) = await buyer.CollectKeysAsync(purchase, grant, cancel);
            using (keys)
            {
                Received received = await buyer.FetchAsync(purchase, keys, proxies, cancel);
                if (saveAs is not null) Buyer.Save(received, saveAs);
                Transacted accepted = Transacted.From(await buyer.AcceptAsync(purchase, received, cancel));
                return new Delivery(purchase.Listing.Id, purchase.Terms.Encode(), Describe(received), accepted);
            }
        }
    }

    public async Task<Fetched> RefetchAsync(ulong orderId, CancellationToken cancel)
    {
        using Bought bought = await buyer.ReopenAsync(orderId, cancel);
        return Describe(await buyer.FetchAsync(bought.Purchase, bought.Keys, bought.Proxies, cancel));
    }

    public async Task<TakenBuyer> TakeAsync(ulong orderId, CancellationToken cancel) =>
        new(buyer, await buyer.ReopenAsync(orderId, cancel), folder: null);

    public async ValueTask DisposeAsync()
    {
        await buyer.DisposeAsync();
        folder.Dispose();
    }

    private static Fetched Describe(Received received) => new(
        Hash256.FromBytes(SHA256.HashData(received.File)), received.RowsVerified, received.Blocks, received.DamagedShards,
        received.UnreachableNodes);
}
