using System.Security.Cryptography;
using CPChain.Pre.Format;
using CPChain.Types;

namespace CPChain.Pre.Capsules;

/// <summary>
/// A small payload under a KEM key: version, 12-byte random nonce, AES-256-GCM ciphertext, 16-byte tag; the
/// associated data ties it to what it belongs to (rule P7).
/// </summary>
public static class KeyWrap
{
    public const int PayloadBytesMax = 64 * 1024;
    public const int Overhead = 1 + NonceBytes + TagBytes;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    public static byte[] Seal(
        KemKey key, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> associatedData, EntropySource entropy)
    {
        Invariant.Check(payload.Length <= PayloadBytesMax, "A wrapped payload has at most 64 KiB.");
        byte[] wrapped = new byte[Overhead + payload.Length];
        wrapped[0] = PreFormat.Version;
        Span<byte> nonce = wrapped.AsSpan(1, NonceBytes);
        entropy(nonce);
        using var aes = new AesGcm(key.Bytes, TagBytes);
        aes.Encrypt(
            nonce,
            payload,
            wrapped.AsSpan(1 + NonceBytes, payload.Length),
            wrapped.AsSpan(1 + NonceBytes + payload.Length),
            Bound(associatedData));
        return wrapped;
    }

    /// <summary>False when key, associated data or any bit is another; the payload is secret and its receiver's to zero.</summary>
    public static bool TryOpen(
        KemKey key, ReadOnlySpan<byte> wrapped, ReadOnlySpan<byte> associatedData, out byte[] payload, out DecodeFault fault)
    {
        payload = [];
        if (!PreFormat.TryBegin(wrapped, Overhead + PayloadBytesMax, out ReadOnlySpan<byte> body, out fault)) return false;
        int length = body.Length - NonceBytes - TagBytes;
        if (length < 0) return PreFormat.Malformed(out fault);
        byte[] opened = new byte[length];
        using var aes = new AesGcm(key.Bytes, TagBytes);
        try
        {
            aes.Decrypt(
                body[..NonceBytes],
                body.Slice(NonceBytes, length),
                body[(NonceBytes + length)..],
                opened,
                Bound(associatedData));
        }
        catch (AuthenticationTagMismatchException)
        {
            return PreFormat.Malformed(out fault);
        }

        payload = opened;
        return true;
    }

    // The version is authenticated too: a later version cannot be passed off as this one.
    private static byte[] Bound(ReadOnlySpan<byte> associatedData) => [PreFormat.Version, .. associatedData];
}
