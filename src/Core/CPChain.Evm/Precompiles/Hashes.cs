using System.Security.Cryptography;
using CPChain.Evm.Interpreter;

namespace CPChain.Evm.Precompiles;

/// <summary>0x02 SHA-256, 0x03 RIPEMD-160 and 0x04 identity (Yellow Paper, appendix E).</summary>
internal static class Hashes
{
    internal static bool Sha256(ReadOnlySpan<byte> input, ByteBuffer output)
    {
        SHA256.HashData(input, output.Prepare(32));
        return true;
    }

    internal static bool Ripemd160(ReadOnlySpan<byte> input, ByteBuffer output)
    {
        Span<byte> answer = output.Prepare(32);
        answer.Clear();
        Precompiles.Ripemd160.Hash(input, answer[12..]);
        return true;
    }

    internal static bool Identity(ReadOnlySpan<byte> input, ByteBuffer output)
    {
        output.Set(input);
        return true;
    }
}
