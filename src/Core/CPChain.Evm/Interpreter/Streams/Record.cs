using System.Runtime.InteropServices;

namespace CPChain.Evm.Interpreter.Streams;

/// <summary>One step of decoded code: an opcode, or several that often stand together.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Record
{
    /// <summary>A number of <see cref="StreamOp"/>, or an opcode below 256.</summary>
    internal ushort Op;

    /// <summary>Offset of the block in the code (<see cref="StreamOp.Begin"/>), or a second distance on the stack.</summary>
    internal ushort At;

    /// <summary>Gas of a block, distance of a stack word from the stack pointer in limbs, or record that a jump leads to.</summary>
    internal int Arg;

    /// <summary>A constant, the address of a 256-bit one, or the heights at which a block may start.</summary>
    internal ulong Imm;
}

/// <summary>Numbers of records beyond those of opcodes.</summary>
internal static class StreamOp
{
    /// <summary>Start of a block: pays for it and checks the stack for it.</summary>
    internal const ushort Begin = 0x100;

    /// <summary>A JUMPDEST followed by others: pays for all but the last and goes there.</summary>
    internal const ushort BeginRun = 0x101;

    /// <summary>Where a jump to no JUMPDEST leads.</summary>
    internal const ushort BadJump = 0x102;

    internal const ushort PushSmall = 0x103, Dup = 0x104, Swap = 0x105, PopMany = 0x106, PushPush = 0x107, DupDup = 0x108,
        PushDup = 0x109, DupPush = 0x10a, SwapPop = 0x10b, SwapSwap = 0x10c, Exchange = 0x10d;

    internal const ushort AddSmall = 0x110, SubtractSmall = 0x111, SubtractReversed = 0x112, AndSmall = 0x113, Bool = 0x114,
        SmallLess = 0x115, SmallGreater = 0x116, EqualSmall = 0x117, ShiftLeft0 = 0x118, ShiftRight0 = 0x11c, Zero = 0x120,
        SignExtendBy = 0x121, LogicalDupAnd = 0x122, LogicalDupOr = 0x123, LogicalDupXor = 0x124, AddDup = 0x125,
        SubtractDup = 0x126, MultiplyDup = 0x127, LoadAt = 0x128, StoreAt = 0x129, LoadDup = 0x12a, StoreDup = 0x12b,
        CallDataAt = 0x12c, OrSmall = 0x12d, MultiplySmall = 0x12e, XorSmall = 0x12f;

    /// <summary>Records from here to <see cref="LastWide"/> hold the number of a constant until the stream is complete.</summary>
    internal const ushort PushWide = 0x130, AndWide = 0x131, OrWide = 0x132, XorWide = 0x133, AddWide = 0x134,
        MultiplyWide = 0x135, LastWide = 0x13f;

    /// <summary>Records from here to <see cref="LastJump"/> lead to <see cref="Record.Arg"/>.</summary>
    internal const ushort JumpTo = 0x140, JumpIf = 0x141, JumpIfZero = 0x142, JumpIfLess = 0x143, JumpUnlessLess = 0x144,
        JumpIfGreater = 0x145, JumpUnlessGreater = 0x146, JumpIfEqual = 0x147, JumpUnlessEqual = 0x148,
        JumpIfEqualSmall = 0x149, JumpUnlessEqualSmall = 0x14a, JumpIfDupEqualSmall = 0x14b, JumpIfDupLess = 0x14c,
        JumpUnlessDupLess = 0x14d, JumpIfDupGreater = 0x14e, JumpUnlessDupGreater = 0x14f, JumpIfSignedLess = 0x150,
        JumpUnlessSignedLess = 0x151, JumpIfSignedGreater = 0x152, JumpUnlessSignedGreater = 0x153, LastJump = 0x15f;
}
