// Long because a single switch keeps pc, stack pointer and gas in registers.
using System.Runtime.CompilerServices;

namespace CPChain.Evm.Interpreter;

/// <summary>Why the loop handed control back.</summary>
internal enum LoopExit
{
    /// <summary>The frame ended; its status says how.</summary>
    Ended,

    /// <summary>The frame waits for a call that was prepared one level deeper.</summary>
    Calling,

    /// <summary>The code ran long enough to be worth decoding; the frame stands at a JUMPDEST.</summary>
    Hot,

    /// <summary>The decoded block at hand cannot run to its end; opcode by opcode it must fail.</summary>
    Failing,
}

/// <summary>Whether each step is reported; a type, so that the compiled loop without reports pays nothing.</summary>
internal interface ITraceMode;

/// <summary>No reports.</summary>
internal readonly struct Silent : ITraceMode;

/// <summary>Reports each opcode before it runs.</summary>
internal readonly struct Traced : ITraceMode;

/// <summary>The plain engine: one switch over code bytes. Rare and heavy opcodes live in <see cref="HeavyOps"/> and
/// <see cref="CallOps"/>, so that no local here has its address taken.</summary>
internal static unsafe class SwitchLoop
{
    /// <summary>Runs a frame from its saved position until it ends or calls.</summary>
    /// <remarks>SAFETY: the stack pointer stays in [low, high], which each opcode checks before it moves; the code
    /// pointer moves past the code only into its STOP padding; memory is written below its active size only.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static LoopExit Run<TMode>(Frame f)
        where TMode : struct, ITraceMode
    {
        unchecked
        {
            byte* ip = f.Ip;
            ulong* sp = f.Sp;
            long gas = f.Gas;
            ulong* low = f.StackBase;
            ulong* high = low + Frame.StackLimbs;
            byte* memory = f.Memory;

            // Number of offsets at which a whole word lies within the active memory.
            ulong wordOffsets = f.MemoryBytes == 0 ? 0 : f.MemoryBytes - 31;
            EvmStatus status;

            while (true)
            {
                if (typeof(TMode) == typeof(Traced)) f.Machine.ReportStep(f, ip, sp, gas);
                byte op = *ip++;
                switch (op)
                {
                    case Op.Stop:
                        goto Ended;

                    case Op.Add:
                        if (sp < low + 8) goto Underflow;
                        if ((gas -= 3) < 0) goto OutOfGas;
                        sp -= 4;
                        Limbs.Add(sp, sp - 4);
                        continue;

                    case Op.Mul:
                        if (sp < low + 8) goto Underflow;
                        if ((gas -= 5) < 0) goto OutOfGas;
                        sp -= 4;
                        Limbs.Multiply(sp, sp - 4);
                        continue;

                    case Op.Sub:
                        if (sp < low + 8) goto Underflow;
                        if ((gas -= 3) < 0) goto OutOfGas;
                        sp -= 4;
                        Limbs.Subtract(sp, sp - 4);
                        continue;

                    case Op.Div:
                        if (sp < low + 8) goto Underflow;
                        if ((gas -= 5) < 0) goto OutOfGas;
                        sp -= 4;
                        Arithmetic.Divide(sp, sp - 4);
                        continue;

                    case Op.Sdiv:
                        if (sp < low + 8) goto Underflow;
                        if ((gas -= 5) < 0) goto OutOfGas;
                        sp -= 4;
                        Arithmetic.SignedDivide(sp, sp - 4);
                        continue;

                    case Op.Mod:
                        if (sp < low + 8) goto Underflow;
                        if ((gas -= 5) < 0) goto OutOfGas;
                        sp -= 4;
                        Arithmetic.Modulo(sp, sp - 4);
                        continue;

                    case Op.Smod:
                        if (sp < low + 8) goto Underflow;
                        if ((gas -= 5) < 0) goto OutOfGas;
                        sp -= 4;
                        Arithmetic.SignedModulo(sp, sp - 4);
                        continue;

                    case Op.Addmod:
                        if (sp < low + 12) goto Underflow;
                        if ((gas -= 8) < 0) goto OutOfGas;
                        sp -= 8;
                        Arithmetic.AddModulo(sp + 4, sp, sp - 4);
                        continue;

                    case Op.Mulmod:
                        if (sp < low + 12) goto Underflow;
                        if ((gas -= 8) < 0) goto OutOfGas;
                        sp -= 8;
                        Arithmetic.MultiplyModulo(sp + 4, sp, sp - 4);
                        continue;

                    case Op.Exp:
                        if (sp < low + 8) goto Underflow;
                        sp -= 4;
                        gas -= GasCost.Exp + (f.Machine.ExponentByteGas * ((256 - Limbs.LeadingZeroCount(sp - 4) + 7) >> 3));
                        if (gas < 0) goto OutOfGas;
                        Arithmetic.Exponentiate(sp, sp - 4);
                        continue;

                    case Op.Signextend:
                        if (sp < low + 8) goto Underflow;
                        if ((gas -= 5) < 0) goto OutOfGas;
                        sp -= 4;
                        Limbs.SignExtend(sp, sp - 4);
                        continue;

                    case Op.Lt:
                        if (sp < low + 8) goto Underflow;
                        if ((gas -= 3) < 0) goto OutOfGas;
                        sp -= 4;
                        Limbs.Set(sp - 4, Limbs.Less(sp, sp - 4) ? 1UL : 0UL);
                        continue;

                    case Op.Gt:
                        if (sp < low + 8) goto Underflow;
                        if ((gas -= 3) < 0) goto OutOfGas;
                        sp -= 4;
                        Limbs.Set(sp - 4, Limbs.Less(sp - 4, sp) ? 1UL : 0UL);
                        continue;

                    case Op.Slt:
                        if (sp < low + 8) goto Underflow;
                        if ((gas -= 3) < 0) goto OutOfGas;
                        sp -= 4;
                        Limbs.Set(sp - 4, Limbs.SignedLess(sp, sp - 4) ? 1UL : 0UL);
                        continue;

                    case Op.Sgt:
                        if (sp < low + 8) goto Underflow;
                        if ((gas -= 3) < 0) goto OutOfGas;
                        sp -= 4;
                        Limbs.Set(sp - 4, Limbs.SignedLess(sp - 4, sp) ? 1UL : 0UL);
                        continue;

                    case Op.Eq:
                        if (sp < low + 8) goto Underflow;
                        if ((gas -= 3) < 0) goto OutOfGas;
                        sp -= 4;
                        Limbs.Set(
                            sp - 4,
                            ((sp[0] ^ sp[-4]) | (sp[1] ^ sp[-3]) | (sp[2] ^ sp[-2]) | (sp[3] ^ sp[-1])) == 0 ? 1UL : 0UL);
                        continue;

                    case Op.Iszero:
                        if (sp < low + 4) goto Underflow;
                        if ((gas -= 3) < 0) goto OutOfGas;
                        Limbs.Set(sp - 4, Limbs.IsZero(sp - 4) ? 1UL : 0UL);
                        continue;

                    case Op.And:
                        if (sp < low + 8) goto Underflow;
                        if ((gas -= 3) < 0) goto OutOfGas;
                        sp -= 4;
                        sp[-4] &= sp[0];
                        sp[-3] &= sp[1];
                        sp[-2] &= sp[2];
                        sp[-1] &= sp[3];
                        continue;

                    case Op.Or:
                        if (sp < low + 8) goto Underflow;
                        if ((gas -= 3) < 0) goto OutOfGas;
                        sp -= 4;
                        sp[-4] |= sp[0];
                        sp[-3] |= sp[1];
                        sp[-2] |= sp[2];
                        sp[-1] |= sp[3];
                        continue;

                    case Op.Xor:
                        if (sp < low + 8) goto Underflow;
                        if ((gas -= 3) < 0) goto OutOfGas;
                        sp -= 4;
                        sp[-4] ^= sp[0];
                        sp[-3] ^= sp[1];
                        sp[-2] ^= sp[2];
                        sp[-1] ^= sp[3];
                        continue;

                    case Op.Not:
                        if (sp < low + 4) goto Underflow;
                        if ((gas -= 3) < 0) goto OutOfGas;
                        sp[-4] = ~sp[-4];
                        sp[-3] = ~sp[-3];
                        sp[-2] = ~sp[-2];
                        sp[-1] = ~sp[-1];
                        continue;

                    case Op.Byte:
                        if (sp < low + 8) goto Underflow;
                        if ((gas -= 3) < 0) goto OutOfGas;
                        sp -= 4;
                        Limbs.Byte(sp, sp - 4);
                        continue;

                    case Op.Shl:
                        if (sp < low + 8) goto Underflow;
                        if ((gas -= 3) < 0) goto OutOfGas;
                        sp -= 4;
                        Limbs.ShiftLeft(sp, sp - 4);
                        continue;

                    case Op.Shr:
                        if (sp < low + 8) goto Underflow;
                        if ((gas -= 3) < 0) goto OutOfGas;
                        sp -= 4;
                        Limbs.ShiftRight(sp, sp - 4, 0);
                        continue;

                    case Op.Sar:
                        if (sp < low + 8) goto Underflow;
                        if ((gas -= 3) < 0) goto OutOfGas;
                        sp -= 4;
                        Limbs.ShiftRightSigned(sp, sp - 4);
                        continue;

                    case Op.Clz:
                        if (sp < low + 4) goto Underflow;
                        if ((gas -= 5) < 0) goto OutOfGas;
                        Limbs.Set(sp - 4, (ulong)Limbs.LeadingZeroCount(sp - 4));
                        continue;

                    case Op.Keccak256:
                        if (sp < low + 8) goto Underflow;
                        f.Gas = gas;
                        status = HeavyOps.Keccak(f, sp);
                        sp -= 4;
                        goto Heavy;

                    case Op.Address or Op.Origin or Op.Caller or Op.Callvalue or Op.Calldatasize or Op.Codesize
                        or Op.Gasprice or Op.Returndatasize or Op.Coinbase or Op.Timestamp or Op.Number or Op.Prevrandao
                        or Op.Gaslimit or Op.Chainid or Op.Basefee or Op.Blobbasefee:
                        if (sp == high) goto Overflow;
                        if ((gas -= 2) < 0) goto OutOfGas;
                        HeavyOps.PushContext(f, op, sp);
                        sp += 4;
                        continue;

                    case Op.Selfbalance:
                        if (sp == high) goto Overflow;
                        if ((gas -= 5) < 0) goto OutOfGas;
                        HeavyOps.PushContext(f, op, sp);
                        sp += 4;
                        continue;

                    case Op.Balance or Op.Extcodesize or Op.Extcodehash:
                        if (sp < low + 4) goto Underflow;
                        f.Gas = gas;
                        status = HeavyOps.ReadAccount(f, op, sp);
                        goto Heavy;

                    case Op.Calldataload:
                        if (sp < low + 4) goto Underflow;
                        if ((gas -= 3) < 0) goto OutOfGas;
                        HeavyOps.CallDataLoad(f, sp);
                        continue;

                    case Op.Calldatacopy or Op.Codecopy or Op.Returndatacopy:
                        if (sp < low + 12) goto Underflow;
                        f.Gas = gas;
                        status = HeavyOps.Copy(f, op, sp);
                        sp -= 12;
                        goto Heavy;

                    case Op.Extcodecopy:
                        if (sp < low + 16) goto Underflow;
                        f.Gas = gas;
                        status = HeavyOps.ExternalCodeCopy(f, sp);
                        sp -= 16;
                        goto Heavy;

                    case Op.Blockhash:
                        if (sp < low + 4) goto Underflow;
                        if ((gas -= 20) < 0) goto OutOfGas;
                        HeavyOps.BlockHash(f, sp);
                        continue;

                    case Op.Blobhash:
                        if (sp < low + 4) goto Underflow;
                        if ((gas -= 3) < 0) goto OutOfGas;
                        HeavyOps.BlobHash(f, sp);
                        continue;

                    case Op.Pop:
                        if (sp < low + 4) goto Underflow;
                        if ((gas -= 2) < 0) goto OutOfGas;
                        sp -= 4;
                        continue;

                    case Op.Mload:
                        if (sp < low + 4) goto Underflow;
                        if ((gas -= 3) < 0) goto OutOfGas;
                        if ((sp[-3] | sp[-2] | sp[-1]) != 0) goto OutOfGas;
                        if (sp[-4] >= wordOffsets)
                        {
                            f.Gas = gas;
                            if (!f.Expand(sp[-4], 32)) goto OutOfGas;
                            gas = f.Gas;
                            memory = f.Memory;
                            wordOffsets = f.MemoryBytes - 31;
                        }

                        Limbs.Load(sp - 4, memory + sp[-4]);
                        continue;

                    case Op.Mstore:
                        if (sp < low + 8) goto Underflow;
                        if ((gas -= 3) < 0) goto OutOfGas;
                        sp -= 8;
                        if ((sp[5] | sp[6] | sp[7]) != 0) goto OutOfGas;
                        if (sp[4] >= wordOffsets)
                        {
                            f.Gas = gas;
                            if (!f.Expand(sp[4], 32)) goto OutOfGas;
                            gas = f.Gas;
                            memory = f.Memory;
                            wordOffsets = f.MemoryBytes - 31;
                        }

                        Limbs.Store(memory + sp[4], sp);
                        continue;

                    case Op.Mstore8:
                        if (sp < low + 8) goto Underflow;
                        if ((gas -= 3) < 0) goto OutOfGas;
                        sp -= 8;
                        if ((sp[5] | sp[6] | sp[7]) != 0) goto OutOfGas;
                        if (sp[4] >= wordOffsets)
                        {
                            f.Gas = gas;
                            if (!f.Expand(sp[4], 1)) goto OutOfGas;
                            gas = f.Gas;
                            memory = f.Memory;
                            wordOffsets = f.MemoryBytes - 31;
                        }

                        memory[sp[4]] = (byte)sp[0];
                        continue;

                    case Op.Sload:
                        if (sp < low + 4) goto Underflow;
                        f.Gas = gas;
                        status = HeavyOps.StorageLoad(f, sp);
                        goto Heavy;

                    case Op.Sstore:
                        if (sp < low + 8) goto Underflow;
                        f.Gas = gas;
                        status = HeavyOps.StorageStore(f, sp);
                        sp -= 8;
                        goto Heavy;

                    case Op.Jump:
                        if (sp < low + 4) goto Underflow;
                        if ((gas -= 8) < 0) goto OutOfGas;
                        sp -= 4;
                        if ((sp[1] | sp[2] | sp[3]) != 0 || !f.Code.IsJumpTarget(sp[0])) goto BadJump;
                        {
                            byte* from = ip;
                            ip = f.Code.Start + sp[0];
                            if (ip < from && gas < f.HotAt) goto Hot;
                            continue;
                        }

                    case Op.Jumpi:
                        if (sp < low + 8) goto Underflow;
                        if ((gas -= 10) < 0) goto OutOfGas;
                        sp -= 8;
                        if (Limbs.IsZero(sp)) continue;
                        if ((sp[5] | sp[6] | sp[7]) != 0 || !f.Code.IsJumpTarget(sp[4])) goto BadJump;
                        {
                            byte* from = ip;
                            ip = f.Code.Start + sp[4];
                            if (ip < from && gas < f.HotAt) goto Hot;
                            continue;
                        }

                    case Op.Pc:
                        if (sp == high) goto Overflow;
                        if ((gas -= 2) < 0) goto OutOfGas;
                        Limbs.Set(sp, (ulong)(ip - f.Code.Start - 1));
                        sp += 4;
                        continue;

                    case Op.Msize:
                        if (sp == high) goto Overflow;
                        if ((gas -= 2) < 0) goto OutOfGas;
                        Limbs.Set(sp, f.MemoryBytes);
                        sp += 4;
                        continue;

                    case Op.Gas:
                        if (sp == high) goto Overflow;
                        if ((gas -= 2) < 0) goto OutOfGas;
                        Limbs.Set(sp, (ulong)gas);
                        sp += 4;
                        continue;

                    case Op.Jumpdest:
                        if ((gas -= 1) < 0) goto OutOfGas;
                        continue;

                    case Op.Tload:
                        if (sp < low + 4) goto Underflow;
                        if ((gas -= GasCost.WarmAccess) < 0) goto OutOfGas;
                        HeavyOps.TransientLoad(f, sp);
                        continue;

                    case Op.Tstore:
                        if (sp < low + 8) goto Underflow;
                        if ((gas -= GasCost.WarmAccess) < 0) goto OutOfGas;
                        f.Gas = gas;
                        status = HeavyOps.TransientStore(f, sp);
                        sp -= 8;
                        goto Heavy;

                    case Op.Mcopy:
                        if (sp < low + 12) goto Underflow;
                        f.Gas = gas;
                        status = HeavyOps.MemoryCopy(f, sp);
                        sp -= 12;
                        goto Heavy;

                    case Op.Push0:
                        if (sp == high) goto Overflow;
                        if ((gas -= 2) < 0) goto OutOfGas;
                        Limbs.Set(sp, 0UL);
                        sp += 4;
                        continue;

                    case Op.Push1:
                        if (sp == high) goto Overflow;
                        if ((gas -= 3) < 0) goto OutOfGas;
                        Limbs.Set(sp, *ip);
                        ip++;
                        sp += 4;
                        continue;

                    case Op.Push2:
                        if (sp == high) goto Overflow;
                        if ((gas -= 3) < 0) goto OutOfGas;
                        Limbs.Set(sp, ((ulong)ip[0] << 8) | ip[1]);
                        ip += 2;
                        sp += 4;
                        continue;

                    case >= Op.Push3 and <= Op.Push8:
                        if (sp == high) goto Overflow;
                        if ((gas -= 3) < 0) goto OutOfGas;
                        ip += op - (Op.Push1 - 1);
                        Limbs.Set(sp, Limbs.Swap(*(ulong*)(ip - 8)) & (ulong.MaxValue >> (8 * (Op.Push8 - op))));
                        sp += 4;
                        continue;

                    case >= Op.Push9 and <= Op.Push16:
                        if (sp == high) goto Overflow;
                        if ((gas -= 3) < 0) goto OutOfGas;
                        ip += op - (Op.Push1 - 1);
                        sp[0] = Limbs.Swap(*(ulong*)(ip - 8));
                        sp[1] = Limbs.Swap(*(ulong*)(ip - 16)) & (ulong.MaxValue >> (8 * (Op.Push16 - op)));
                        sp[2] = 0;
                        sp[3] = 0;
                        sp += 4;
                        continue;

                    case >= Op.Push17 and <= Op.Push24:
                        if (sp == high) goto Overflow;
                        if ((gas -= 3) < 0) goto OutOfGas;
                        ip += op - (Op.Push1 - 1);
                        sp[0] = Limbs.Swap(*(ulong*)(ip - 8));
                        sp[1] = Limbs.Swap(*(ulong*)(ip - 16));
                        sp[2] = Limbs.Swap(*(ulong*)(ip - 24)) & (ulong.MaxValue >> (8 * (Op.Push24 - op)));
                        sp[3] = 0;
                        sp += 4;
                        continue;

                    case >= Op.Push25 and <= Op.Push32:
                        if (sp == high) goto Overflow;
                        if ((gas -= 3) < 0) goto OutOfGas;
                        ip += op - (Op.Push1 - 1);
                        sp[0] = Limbs.Swap(*(ulong*)(ip - 8));
                        sp[1] = Limbs.Swap(*(ulong*)(ip - 16));
                        sp[2] = Limbs.Swap(*(ulong*)(ip - 24));
                        sp[3] = Limbs.Swap(*(ulong*)(ip - 32)) & (ulong.MaxValue >> (8 * (Op.Push32 - op)));
                        sp += 4;
                        continue;

                    case >= Op.Dup1 and <= Op.Dup16:
                        {
                            ulong* source = sp - (4 * (op - (Op.Dup1 - 1)));
                            if (source < low) goto Underflow;
                            if (sp == high) goto Overflow;
                            if ((gas -= 3) < 0) goto OutOfGas;
                            ulong u0 = source[0], u1 = source[1], u2 = source[2], u3 = source[3];
                            sp[0] = u0;
                            sp[1] = u1;
                            sp[2] = u2;
                            sp[3] = u3;
                            sp += 4;
                            continue;
                        }

                    case >= Op.Swap1 and <= Op.Swap16:
                        {
                            ulong* other = sp - (4 * (op - (Op.Swap1 - 2)));
                            if (other < low) goto Underflow;
                            if ((gas -= 3) < 0) goto OutOfGas;
                            ulong u0 = other[0], u1 = other[1], u2 = other[2], u3 = other[3];
                            other[0] = sp[-4];
                            other[1] = sp[-3];
                            other[2] = sp[-2];
                            other[3] = sp[-1];
                            sp[-4] = u0;
                            sp[-3] = u1;
                            sp[-2] = u2;
                            sp[-1] = u3;
                            continue;
                        }

                    case >= Op.Log0 and <= Op.Log4:
                        {
                            int operands = 4 * (2 + op - Op.Log0);
                            if (sp < low + operands) goto Underflow;
                            f.Gas = gas;
                            status = HeavyOps.Log(f, op - Op.Log0, sp);
                            sp -= operands;
                            goto Heavy;
                        }

                    case Op.Create or Op.Create2:
                        {
                            int operands = op == Op.Create ? 12 : 16;
                            if (sp < low + operands) goto Underflow;
                            f.Gas = gas;
                            status = CallOps.Create(f, op, sp);
                            sp -= operands - 4;
                            goto AfterCall;
                        }

                    case Op.Call or Op.Callcode:
                        if (sp < low + 28) goto Underflow;
                        f.Gas = gas;
                        status = CallOps.Call(f, op, sp);
                        sp -= 24;
                        goto AfterCall;

                    case Op.Delegatecall or Op.Staticcall:
                        if (sp < low + 24) goto Underflow;
                        f.Gas = gas;
                        status = CallOps.Call(f, op, sp);
                        sp -= 20;
                        goto AfterCall;

                    case Op.Return or Op.Revert:
                        if (sp < low + 8) goto Underflow;
                        f.Gas = gas;
                        status = HeavyOps.Return(f, op, sp);
                        gas = f.Gas;
                        sp -= 8;
                        goto Leave;

                    case Op.Selfdestruct:
                        if (sp < low + 4) goto Underflow;
                        f.Gas = gas;
                        status = HeavyOps.SelfDestruct(f, sp);
                        gas = f.Gas;
                        sp -= 4;
                        goto Leave;

                    default:
                        goto Invalid;
                }

            AfterCall:
                if (f.IsCalling)
                {
                    f.Ip = ip;
                    f.Sp = sp;
                    return LoopExit.Calling;
                }

            Heavy:
                if (status != EvmStatus.Success) goto Leave;
                gas = f.Gas;
                memory = f.Memory;
                wordOffsets = f.MemoryBytes == 0 ? 0 : f.MemoryBytes - 31;
            }

        Hot:
            f.Gas = gas;
            f.Ip = ip;
            f.Sp = sp;
            return LoopExit.Hot;

        Ended:
            status = EvmStatus.Success;
            goto Leave;
        OutOfGas:
            status = EvmStatus.OutOfGas;
            goto Leave;
        Underflow:
            status = EvmStatus.StackUnderflow;
            goto Leave;
        Overflow:
            status = EvmStatus.StackOverflow;
            goto Leave;
        BadJump:
            status = EvmStatus.BadJump;
            goto Leave;
        Invalid:
            status = EvmStatus.InvalidOpcode;
        Leave:
            f.Status = status;
            f.Gas = gas;
            f.Ip = ip;
            f.Sp = sp;
            return LoopExit.Ended;
        }
    }
}
