using System.Buffers.Binary;
using System.Numerics;

namespace CPChain.Storage.Journals;

/// <summary>CRC-32C (Castagnoli, RFC 3720 appendix B.4).</summary>
internal static class Crc32C
{
    /// <summary>Checksum of the first part followed by the second.</summary>
    public static uint Of(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default) => ~Continue(Continue(~0u, first), second);

    private static uint Continue(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        foreach (byte b in bytes)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return crc;
    }
}
