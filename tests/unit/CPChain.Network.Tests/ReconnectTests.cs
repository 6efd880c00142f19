using System.Net;
using CPChain.Crypto;

namespace CPChain.Network.Tests;

public sealed class ReconnectTests
{
    [Fact]
    public async Task W3_a_configured_peer_is_dialed_until_it_is_there_and_again_when_it_comes_back()
    {
        using PrivateKey key = TestNode.NewKey();
        byte[] secret = new byte[32];
        key.CopyTo(secret);
        int port;
        await using (TestNode probe = new())
        {
            port = probe.Port;
        }
        await using TestNode dialer = new(
            o => o with { Peers = [new PeerAddress(key.Address, $"127.0.0.1:{port}")] }, listens: false);

        for (int life = 0; life < 3; life++)
        {
            Assert.True(PrivateKey.TryFromBytes(secret, out PrivateKey? copy));
            TestNode node = new(o => o with { Listen = new IPEndPoint(IPAddress.Loopback, port) }, key: copy);
            Peer peer = await dialer.ConnectedAsync(key.Address);
            Assert.True((await peer.RequestAsync(TestNode.Question, default, TestNode.Patience)).IsOk);
            await node.DisposeAsync();
            await dialer.NextGoneAsync();
        }
    }

    [Fact]
    public async Task W3_two_nodes_that_dial_each_other_at_once_keep_one_and_the_same_connection()
    {
        for (int i = 0; i < 10; i++)
        {
            await using TestNode a = new();
            await using TestNode b = new();
            await Task.WhenAll(a.Network.ConnectAsync(b.Address), b.Network.ConnectAsync(a.Address)).WaitAsync(TestNode.Patience);

            bool answered = false;
            while (!answered)
            {
                // The one that loses may still be closing: a fresh look finds the other.
                Peer atA = await a.ConnectedAsync(b.Identity);
                answered = (await atA.RequestAsync(TestNode.Question, default, TestNode.Patience)).IsOk;
            }
            Assert.Single(a.Network.Peers);
        }
    }

    [Fact]
    public async Task W3_a_removed_peer_is_not_dialed_again()
    {
        await using TestNode dialer = new(listens: false);
        await using TestNode node = new();
        dialer.Network.AddPeer(node.Address);
        Peer peer = await dialer.ConnectedAsync(node.Identity);

        dialer.Network.RemovePeer(node.Identity);
        peer.Close(PeerFault.Stopped);
        await dialer.NextGoneAsync();

        Assert.Empty(dialer.Network.Peers);
    }
}
