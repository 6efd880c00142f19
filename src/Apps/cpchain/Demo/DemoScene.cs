using System.Net;
using CPChain.App.Devnet;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Data.Csv;
using CPChain.Network;
using CPChain.Pdash;
using CPChain.Pdash.Buying;
using CPChain.Pdash.Owner;
using CPChain.Sdk;
using CPChain.Types;

namespace CPChain.App.Demo;

/// <summary>The network and the people of one run.</summary>
public sealed class DemoScene : IAsyncDisposable
{
    private readonly List<ParticipantFolder> folders = [];
    private readonly List<IAsyncDisposable> people = [];

    private DemoScene(LocalNetwork network, Hash256 genesisHash)
    {
        Network = network;
        GenesisHash = genesisHash;
        Client = network.Connect();
    }

    public LocalNetwork Network { get; }

    public Hash256 GenesisHash { get; }

    public ChainClient Client { get; }

    public Genesis Genesis => Network.Folder.Genesis;

    /// <summary>The input, once it is there.</summary>
    public CsvTable? Table { get; set; }

    public IReadOnlyList<PeerAddress> StorageNodes => [.. Network.Folder.Plan.Of(NodeRole.Storage)
        .Select(node => new PeerAddress(Address.Parse(node.Address), $"127.0.0.1:{node.Port}"))];

    public IReadOnlyList<Address> Proxies => [.. Network.Folder.Plan.Of(NodeRole.Proxy).Select(node => Address.Parse(node.Address))];

    /// <summary>What the gateway did, once it did.</summary>
    public CollectReport? Collected { get; set; }

    /// <summary>The sale of the whole stream, once it is done.</summary>
    public DemoSale? Sale { get; set; }

    /// <summary>The sale of its first interval alone.</summary>
    public DemoSale? SmallSale { get; set; }

    public static DemoScene Around(LocalNetwork network) => new(network, DevnetGenesis.HashOf(network.Folder.Genesis));

    /// <summary>The folder of somebody who takes part, with a fresh identity in it.</summary>
    public ParticipantOptions Enter(string name, DemoLog log, NodeHooks hooks, bool listens = false)
    {
        string folder = Path.Combine(Network.Folder.Root, "people", name);
        PrivateKey key = Identities.OpenOrCreate(folder, Network.Folder.PassphrasePath);
        ParticipantFolder opened = ParticipantFolder.Open(
            folder, key, Genesis.ChainId, GenesisHash, Network.RpcUrl, listens ? new IPEndPoint(IPAddress.Loopback, 0) : null, hooks);
        folders.Add(opened);
        return opened.Options with { StorageNodes = StorageNodes, Progress = step => log.Step(name, step) };
    }

    public T Add<T>(T person)
        where T : IAsyncDisposable
    {
        people.Add(person);
        return person;
    }

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
        foreach (IAsyncDisposable person in people) await person.DisposeAsync();
        Sale?.Dispose();
        SmallSale?.Dispose();
        Client.Dispose();
        await Network.DisposeAsync();
        foreach (ParticipantFolder folder in folders) folder.Dispose();
    }
}
