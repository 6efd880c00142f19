using System.Net;
using System.Text;
using CPChain.Crypto;
using CPChain.Data.Blocks;
using CPChain.Data.Csv;
using CPChain.Network;
using CPChain.Pdash.Buying;
using CPChain.Pdash.Owner;
using CPChain.Pdash.Progress;
using CPChain.Pdash.Proxies;
using CPChain.Pdash.Storage;
using CPChain.Rpc.Tests.Chain;
using CPChain.Sdk.Contracts;
using CPChain.Types;

namespace CPChain.Pdash.Tests;

/// <summary>All participants on loopback over a chain without consensus; each has its own identity, directory and
/// sockets.</summary>
internal sealed class Platform : IAsyncDisposable
{
    public static readonly StreamProfile Profile = new(60_000, 2, 4, 4, 6);
    public static readonly UInt256 Price = Units.Cpc * 5UL;
    public static readonly UInt256 Fee = Units.Cpc / 10UL;
    private readonly string _root = Directory.CreateTempSubdirectory("cpchain-pdash-").FullName;
    private readonly List<StepReport> _steps = [];
    private readonly List<IAsyncDisposable> _open = [];

    private Platform(RpcFixture rpc) => Rpc = rpc;

    public RpcFixture Rpc { get; }

    public List<StorageNode> Nodes { get; } = [];

    public List<ProxyNode> Proxies { get; } = [];

    public Seller Seller { get; private set; } = null!;

    public Gateway Gateway { get; private set; } = null!;

    public Buyer Buyer { get; private set; } = null!;

    public IReadOnlyList<StepReport> Steps
    {
        get
        {
            lock (_steps) return [.. _steps];
        }
    }

    public IReadOnlyList<PeerAddress> StorageNodes { get; private set; } = [];

    public static byte[] Readings { get; } = Encoding.ASCII.GetBytes("second, speed, rpm, note,\r\n" + string.Concat(
        Enumerable.Range(0, 590).Select(i => $"{i}, {i * 7 % 120}.500000, {800 + i * 37 % 3000}.250000, gear{i % 5},\r\n")) + "590, 12.5");

    public static async Task<Platform> StartAsync(IBlockCipher? cipher = null)
    {
        Platform p = new(await RpcFixture.StartAsync());
        for (int i = 0; i < 6; i++) p.Nodes.Add(p.Keep(new StorageNode(p.Options($"storage{i}", InstantChain.Key(101 + i), null, listens: true))));
        p.Nodes.ForEach(n => n.Start());
        p.StorageNodes = [.. p.Nodes.Select(n => n.Peer)];
        for (int i = 0; i < 3; i++) p.Proxies.Add(p.Keep(new ProxyNode(p.Options($"proxy{i}", InstantChain.Rich[i], p.Rpc.Server.Url, listens: true))));
        p.Seller = p.Keep(new Seller(p.Options("seller", InstantChain.Rich[3], p.Rpc.Server.Url, listens: true)));
        p.Seller.Start();
        p.Gateway = p.Keep(new Gateway(p.Options("gateway", InstantChain.Key(110), null), new GatewayOptions(p.Seller.Peer, Profile, cipher)));
        p.Gateway.Start();
        p.Buyer = p.NewBuyer("buyer", 4, cipher);
        foreach (ProxyNode proxy in p.Proxies)
        {
            proxy.Start();
            await proxy.RegisterAsync(MarketContract.MinStake);
        }
        return p;
    }

    public Buyer NewBuyer(string name, int rich, IBlockCipher? cipher = null)
    {
        Buyer buyer = Keep(new Buyer(Options(name, InstantChain.Rich[rich], Rpc.Server.Url), cipher));
        buyer.Start();
        return buyer;
    }

    public static CsvTable Table()
    {
        Assert.True(CsvTable.TryRead(Readings, out CsvTable? table, out CsvFault? fault), fault?.ToString());
        return table;
    }

    public async Task<CollectReport> CollectAsync()
    {
        Hash256 stream = await Seller.RegisterStreamAsync("car 1", Profile, Gateway.Address);
        return await Gateway.CollectAsync(stream, Table());
    }

    public Task<Listed> ListAsync(Hash256 stream, ulong first, ulong last) =>
        Seller.ListAsync(new Offer(stream, first, last, Price, Fee, [.. Proxies.Select(p => p.Address)], 2));

    public async Task<Deal> SellAsync(Buyer buyer, ulong listingId)
    {
        Purchase purchase = await buyer.OrderAsync(listingId);
        Granted granted = await Seller.GrantAsync(purchase.Order.Id);
        (purchase, Pre.Grants.VerifiedGrant grant) = await buyer.AwaitGrantAsync(purchase);
        (Data.Keys.KeyBundle keys, IReadOnlyList<Address> proxies) = await buyer.CollectKeysAsync(purchase, grant);
        return new Deal(purchase, granted, keys, await buyer.FetchAsync(purchase, keys, proxies));
    }

    public StorageNode NodeOf(Hash256 content) => Nodes.Single(n => n.Content.Has(content));

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable part in _open.AsEnumerable().Reverse()) await part.DisposeAsync();
        await Rpc.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    public ParticipantOptions Options(string name, PrivateKey key, Uri? rpc, bool listens = false) => new()
    {
        Directory = Path.Combine(_root, name),
        Key = key,
        ChainId = InstantChain.ChainId,
        Genesis = Rpc.Chain.Ledger.GenesisHash,
        Rpc = rpc,
        Listen = listens ? new IPEndPoint(IPAddress.Loopback, 0) : null,
        StorageNodes = StorageNodes,
        Progress = step =>
        {
            lock (_steps) _steps.Add(step);
        },
    };

    private T Keep<T>(T part) where T : IAsyncDisposable
    {
        _open.Add(part);
        return part;
    }
}

/// <summary>One finished sale.</summary>
internal sealed record Deal(Purchase Purchase, Granted Granted, Data.Keys.KeyBundle Keys, Received Received);

/// <summary>Hands plaintext on, so that the leak test can be seen to fail.</summary>
internal sealed class IdentityCipher : IBlockCipher
{
    public int TagBytes => 0;

    public void Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> bound,
        ReadOnlySpan<byte> chunk, Span<byte> output) =>
        chunk.CopyTo(output);

    public bool TryOpen(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> bound,
        ReadOnlySpan<byte> input, Span<byte> chunk)
    {
        input.CopyTo(chunk);
        return true;
    }
}
