using System.Collections.Immutable;
using System.Runtime.InteropServices;
using CPChain.Types;

namespace CPChain.Evm.Interpreter;

/// <summary>Opcodes that read call data, memory and the block. The stack pointer they get stands above the operands;
/// gas goes through the frame.</summary>
internal static unsafe partial class HeavyOps
{
    internal static EvmStatus Keccak(Frame f, ulong* sp)
    {
        ulong* offset = sp - 4;
        ulong* length = sp - 8;
        if (!f.Expand(offset, length)
            || !f.Charge(GasCost.Keccak + (GasCost.KeccakWord * GasCost.Words(length[0]))))
        {
            return EvmStatus.OutOfGas;
        }

        if (length[0] == KeccakMemo.InputBytes)
        {
            f.Machine.Hashes.Hash(f.Memory + offset[0], length);
            return EvmStatus.Success;
        }

        ReadOnlySpan<byte> input = length[0] == 0 ? default : new ReadOnlySpan<byte>(f.Memory + offset[0], (int)length[0]);
        Limbs.Set(length, Crypto.Keccak256.Hash(input).ToUInt256());
        return EvmStatus.Success;
    }

    internal static void PushContext(Frame f, byte op, ulong* sp)
    {
        EvmMachine machine = f.Machine;
        UInt256 word = op switch
        {
            Op.Address => f.Self.Address.ToUInt256(),
            Op.Origin => machine.Transaction.Origin.ToUInt256(),
            Op.Caller => f.Caller.ToUInt256(),
            Op.Callvalue => f.Value,
            Op.Calldatasize => (ulong)f.InputLength,
            Op.Codesize => (ulong)f.Code.Length,
            Op.Gasprice => machine.Transaction.GasPrice,
            Op.Returndatasize => (ulong)f.ReturnData.Length,
            Op.Coinbase => machine.Block.Coinbase.ToUInt256(),
            Op.Timestamp => machine.Block.Timestamp,
            Op.Number => machine.Block.Number,
            Op.Prevrandao => machine.Block.PrevRandao.ToUInt256(),
            Op.Gaslimit => machine.Block.GasLimit,
            Op.Chainid => machine.Block.ChainId,
            Op.Selfbalance => f.Self.Balance,
            Op.Basefee => machine.Block.BaseFee,
            Op.Blobbasefee => machine.Block.BlobBaseFee,
            _ => throw new InvariantViolation("an opcode without context"),
        };
        Limbs.Set(sp, word);
    }

    internal static void CallDataLoad(Frame f, ulong* sp)
    {
        ulong* word = sp - 4;
        ulong offset = word[0];
        if ((word[1] | word[2] | word[3]) != 0 || offset >= (ulong)f.InputLength)
        {
            Limbs.Set(word, 0UL);
            return;
        }

        int available = f.InputLength - (int)offset;
        if (available >= 32)
        {
            Limbs.Load(word, f.Input + offset);
            return;
        }

        byte* padded = stackalloc byte[32];
        new Span<byte>(padded, 32).Clear();
        new ReadOnlySpan<byte>(f.Input + offset, available).CopyTo(new Span<byte>(padded, 32));
        Limbs.Load(word, padded);
    }

    internal static EvmStatus Copy(Frame f, byte op, ulong* sp)
    {
        ulong* destination = sp - 4;
        ulong* offset = sp - 8;
        ulong* length = sp - 12;
        ReadOnlySpan<byte> source = op switch
        {
            Op.Calldatacopy => f.InputSpan,
            Op.Codecopy => f.Code.Original,
            _ => f.ReturnData.Written,
        };
        if (op == Op.Returndatacopy && !IsWithin(offset, length, source.Length))
        {
            return EvmStatus.ReturnDataOutOfBounds;
        }

        if (!f.Charge(3) || !ExpandForCopy(f, destination, length)) return EvmStatus.OutOfGas;
        CopyPadded(f, destination, source, offset, length);
        return EvmStatus.Success;
    }

    internal static EvmStatus ExternalCodeCopy(Frame f, ulong* sp)
    {
        ulong* destination = sp - 8;
        ulong* offset = sp - 12;
        ulong* length = sp - 16;
        AccountCell cell = f.Machine.State.Cell(Address.FromUInt256(Limbs.Get(sp - 4)));
        if (!f.Charge(f.Machine.Flat?.Code ?? f.Machine.AccessCost(cell)) || !ExpandForCopy(f, destination, length)) return EvmStatus.OutOfGas;
        CopyPadded(f, destination, f.Machine.State.GetCode(cell.CodeHash).Span, offset, length);
        return EvmStatus.Success;
    }

    internal static EvmStatus MemoryCopy(Frame f, ulong* sp)
    {
        ulong* destination = sp - 4;
        ulong* source = sp - 8;
        ulong* length = sp - 12;
        if (!f.Charge(3) || !ExpandForCopy(f, destination, length) || !f.Expand(source, length)) return EvmStatus.OutOfGas;
        if (length[0] != 0)
        {
            Buffer.MemoryCopy(f.Memory + source[0], f.Memory + destination[0], length[0], length[0]);
        }

        return EvmStatus.Success;
    }

    internal static void BlockHash(Frame f, ulong* sp)
    {
        ulong* word = sp - 4;
        BlockContext block = f.Machine.Block;
        ulong wanted = word[0];
        bool known = (word[1] | word[2] | word[3]) == 0 && wanted < block.Number && block.Number - wanted <= 256;
        Limbs.Set(word, known ? block.GetBlockHash(wanted).ToUInt256() : UInt256.Zero);
    }

    internal static void BlobHash(Frame f, ulong* sp)
    {
        ulong* word = sp - 4;
        ImmutableArray<Hash256> hashes = f.Machine.Transaction.BlobHashes;
        bool known = (word[1] | word[2] | word[3]) == 0 && word[0] < (ulong)hashes.Length;
        Limbs.Set(word, known ? hashes[(int)word[0]].ToUInt256() : UInt256.Zero);
    }

    internal static EvmStatus Log(Frame f, int topics, ulong* sp)
    {
        if (f.IsStatic) return EvmStatus.StaticViolation;
        ulong* offset = sp - 4;
        ulong* length = sp - 8;
        if (!f.Expand(offset, length)
            || !f.Charge(GasCost.Log + (GasCost.LogTopic * topics) + (GasCost.LogByte * (long)length[0])))
        {
            return EvmStatus.OutOfGas;
        }

        Hash256[] list = topics == 0 ? [] : new Hash256[topics];
        for (int i = 0; i < topics; i++) list[i] = Hash256.FromUInt256(Limbs.Get(sp - 12 - (4 * i)));
        byte[] data = length[0] == 0 ? [] : new ReadOnlySpan<byte>(f.Memory + offset[0], (int)length[0]).ToArray();
        EvmLog log = new(f.Self.Address, ImmutableCollectionsMarshal.AsImmutableArray(list), data);
        f.Machine.State.AddLog(log);
        f.Machine.ReportLog(log);
        return EvmStatus.Success;
    }

    internal static EvmStatus Return(Frame f, byte op, ulong* sp)
    {
        ulong* offset = sp - 4;
        ulong* length = sp - 8;
        if (!f.Expand(offset, length)) return EvmStatus.OutOfGas;
        f.OutputOffset = length[0] == 0 ? 0 : offset[0];
        f.OutputLength = (int)length[0];
        return op == Op.Return ? EvmStatus.Success : EvmStatus.Revert;
    }

    private static bool ExpandForCopy(Frame f, ulong* destination, ulong* length) =>
        f.Expand(destination, length) && f.Charge(GasCost.CopyWord * GasCost.Words(length[0]));

    private static bool IsWithin(ulong* offset, ulong* length, int available) =>
        (offset[1] | offset[2] | offset[3] | length[1] | length[2] | length[3]) == 0
        && offset[0] <= (ulong)available && length[0] <= (ulong)available - offset[0];

    private static void CopyPadded(Frame f, ulong* destination, ReadOnlySpan<byte> source, ulong* offset, ulong* length)
    {
        if (length[0] == 0) return;
        Span<byte> target = new(f.Memory + destination[0], (int)length[0]);
        int from = (offset[1] | offset[2] | offset[3]) != 0 || offset[0] > (ulong)source.Length
            ? source.Length
            : (int)offset[0];
        int count = Math.Min(source.Length - from, target.Length);
        source.Slice(from, count).CopyTo(target);
        target[count..].Clear();
    }
}
