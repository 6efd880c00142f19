using System.Numerics;
using CPChain.Evm.Interpreter;
using CPChain.Types;

namespace CPChain.Evm.Precompiles;

/// <summary>0x05: base^exponent mod modulus (EIP-198), since Berlin priced by EIP-2565, since Osaka by EIP-7883 and bounded to 1024
/// bytes an operand by EIP-7823.</summary>
internal static class ModExp
{
    private const int OperandBytesMax = 1024;

    private readonly record struct Lengths(UInt256 Base, UInt256 Exponent, UInt256 Modulus);

    /// <summary>EIP-198: a quadratic that is flatter for long operands.</summary>
    internal static ulong ByzantiumGas(ReadOnlySpan<byte> input)
    {
        Lengths lengths = Read(input);
        UInt256 x = UInt256.Max(lengths.Base, lengths.Modulus);
        if (x > uint.MaxValue) return ulong.MaxValue;
        UInt256 square = x * x;
        UInt256 complexity = x <= 64 ? square
            : x <= 1024 ? (square / 4) + (x * 96) - 3072
            : (square / 16) + (x * 480) - 199_680;
        UInt256 gas = Saturating(complexity, Iterations(input, lengths, 8)) / 20;
        return gas.FitsUlong ? gas.U0 : ulong.MaxValue;
    }

    internal static ulong BerlinGas(ReadOnlySpan<byte> input)
    {
        Lengths lengths = Read(input);
        UInt256 words = Words(UInt256.Max(lengths.Base, lengths.Modulus));
        UInt256 gas = Saturating(Saturating(words, words), Iterations(input, lengths, 8)) / 3;
        return gas.FitsUlong ? Math.Max(200, gas.U0) : ulong.MaxValue;
    }

    internal static ulong OsakaGas(ReadOnlySpan<byte> input)
    {
        Lengths lengths = Read(input);
        UInt256 longest = UInt256.Max(lengths.Base, lengths.Modulus);
        UInt256 words = Words(longest);
        UInt256 complexity = longest <= 32 ? 16 : Saturating(Saturating(words, words), 2);
        UInt256 gas = Saturating(complexity, Iterations(input, lengths, 16));
        return gas.FitsUlong ? Math.Max(500, gas.U0) : ulong.MaxValue;
    }

    internal static bool RunBounded(ReadOnlySpan<byte> input, ByteBuffer output)
    {
        Lengths lengths = Read(input);
        return lengths.Base <= OperandBytesMax && lengths.Exponent <= OperandBytesMax
            && lengths.Modulus <= OperandBytesMax && Run(input, output);
    }

    internal static bool Run(ReadOnlySpan<byte> input, ByteBuffer output)
    {
        Lengths lengths = Read(input);
        if (lengths.Base.IsZero && lengths.Modulus.IsZero)
        {
            output.Clear();
            return true;
        }

        // What the gas can pay for fits into an array; a modulus of no bytes answers no bytes whatever the rest.
        if (lengths.Modulus > int.MaxValue / 4) return false;
        int modulusLength = (int)lengths.Modulus.U0;
        Span<byte> answer = output.Prepare(modulusLength);
        answer.Clear();
        if (modulusLength == 0) return true;
        if (lengths.Base > int.MaxValue / 4 || lengths.Exponent > int.MaxValue / 4) return false;

        int baseLength = (int)lengths.Base.U0;
        int exponentLength = (int)lengths.Exponent.U0;
        BigInteger modulus = Operand(input, 96 + baseLength + exponentLength, modulusLength);
        if (modulus.IsZero) return true;
        BigInteger result = ModularPower.Of(
            Operand(input, 96, baseLength), Exponent(input, 96 + baseLength, exponentLength), modulus);
        int length = result.GetByteCount(isUnsigned: true);
        if (!result.IsZero) result.TryWriteBytes(answer[(modulusLength - length)..], out _, isUnsigned: true, isBigEndian: true);
        return true;
    }

    private static Lengths Read(ReadOnlySpan<byte> input) => new(Word(input, 0), Word(input, 32), Word(input, 64));

    private static UInt256 Iterations(ReadOnlySpan<byte> input, in Lengths lengths, ulong perByte)
    {
        UInt256 headLength = UInt256.Min(lengths.Exponent, 32);
        UInt256 head = lengths.Base > (ulong)input.Length
            ? UInt256.Zero
            : Word(input, 96 + (int)lengths.Base.U0) >> (8 * (32 - (int)headLength.U0));
        ulong bits = head.IsZero ? 0 : (ulong)head.BitLength - 1;
        if (lengths.Exponent <= 32) return Math.Max(1, bits);
        return UInt256.Max(Saturating(lengths.Exponent - 32, perByte) + bits, 1);
    }

    /// <summary>Words of eight bytes, rounded up.</summary>
    private static UInt256 Words(in UInt256 length) => (length >> 3) + ((length.U0 & 7) == 0 ? 0UL : 1UL);

    /// <summary>The product, or a value far above any gas.</summary>
    private static UInt256 Saturating(in UInt256 a, in UInt256 b) =>
        UInt256.TryMultiply(a, b, out UInt256 product) && product.BitLength < 250 ? product : UInt256.One << 250;

    /// <summary>32 bytes at an offset, zero beyond the input.</summary>
    private static UInt256 Word(ReadOnlySpan<byte> input, int offset)
    {
        Span<byte> word = stackalloc byte[32];
        word.Clear();
        if (offset < input.Length) input[offset..Math.Min(input.Length, offset + 32)].CopyTo(word);
        return UInt256.FromBigEndian(word);
    }

    /// <summary>The bytes of the exponent, zeros beyond the input.</summary>
    private static ReadOnlySpan<byte> Exponent(ReadOnlySpan<byte> input, int offset, int length)
    {
        if (offset >= input.Length) return [];
        if (offset + length <= input.Length) return input.Slice(offset, length);
        byte[] padded = new byte[length];
        input[offset..].CopyTo(padded);
        return padded;
    }

    private static BigInteger Operand(ReadOnlySpan<byte> input, int offset, int length)
    {
        if (offset >= input.Length) return BigInteger.Zero;
        int available = Math.Min(length, input.Length - offset);
        return new BigInteger(input.Slice(offset, available), isUnsigned: true, isBigEndian: true) << (8 * (length - available));
    }
}
