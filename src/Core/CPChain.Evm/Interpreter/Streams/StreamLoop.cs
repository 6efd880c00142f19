// Long because a single switch keeps record, stack pointer and gas in registers.
using System.Runtime.CompilerServices;

namespace CPChain.Evm.Interpreter.Streams;

/// <summary>The engine for code that runs often: one switch over decoded records. Blocks were checked when they began, so
/// records check neither stack nor constant gas. Where a block cannot run to its end, <see cref="SwitchLoop"/> runs it,
/// opcode by opcode, and finds the exact failure.</summary>
internal static unsafe class StreamLoop
{
    /// <summary>Runs a frame from its saved record until it ends, calls, or meets a block that must fail.</summary>
    /// <remarks>SAFETY: the block at hand was checked against both ends of the stack; its records touch only words below
    /// the greatest height it reaches. Records end in STOP. Memory is touched below its active size only.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static LoopExit Run(Frame f)
    {
        unchecked
        {
            CodeStream code = f.Code.Stream!;
            Record* r = f.Record;
            ulong* sp = f.Sp;
            long gas = f.Gas;
            ulong* low = f.StackBase;
            byte* memory = f.Memory;
            ulong wordOffsets = f.MemoryBytes == 0 ? 0 : f.MemoryBytes - 31;
            EvmStatus status;

            while (true)
            {
                switch (r->Op)
                {
                    case StreamOp.Begin:
                        gas -= r->Arg;
                        if (gas < 0 || (ulong)((byte*)sp - (byte*)low) - (uint)r->Imm > r->Imm >> 32) goto Careful;
                        r++;
                        continue;

                    case StreamOp.BeginRun:
                        gas -= r->Arg;
                        if (gas < 0) goto Careful;
                        r += r->Imm;
                        continue;

                    case StreamOp.BadJump:
                        status = EvmStatus.BadJump;
                        goto Leave;

                    case StreamOp.PushSmall:
                        Limbs.Set(sp, r->Imm);
                        sp += 4;
                        r++;
                        continue;

                    case StreamOp.PushWide:
                        Limbs.Copy((ulong*)r->Imm, sp);
                        sp += 4;
                        r++;
                        continue;

                    case StreamOp.PushPush:
                        Limbs.Set(sp, (ulong)r->Arg);
                        Limbs.Set(sp + 4, r->Imm);
                        sp += 8;
                        r++;
                        continue;

                    case StreamOp.Dup:
                        Limbs.Copy(sp - r->Arg, sp);
                        sp += 4;
                        r++;
                        continue;

                    case StreamOp.DupDup:
                        Limbs.Copy(sp - r->Arg, sp);
                        Limbs.Copy(sp + 4 - r->At, sp + 4);
                        sp += 8;
                        r++;
                        continue;

                    case StreamOp.PushDup:
                        Limbs.Set(sp, r->Imm);
                        Limbs.Copy(sp + 4 - r->Arg, sp + 4);
                        sp += 8;
                        r++;
                        continue;

                    case StreamOp.DupPush:
                        Limbs.Copy(sp - r->Arg, sp);
                        Limbs.Set(sp + 4, r->Imm);
                        sp += 8;
                        r++;
                        continue;

                    case StreamOp.Swap:
                        Limbs.Exchange(sp - r->Arg, sp - 4);
                        r++;
                        continue;

                    case StreamOp.SwapSwap:
                        Limbs.Exchange(sp - r->Arg, sp - 4);
                        Limbs.Exchange(sp - r->At, sp - 4);
                        r++;
                        continue;

                    case StreamOp.SwapPop:
                        sp -= 4;
                        Limbs.Copy(sp, sp + 4 - r->Arg);
                        r++;
                        continue;

                    case Op.Pop:
                        sp -= 4;
                        r++;
                        continue;

                    case StreamOp.PopMany:
                        sp -= r->Arg;
                        r++;
                        continue;

                    case Op.Add:
                        sp -= 4;
                        Limbs.Add(sp, sp - 4);
                        r++;
                        continue;

                    case StreamOp.AddDup:
                        Limbs.Add(sp - r->Arg, sp - 4);
                        r++;
                        continue;

                    case StreamOp.AddWide:
                        Limbs.Add((ulong*)r->Imm, sp - 4);
                        r++;
                        continue;

                    case StreamOp.AddSmall:
                        Limbs.AddSmall(r->Imm, sp - 4);
                        r++;
                        continue;

                    case Op.Sub:
                        sp -= 4;
                        Limbs.Subtract(sp, sp - 4);
                        r++;
                        continue;

                    case StreamOp.SubtractDup:
                        Limbs.Subtract(sp - r->Arg, sp - 4);
                        r++;
                        continue;

                    case StreamOp.SubtractReversed:
                        sp -= 4;
                        Limbs.SubtractReversed(sp, sp - 4);
                        r++;
                        continue;

                    case StreamOp.SubtractSmall:
                        Limbs.SubtractSmall(r->Imm, sp - 4);
                        r++;
                        continue;

                    case Op.Mul:
                        sp -= 4;
                        Limbs.Multiply(sp, sp - 4);
                        r++;
                        continue;

                    case StreamOp.MultiplyDup:
                        Limbs.Multiply(sp - r->Arg, sp - 4);
                        r++;
                        continue;

                    case StreamOp.MultiplyWide:
                        Limbs.Multiply((ulong*)r->Imm, sp - 4);
                        r++;
                        continue;

                    case StreamOp.MultiplySmall:
                        Limbs.MultiplySmall(r->Imm, sp - 4);
                        r++;
                        continue;

                    case Op.Div:
                        sp -= 4;
                        Arithmetic.Divide(sp, sp - 4);
                        r++;
                        continue;

                    case Op.Sdiv:
                        sp -= 4;
                        Arithmetic.SignedDivide(sp, sp - 4);
                        r++;
                        continue;

                    case Op.Mod:
                        sp -= 4;
                        Arithmetic.Modulo(sp, sp - 4);
                        r++;
                        continue;

                    case Op.Smod:
                        sp -= 4;
                        Arithmetic.SignedModulo(sp, sp - 4);
                        r++;
                        continue;

                    case Op.Addmod:
                        sp -= 8;
                        Arithmetic.AddModulo(sp + 4, sp, sp - 4);
                        r++;
                        continue;

                    case Op.Mulmod:
                        sp -= 8;
                        Arithmetic.MultiplyModulo(sp + 4, sp, sp - 4);
                        r++;
                        continue;

                    case Op.Exp:
                        sp -= 4;
                        gas -= GasCost.Exp + (f.Machine.ExponentByteGas * ((256 - Limbs.LeadingZeroCount(sp - 4) + 7) >> 3));
                        if (gas < 0) goto OutOfGas;
                        Arithmetic.Exponentiate(sp, sp - 4);
                        r++;
                        continue;

                    case Op.Signextend:
                        sp -= 4;
                        Limbs.SignExtend(sp, sp - 4);
                        r++;
                        continue;

                    case StreamOp.SignExtendBy:
                        Limbs.SignExtendFrom(r->Arg, sp - 4);
                        r++;
                        continue;

                    case Op.Lt:
                        sp -= 4;
                        Limbs.Set(sp - 4, Limbs.Less(sp, sp - 4) ? 1UL : 0UL);
                        r++;
                        continue;

                    case Op.Gt:
                        sp -= 4;
                        Limbs.Set(sp - 4, Limbs.Less(sp - 4, sp) ? 1UL : 0UL);
                        r++;
                        continue;

                    case Op.Slt:
                        sp -= 4;
                        Limbs.Set(sp - 4, Limbs.SignedLess(sp, sp - 4) ? 1UL : 0UL);
                        r++;
                        continue;

                    case Op.Sgt:
                        sp -= 4;
                        Limbs.Set(sp - 4, Limbs.SignedLess(sp - 4, sp) ? 1UL : 0UL);
                        r++;
                        continue;

                    case Op.Eq:
                        sp -= 4;
                        Limbs.Set(sp - 4, Limbs.Equal(sp, sp - 4) ? 1UL : 0UL);
                        r++;
                        continue;

                    case StreamOp.SmallLess:
                        Limbs.Set(sp - 4, (sp[-3] | sp[-2] | sp[-1]) != 0 || r->Imm < sp[-4] ? 1UL : 0UL);
                        r++;
                        continue;

                    case StreamOp.SmallGreater:
                        Limbs.Set(sp - 4, (sp[-3] | sp[-2] | sp[-1]) == 0 && r->Imm > sp[-4] ? 1UL : 0UL);
                        r++;
                        continue;

                    case StreamOp.EqualSmall:
                        Limbs.Set(sp - 4, Limbs.EqualSmall(sp - 4, r->Imm) ? 1UL : 0UL);
                        r++;
                        continue;

                    case Op.Iszero:
                        Limbs.Set(sp - 4, Limbs.IsZero(sp - 4) ? 1UL : 0UL);
                        r++;
                        continue;

                    case StreamOp.Bool:
                        Limbs.Set(sp - 4, Limbs.IsZero(sp - 4) ? 0UL : 1UL);
                        r++;
                        continue;

                    case Op.And:
                        sp -= 4;
                        sp[-4] &= sp[0];
                        sp[-3] &= sp[1];
                        sp[-2] &= sp[2];
                        sp[-1] &= sp[3];
                        r++;
                        continue;

                    case StreamOp.LogicalDupAnd:
                        Limbs.And(sp - r->Arg, sp - 4);
                        r++;
                        continue;

                    case StreamOp.AndWide:
                        Limbs.And((ulong*)r->Imm, sp - 4);
                        r++;
                        continue;

                    case Op.Or:
                        sp -= 4;
                        sp[-4] |= sp[0];
                        sp[-3] |= sp[1];
                        sp[-2] |= sp[2];
                        sp[-1] |= sp[3];
                        r++;
                        continue;

                    case StreamOp.LogicalDupOr:
                        Limbs.Or(sp - r->Arg, sp - 4);
                        r++;
                        continue;

                    case StreamOp.OrWide:
                        Limbs.Or((ulong*)r->Imm, sp - 4);
                        r++;
                        continue;

                    case Op.Xor:
                        sp -= 4;
                        sp[-4] ^= sp[0];
                        sp[-3] ^= sp[1];
                        sp[-2] ^= sp[2];
                        sp[-1] ^= sp[3];
                        r++;
                        continue;

                    case StreamOp.LogicalDupXor:
                        Limbs.Xor(sp - r->Arg, sp - 4);
                        r++;
                        continue;

                    case StreamOp.XorWide:
                        Limbs.Xor((ulong*)r->Imm, sp - 4);
                        r++;
                        continue;

                    case StreamOp.AndSmall:
                        Limbs.Set(sp - 4, sp[-4] & r->Imm);
                        r++;
                        continue;

                    case StreamOp.OrSmall:
                        sp[-4] |= r->Imm;
                        r++;
                        continue;

                    case StreamOp.XorSmall:
                        sp[-4] ^= r->Imm;
                        r++;
                        continue;

                    case Op.Not:
                        sp[-4] = ~sp[-4];
                        sp[-3] = ~sp[-3];
                        sp[-2] = ~sp[-2];
                        sp[-1] = ~sp[-1];
                        r++;
                        continue;

                    case Op.Byte:
                        sp -= 4;
                        Limbs.Byte(sp, sp - 4);
                        r++;
                        continue;

                    case Op.Shl:
                        sp -= 4;
                        Limbs.ShiftLeft(sp, sp - 4);
                        r++;
                        continue;

                    case Op.Shr:
                        sp -= 4;
                        Limbs.ShiftRight(sp, sp - 4, 0);
                        r++;
                        continue;

                    case Op.Sar:
                        sp -= 4;
                        Limbs.ShiftRightSigned(sp, sp - 4);
                        r++;
                        continue;

                    case StreamOp.ShiftLeft0:
                        Limbs.ShiftLeft0(r->Arg, sp - 4);
                        r++;
                        continue;

                    case StreamOp.ShiftLeft0 + 1:
                        Limbs.ShiftLeft1(r->Arg, sp - 4);
                        r++;
                        continue;

                    case StreamOp.ShiftLeft0 + 2:
                        Limbs.ShiftLeft2(r->Arg, sp - 4);
                        r++;
                        continue;

                    case StreamOp.ShiftLeft0 + 3:
                        Limbs.ShiftLeft3(r->Arg, sp - 4);
                        r++;
                        continue;

                    case StreamOp.ShiftRight0:
                        Limbs.ShiftRight0(r->Arg, sp - 4);
                        r++;
                        continue;

                    case StreamOp.ShiftRight0 + 1:
                        Limbs.ShiftRight1(r->Arg, sp - 4);
                        r++;
                        continue;

                    case StreamOp.ShiftRight0 + 2:
                        Limbs.ShiftRight2(r->Arg, sp - 4);
                        r++;
                        continue;

                    case StreamOp.ShiftRight0 + 3:
                        Limbs.ShiftRight3(r->Arg, sp - 4);
                        r++;
                        continue;

                    case StreamOp.Zero:
                        Limbs.Set(sp - 4, 0UL);
                        r++;
                        continue;

                    case Op.Clz:
                        Limbs.Set(sp - 4, (ulong)Limbs.LeadingZeroCount(sp - 4));
                        r++;
                        continue;

                    case Op.Keccak256:
                        f.Gas = gas;
                        status = HeavyOps.Keccak(f, sp);
                        sp -= 4;
                        goto Heavy;

                    case Op.Sload:
                        f.Gas = gas;
                        status = HeavyOps.StorageLoad(f, sp);
                        goto Heavy;

                    case Op.Sstore:
                        f.Gas = gas;
                        status = HeavyOps.StorageStore(f, sp);
                        sp -= 8;
                        goto Heavy;

                    case Op.Mcopy:
                        f.Gas = gas;
                        status = HeavyOps.MemoryCopy(f, sp);
                        sp -= 12;
                        goto Heavy;

                    case Op.Extcodecopy:
                        f.Gas = gas;
                        status = HeavyOps.ExternalCodeCopy(f, sp);
                        sp -= 16;
                        goto Heavy;

                    case Op.Tstore:
                        f.Gas = gas;
                        status = HeavyOps.TransientStore(f, sp);
                        sp -= 8;
                        goto Heavy;

                    case Op.Balance or Op.Extcodesize or Op.Extcodehash:
                        f.Gas = gas;
                        status = HeavyOps.ReadAccount(f, (byte)r->Op, sp);
                        goto Heavy;

                    case Op.Calldatacopy or Op.Codecopy or Op.Returndatacopy:
                        f.Gas = gas;
                        status = HeavyOps.Copy(f, (byte)r->Op, sp);
                        sp -= 12;
                        goto Heavy;

                    case Op.Address or Op.Origin or Op.Caller or Op.Callvalue or Op.Calldatasize or Op.Gasprice
                        or Op.Returndatasize or Op.Coinbase or Op.Timestamp or Op.Number or Op.Prevrandao or Op.Gaslimit
                        or Op.Chainid or Op.Basefee or Op.Blobbasefee or Op.Selfbalance:
                        HeavyOps.PushContext(f, (byte)r->Op, sp);
                        sp += 4;
                        r++;
                        continue;

                    case Op.Calldataload:
                        HeavyOps.CallDataLoad(f, sp);
                        r++;
                        continue;

                    case StreamOp.CallDataAt:
                        Limbs.Set(sp, r->Imm);
                        sp += 4;
                        HeavyOps.CallDataLoad(f, sp);
                        r++;
                        continue;

                    case Op.Blockhash:
                        HeavyOps.BlockHash(f, sp);
                        r++;
                        continue;

                    case Op.Blobhash:
                        HeavyOps.BlobHash(f, sp);
                        r++;
                        continue;

                    case Op.Tload:
                        HeavyOps.TransientLoad(f, sp);
                        r++;
                        continue;

                    case Op.Mload:
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
                        r++;
                        continue;

                    case StreamOp.LoadAt:
                        if (r->Imm >= wordOffsets)
                        {
                            f.Gas = gas;
                            if (!f.Expand(r->Imm, 32)) goto OutOfGas;
                            gas = f.Gas;
                            memory = f.Memory;
                            wordOffsets = f.MemoryBytes - 31;
                        }

                        Limbs.Load(sp, memory + r->Imm);
                        sp += 4;
                        r++;
                        continue;

                    case StreamOp.LoadDup:
                        {
                            ulong* offset = sp - r->Arg;
                            if ((offset[1] | offset[2] | offset[3]) != 0) goto OutOfGas;
                            if (offset[0] >= wordOffsets)
                            {
                                f.Gas = gas;
                                if (!f.Expand(offset[0], 32)) goto OutOfGas;
                                gas = f.Gas;
                                memory = f.Memory;
                                wordOffsets = f.MemoryBytes - 31;
                            }

                            Limbs.Load(sp, memory + offset[0]);
                            sp += 4;
                            r++;
                            continue;
                        }

                    case Op.Mstore:
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
                        r++;
                        continue;

                    case StreamOp.StoreAt:
                        sp -= 4;
                        if (r->Imm >= wordOffsets)
                        {
                            f.Gas = gas;
                            if (!f.Expand(r->Imm, 32)) goto OutOfGas;
                            gas = f.Gas;
                            memory = f.Memory;
                            wordOffsets = f.MemoryBytes - 31;
                        }

                        Limbs.Store(memory + r->Imm, sp);
                        r++;
                        continue;

                    case StreamOp.StoreDup:
                        {
                            ulong* offset = sp - r->Arg;
                            if ((offset[1] | offset[2] | offset[3]) != 0) goto OutOfGas;
                            if (offset[0] >= wordOffsets)
                            {
                                f.Gas = gas;
                                if (!f.Expand(offset[0], 32)) goto OutOfGas;
                                gas = f.Gas;
                                memory = f.Memory;
                                wordOffsets = f.MemoryBytes - 31;
                            }

                            sp -= 4;
                            Limbs.Store(memory + offset[0], sp);
                            r++;
                            continue;
                        }

                    case Op.Mstore8:
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
                        r++;
                        continue;

                    case Op.Msize:
                        Limbs.Set(sp, f.MemoryBytes);
                        sp += 4;
                        r++;
                        continue;

                    case Op.Gas:
                        Limbs.Set(sp, (ulong)gas);
                        sp += 4;
                        r++;
                        continue;

                    case StreamOp.JumpTo:
                        r = code.First + r->Arg;
                        continue;

                    case StreamOp.JumpIf:
                        sp -= 4;
                        r = !Limbs.IsZero(sp) ? code.First + r->Arg : r + 1;
                        continue;

                    case StreamOp.JumpIfZero:
                        sp -= 4;
                        r = Limbs.IsZero(sp) ? code.First + r->Arg : r + 1;
                        continue;

                    case StreamOp.JumpIfLess:
                        sp -= 8;
                        r = Limbs.Less(sp + 4, sp) ? code.First + r->Arg : r + 1;
                        continue;

                    case StreamOp.JumpUnlessLess:
                        sp -= 8;
                        r = !Limbs.Less(sp + 4, sp) ? code.First + r->Arg : r + 1;
                        continue;

                    case StreamOp.JumpIfGreater:
                        sp -= 8;
                        r = Limbs.Less(sp, sp + 4) ? code.First + r->Arg : r + 1;
                        continue;

                    case StreamOp.JumpUnlessGreater:
                        sp -= 8;
                        r = !Limbs.Less(sp, sp + 4) ? code.First + r->Arg : r + 1;
                        continue;

                    case StreamOp.JumpIfEqual:
                        sp -= 8;
                        r = Limbs.Equal(sp, sp + 4) ? code.First + r->Arg : r + 1;
                        continue;

                    case StreamOp.JumpUnlessEqual:
                        sp -= 8;
                        r = !Limbs.Equal(sp, sp + 4) ? code.First + r->Arg : r + 1;
                        continue;

                    case StreamOp.JumpIfSignedLess:
                        sp -= 8;
                        r = Limbs.SignedLess(sp + 4, sp) ? code.First + r->Arg : r + 1;
                        continue;

                    case StreamOp.JumpUnlessSignedLess:
                        sp -= 8;
                        r = !Limbs.SignedLess(sp + 4, sp) ? code.First + r->Arg : r + 1;
                        continue;

                    case StreamOp.JumpIfSignedGreater:
                        sp -= 8;
                        r = Limbs.SignedLess(sp, sp + 4) ? code.First + r->Arg : r + 1;
                        continue;

                    case StreamOp.JumpUnlessSignedGreater:
                        sp -= 8;
                        r = !Limbs.SignedLess(sp, sp + 4) ? code.First + r->Arg : r + 1;
                        continue;

                    case StreamOp.JumpIfEqualSmall:
                        sp -= 4;
                        r = Limbs.EqualSmall(sp, r->Imm) ? code.First + r->Arg : r + 1;
                        continue;

                    case StreamOp.JumpUnlessEqualSmall:
                        sp -= 4;
                        r = !Limbs.EqualSmall(sp, r->Imm) ? code.First + r->Arg : r + 1;
                        continue;

                    case StreamOp.JumpIfDupEqualSmall:
                        r = Limbs.EqualSmall(sp - r->At, r->Imm) ? code.First + r->Arg : r + 1;
                        continue;

                    case StreamOp.JumpIfDupLess:
                        r = Limbs.Less(sp - r->Imm, sp - r->At) ? code.First + r->Arg : r + 1;
                        continue;

                    case StreamOp.JumpUnlessDupLess:
                        r = !Limbs.Less(sp - r->Imm, sp - r->At) ? code.First + r->Arg : r + 1;
                        continue;

                    case StreamOp.JumpIfDupGreater:
                        r = Limbs.Less(sp - r->At, sp - r->Imm) ? code.First + r->Arg : r + 1;
                        continue;

                    case StreamOp.JumpUnlessDupGreater:
                        r = !Limbs.Less(sp - r->At, sp - r->Imm) ? code.First + r->Arg : r + 1;
                        continue;

                    case Op.Jump:
                        sp -= 4;
                        if ((sp[1] | sp[2] | sp[3]) != 0 || sp[0] >= (ulong)f.Code.Length) goto BadJump;
                        r = code.First + Math.Max(code.Targets[sp[0]], 0);
                        continue;

                    case Op.Jumpi:
                        sp -= 8;
                        if (Limbs.IsZero(sp))
                        {
                            r++;
                            continue;
                        }

                        if ((sp[5] | sp[6] | sp[7]) != 0 || sp[4] >= (ulong)f.Code.Length) goto BadJump;
                        r = code.First + Math.Max(code.Targets[sp[4]], 0);
                        continue;

                    case >= Op.Log0 and <= Op.Log4:
                        f.Gas = gas;
                        status = HeavyOps.Log(f, r->Op - Op.Log0, sp);
                        sp -= 4 * (2 + r->Op - Op.Log0);
                        goto Heavy;

                    case Op.Create or Op.Create2:
                        f.Gas = gas;
                        status = CallOps.Create(f, (byte)r->Op, sp);
                        sp -= r->Op == Op.Create ? 8 : 12;
                        goto AfterCall;

                    case Op.Call or Op.Callcode:
                        f.Gas = gas;
                        status = CallOps.Call(f, (byte)r->Op, sp);
                        sp -= 24;
                        goto AfterCall;

                    case Op.Delegatecall or Op.Staticcall:
                        f.Gas = gas;
                        status = CallOps.Call(f, (byte)r->Op, sp);
                        sp -= 20;
                        goto AfterCall;

                    case Op.Return or Op.Revert:
                        f.Gas = gas;
                        status = HeavyOps.Return(f, (byte)r->Op, sp);
                        gas = f.Gas;
                        sp -= 8;
                        goto Leave;

                    case Op.Selfdestruct:
                        f.Gas = gas;
                        status = HeavyOps.SelfDestruct(f, sp);
                        gas = f.Gas;
                        sp -= 4;
                        goto Leave;

                    case Op.Stop:
                        status = EvmStatus.Success;
                        goto Leave;

                    default:
                        status = EvmStatus.InvalidOpcode;
                        goto Leave;
                }

            AfterCall:
                if (f.IsCalling)
                {
                    f.Record = r + 1;
                    f.Sp = sp;
                    return LoopExit.Calling;
                }

            Heavy:
                if (status != EvmStatus.Success) goto Leave;
                gas = f.Gas;
                memory = f.Memory;
                wordOffsets = f.MemoryBytes == 0 ? 0 : f.MemoryBytes - 31;
                r++;
            }

        Careful:
            f.Gas = gas + r->Arg;
            f.Ip = f.Code.Start + r->At;
            f.Sp = sp;
            return LoopExit.Failing;

        BadJump:
            status = EvmStatus.BadJump;
            goto Leave;
        OutOfGas:
            status = EvmStatus.OutOfGas;
        Leave:
            f.Status = status;
            f.Gas = gas;
            f.Sp = sp;
            return LoopExit.Ended;
        }
    }
}
