using System.Buffers.Binary;
using System.Security.Cryptography;
using CPChain.Crypto;
using CPChain.Types;

namespace CPChain.Fuzzing.Decoders;

/// <summary>Keys and randomness of the encodings that fuzzing starts from: the same in every run.</summary>
internal static class SeedKeys
{
    internal static PrivateKey Key(byte number)
    {
        byte[] secret = new byte[PrivateKey.Length];
        secret[^1] = number;
        return PrivateKey.TryFromBytes(secret, out PrivateKey? key) ? key : throw new InvalidOperationException("a small number is a key");
    }

    internal static Hash256 Hash(byte number) => Keccak256.Hash([number]);

    /// <summary>SHA-256 of 0, 1, 2 and so on.</summary>
    internal static EntropySource Entropy()
    {
        ulong counter = 0;
        return destination =>
        {
            Span<byte> input = stackalloc byte[8];
            Span<byte> block = stackalloc byte[32];
            while (!destination.IsEmpty)
            {
                BinaryPrimitives.WriteUInt64BigEndian(input, counter++);
                SHA256.HashData(input, block);
                int length = Math.Min(32, destination.Length);
                block[..length].CopyTo(destination);
                destination = destination[length..];
            }
        };
    }
}
