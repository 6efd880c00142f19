using CPChain.Types;

namespace CPChain.Evm.Tests;

/// <summary>Writes byte code.</summary>
internal static class Code
{
    /// <summary>MSTORE at 0 and RETURN of 32 bytes.</summary>
    internal static readonly byte[] Return1 = Hex.Decode("0x5f5260205ff3");

    /// <summary>PUSH0, MSTORE with one word of memory, PUSH1, PUSH0.</summary>
    internal const ulong Return1Gas = 2 + 3 + 3 + 3 + 2;

    internal static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(static part => part)];

    internal static byte[] Op(params byte[] opcodes) => opcodes;

    /// <summary>The shortest PUSH of a number.</summary>
    internal static byte[] Push(UInt256 number)
    {
        byte[] bytes = number.ToBigEndian()[^Math.Max(1, number.ByteLength)..];
        return number.IsZero ? [0x5f] : [(byte)(0x5f + bytes.Length), .. bytes];
    }

    internal static byte[] Push(Address address) => [0x73, .. address.ToArray()];

    /// <summary>Pushes operands so that the first one lies on top.</summary>
    internal static byte[] Operands(params UInt256[] operands) => Join([.. operands.Reverse().Select(Push)]);

    /// <summary>CALL (or CALLCODE) with all gas and no input; leaves the success word.</summary>
    internal static byte[] Call(byte opcode, Address to, UInt256 value = default, UInt256? gas = null) =>
        opcode is 0xf1 or 0xf2
            ? Join(Operands(0, 0, 0, 0), Push(value), Push(to), Push(gas ?? UInt256.MaxValue), Op(opcode))
            : Join(Operands(0, 0, 0, 0), Push(to), Push(gas ?? UInt256.MaxValue), Op(opcode));

    /// <summary>Init code that returns this code.</summary>
    internal static byte[] InitFor(byte[] code)
    {
        byte[] head = Join(Push((ulong)code.Length), Op(0x80, 0x60, 0, 0x5f, 0x39, 0x5f, 0xf3));
        head[Push((ulong)code.Length).Length + 2] = (byte)head.Length;
        return Join(head, code);
    }

    /// <summary>MSTOREs bytes from offset 0 on, a word at a time.</summary>
    internal static byte[] StoreBytes(byte[] bytes)
    {
        List<byte[]> parts = [];
        for (int at = 0; at < bytes.Length; at += 32)
        {
            byte[] word = new byte[32];
            bytes.AsSpan(at, Math.Min(32, bytes.Length - at)).CopyTo(word);
            parts.Add([0x7f, .. word]);
            parts.Add(Push((ulong)at));
            parts.Add([0x52]);
        }

        return Join([.. parts]);
    }
}
