using CPChain.Simulation;
using CPChain.Types;

namespace CPChain.Fuzzing.Machine;

/// <summary>
/// Writes programs that mean something: operands are there, jumps land, loops end, callees exist. A small part breaks a rule on purpose.
/// </summary>
internal sealed partial class ProgramMaker(SeededRandom chance, CasePlaces places)
{
    /// <summary>Words that statements leave on the stack, at most.</summary>
    private const int DepthMax = 24;

    /// <summary>How deep conditions, loops and init code nest.</summary>
    private const int NestMax = 3;

    /// <summary>Where a program keeps the address that it created last.</summary>
    private const ulong CreatedAt = 0x1e0;

    /// <summary>Where inputs of precompiled contracts lie.</summary>
    private const ulong InputAt = 0x200;

    private static readonly ulong[] Offsets = [0, 1, 31, 32, 33, 64, 96, 0x80, 0x100, CreatedAt, InputAt, 0x3ff];
    private static readonly ulong[] Lengths = [0, 1, 4, 31, 32, 33, 64, 65, 128, 200];
    private static readonly ulong[] CallGas = [0, 1, 100, 699, 2_299, 2_300, 2_301, 5_000, 9_000, 21_000, 40_000, 100_000];

    // Opcodes by what they take; each gives one word.
    private static readonly byte[] Unary = [0x15, 0x19, 0x1e];

    private static readonly byte[] Binary =
        [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x0a, 0x0b, 0x10, 0x11, 0x12, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1a, 0x1b, 0x1c, 0x1d];

    private static readonly byte[] Ternary = [0x08, 0x09];

    private static readonly byte[] Environment =
        [0x30, 0x32, 0x33, 0x34, 0x36, 0x38, 0x3a, 0x3d, 0x41, 0x42, 0x43, 0x45, 0x46, 0x47, 0x48, 0x4a, 0x58, 0x59, 0x5a];

    /// <summary>Which of the contracts the program is for.</summary>
    private int _self;

    /// <summary>The whole program of a contract.</summary>
    internal byte[] Program(int self)
    {
        _self = self;
        return Program(3 + chance.Below(22), 0);
    }

    private byte[] Program(int statements, int nest)
    {
        ProgramWriter code = new();
        if (chance.Chance(25))
        {
            code.Push((ulong)chance.Below(260));
            code.Push((ulong)chance.Below(8));
            code.Push(chance.Pick(Offsets));
            code.Op(0x37, 3, 0);
        }

        Statements(code, statements, nest);
        End(code);
        byte[] bytes = code.ToArray();
        if (chance.Chance(2)) Spoil(bytes);
        return bytes;
    }

    private void Statements(ProgramWriter code, int count, int nest)
    {
        for (int index = 0; index < count; index++)
        {
            Statement(code, nest);
            if (code.Depth > DepthMax) code.TrimTo(chance.Below(DepthMax));
        }
    }

    private void Statement(ProgramWriter code, int nest)
    {
        switch (chance.Below(100))
        {
            case < 26: Expression(code); break;
            case < 34: Juggle(code); break;
            case < 45: Store(code); break;
            case < 57: Move(code); break;
            case < 61: Look(code); break;
            case < 65: Log(code); break;
            case < 67: Hash(code); break;
            case < 79: Call(code, Address); break;
            case < 83: Create(code, nest); break;
            case < 85: CallPrecompile(code); break;
            case < 92: Branch(code, nest); break;
            case < 96: Loop(code, nest); break;
            case < 97: JumpByArithmetic(code); break;
            case < 99: EndSometimes(code); break;
            default: Fault(code); break;
        }
    }

    /// <summary>Pushes a word.</summary>
    private void Word(ProgramWriter code)
    {
        switch (chance.Below(20))
        {
            case < 8: code.Push(Constant()); break;
            case < 9: code.Push(Constant().ToBigEndian()); break;
            case < 12: code.Op(chance.Pick(Environment), 0, 1); break;
            case < 14: Load(code, 0x35, (ulong)chance.Below(130)); break;
            case < 16: Load(code, 0x51, chance.Pick(Offsets)); break;
            case < 17: Load(code, 0x54, (ulong)chance.Below(8)); break;
            case < 18: Load(code, 0x5c, (ulong)chance.Below(4)); break;
            case < 19 when code.Depth > 0: code.Op((byte)(0x80 + chance.Below(Math.Min(code.Depth, 16))), 0, 1); break;
            default: Address(code); break;
        }
    }

    private static void Load(ProgramWriter code, byte opcode, ulong from)
    {
        code.Push(from);
        code.Op(opcode, 1, 1);
    }

    private UInt256 Constant() => chance.Below(12) switch
    {
        0 => UInt256.Zero,
        1 => UInt256.MaxValue,
        2 => UInt256.One << chance.Below(256),
        3 => (UInt256.One << chance.Below(256)) - UInt256.One,
        4 => ~(UInt256.One << chance.Below(256)),
        5 => UInt256.MaxValue - (ulong)chance.Below(300),
        6 => new UInt256(chance.Next(), chance.Next(), chance.Next(), chance.Next()),
        7 => new UInt256(chance.Next(), chance.Next(), chance.Next(), chance.Next()) >> chance.Below(256),
        8 => chance.Next(),
        _ => (ulong)chance.Below(300),
    };

    /// <summary>Pushes something that is mostly the address of somebody.</summary>
    private void Address(ProgramWriter code)
    {
        switch (chance.Below(20))
        {
            case < 9: Contract(code); break;
            case < 10 when chance.Chance(30): code.Op(0x30, 0, 1); break;
            case < 11: code.Op((byte)(chance.Chance(50) ? 0x32 : 0x33), 0, 1); break;
            case < 12: code.Push(chance.Pick(places.Empty)); break;
            case < 13: code.Push(chance.Pick(places.Delegated)); break;
            case < 14: code.Push(chance.Pick(places.Keyed)); break;
            case < 15: code.Push(PrecompileNumber()); break;
            case < 18: Load(code, 0x51, CreatedAt); break;
            case < 19: code.Op(0x41, 0, 1); break;
            default:
                // The upper twelve bytes do not count.
                code.Push(chance.Pick(places.Contracts).ToUInt256() | (new UInt256(chance.Next()) << 192));
                break;
        }
    }

    /// <summary>Mostly one of those behind this one: programs that call in circles end for want of gas.</summary>
    private void Contract(ProgramWriter code)
    {
        int behind = places.Contracts.Count - _self - 1;
        if (chance.Chance(15)) code.Push(chance.Pick(places.Contracts));
        else if (behind > 0) code.Push(places.Contracts[_self + 1 + chance.Below(behind)]);
        else code.Push(PrecompileNumber());
    }

    private ulong PrecompileNumber() =>
        chance.Chance(8) ? CommonState.P256 : 1 + (ulong)chance.Below((int)CommonState.PrecompileMax);

    private void Need(ProgramWriter code, int words)
    {
        while (code.Depth < words || chance.Chance(20)) Word(code);
    }

    private void Expression(ProgramWriter code)
    {
        for (int count = 1 + chance.Below(5); count > 0; count--)
        {
            switch (chance.Below(10))
            {
                case < 6:
                    Need(code, 2);
                    byte binary = chance.Pick(Binary);
                    // Shifts, bytes and sign extensions need a small operand to be of interest.
                    if (binary is 0x0b or 0x1a or 0x1b or 0x1c or 0x1d && chance.Chance(70))
                        code.Push((ulong)chance.Below(binary < 0x1b ? 34 : 260));
                    code.Op(binary, 2, 1);
                    break;
                case < 9:
                    Need(code, 1);
                    code.Op(chance.Pick(Unary), 1, 1);
                    break;
                default:
                    Need(code, 3);
                    code.Op(chance.Pick(Ternary), 3, 1);
                    break;
            }
        }
    }

    private void Juggle(ProgramWriter code)
    {
        for (int count = 1 + chance.Below(6); count > 0; count--)
        {
            if (code.Depth == 0) Word(code);
            int reach = Math.Min(code.Depth, 16);
            switch (chance.Below(3))
            {
                case 0: code.Op((byte)(0x80 + chance.Below(reach)), 0, 1); break;
                case 1 when code.Depth > 1: code.Op((byte)(0x90 + chance.Below(Math.Min(code.Depth - 1, 16))), 0, 0); break;
                case 1: Word(code); break;
                default: code.Op(0x50, 1, 0); break;
            }
        }
    }

    private void Store(ProgramWriter code)
    {
        Need(code, 1);
        if (chance.Chance(6)) Word(code);
        else code.Push((ulong)chance.Below(8));
        code.Op((byte)(chance.Chance(75) ? 0x55 : 0x5d), 2, 0);
    }

    private void Move(ProgramWriter code)
    {
        switch (chance.Below(8))
        {
            case < 3:
                Need(code, 1);
                code.Push(chance.Pick(Offsets));
                code.Op((byte)(chance.Chance(75) ? 0x52 : 0x53), 2, 0);
                break;
            case 3:
                Range(code, chance.Chance(10));
                code.Op(0x5e, 3, 0);
                break;
            case 4:
                Range(code, chance.Chance(10));
                code.Op(0x37, 3, 0);
                break;
            case 5:
                Range(code, chance.Chance(10));
                code.Op(0x39, 3, 0);
                break;
            case 6:
                Range(code, chance.Chance(10));
                Address(code);
                code.Op(0x3c, 4, 0);
                break;
            default:
                // Mostly within the return data: beyond its end the frame fails.
                if (chance.Chance(90)) code.Op(0x3d, 0, 1);
                else code.Push((ulong)chance.Below(40));
                code.Push(0);
                code.Push(chance.Pick(Offsets));
                code.Op(0x3e, 3, 0);
                break;
        }
    }

    /// <summary>Length, source and destination, of which the source may be anything.</summary>
    private void Range(ProgramWriter code, bool far)
    {
        code.Push(chance.Pick(Lengths));
        if (far) code.Push(Constant());
        else code.Push(chance.Pick(Offsets));
        code.Push(chance.Pick(Offsets));
    }

    /// <summary>Looks at another account. What all cases share is not looked at: what it owns depends on the cases before.</summary>
    private void Look(ProgramWriter code)
    {
        switch (chance.Below(6))
        {
            case 0:
                code.Push(chance.Chance(80) ? chance.Pick(places.Contracts) : chance.Pick(places.Keyed));
                code.Op(0x31, 1, 1);
                break;
            case 1:
                Address(code);
                code.Op(0x31, 1, 1);
                code.Op(0x50, 1, 0);
                break;
            case 2:
                Address(code);
                code.Op(0x3b, 1, 1);
                break;
            case 3:
                code.Push((ulong)chance.Below(3));
                code.Op((byte)(chance.Chance(70) ? 0x40 : 0x49), 1, 1);
                break;
            case 4:
                // The peer draws it by itself; that it is there is all a case may know.
                code.Op(0x44, 0, 1);
                code.Op(0x15, 1, 1);
                break;
            default:
                Address(code);
                code.Op(0x3f, 1, 1);
                break;
        }
    }

    private void Log(ProgramWriter code)
    {
        int topics = chance.Below(5);
        Need(code, topics);
        code.Push(chance.Pick(Lengths));
        code.Push(chance.Pick(Offsets));
        code.Op((byte)(0xa0 + topics), topics + 2, 0);
    }

    private void Hash(ProgramWriter code)
    {
        code.Push(chance.Pick(Lengths));
        code.Push(chance.Pick(Offsets));
        code.Op(0x20, 2, 1);
    }

    private void Spoil(byte[] code)
    {
        for (int count = 1 + chance.Below(4); count > 0 && code.Length > 0; count--) code[chance.Below(code.Length)] = (byte)chance.Below(256);
    }
}
