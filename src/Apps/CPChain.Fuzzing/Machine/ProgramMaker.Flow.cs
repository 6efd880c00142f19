namespace CPChain.Fuzzing.Machine;

// Jumps, ends on the way, and rules that are broken on purpose.
internal sealed partial class ProgramMaker
{
    private void Branch(ProgramWriter code, int nest)
    {
        if (nest >= NestMax) return;
        Need(code, 1);
        if (chance.Chance(50)) code.Op(0x15, 1, 1);
        int over = code.PushLabel();
        code.Op(0x57, 2, 0);
        int depth = code.Depth;
        Statements(code, 1 + chance.Below(4), nest + 1);
        Balance(code, depth);
        if (chance.Chance(30))
        {
            int end = code.PushLabel();
            code.Op(0x56, 1, 0);
            code.Land(over);
            code.Depth = depth;
            Statements(code, 1 + chance.Below(3), nest + 1);
            Balance(code, depth);
            code.Land(end);
        }
        else
        {
            code.Land(over);
        }
    }

    private void Loop(ProgramWriter code, int nest)
    {
        if (nest >= NestMax) return;
        // The count lies in memory that no statement writes on purpose, so that the loop may do what it likes with the stack.
        ulong counterAt = 0x5e0 + (32 * (ulong)nest);
        code.Push((ulong)(chance.Chance(90) ? 2 + chance.Below(6) : chance.Below(60)));
        code.Push(counterAt);
        code.Op(0x52, 2, 0);
        int start = code.Length;
        code.Land();
        int depth = code.Depth;
        Statements(code, 1 + chance.Below(4), nest + 1);
        Balance(code, depth);
        code.Push(1);
        Load(code, 0x51, counterAt);
        code.Op(0x03, 2, 1);
        code.Op(0x80, 0, 1);
        code.Push(counterAt);
        code.Op(0x52, 2, 0);
        code.Push((ulong)start);
        code.Op(0x57, 2, 0);
    }

    private static void Balance(ProgramWriter code, int depth)
    {
        code.TrimTo(depth);
        while (code.Depth < depth) code.Push(0);
    }

    private void JumpByArithmetic(ProgramWriter code)
    {
        int less = chance.Below(Math.Min(200, code.Length + 1));
        int label = code.PushLabel(less);
        code.Push((ulong)less);
        code.Op(0x01, 2, 1);
        code.Op(0x56, 1, 0);
        // What lies between is never run, unless the other side thinks otherwise.
        for (int count = chance.Below(6); count > 0; count--) code.Raw((byte)chance.Below(256));
        for (int count = 0; count < 32; count++) code.Raw(0x5b);
        code.Land(label);
    }

    private void EndSometimes(ProgramWriter code)
    {
        Need(code, 1);
        int over = code.PushLabel();
        code.Op(0x57, 2, 0);
        int depth = code.Depth;
        End(code);
        code.Depth = depth;
        code.Land(over);
    }

    private void Fault(ProgramWriter code)
    {
        switch (chance.Below(8))
        {
            case 0:
                // Too few operands.
                code.TrimTo(0);
                code.Op(chance.Pick(Binary), 0, 0);
                break;
            case 1:
                // A jump to something that is no destination.
                code.Push((ulong)chance.Below(code.Length + 40));
                code.Op(0x56, 1, 0);
                break;
            case 2:
                code.Raw((byte)(0x0c + chance.Below(4)));
                break;
            case 3:
                // More words than the stack holds.
                int start = code.Length;
                code.Land();
                for (int count = 1 + chance.Below(40); count > 0; count--) code.Op(0x5a, 0, 1);
                code.Push((ulong)start);
                code.Op(0x56, 1, 0);
                break;
            case 4:
                // More memory than the gas pays for.
                code.Push(1UL << (10 + chance.Below(50)));
                code.Op(0x51, 1, 1);
                break;
            case 5:
                // A destination inside the operand of a push.
                code.Push((ulong)(code.Length + 4));
                code.Op(0x56, 1, 0);
                code.Push([0x5b, 0x5b]);
                break;
            case 6:
                code.Push(Constant());
                code.Op(0x54, 1, 1);
                break;
            default:
                // A call so large that its memory cannot be paid.
                code.Push(Constant());
                code.Push(Constant());
                code.Op(0xa0, 2, 0);
                break;
        }
    }
}
