using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CPChain.Crypto;

namespace CPChain.Pre.Proofs;

/// <summary>
/// The hashes H2..H5 of the scheme: SHA-512 over a domain and length-prefixed items, reduced to a non-zero scalar
/// (rule P2).
/// </summary>
internal sealed class Transcript
{
    private readonly ArrayBufferWriter<byte> _input = new(512);

    public Transcript(string domain) => Add(Encoding.UTF8.GetBytes("CPChain PRE v1 " + domain));

    public Transcript Add(ReadOnlySpan<byte> bytes)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        _input.Write(length);
        _input.Write(bytes);
        return this;
    }

    public Transcript Add(in Point point)
    {
        Span<byte> bytes = stackalloc byte[Point.CompressedLength];
        point.WriteCompressed(bytes);
        return Add(bytes);
    }

    public Transcript Add(in Scalar scalar)
    {
        Span<byte> bytes = stackalloc byte[Scalar.Length];
        scalar.CopyTo(bytes);
        return Add(bytes);
    }

    public Scalar ToScalar()
    {
        Span<byte> digest = stackalloc byte[SHA512.HashSizeInBytes];
        Scalar scalar;
        do
        {
            Add([]); // Zero comes up once in 2^256; then the next digest is taken.
            SHA512.HashData(_input.WrittenSpan, digest);
            scalar = Scalar.FromWideHash(digest);
        }
        while (scalar.IsZero);

        CryptographicOperations.ZeroMemory(digest);
        return scalar;
    }
}
