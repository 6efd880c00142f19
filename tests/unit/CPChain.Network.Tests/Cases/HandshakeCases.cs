using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Network.Tests.Cases;

/// <summary>Case X13 of the original's test plan, whose handshake could be replayed (specs/lbft/cases.md).</summary>
public sealed class HandshakeCases
{
    private const byte HelloKind = 1;
    private const byte ProofKind = 2;
    private const byte AcceptKind = 3;
    private const byte RefusalKind = 4;

    // The thief has every byte of an accepted handshake, and even the TLS key; not the identity's.
    [Fact]
    public async Task Case_20_11_X13_a_replayed_handshake_is_refused()
    {
        await using TestNode node = new();
        using PrivateKey victim = TestNode.NewKey();
        using TlsIdentity tls = new(TimeProvider.System);
        byte[] hello = new Hello(
            PeerRole.Client, 7, TestNode.MainGenesis, victim.Address, 1, Keccak256.Hash("nonce"u8), "").Encode();

        byte[] proof;
        await using (SslStream genuine = await OpenAsync(node, tls))
        {
            await SendAsync(genuine, HelloKind, hello);
            (byte kind, byte[] theirs) = await ReadAsync(genuine);
            Assert.Equal(HelloKind, kind);
            Hash256 nodeKey = TlsIdentity.HashOfKey((X509Certificate2)genuine.RemoteCertificate!);
            proof = victim.Sign(Handshake.ProofDigest(
                TestNode.MainGenesis, PeerRole.Client, tls.KeyHash, nodeKey, hello, theirs)).ToArray();
            await SendAsync(genuine, ProofKind, proof);
            Assert.Equal(ProofKind, (await ReadAsync(genuine)).Kind);
            Assert.Equal(AcceptKind, (await ReadAsync(genuine)).Kind);
            await SendAsync(genuine, AcceptKind, []);
            Assert.Equal(victim.Address, (await node.Network.WaitForPeerAsync(victim.Address)).Identity);
        }

        await using SslStream replay = await OpenAsync(node, tls);
        await SendAsync(replay, HelloKind, hello);
        Assert.Equal(HelloKind, (await ReadAsync(replay)).Kind);
        await SendAsync(replay, ProofKind, proof);
        (byte answer, byte[] body) = await ReadAsync(replay);
        if (answer == ProofKind)
        {
            (answer, body) = await ReadAsync(replay);
        }
        Assert.Equal((RefusalKind, (byte)HandshakeFault.BadProof), (answer, body[0]));
        Assert.Equal(HandshakeFault.BadProof, (await node.NextRefusalAsync()).Fault);
    }

    private static async Task<SslStream> OpenAsync(TestNode node, TlsIdentity tls)
    {
        SslStream stream = new(await node.OpenRawAsync());
        await tls.AuthenticateAsync(stream, dialer: true, CancellationToken.None);
        return stream;
    }

    private static async Task SendAsync(SslStream stream, byte kind, byte[] body) =>
        await stream.WriteAsync((byte[])[kind, (byte)(body.Length >> 8), (byte)body.Length, .. body]);

    private static async Task<(byte Kind, byte[] Body)> ReadAsync(SslStream stream)
    {
        byte[] header = new byte[3];
        await stream.ReadExactlyAsync(header);
        byte[] body = new byte[(header[1] << 8) | header[2]];
        await stream.ReadExactlyAsync(body);
        return (header[0], body);
    }
}
