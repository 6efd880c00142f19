using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Network.Tests;

public sealed class RobustnessTests
{
    private static readonly NetworkLimits Hasty = new()
    {
        HandshakeDeadline = TimeSpan.FromMilliseconds(300),
        FrameDeadline = TimeSpan.FromMilliseconds(300),
        WriteDeadline = TimeSpan.FromMilliseconds(300),
    };

    [Fact]
    public async Task W7_random_bytes_instead_of_tls_change_nothing_for_others()
    {
        await using TestNode node = new(o => o with { Limits = Hasty });
        for (int i = 0; i < 20; i++)
        {
            await using Stream stream = await node.OpenRawAsync();
            await WriteAnywayAsync(stream, RandomNumberGenerator.GetBytes(1 + (i * 97)));
        }
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(HandshakeFault.Unreachable, (await node.NextRefusalAsync()).Fault);
        }
        await AssertServesAsync(node);
    }

    [Fact]
    public async Task W7_one_address_that_opens_connections_and_is_silent_shuts_nobody_else_out()
    {
        NetworkLimits patient = new() { HandshakeDeadline = TimeSpan.FromHours(1), HandshakesMax = 8, HandshakesMaxPerAddress = 4 };
        await using TestNode node = new(o => o with { Limits = patient });
        List<Socket> silent = [];
        try
        {
            for (int i = 0; i < 20; i++)
            {
                Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                silent.Add(socket);
                socket.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
                await socket.ConnectAsync(IPAddress.Loopback, node.Port);
            }
            await AssertServesAsync(node);
        }
        finally
        {
            silent.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task W7_tls_cut_off_after_any_number_of_bytes_changes_nothing_for_others()
    {
        await using TestNode node = new(o => o with { Limits = Hasty });
        byte[] clientHello = await ClientHelloAsync();
        for (int length = 1; length < clientHello.Length; length += 37)
        {
            await using Stream stream = await node.OpenRawAsync();
            await WriteAnywayAsync(stream, clientHello[..length]);
        }
        await AssertServesAsync(node);
    }

    [Fact]
    public async Task W7_random_bytes_inside_tls_before_the_hello_are_refused()
    {
        await using TestNode node = new(o => o with { Limits = Hasty });
        using TlsIdentity tls = new(TimeProvider.System);
        for (int i = 0; i < 10; i++)
        {
            await using SslStream stream = new(await node.OpenRawAsync());
            await tls.AuthenticateAsync(stream, dialer: true, CancellationToken.None);
            await WriteAnywayAsync(stream, RandomNumberGenerator.GetBytes(300));
            Assert.Contains((await node.NextRefusalAsync()).Fault, (HandshakeFault[])[HandshakeFault.Malformed, HandshakeFault.Unreachable]);
        }
        await AssertServesAsync(node);
    }

    [Fact]
    public async Task W7_who_is_silent_in_the_handshake_is_dropped_at_the_deadline()
    {
        await using TestNode node = new(o => o with { Limits = Hasty });
        await using Stream silent = await node.OpenRawAsync();

        Assert.Equal(HandshakeFault.Unreachable, (await node.NextRefusalAsync()).Fault);
        Assert.Equal(0, await ReadAnywayAsync(silent));
    }

    [Fact]
    public async Task W4_a_length_over_the_cap_ends_the_connection_before_the_payload_comes()
    {
        foreach (uint length in (uint[])[TestNode.NoteBytesMax + 1, int.MaxValue, uint.MaxValue])
        {
            Assert.Equal(PeerFault.TooLong, await FaultOfAsync(Header(length, FrameKind.OneWay, TestNode.Note)));
        }
    }

    [Fact]
    public async Task W4_unknown_types_and_kinds_end_the_connection()
    {
        Assert.Equal(PeerFault.UnknownType, await FaultOfAsync(Header(0, FrameKind.OneWay, 999)));
        Assert.Equal(PeerFault.UnknownType, await FaultOfAsync(Header(0, FrameKind.Request, 0)));
        Assert.Equal(PeerFault.Malformed, await FaultOfAsync(Header(0, (FrameKind)77, TestNode.Note)));
        Assert.Equal(PeerFault.Malformed, await FaultOfAsync(Header(1, FrameKind.Ping, 0)));
        Assert.Equal(PeerFault.TooLong, await FaultOfAsync(Header(1, FrameKind.ReplyBusy, TestNode.Note)));
    }

    [Fact]
    public async Task W7_random_frames_after_authentication_never_harm_the_node()
    {
        await using TestNode node = new();
        for (int i = 0; i < 20; i++)
        {
            using PrivateKey key = TestNode.NewKey();
            await using SslStream stream = await node.OpenAuthenticatedAsync(key);
            byte[] noise = RandomNumberGenerator.GetBytes(2000);
            // A plausible beginning takes the noise past the header checks.
            Header(40, FrameKind.OneWay, TestNode.Note).CopyTo(noise, 0);
            await WriteAnywayAsync(stream, noise);
            Assert.NotEqual(PeerFault.None, (await node.NextGoneAsync()).ClosedBecause);
        }
        await AssertServesAsync(node);
    }

    [Fact]
    public async Task W7_a_frame_that_never_ends_is_dropped_at_its_deadline()
    {
        await using TestNode node = new(o => o with { Limits = Hasty });
        using PrivateKey key = TestNode.NewKey();
        await using SslStream stream = await node.OpenAuthenticatedAsync(key);
        await stream.WriteAsync(Header(100, FrameKind.OneWay, TestNode.Note));

        Assert.Equal(PeerFault.SlowFrame, (await node.NextGoneAsync()).ClosedBecause);
    }

    [Fact]
    public async Task W7_a_peer_that_does_not_read_is_dropped()
    {
        await using TestNode node = new(o => o with { Limits = Hasty });
        using PrivateKey key = TestNode.NewKey();
        await using SslStream stream = await node.OpenAuthenticatedAsync(key);
        Peer peer = await node.ConnectedAsync(key.Address);
        for (int i = 0; i < 4; i++)
        {
            peer.Send(TestNode.Large, new byte[8 << 20]);
        }

        Assert.Equal(PeerFault.SlowReader, (await node.NextGoneAsync()).ClosedBecause);
    }

    [Fact]
    public async Task W7_a_silent_peer_is_pinged_and_then_dropped_and_one_that_answers_stays()
    {
        await using TestNode node = new(o => o with { Limits = new NetworkLimits { IdlePing = TimeSpan.FromMilliseconds(500) } });
        await using TestNode answering = new();
        (Peer peer, _) = await answering.ConnectAsync(node);
        using PrivateKey key = TestNode.NewKey();
        await using SslStream mute = await node.OpenAuthenticatedAsync(key);

        Peer gone = await node.NextGoneAsync();

        Assert.Equal((key.Address, PeerFault.Idle), (gone.Identity, gone.ClosedBecause));
        Assert.True((await peer.RequestAsync(TestNode.Question, default, TestNode.Patience)).IsOk);
    }

    [Fact]
    public async Task W7_a_penalised_peer_is_dropped_and_refused_for_a_while()
    {
        await using TestNode node = new();
        await using TestNode liar = new();
        (_, Peer seen) = await liar.ConnectAsync(node);

        seen.Penalize(60, "a lie");
        Assert.Equal(PeerFault.None, seen.ClosedBecause);
        seen.Penalize(60, "a lie");

        Assert.Equal(PeerFault.Penalized, (await node.NextGoneAsync()).ClosedBecause);
        await liar.NextGoneAsync();
        Assert.Equal(HandshakeFault.NotAllowed, (await liar.Network.ConnectAsync(node.Address))!.Fault);
    }

    [Fact]
    public async Task W6_a_peer_over_its_byte_budget_is_read_more_slowly_and_loses_nothing()
    {
        await using TestNode node = new(o => o with { Limits = new NetworkLimits { BytesBurst = 10_000, BytesPerSecond = 100_000 } });
        await using TestNode sender = new();
        (Peer peer, _) = await sender.ConnectAsync(node);
        for (int i = 0; i < 30; i++)
        {
            Assert.True(peer.Send(TestNode.Note, new byte[2000]));
        }
        for (int i = 0; i < 30; i++)
        {
            await node.NextNoteAsync();
        }
    }

    private static byte[] Header(uint length, FrameKind kind, ushort type)
    {
        byte[] bytes = new byte[FrameHeader.Bytes];
        new FrameHeader(length, kind, type, 1).Write(bytes);
        return bytes;
    }

    private static async Task<PeerFault> FaultOfAsync(byte[] bytes)
    {
        await using TestNode node = new();
        using PrivateKey key = TestNode.NewKey();
        await using SslStream stream = await node.OpenAuthenticatedAsync(key);
        await stream.WriteAsync(bytes);
        return (await node.NextGoneAsync()).ClosedBecause;
    }

    private static async Task AssertServesAsync(TestNode node)
    {
        await using TestNode friend = new();
        (Peer peer, _) = await friend.ConnectAsync(node);
        Assert.True((await peer.RequestAsync(TestNode.Question, default, TestNode.Patience)).IsOk);
    }

    private static async Task WriteAnywayAsync(Stream stream, byte[] bytes)
    {
        try
        {
            await stream.WriteAsync(bytes);
        }
        catch (IOException)
        {
            // The node may have closed first.
        }
    }

    private static async Task<int> ReadAnywayAsync(Stream stream)
    {
        try
        {
            return await stream.ReadAsync(new byte[1]).AsTask().WaitAsync(TestNode.Patience);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>The first flight of a TLS client, as bytes.</summary>
    private static async Task<byte[]> ClientHelloAsync()
    {
        using TlsIdentity tls = new(TimeProvider.System);
        FirstWrite first = new();
        await using SslStream stream = new(first);
        await Assert.ThrowsAnyAsync<Exception>(() => tls.AuthenticateAsync(stream, dialer: true, CancellationToken.None));
        return first.ToArray();
    }

    private sealed class FirstWrite : MemoryStream
    {
        public override int Read(byte[] buffer, int offset, int count) => 0;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(0);
    }
}
