using System.Buffers.Binary;
using System.IO;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Network;

/// <summary>A connection whose other end has proved who it is.</summary>
internal sealed record Authenticated(SslStream Stream, Hello Remote);

/// <summary>
/// Mutual authentication (rules W1 to W3): TLS 1.3, then Hello, Proof and Accept in each direction. Both ends behave alike.
/// Every failure is a <see cref="Refusal"/>, told to the peer where it can be.
/// </summary>
internal sealed class Handshake(TlsIdentity tls, PrivateKey key, Hello template, Func<Hello, HandshakeFault> admit)
{
    private const int FrameBytesMax = 256;

    private enum Kind : byte
    {
        Hello = 1,
        Proof = 2,
        Accept = 3,
        Refusal = 4,
    }

    private static ReadOnlySpan<byte> Domain => "CPC-WIRE/1 identity proof"u8;

    /// <summary>Takes over the stream: it ends up in the result or disposed. The token carries the deadline.</summary>
    internal async Task<(Authenticated? Peer, Refusal? Refusal)> RunAsync(
        Stream transport, bool dialer, Address? expected, CancellationToken deadline)
    {
        SslStream stream = new(transport, leaveInnerStreamOpen: false);
        Refusal? refusal = null;
        try
        {
            await tls.AuthenticateAsync(stream, dialer, deadline).ConfigureAwait(false);
            (Hello? remote, refusal) = await ExchangeAsync(stream, expected, deadline).ConfigureAwait(false);
            if (remote is not null && refusal is null)
            {
                return (new Authenticated(stream, remote), null);
            }
        }
        catch (Exception failure) when (failure is IOException or AuthenticationException or OperationCanceledException
            or CryptographicException or InvalidOperationException or ObjectDisposedException)
        {
            // TLS reports bytes that are not TLS, a reset and a passed deadline by exception; to the caller they are one thing.
        }
        await stream.DisposeAsync().ConfigureAwait(false);
        return (null, refusal ?? Refusal.Of(HandshakeFault.Unreachable, byPeer: false));
    }

    internal static Hash256 ProofDigest(
        in Hash256 genesis, PeerRole role, in Hash256 ownKeyHash, in Hash256 peerKeyHash, byte[] ownHello, byte[] peerHello)
    {
        Span<byte> message = stackalloc byte[25 + 32 + 1 + (4 * 32)];
        Domain.CopyTo(message);
        genesis.CopyTo(message.Slice(25, 32));
        message[57] = (byte)role;
        ownKeyHash.CopyTo(message.Slice(58, 32));
        peerKeyHash.CopyTo(message.Slice(90, 32));
        Keccak256.Hash(ownHello).CopyTo(message.Slice(122, 32));
        Keccak256.Hash(peerHello).CopyTo(message.Slice(154, 32));
        return Keccak256.Hash(message);
    }

    private async Task<(Hello? Remote, Refusal? Refusal)> ExchangeAsync(SslStream stream, Address? expected, CancellationToken deadline)
    {
        Hash256 peerKeyHash = KeyHashOf(stream);
        byte[] nonce = RandomNumberGenerator.GetBytes(32);
        byte[] ownHello = (template with { Nonce = Hash256.FromBytes(nonce) }).Encode();
        await SendAsync(stream, Kind.Hello, ownHello, deadline).ConfigureAwait(false);

        (Kind kind, byte[] peerHello) = await ReceiveAsync(stream, deadline).ConfigureAwait(false);
        if (kind == Kind.Refusal)
        {
            return (null, ReadRefusal(peerHello));
        }
        Refusal? refusal = Judge(kind, peerHello, expected, out Hello? remote);
        if (refusal is not null)
        {
            return (null, await RefuseAsync(stream, refusal, deadline).ConfigureAwait(false));
        }

        Hash256 digest = ProofDigest(template.Genesis, template.Role, tls.KeyHash, peerKeyHash, ownHello, peerHello);
        await SendAsync(stream, Kind.Proof, key.Sign(digest).ToArray(), deadline).ConfigureAwait(false);
        (kind, byte[] proof) = await ReceiveAsync(stream, deadline).ConfigureAwait(false);
        if (kind == Kind.Refusal)
        {
            return (null, ReadRefusal(proof));
        }
        Hash256 peerDigest = ProofDigest(template.Genesis, remote!.Role, peerKeyHash, tls.KeyHash, peerHello, ownHello);
        bool proved = kind == Kind.Proof
            && Signature.TryFromBytes(proof, out Signature signature)
            && Secp256k1.TryRecoverAddress(peerDigest, signature, out Address signer)
            && signer == remote.Identity;
        HandshakeFault fault = proved ? admit(remote) : HandshakeFault.BadProof;
        if (fault != HandshakeFault.None)
        {
            return (null, await RefuseAsync(stream, Refusal.Of(fault, byPeer: false), deadline).ConfigureAwait(false));
        }

        await SendAsync(stream, Kind.Accept, [], deadline).ConfigureAwait(false);
        (kind, byte[] last) = await ReceiveAsync(stream, deadline).ConfigureAwait(false);
        return kind switch
        {
            Kind.Accept => (remote, null),
            Kind.Refusal => (null, ReadRefusal(last)),
            _ => (null, Refusal.Of(HandshakeFault.Malformed, byPeer: false)),
        };
    }

    private Refusal? Judge(Kind kind, byte[] bytes, Address? expected, out Hello? remote)
    {
        remote = null;
        if (kind != Kind.Hello || !Hello.TryReadVersion(bytes, out byte version))
        {
            return Refusal.Of(HandshakeFault.Malformed, byPeer: false);
        }
        if (version != Hello.WireVersion)
        {
            return Refusal.WrongVersion(version, byPeer: false);
        }
        if (!Hello.TryDecode(bytes, out remote))
        {
            return Refusal.Of(HandshakeFault.Malformed, byPeer: false);
        }
        HandshakeFault fault =
            remote!.ChainId != template.ChainId ? HandshakeFault.WrongChain
            : remote.Genesis != template.Genesis ? HandshakeFault.WrongGenesis
            : remote.Identity == template.Identity ? HandshakeFault.SelfConnection
            : expected is { } wanted && remote.Identity != wanted ? HandshakeFault.WrongIdentity
            : HandshakeFault.None;
        return fault == HandshakeFault.None ? null : Refusal.Of(fault, byPeer: false);
    }

    /// <summary>Tells the peer why, then reads on until it closes, or else a reset could overtake the refusal.</summary>
    private static async Task<Refusal> RefuseAsync(SslStream stream, Refusal refusal, CancellationToken deadline)
    {
        try
        {
            await SendAsync(stream, Kind.Refusal, [(byte)refusal.Fault, Hello.WireVersion], deadline).ConfigureAwait(false);
            await stream.ShutdownAsync().ConfigureAwait(false);
            byte[] rest = new byte[FrameBytesMax];
            for (int reads = 0; reads < 16 && await stream.ReadAsync(rest, deadline).ConfigureAwait(false) > 0; reads++)
            {
            }
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The peer has gone first; the refusal stands.
        }
        return refusal;
    }

    private static Refusal ReadRefusal(byte[] body) =>
        body.Length < 2 ? Refusal.Of(HandshakeFault.Malformed, byPeer: false)
        : body[0] == (byte)HandshakeFault.WrongVersion ? Refusal.WrongVersion(body[1], byPeer: true)
        : Refusal.Of((HandshakeFault)body[0], byPeer: true);

    private static async Task SendAsync(SslStream stream, Kind kind, byte[] body, CancellationToken deadline)
    {
        byte[] frame = new byte[3 + body.Length];
        frame[0] = (byte)kind;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(1), checked((ushort)body.Length));
        body.CopyTo(frame, 3);
        await stream.WriteAsync(frame, deadline).ConfigureAwait(false);
    }

    private static async Task<(Kind Kind, byte[] Body)> ReceiveAsync(SslStream stream, CancellationToken deadline)
    {
        byte[] header = new byte[3];
        await stream.ReadExactlyAsync(header, deadline).ConfigureAwait(false);
        int length = BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(1));
        if (length > FrameBytesMax)
        {
            return (default, []);
        }
        byte[] body = new byte[length];
        await stream.ReadExactlyAsync(body, deadline).ConfigureAwait(false);
        return ((Kind)header[0], body);
    }

    private static Hash256 KeyHashOf(SslStream stream)
    {
        if (stream.RemoteCertificate is X509Certificate2 known)
        {
            return TlsIdentity.HashOfKey(known);
        }
        throw new AuthenticationException("The peer presented no certificate.");
    }
}
