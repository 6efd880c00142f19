using CPChain.Types;

namespace CPChain.Fuzzing.Machine;

// Calls and creations.
internal sealed partial class ProgramMaker
{
    private void Call(ProgramWriter code, Action<ProgramWriter> callee)
    {
        byte opcode = chance.Below(10) switch { < 5 => 0xf1, < 6 => 0xf2, < 8 => 0xf4, _ => 0xfa };
        Call(code, opcode, callee, (Out: chance.Pick(Lengths), OutAt: chance.Pick(Offsets)),
            (In: chance.Pick(Lengths), InAt: chance.Pick(Offsets)));
        if (chance.Chance(30)) code.Op(0x50, 1, 0);
        if (!chance.Chance(25)) return;
        code.Op(0x3d, 0, 1);
        if (chance.Chance(50)) return;
        code.Push(0);
        code.Push(chance.Pick(Offsets));
        code.Op(0x3e, 3, 0);
    }

    private void Call(
        ProgramWriter code, byte opcode, Action<ProgramWriter> callee, (ulong Out, ulong OutAt) output, (ulong In, ulong InAt) input)
    {
        code.Push(output.Out);
        code.Push(output.OutAt);
        code.Push(input.In);
        code.Push(input.InAt);
        bool hasValue = opcode is 0xf1 or 0xf2;
        if (hasValue) Value(code);
        callee(code);
        switch (chance.Below(10))
        {
            case < 6: code.Op(0x5a, 0, 1); break;
            case < 8: code.Push(chance.Pick(CallGas)); break;
            case < 9: code.Push((ulong)chance.Below(100_000)); break;
            default: code.Push(UInt256.MaxValue); break;
        }

        code.Op(opcode, hasValue ? 7 : 6, 1);
    }

    private void Value(ProgramWriter code)
    {
        switch (chance.Below(20))
        {
            case < 13: code.Push(0); break;
            case < 17: code.Push((ulong)chance.Below(4)); break;
            case < 18: code.Op(0x34, 0, 1); break;
            case < 19: code.Op(0x47, 0, 1); break;
            default: code.Push(UInt256.One << chance.Below(256)); break;
        }
    }

    private void Create(ProgramWriter code, int nest)
    {
        byte[] init = InitCode(nest + 1);
        ulong at = chance.Chance(80) ? 0UL : 0x40;
        code.CopyToMemory(init, at);
        bool isSalted = chance.Chance(50);
        if (isSalted) code.Push((ulong)chance.Below(2));
        code.Push((ulong)(chance.Chance(95) ? init.Length : init.Length + chance.Below(64)));
        code.Push(at);
        Value(code);
        code.Op((byte)(isSalted ? 0xf5 : 0xf0), isSalted ? 4 : 3, 1);
        if (chance.Chance(70))
        {
            code.Op(0x80, 0, 1);
            code.Push(CreatedAt);
            code.Op(0x52, 2, 0);
        }

        if (chance.Chance(40)) Call(code, static writer => Load(writer, 0x51, CreatedAt));
    }

    /// <summary>Init code of every kind: one that leaves a program, and those that leave none.</summary>
    internal byte[] InitCode(int nest)
    {
        ProgramWriter code = new();
        if (chance.Chance(40) && nest <= NestMax) Statements(code, 1 + chance.Below(4), NestMax);
        switch (chance.Below(20))
        {
            case < 12:
                byte[] program = nest < NestMax ? Program(1 + chance.Below(6), nest + 1) : [0x60, 0x2a, 0x5f, 0x52, 0x60, 0x20, 0x5f, 0xf3];
                code.CopyToMemory(program, 0);
                Return(code, (ulong)program.Length, 0);
                break;
            case < 13:
                // New code must not begin with 0xef (EIP-3541).
                code.Push(0xef);
                code.Push(0);
                code.Op(0x53, 2, 0);
                Return(code, (ulong)chance.Below(4), 0);
                break;
            case < 14: Return(code, (ulong)(chance.Chance(50) ? 24_576 : 24_577), 0); break;
            case < 15: break;
            default: End(code); break;
        }

        return code.ToArray();
    }

    private static void Return(ProgramWriter code, ulong length, ulong offset)
    {
        code.Push(length);
        code.Push(offset);
        code.Op(0xf3, 2, 0);
    }

    private void End(ProgramWriter code)
    {
        switch (chance.Below(20))
        {
            case < 8: Return(code, chance.Pick(Lengths), chance.Pick(Offsets)); break;
            case < 11: code.Raw(0x00); break;
            case < 13:
                code.Push(chance.Pick(Lengths));
                code.Push(chance.Pick(Offsets));
                code.Op(0xfd, 2, 0);
                break;
            case < 15:
                Address(code);
                code.Op(0xff, 1, 0);
                break;
            case < 16: code.Raw(0xfe); break;
            case < 17 when code.Depth > 0:
                // Whatever the program has worked out.
                code.Push(0);
                code.Op(0x52, 2, 0);
                Return(code, 32, 0);
                break;
            default: break;
        }
    }
}
