using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading.Channels;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Network.Tests;

/// <summary>A network on a free loopback port that keeps what it receives and what it refuses.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    public const ushort Note = 1;
    public const ushort Question = 2;
    public const ushort Large = 3;
    public const int NoteBytesMax = 4096;

    public static readonly Hash256 MainGenesis = Keccak256.Hash("genesis"u8);
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static readonly MessageCatalog Catalog = new(
    [
        new MessageSpec(Note, "note", Lane.Consensus, NoteBytesMax),
        new MessageSpec(Question, "question", Lane.Gossip, 4096, ReplyBytesMax: 4096),
        new MessageSpec(Large, "large", Lane.Bulk, 8 << 20, ReplyBytesMax: 8 << 20),
    ]);

    private readonly Channel<(Peer Peer, byte[] Payload)> notes = Channel.CreateUnbounded<(Peer, byte[])>();
    private readonly Channel<Peer> gone = Channel.CreateUnbounded<Peer>();
    private readonly Channel<Refusal> refusals = Channel.CreateUnbounded<Refusal>();

    public TestNode(Func<NetworkOptions, NetworkOptions>? change = null, bool listens = true, PrivateKey? key = null)
    {
        Key = key ?? NewKey();
        NetworkOptions options = new()
        {
            Key = Key,
            Role = PeerRole.Validator,
            ChainId = 7,
            Genesis = MainGenesis,
            Catalog = Catalog,
            Listen = listens ? new IPEndPoint(IPAddress.Loopback, 0) : null,
        };
        Network = new PeerNetwork(change?.Invoke(options) ?? options);
        Network.OnMessage(Note, (peer, payload) => notes.Writer.WriteAsync(((Peer)peer, payload.ToArray())));
        Network.OnRequest(Question, (_, payload, _) => ValueTask.FromResult<byte[]?>([.. payload.ToArray(), (byte)'!']));
        Network.Disconnected += peer => gone.Writer.TryWrite(peer);
        Network.Refused += refusal => refusals.Writer.TryWrite(refusal);
        Network.Start();
    }

    public PrivateKey Key { get; }
    public PeerNetwork Network { get; }
    public Address Identity => Network.Identity;
    public int Port => Network.ListenEndPoint!.Port;
    public PeerAddress Address => new(Identity, $"127.0.0.1:{Port}");

    public static PrivateKey NewKey() => PrivateKey.Generate(RandomNumberGenerator.Fill);

    public async Task<(Peer Peer, byte[] Payload)> NextNoteAsync() => await notes.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public async Task<Peer> NextGoneAsync() => await gone.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public async Task<Refusal> NextRefusalAsync() => await refusals.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public async Task<Peer> ConnectedAsync(Address peer) => await Network.WaitForPeerAsync(peer).WaitAsync(Patience);

    /// <summary>Connects and returns this node's and the other node's view of the connection.</summary>
    public async Task<(Peer Here, Peer There)> ConnectAsync(TestNode other)
    {
        Refusal? refusal = await Network.ConnectAsync(other.Address);
        Assert.Null(refusal);
        return (await ConnectedAsync(other.Identity), await other.ConnectedAsync(Identity));
    }

    /// <summary>A TCP connection to this node that has said nothing yet.</summary>
    public async Task<Stream> OpenRawAsync()
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, Port);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>An authenticated TLS stream to this node on which the test writes whatever bytes it likes.</summary>
    public async Task<SslStream> OpenAuthenticatedAsync(PrivateKey key)
    {
        using TlsIdentity tls = new(TimeProvider.System);
        Hello hello = new(PeerRole.Client, 7, MainGenesis, key.Address, 1, Hash256.Zero, "");
        using CancellationTokenSource deadline = new(Patience);
        (Authenticated? peer, Refusal? refusal) = await new Handshake(tls, key, hello, _ => HandshakeFault.None)
            .RunAsync(await OpenRawAsync(), dialer: true, Identity, deadline.Token);
        Assert.Null(refusal);
        return peer!.Stream;
    }

    public async ValueTask DisposeAsync()
    {
        await Network.DisposeAsync();
        Key.Dispose();
    }
}
