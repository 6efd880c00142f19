using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Network.Tests;

public sealed class AuthenticationTests
{
    [Fact]
    public async Task W1_both_ends_learn_identity_role_and_endpoint_of_the_other()
    {
        await using TestNode proposer = new(o => o with { Role = PeerRole.Proposer });
        await using TestNode storage = new(o => o with { Role = PeerRole.Storage });

        (Peer here, Peer there) = await proposer.ConnectAsync(storage);

        Assert.Equal((storage.Identity, PeerRole.Storage, true), (here.Identity, here.Role, here.Dialed));
        Assert.Equal((proposer.Identity, PeerRole.Proposer, false), (there.Identity, there.Role, there.Dialed));
        Assert.Equal(storage.Address.Endpoint, here.Endpoint);
    }

    [Fact]
    public async Task W3_another_genesis_is_refused_at_both_ends_with_the_reason()
    {
        await using TestNode ours = new();
        await using TestNode theirs = new(o => o with { Genesis = Keccak256.Hash("other"u8) });

        Refusal? refusal = await ours.Network.ConnectAsync(theirs.Address);

        Assert.Equal(HandshakeFault.WrongGenesis, refusal!.Fault);
        Assert.Contains("genesis", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(HandshakeFault.WrongGenesis, (await theirs.NextRefusalAsync()).Fault);
    }

    [Fact]
    public async Task W3_another_chain_id_is_refused()
    {
        await using TestNode ours = new();
        await using TestNode theirs = new(o => o with { ChainId = 8 });

        Assert.Equal(HandshakeFault.WrongChain, (await ours.Network.ConnectAsync(theirs.Address))!.Fault);
    }

    [Fact]
    public async Task W3_another_wire_version_is_refused_naming_both_versions_and_what_to_do()
    {
        await using TestNode node = new();
        await using SslStream stream = await OpenTlsAsync(node);
        byte[] hello = new Hello(PeerRole.Client, 7, TestNode.MainGenesis, default, 1, Hash256.Zero, "").Encode();
        hello[4] = 9;

        await stream.WriteAsync((byte[])[1, 0, (byte)hello.Length, .. hello]);

        Refusal refusal = await node.NextRefusalAsync();
        Assert.Equal(HandshakeFault.WrongVersion, refusal.Fault);
        Assert.Contains("version 9", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("version 1", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("upgrade this node", refusal.Message, StringComparison.Ordinal);
        Assert.Equal((byte[])[4, 0, 2, (byte)HandshakeFault.WrongVersion, 1], await ReadRefusalAsync(stream));
    }

    [Fact]
    public async Task W3_an_identity_that_is_not_on_the_allow_list_is_refused_at_both_ends()
    {
        using PrivateKey friend = TestNode.NewKey();
        Address allowed = friend.Address;
        await using TestNode node = new(o => o with { Accept = (identity, _) => identity == allowed });
        await using TestNode stranger = new();

        Refusal? refusal = await stranger.Network.ConnectAsync(node.Address);

        Assert.Equal((HandshakeFault.NotAllowed, true), (refusal!.Fault, refusal.ByPeer));
        Assert.Equal(HandshakeFault.NotAllowed, (await node.NextRefusalAsync()).Fault);
        Assert.Empty(node.Network.Peers);
        await using SslStream welcome = await node.OpenAuthenticatedAsync(friend);
    }

    [Fact]
    public async Task W3_another_identity_at_the_configured_endpoint_is_refused()
    {
        await using TestNode node = new();
        await using TestNode other = new();
        using PrivateKey expected = TestNode.NewKey();

        Refusal? refusal = await node.Network.ConnectAsync(new PeerAddress(expected.Address, other.Address.Endpoint));

        Assert.Equal(HandshakeFault.WrongIdentity, refusal!.Fault);
    }

    [Fact]
    public async Task W3_a_hello_in_the_name_of_another_is_refused()
    {
        await using TestNode node = new();
        using PrivateKey thief = TestNode.NewKey();
        using PrivateKey victim = TestNode.NewKey();
        using TlsIdentity tls = new(TimeProvider.System);
        Hello stolen = new(PeerRole.Validator, 7, TestNode.MainGenesis, victim.Address, 1, Hash256.Zero, "");

        (Authenticated? peer, Refusal? refusal) = await new Handshake(tls, thief, stolen, _ => HandshakeFault.None)
            .RunAsync(await node.OpenRawAsync(), dialer: true, node.Identity, CancellationToken.None);

        Assert.Null(peer);
        Assert.Equal((HandshakeFault.BadProof, true), (refusal!.Fault, refusal.ByPeer));
    }

    [Fact]
    public async Task W2_a_relay_with_its_own_certificates_is_refused_although_it_forwards_every_byte()
    {
        await using TestNode server = new();
        await using TestNode client = new(listens: false);
        using TcpListener relay = new(IPAddress.Loopback, 0);
        relay.Start();
        Task forwarding = RelayAsync(relay, server);

        Refusal? refusal = await client.Network.ConnectAsync(
            new PeerAddress(server.Identity, $"127.0.0.1:{((IPEndPoint)relay.LocalEndpoint).Port}"));

        Assert.Equal(HandshakeFault.BadProof, refusal!.Fault);
        Assert.Equal(HandshakeFault.BadProof, (await server.NextRefusalAsync()).Fault);
        Assert.Empty(server.Network.Peers);
        await forwarding.WaitAsync(TestNode.Patience);
    }

    [Fact]
    public async Task W3_a_node_does_not_connect_to_itself()
    {
        using PrivateKey key = TestNode.NewKey();
        byte[] secret = new byte[32];
        key.CopyTo(secret);
        Assert.True(PrivateKey.TryFromBytes(secret, out PrivateKey? copy));
        await using TestNode node = new(key: copy);
        using TlsIdentity tls = new(TimeProvider.System);
        Hello own = new(PeerRole.Validator, 7, TestNode.MainGenesis, node.Identity, 1, Hash256.Zero, "");

        (_, Refusal? refusal) = await new Handshake(tls, key, own, _ => HandshakeFault.None)
            .RunAsync(await node.OpenRawAsync(), dialer: true, expected: null, CancellationToken.None);

        Assert.Equal(HandshakeFault.SelfConnection, refusal!.Fault);
    }

    [Fact]
    public async Task W3_places_for_peers_are_bounded()
    {
        await using TestNode node = new(o => o with { Limits = new NetworkLimits { PeersMax = 1 } });
        await using TestNode first = new();
        await using TestNode second = new();
        await first.ConnectAsync(node);

        Assert.Equal(HandshakeFault.TooManyPeers, (await second.Network.ConnectAsync(node.Address))!.Fault);
    }

    [Fact]
    public async Task W3_who_holds_a_place_finds_one_and_another_makes_room()
    {
        await using TestNode seated = new();
        await using TestNode alsoSeated = new();
        await using TestNode node = new(o => o with
        {
            Limits = new NetworkLimits { PeersMax = 2 },
            HoldsPlace = (identity, _) => identity == seated.Identity || identity == alsoSeated.Identity,
        });
        await using TestNode first = new();
        await using TestNode second = new();
        await using TestNode third = new();
        await first.ConnectAsync(node);
        await second.ConnectAsync(node);
        Assert.Equal(HandshakeFault.TooManyPeers, (await third.Network.ConnectAsync(node.Address))!.Fault);

        Assert.Null(await seated.Network.ConnectAsync(node.Address));
        Assert.Equal(PeerFault.MadeRoom, (await node.NextGoneAsync()).ClosedBecause);
        Assert.Null(await alsoSeated.Network.ConnectAsync(node.Address));
        Assert.Equal(PeerFault.MadeRoom, (await node.NextGoneAsync()).ClosedBecause);

        Assert.Equal(
            new[] { seated.Identity, alsoSeated.Identity }.Order(), node.Network.Peers.Select(static peer => peer.Identity).Order());
        Assert.Equal(HandshakeFault.TooManyPeers, (await third.Network.ConnectAsync(node.Address))!.Fault);
    }

    [Fact]
    public void A_port_in_use_is_named_with_what_to_do()
    {
        using Socket taken = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        int port = ((IPEndPoint)taken.LocalEndPoint!).Port;

        ListenException failure = Assert.Throws<ListenException>(
            () => new TestNode(o => o with { Listen = new IPEndPoint(IPAddress.Loopback, port) }));

        Assert.Contains($"{port}: the port is in use", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<SslStream> OpenTlsAsync(TestNode node)
    {
        using TlsIdentity tls = new(TimeProvider.System);
        SslStream stream = new(await node.OpenRawAsync());
        await tls.AuthenticateAsync(stream, dialer: true, CancellationToken.None);
        return stream;
    }

    private static async Task<byte[]> ReadRefusalAsync(SslStream stream)
    {
        byte[] header = new byte[3];
        await stream.ReadExactlyAsync(header);
        byte[] hello = new byte[(header[1] << 8) | header[2]];
        await stream.ReadExactlyAsync(hello);
        byte[] refusal = new byte[5];
        await stream.ReadExactlyAsync(refusal);
        return refusal;
    }

    private static async Task RelayAsync(TcpListener relay, TestNode server)
    {
        using TlsIdentity tls = new(TimeProvider.System);
        await using SslStream towardsClient = new(new NetworkStream(await relay.AcceptSocketAsync(), ownsSocket: true));
        await tls.AuthenticateAsync(towardsClient, dialer: false, CancellationToken.None);
        await using SslStream towardsServer = new(await server.OpenRawAsync());
        await tls.AuthenticateAsync(towardsServer, dialer: true, CancellationToken.None);
        await Task.WhenAny(PumpAsync(towardsClient, towardsServer), PumpAsync(towardsServer, towardsClient));
    }

    private static async Task PumpAsync(SslStream from, SslStream to)
    {
        try
        {
            await from.CopyToAsync(to);
        }
        catch (IOException)
        {
            // An end that refuses closes.
        }
    }
}
