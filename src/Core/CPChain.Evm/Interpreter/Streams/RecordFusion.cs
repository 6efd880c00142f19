using CPChain.Types;

namespace CPChain.Evm.Interpreter.Streams;

/// <summary>Appends opcodes to the running block, joining each with what stands before it where one record does the work
/// of several.</summary>
internal sealed partial class RecordFusion(RecordList list)
{
    private const int WordLimbs = 4;

    /// <summary>Distance of the word below the top, as SWAP1 names it.</summary>
    private const int Swap1 = 2 * WordLimbs;

    internal void Push(in UInt256 value)
    {
        if (value.FitsUlong) list.Add(StreamOp.PushSmall, 0, value.U0);
        else list.Add(StreamOp.PushWide, 0, list.AddConstant(value));
    }

    internal void Append(byte opcode)
    {
        if (TryFold(opcode)) return;
        switch (opcode)
        {
            case >= Op.Dup1 and <= Op.Dup16:
                list.Add(StreamOp.Dup, WordLimbs * (opcode - Op.Dup1 + 1));
                break;
            case >= Op.Swap1 and <= Op.Swap16:
                AppendSwap(WordLimbs * (opcode - Op.Swap1 + 2));
                break;
            case Op.Push0:
                Push(UInt256.Zero);
                break;
            case Op.Pop:
                AppendPop();
                break;
            case Op.Iszero:
                if (LastIs(Op.Iszero)) Replace(1, StreamOp.Bool);
                else list.Add(Op.Iszero);
                break;
            case Op.Jump:
                if (TryTakeSmall(out ulong target)) list.Add(StreamOp.JumpTo, Offset(target));
                else list.Add(Op.Jump);
                break;
            case Op.Jumpi:
                AppendJumpIf();
                break;
            case Op.Mload:
                AppendAddressed(opcode, StreamOp.LoadAt, StreamOp.LoadDup);
                break;
            case Op.Mstore:
                AppendAddressed(opcode, StreamOp.StoreAt, StreamOp.StoreDup);
                break;
            case Op.Calldataload:
                AppendAddressed(opcode, StreamOp.CallDataAt, 0);
                break;
            default:
                AppendOperator(opcode);
                break;
        }
    }

    private void AppendSwap(int distance)
    {
        // Exchanging the same two words twice is nothing.
        if (list.TryLast(0, out Record last) && last.Op == StreamOp.Swap && last.Arg == distance) list.RemoveLast(1);
        else list.Add(StreamOp.Swap, distance);
    }

    private void AppendPop()
    {
        if (!list.TryLast(0, out Record last))
        {
            list.Add(Op.Pop);
            return;
        }

        switch (last.Op)
        {
            case StreamOp.PushSmall or StreamOp.PushWide or StreamOp.Dup:
                list.RemoveLast(1);
                break;
            case StreamOp.Swap:
                Replace(1, StreamOp.SwapPop, last.Arg);
                break;
            case Op.Pop:
                Replace(1, StreamOp.PopMany, 2 * WordLimbs);
                break;
            case StreamOp.PopMany:
                Replace(1, StreamOp.PopMany, last.Arg + WordLimbs);
                break;
            default:
                list.Add(Op.Pop);
                break;
        }
    }

    /// <summary>MLOAD and its like, whose top operand is an offset.</summary>
    private void AppendAddressed(byte opcode, ushort atConstant, ushort atDup)
    {
        if (list.TryLast(0, out Record last) && last.Op == StreamOp.PushSmall) Replace(1, atConstant, 0, last.Imm);
        else if (atDup != 0 && last.Op == StreamOp.Dup) Replace(1, atDup, last.Arg);
        else list.Add(opcode);
    }

    private void AppendJumpIf()
    {
        if (!TryTakeSmall(out ulong offset))
        {
            list.Add(Op.Jumpi);
            return;
        }

        int target = Offset(offset);
        bool negated = false;
        list.TryLast(0, out Record test);
        if (test.Op is Op.Iszero && list.TryLast(1, out Record before) && IsComparison(before.Op))
        {
            list.RemoveLast(1);
            (test, negated) = (before, true);
        }

        switch (test.Op)
        {
            case StreamOp.Bool:
                Replace(1, StreamOp.JumpIf, target);
                break;
            case Op.Iszero:
                Replace(1, StreamOp.JumpIfZero, target);
                break;
            case StreamOp.EqualSmall:
                Replace(1, negated ? StreamOp.JumpUnlessEqualSmall : StreamOp.JumpIfEqualSmall, target, test.Imm);
                if (!negated) JoinDupEqual(target, test.Imm);
                break;
            case Op.Eq or Op.Lt or Op.Gt or Op.Slt or Op.Sgt:
                Replace(1, JumpOn((byte)test.Op, negated), target);
                JoinDups((byte)test.Op, target, negated);
                break;
            default:
                list.Add(StreamOp.JumpIf, target);
                break;
        }
    }

    /// <summary>DUP1 before a comparison with a constant, as dispatchers of contracts have it.</summary>
    private void JoinDupEqual(int target, ulong constant)
    {
        if (list.TryLast(1, out Record dup) && dup.Op == StreamOp.Dup && dup.Arg <= ushort.MaxValue)
        {
            list.RemoveLast(2);
            list.Add(new Record { Op = StreamOp.JumpIfDupEqualSmall, Arg = target, Imm = constant, At = (ushort)dup.Arg });
        }
    }

    /// <summary>Two DUPs before a comparison: the words are compared where they lie.</summary>
    private void JoinDups(byte opcode, int target, bool negated)
    {
        if (opcode is not (Op.Lt or Op.Gt) || !list.TryLast(2, out Record first) || !list.TryLast(1, out Record second)
            || first.Op != StreamOp.Dup || second.Op != StreamOp.Dup) return;
        ushort joined = opcode == Op.Lt
            ? negated ? StreamOp.JumpUnlessDupLess : StreamOp.JumpIfDupLess
            : negated ? StreamOp.JumpUnlessDupGreater : StreamOp.JumpIfDupGreater;

        // The second DUP counts from one word higher; what it finds there first is the copy that the first one made.
        int left = second.Arg == WordLimbs ? first.Arg : second.Arg - WordLimbs;
        list.RemoveLast(3);
        list.Add(new Record { Op = joined, Arg = target, At = (ushort)first.Arg, Imm = (ulong)left });
    }

    private static ushort JumpOn(byte opcode, bool negated) => (opcode, negated) switch
    {
        (Op.Eq, false) => StreamOp.JumpIfEqual,
        (Op.Eq, true) => StreamOp.JumpUnlessEqual,
        (Op.Lt, false) => StreamOp.JumpIfLess,
        (Op.Lt, true) => StreamOp.JumpUnlessLess,
        (Op.Gt, false) => StreamOp.JumpIfGreater,
        (Op.Gt, true) => StreamOp.JumpUnlessGreater,
        (Op.Slt, false) => StreamOp.JumpIfSignedLess,
        (Op.Slt, true) => StreamOp.JumpUnlessSignedLess,
        (Op.Sgt, false) => StreamOp.JumpIfSignedGreater,
        _ => StreamOp.JumpUnlessSignedGreater,
    };

    private static bool IsComparison(ushort op) =>
        op is Op.Eq or Op.Lt or Op.Gt or Op.Slt or Op.Sgt or StreamOp.EqualSmall;

    private bool LastIs(ushort op) => list.TryLast(0, out Record last) && last.Op == op;

    private bool TryTakeSmall(out ulong value)
    {
        bool found = list.TryLast(0, out Record last) && last.Op == StreamOp.PushSmall;
        value = found ? last.Imm : 0;
        if (found) list.RemoveLast(1);
        return found;
    }

    private void Replace(int count, ushort op, int arg = 0, ulong imm = 0)
    {
        list.RemoveLast(count);
        list.Add(op, arg, imm);
    }

    /// <summary>A target as a record holds it; none that is too large can exist.</summary>
    private static int Offset(ulong target) => target <= int.MaxValue ? (int)target : -1;
}
