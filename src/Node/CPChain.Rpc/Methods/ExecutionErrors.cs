using System.Globalization;
using System.Text;
using CPChain.Evm;
using CPChain.Types;

namespace CPChain.Rpc.Methods;

/// <summary>What Ethereum clients say about an execution that failed.</summary>
internal static class ExecutionErrors
{
    /// <summary>Selector of <c>Error(string)</c>.</summary>
    private static readonly byte[] s_error = [0x08, 0xc3, 0x79, 0xa0];

    /// <summary>Selector of <c>Panic(uint256)</c>.</summary>
    private static readonly byte[] s_panic = [0x4e, 0x48, 0x7b, 0x71];

    /// <summary>The words for a status that is no success.</summary>
    public static string Text(EvmStatus status) => status switch
    {
        EvmStatus.Revert => "execution reverted",
        EvmStatus.OutOfGas => "out of gas",
        EvmStatus.InvalidOpcode => "invalid opcode",
        EvmStatus.StackUnderflow => "stack underflow",
        EvmStatus.StackOverflow => "stack limit reached 1024",
        EvmStatus.BadJump => "invalid jump destination",
        EvmStatus.StaticViolation => "write protection",
        EvmStatus.ReturnDataOutOfBounds => "return data out of bounds",
        EvmStatus.CallDepthExceeded => "max call depth exceeded",
        EvmStatus.InsufficientBalance => "insufficient balance for transfer",
        EvmStatus.CreateCollision => "contract address collision",
        EvmStatus.NonceOverflow => "nonce uint64 overflow",
        EvmStatus.CodeTooLong => "max code size exceeded",
        EvmStatus.CodeBeginsWithEf => "invalid code: must not begin with 0xef",
        EvmStatus.InitCodeTooLong => "max initcode size exceeded",
        EvmStatus.PrecompileFailure => "precompiled contract failed",
        _ => $"execution failed: {status}",
    };

    /// <summary>"execution reverted", and why where the data says it.</summary>
    public static string RevertText(ReadOnlySpan<byte> data) =>
        ReasonOf(data) is { } reason ? $"execution reverted: {reason}" : "execution reverted";

    /// <summary>The text of <c>Error(string)</c> or the meaning of <c>Panic(uint256)</c>; null when the data is something else.</summary>
    public static string? ReasonOf(ReadOnlySpan<byte> data)
    {
        if (data.Length >= 36 && data[..4].SequenceEqual(s_panic)) return PanicText(UInt256.FromBigEndian(data.Slice(4, 32)));
        if (data.Length < 68 || !data[..4].SequenceEqual(s_error)) return null;
        UInt256 length = UInt256.FromBigEndian(data.Slice(36, 32));
        return UInt256.FromBigEndian(data.Slice(4, 32)) == 32UL && length <= (ulong)(data.Length - 68)
            ? Encoding.UTF8.GetString(data.Slice(68, (int)length))
            : null;
    }

    private static string PanicText(UInt256 code) => code.ToUlongSaturating() switch
    {
        0x00 => "generic panic",
        0x01 => "assert(false)",
        0x11 => "arithmetic underflow or overflow",
        0x12 => "division or modulo by zero",
        0x21 => "enum overflow",
        0x22 => "invalid encoded storage byte array accessed",
        0x31 => "out-of-bounds array access; popping on an empty array",
        0x32 => "out-of-bounds access of an array or bytesN",
        0x41 => "out of memory",
        0x51 => "uninitialized function",
        _ => string.Create(CultureInfo.InvariantCulture, $"unknown panic code: {code.ToHexQuantity()}"),
    };
}
