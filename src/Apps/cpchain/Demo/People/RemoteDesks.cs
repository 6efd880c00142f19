using CPChain.App.Devnet;
using CPChain.Data.Blocks;
using CPChain.Network;
using CPChain.Pdash.Buying;
using CPChain.Pdash.Owner;
using CPChain.Types;

namespace CPChain.App.Demo.People;

/// <summary>Somebody in a process of its own.</summary>
internal abstract class RemoteDesk(PersonProcess process, PersonReady ready) : IDesk
{
    public Address Address => Ready.Address;

    protected PersonProcess Process { get; } = process;

    protected PersonReady Ready { get; } = ready;

    public static async Task<IDesk> StartAsync(PersonConfig config, string folder, DemoLog log, CancellationToken cancel)
    {
        (PersonProcess process, PersonReady ready) = await PersonProcess.StartAsync(
            config, folder, step => log.Step(config.Name, step), cancel);
        return config.Role switch
        {
            PersonRole.Seller => new RemoteSellerDesk(process, ready),
            PersonRole.Gateway => new RemoteGatewayDesk(process, ready),
            _ => new RemoteBuyerDesk(process, ready, config, folder),
        };
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    protected async Task<Transacted> TransactAsync(PersonAsk ask, CancellationToken cancel) =>
        (await Process.AskAsync<TransactedAnswer>(ask, cancel)).Transacted;
}

internal sealed class RemoteSellerDesk(PersonProcess process, PersonReady ready) : RemoteDesk(process, ready), ISellerDesk
{
    public PeerAddress Peer => new(Address, Ready.Endpoint
        ?? throw new CommandFault("the seller does not listen.", "start it with the same program.", CommandFault.EnvironmentExitCode));

    public async Task<Hash256> RegisterStreamAsync(string name, StreamProfile profile, Address gateway, CancellationToken cancel) =>
        (await Process.AskAsync<StreamAnswer>(new RegisterStreamAsk(name, profile, gateway), cancel)).StreamId;

    public async Task<PutUp> ListAsync(Offer offer, CancellationToken cancel) =>
        (await Process.AskAsync<PutUpAnswer>(new ListAsk(offer), cancel)).PutUp;

    public Task<Transacted> GrantAsync(ulong orderId, CancellationToken cancel) => TransactAsync(new GrantAsk(orderId), cancel);

    public Task<Transacted> WithdrawAsync(CancellationToken cancel) => TransactAsync(new WithdrawAsk(), cancel);
}

internal sealed class RemoteGatewayDesk(PersonProcess process, PersonReady ready) : RemoteDesk(process, ready), IGatewayDesk
{
    public async Task<string> SampleAsync(TimeSpan duration, TimeSpan period, CancellationToken cancel) => (await Process.AskAsync<SampledAnswer>(
        new SampleAsk((long)duration.TotalMilliseconds, (long)period.TotalMilliseconds), cancel)).Path;

    public async Task<CollectReport> CollectAsync(CollectJob job, CancellationToken cancel)
    {
        CollectedAnswer answer = await Process.AskAsync<CollectedAnswer>(new CollectAsk(job), cancel);
        return answer.TryReport(out CollectReport? report) ? report
            : throw new CommandFault("the gateway told of a manifest that cannot be read.", "start it with the same program.");
    }
}

internal sealed class RemoteBuyerDesk(PersonProcess process, PersonReady ready, PersonConfig config, string folder)
    : RemoteDesk(process, ready), IBuyerDesk
{
    public async Task<ulong> OrderAsync(ulong listingId, CancellationToken cancel) =>
        (await Process.AskAsync<OrderedAnswer>(new OrderAsk(listingId), cancel)).OrderId;

    public async Task<Delivery> ReceiveAsync(ulong orderId, string? saveAs, CancellationToken cancel) =>
        (await Process.AskAsync<DeliveredAnswer>(new ReceiveAsk(orderId, saveAs), cancel)).Delivery;

    public async Task<Fetched> RefetchAsync(ulong orderId, CancellationToken cancel) =>
        (await Process.AskAsync<FetchedAnswer>(new RefetchAsk(orderId), cancel)).Fetched;

    public async Task<TakenBuyer> TakeAsync(ulong orderId, CancellationToken cancel)
    {
        await Process.StopAsync();
        ParticipantFolder opened = config.Open(folder, NodeHooks.None, progress: null);
        Buyer? buyer = null;
        try
        {
            buyer = new Buyer(opened.Options);
            buyer.Start();
            return new TakenBuyer(buyer, await buyer.ReopenAsync(orderId, cancel), opened);
        }
        catch
        {
            if (buyer is not null) await buyer.DisposeAsync();
            opened.Dispose();
            throw;
        }
    }
}
