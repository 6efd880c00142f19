using System.Security.Cryptography;
using CPChain.Evm.Interpreter;
using CPChain.Types;

namespace CPChain.Evm.Precompiles;

/// <summary>0x100: secp256r1 signature verification (EIP-7951). Valid answers 1, everything else nothing.</summary>
internal static class P256
{
    private static readonly UInt256 Prime =
        UInt256.Parse("0xffffffff00000001000000000000000000000000ffffffffffffffffffffffff");

    private static readonly UInt256 Order =
        UInt256.Parse("0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");

    private static readonly UInt256 B =
        UInt256.Parse("0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");

    internal static bool Run(ReadOnlySpan<byte> input, ByteBuffer output)
    {
        output.Clear();
        if (input.Length != 160) return true;
        UInt256 r = UInt256.FromBigEndian(input[32..64]);
        UInt256 s = UInt256.FromBigEndian(input[64..96]);
        UInt256 x = UInt256.FromBigEndian(input[96..128]);
        UInt256 y = UInt256.FromBigEndian(input[128..160]);
        if (r.IsZero || r >= Order || s.IsZero || s >= Order || !IsOnCurve(x, y)) return true;

        using ECDsa key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = input[96..128].ToArray(), Y = input[128..160].ToArray() },
        });
        if (!key.VerifyHash(input[..32], input[32..96], DSASignatureFormat.IeeeP1363FixedFieldConcatenation)) return true;
        Span<byte> answer = output.Prepare(32);
        answer.Clear();
        answer[31] = 1;
        return true;
    }

    /// <summary>y^2 = x^3 - 3x + b with both coordinates below the prime; infinity (0, 0) is not on it.</summary>
    private static bool IsOnCurve(in UInt256 x, in UInt256 y)
    {
        if (x >= Prime || y >= Prime) return false;
        UInt256 cube = UInt256.MulMod(UInt256.MulMod(x, x, Prime), x, Prime);
        UInt256 minus3X = UInt256.MulMod(Prime - 3, x, Prime);
        UInt256 right = UInt256.AddMod(UInt256.AddMod(cube, minus3X, Prime), B, Prime);
        return UInt256.MulMod(y, y, Prime) == right;
    }
}
