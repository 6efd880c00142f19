using CPChain.App.Demo.People;
using CPChain.App.Devnet;
using CPChain.Chain;
using CPChain.Data.Csv;
using CPChain.Pdash.Owner;
using CPChain.Sdk;
using CPChain.Types;

namespace CPChain.App.Demo;

/// <summary>The network and the people of one run.</summary>
public sealed class DemoScene : IAsyncDisposable
{
    private DemoScene(LocalNetwork network, DemoPeople people)
    {
        Network = network;
        People = people;
        Client = network.Connect();
    }

    public LocalNetwork Network { get; }

    public DemoPeople People { get; }

    public ChainClient Client { get; }

    public Genesis Genesis => Network.Folder.Genesis;

    /// <summary>The input, once it is there.</summary>
    public CsvTable? Table { get; set; }

    public IReadOnlyList<Address> StorageNodes => [.. Network.Folder.Plan.Of(NodeRole.Storage).Select(node => Address.Parse(node.Address))];

    public IReadOnlyList<Address> Proxies => [.. Network.Folder.Plan.Of(NodeRole.Proxy).Select(node => Address.Parse(node.Address))];

    /// <summary>What the gateway did, once it did.</summary>
    public CollectReport? Collected { get; set; }

    /// <summary>The sale of the whole stream, once it is done.</summary>
    public DemoSale? Sale { get; set; }

    /// <summary>The sale of its first interval alone.</summary>
    public DemoSale? SmallSale { get; set; }

    public static DemoScene Around(LocalNetwork network, DemoPeople people) => new(network, people);

    /// <summary>Waits until the front node's head has reached a number.</summary>
    public async Task<ulong> WaitForBlockAsync(ulong number, CancellationToken cancel)
    {
        await foreach (ulong head in new HeadWatch(Client, TimeSpan.FromMilliseconds(Genesis.Times.PeriodMs / 4)).NumbersAsync(cancel))
        {
            if (head >= number) return head;
        }

        throw new OperationCanceledException(cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await People.DisposeAsync();
        Client.Dispose();
        await Network.DisposeAsync();
    }
}
