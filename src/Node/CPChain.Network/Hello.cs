using System.Buffers.Binary;
using System.Text;
using CPChain.Types;

namespace CPChain.Network;

/// <summary>
/// First message of either side inside TLS (rule W2.1): magic(4) version(1) role(1) chain id(8) genesis(32) address(20)
/// instance(8) nonce(32) endpoint length(1) endpoint(ASCII, at most 64). Integers are big-endian. Magic and version keep their place for ever.
/// </summary>
internal sealed record Hello(
    PeerRole Role, ulong ChainId, Hash256 Genesis, Address Identity, ulong Instance, Hash256 Nonce, string Endpoint)
{
    internal const byte WireVersion = 1;
    internal const int EndpointBytesMax = 64;
    internal const int BytesMin = 4 + 1 + 1 + 8 + 32 + 20 + 8 + 32 + 1;
    internal const int BytesMax = BytesMin + EndpointBytesMax;

    private static ReadOnlySpan<byte> Magic => "CPCW"u8;

    internal byte[] Encode()
    {
        byte[] bytes = new byte[BytesMin + Endpoint.Length];
        Span<byte> at = bytes;
        Magic.CopyTo(at);
        at[4] = WireVersion;
        at[5] = (byte)Role;
        BinaryPrimitives.WriteUInt64BigEndian(at[6..], ChainId);
        Genesis.CopyTo(at.Slice(14, 32));
        Identity.CopyTo(at.Slice(46, 20));
        BinaryPrimitives.WriteUInt64BigEndian(at[66..], Instance);
        Nonce.CopyTo(at.Slice(74, 32));
        at[106] = checked((byte)Endpoint.Length);
        Encoding.ASCII.GetBytes(Endpoint, at[107..]);
        return bytes;
    }

    /// <summary>Reads magic and version only: all that may be presumed of another version.</summary>
    internal static bool TryReadVersion(ReadOnlySpan<byte> bytes, out byte version)
    {
        version = 0;
        if (bytes.Length < 5 || !bytes[..4].SequenceEqual(Magic))
        {
            return false;
        }
        version = bytes[4];
        return true;
    }

    internal static bool TryDecode(ReadOnlySpan<byte> bytes, out Hello? hello)
    {
        hello = null;
        if (!TryReadVersion(bytes, out byte version) || version != WireVersion
            || bytes.Length is < BytesMin or > BytesMax
            || bytes.Length != BytesMin + bytes[106]
            || bytes[5] is < (byte)PeerRole.Validator or > (byte)PeerRole.Client)
        {
            return false;
        }
        foreach (byte letter in bytes[107..])
        {
            if (letter is <= 0x20 or >= 0x7f)
            {
                return false;
            }
        }
        hello = new Hello(
            (PeerRole)bytes[5],
            BinaryPrimitives.ReadUInt64BigEndian(bytes[6..]),
            Hash256.FromBytes(bytes.Slice(14, 32)),
            Address.FromBytes(bytes.Slice(46, 20)),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[66..]),
            Hash256.FromBytes(bytes.Slice(74, 32)),
            Encoding.ASCII.GetString(bytes[107..]));
        return true;
    }
}
