using System.Buffers.Binary;
using CPChain.Types;

namespace CPChain.Consensus.Wire;

/// <summary>The head that a peer claims (rule W8.2): version(1) number(8) hash(32). Never believed, only a reason to ask.</summary>
internal readonly record struct ChainStatus(ulong Number, Hash256 Hash)
{
    private const byte Version = 1;
    private const int Bytes = 1 + 8 + 32;

    internal byte[] Encode()
    {
        byte[] bytes = new byte[Bytes];
        bytes[0] = Version;
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(1), Number);
        Hash.CopyTo(bytes.AsSpan(9));
        return bytes;
    }

    internal static bool TryDecode(ReadOnlySpan<byte> bytes, out ChainStatus status)
    {
        status = default;
        if (bytes.Length != Bytes || bytes[0] != Version)
        {
            return false;
        }
        status = new ChainStatus(BinaryPrimitives.ReadUInt64BigEndian(bytes[1..]), Hash256.FromBytes(bytes[9..]));
        return true;
    }
}
