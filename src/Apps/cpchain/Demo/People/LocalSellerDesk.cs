using CPChain.App.Devnet;
using CPChain.Data.Blocks;
using CPChain.Network;
using CPChain.Pdash.Owner;
using CPChain.Types;

namespace CPChain.App.Demo.People;

/// <summary>The seller in this process.</summary>
internal sealed class LocalSellerDesk : ISellerDesk
{
    private readonly ParticipantFolder folder;
    private readonly Seller seller;

    public LocalSellerDesk(ParticipantFolder folder)
    {
        this.folder = folder;
        seller = new Seller(folder.Options);
        seller.Start();
    }

    public Address Address => seller.Address;

    public PeerAddress Peer => seller.Peer;

    public Task<Hash256> RegisterStreamAsync(string name, StreamProfile profile, Address gateway, CancellationToken cancel) =>
        seller.RegisterStreamAsync(name, profile, gateway, cancel);

    public async Task<PutUp> ListAsync(Offer offer, CancellationToken cancel)
    {
        Listed listed = await seller.ListAsync(offer, cancel);
        return new PutUp(listed.ListingId, Transacted.From(listed.Receipt));
    }

    public async Task<Transacted> GrantAsync(ulong orderId, CancellationToken cancel) =>
        Transacted.From((await seller.GrantAsync(orderId, cancel)).Receipt);

    public async Task<Transacted> WithdrawAsync(CancellationToken cancel) => Transacted.From(await seller.WithdrawAsync(cancel));

    public async ValueTask DisposeAsync()
    {
        await seller.DisposeAsync();
        folder.Dispose();
    }
}
