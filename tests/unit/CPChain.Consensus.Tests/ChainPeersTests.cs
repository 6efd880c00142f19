using CPChain.Consensus.Wire;
using CPChain.Crypto;
using CPChain.Network;

namespace CPChain.Consensus.Tests;

public sealed class ChainPeersTests
{
    [Theory]
    [InlineData(PeerRole.Validator)]
    [InlineData(PeerRole.Proposer)]
    [InlineData(PeerRole.Storage)]
    [InlineData(PeerRole.Proxy)]
    [InlineData(PeerRole.Client)]
    public async Task H4_a_stranger_is_no_member_and_data_nodes_have_no_business_here(PeerRole role)
    {
        await using TestCluster cluster = new();
        ChainNode node = cluster.Start(0);
        using PrivateKey stranger = PrivateKey.Generate(System.Security.Cryptography.RandomNumberGenerator.Fill);
        await using PeerNetwork network = NetworkOf(cluster, node, stranger, role);

        Refusal? refusal = await network.ConnectAsync(cluster.PeerOf(0));

        Assert.Equal(HandshakeFault.NotAllowed, refusal?.Fault);
    }

    [Fact]
    public async Task H4_observers_leave_room_and_members_always_come_in()
    {
        await using TestCluster cluster = new();
        ChainNode node = cluster.Start(0);
        List<PrivateKey> keys = [];
        List<PeerNetwork> observers = [];
        for (int i = 0; i < ChainPeers.ObserversMaxDefault; i++)
        {
            keys.Add(PrivateKey.Generate(System.Security.Cryptography.RandomNumberGenerator.Fill));
            observers.Add(NetworkOf(cluster, node, keys[i], PeerRole.Observer));
            Assert.Null(await observers[i].ConnectAsync(cluster.PeerOf(0)));
        }
        while (node.Network.Peers.Count < observers.Count)
        {
            await Task.Yield();
        }
        using PrivateKey late = PrivateKey.Generate(System.Security.Cryptography.RandomNumberGenerator.Fill);
        await using PeerNetwork tooMany = NetworkOf(cluster, node, late, PeerRole.Observer);
        await using PeerNetwork member = NetworkOf(cluster, node, cluster.Key(5), PeerRole.Proposer);

        Assert.Equal(HandshakeFault.NotAllowed, (await tooMany.ConnectAsync(cluster.PeerOf(0)))?.Fault);
        Assert.Null(await member.ConnectAsync(cluster.PeerOf(0)));

        await Task.WhenAll(observers.Select(network => network.DisposeAsync().AsTask()));
        keys.ForEach(key => key.Dispose());
    }

    private static PeerNetwork NetworkOf(TestCluster cluster, ChainNode node, PrivateKey key, PeerRole role)
    {
        PeerNetwork network = new(new NetworkOptions
        {
            Key = key,
            Role = role,
            ChainId = cluster.Genesis.ChainId,
            Genesis = node.Ledger.GenesisHash,
            Catalog = ChainMessages.Catalog(cluster.Genesis.Limits),
        });
        network.Start();
        return network;
    }
}
