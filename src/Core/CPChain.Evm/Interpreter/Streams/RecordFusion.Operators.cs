using CPChain.Types;

namespace CPChain.Evm.Interpreter.Streams;

internal sealed partial class RecordFusion
{
    /// <summary>Two operands or one: constants are folded, a constant or a copy as left operand goes into the record.</summary>
    private void AppendOperator(byte opcode)
    {
        if (!list.TryLast(0, out Record last))
        {
            list.Add(opcode);
            return;
        }

        if (last.Op == StreamOp.Swap && last.Arg == Swap1 && AppendSwapped(opcode)) return;
        if (last.Op == StreamOp.PushSmall && AppendWithSmall(opcode, last.Imm)) return;
        if (last.Op == StreamOp.PushWide && AppendWithWide(opcode, last.Imm)) return;
        if (last.Op == StreamOp.Dup && AppendWithDup(opcode, last.Arg)) return;
        list.Add(opcode);
    }

    /// <summary>SWAP1 before an operator: it is commutative, has a mirror, or there is a record for it.</summary>
    private bool AppendSwapped(byte opcode)
    {
        switch (opcode)
        {
            case Op.Add or Op.Mul or Op.And or Op.Or or Op.Xor or Op.Eq:
                list.RemoveLast(1);
                AppendOperator(opcode);
                return true;
            case Op.Lt or Op.Gt or Op.Slt or Op.Sgt:
                list.RemoveLast(1);
                AppendOperator(opcode switch { Op.Lt => Op.Gt, Op.Gt => Op.Lt, Op.Slt => Op.Sgt, _ => Op.Slt });
                return true;
            case Op.Sub:
                list.RemoveLast(1);
                if (TryTakeSmall(out ulong value)) list.Add(StreamOp.SubtractSmall, 0, value);
                else list.Add(StreamOp.SubtractReversed);
                return true;
            default:
                return false;
        }
    }

    private bool AppendWithSmall(byte opcode, ulong value)
    {
        switch (opcode)
        {
            case Op.Add: Replace(1, StreamOp.AddSmall, 0, value); return true;
            case Op.Mul: Replace(1, StreamOp.MultiplySmall, 0, value); return true;
            case Op.And: Replace(1, StreamOp.AndSmall, 0, value); return true;
            case Op.Or: Replace(1, StreamOp.OrSmall, 0, value); return true;
            case Op.Xor: Replace(1, StreamOp.XorSmall, 0, value); return true;
            case Op.Lt: Replace(1, StreamOp.SmallLess, 0, value); return true;
            case Op.Gt: Replace(1, StreamOp.SmallGreater, 0, value); return true;
            case Op.Eq: Replace(1, StreamOp.EqualSmall, 0, value); return true;
            case Op.Shl: AppendShift(StreamOp.ShiftLeft0, value); return true;
            case Op.Shr: AppendShift(StreamOp.ShiftRight0, value); return true;
            case Op.Signextend when value <= 30: Replace(1, StreamOp.SignExtendBy, (int)value); return true;
            default: return false;
        }
    }

    private bool AppendWithWide(byte opcode, ulong constant)
    {
        ushort op = opcode switch
        {
            Op.And => StreamOp.AndWide,
            Op.Or => StreamOp.OrWide,
            Op.Xor => StreamOp.XorWide,
            Op.Add => StreamOp.AddWide,
            Op.Mul => StreamOp.MultiplyWide,
            _ => 0,
        };
        if (op == 0) return false;
        Replace(1, op, 0, constant);
        return true;
    }

    private bool AppendWithDup(byte opcode, int distance)
    {
        ushort op = opcode switch
        {
            Op.And => StreamOp.LogicalDupAnd,
            Op.Or => StreamOp.LogicalDupOr,
            Op.Xor => StreamOp.LogicalDupXor,
            Op.Add => StreamOp.AddDup,
            Op.Sub => StreamOp.SubtractDup,
            Op.Mul => StreamOp.MultiplyDup,
            _ => 0,
        };
        if (op == 0) return false;
        Replace(1, op, distance);
        return true;
    }

    private void AppendShift(ushort first, ulong count)
    {
        if (count > 255) Replace(1, StreamOp.Zero);
        else Replace(1, (ushort)(first + (count >> 6)), (int)(count & 63));
    }

    /// <summary>An operator on constants alone becomes its result.</summary>
    private bool TryFold(byte opcode)
    {
        if (opcode is not (Op.Add or Op.Sub or Op.Mul or Op.And or Op.Or or Op.Xor or Op.Shl or Op.Shr or Op.Not or Op.Iszero
            or Op.Lt or Op.Gt or Op.Eq)) return false;
        if (!TryConstant(0, out UInt256 a)) return false;
        if (opcode is Op.Not or Op.Iszero)
        {
            list.RemoveLast(1);
            Push(opcode == Op.Not ? ~a : Flag(a.IsZero));
            return true;
        }

        if (!TryConstant(1, out UInt256 b)) return false;
        list.RemoveLast(2);
        Push(unchecked(opcode switch
        {
            Op.Add => a + b,
            Op.Sub => a - b,
            Op.Mul => a * b,
            Op.And => a & b,
            Op.Or => a | b,
            Op.Xor => a ^ b,
            Op.Shl => a < 256UL ? b << (int)a.U0 : UInt256.Zero,
            Op.Shr => a < 256UL ? b >> (int)a.U0 : UInt256.Zero,
            Op.Lt => Flag(a < b),
            Op.Gt => Flag(a > b),
            _ => Flag(a == b),
        }));
        return true;
    }

    private bool TryConstant(int back, out UInt256 value)
    {
        bool found = list.TryLast(back, out Record record) && record.Op is StreamOp.PushSmall or StreamOp.PushWide;
        value = !found ? UInt256.Zero : record.Op == StreamOp.PushSmall ? record.Imm : list.Constant(record.Imm);
        return found;
    }

    private static UInt256 Flag(bool value) => value ? UInt256.One : UInt256.Zero;
}
