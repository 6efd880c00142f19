using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Network;

/// <summary>
/// The TLS side of a node: a self-signed P-256 certificate made anew at every start (rule W1.2). It carries no trust:
/// trust comes from the chain key that signs its hash, so any certificate is accepted and none is looked up.
/// </summary>
internal sealed class TlsIdentity : IDisposable
{
    private readonly X509Certificate2 certificate;
    private readonly SslStreamCertificateContext context;

    internal TlsIdentity(TimeProvider time)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=cpchain", key, HashAlgorithmName.SHA256);
        DateTimeOffset now = time.GetUtcNow();
        certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(20));
        context = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
        KeyHash = HashOfKey(certificate);
    }

    /// <summary>Keccak-256 of the certificate's SubjectPublicKeyInfo.</summary>
    internal Hash256 KeyHash { get; }

    internal static Hash256 HashOfKey(X509Certificate2 certificate) =>
        Keccak256.Hash(certificate.PublicKey.ExportSubjectPublicKeyInfo());

    internal Task AuthenticateAsync(SslStream stream, bool dialer, CancellationToken stopping) => dialer
        ? stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "cpchain",
                ClientCertificateContext = context,
                EnabledSslProtocols = SslProtocols.Tls13,
                RemoteCertificateValidationCallback = AnyCertificate,
                AllowTlsResume = false,
                AllowRenegotiation = false,
            },
            stopping)
        : stream.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificateContext = context,
                ClientCertificateRequired = true,
                EnabledSslProtocols = SslProtocols.Tls13,
                RemoteCertificateValidationCallback = AnyCertificate,
                AllowTlsResume = false,
                AllowRenegotiation = false,
            },
            stopping);

    public void Dispose() => certificate.Dispose();

    private static bool AnyCertificate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        certificate is not null;
}
