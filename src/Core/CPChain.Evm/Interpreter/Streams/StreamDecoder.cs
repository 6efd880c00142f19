using CPChain.Types;

namespace CPChain.Evm.Interpreter.Streams;

/// <summary>Turns code into records, block by block, in time linear in its length. A block begins at the start, at a
/// JUMPDEST and after each opcode that sees the gas, moves elsewhere or ends the frame; it pays its constant gas and
/// checks the stack once, at its start. That is not observable: a block that cannot be paid for fails before it ends,
/// and a failing frame undoes all it did.</summary>
internal sealed class StreamDecoder
{
    /// <summary>Longer code stays with the plain loop: the offset of a block must fit into a record.</summary>
    internal const int CodeBytesMax = ushort.MaxValue;

    /// <summary>Bytes of a stack word and of a full stack.</summary>
    private const int WordBytes = 32;
    private const int StackBytes = Frame.StackWordsMax * WordBytes;

    private readonly RecordList _list = new();
    private readonly RecordFusion _fusion;
    private readonly int[] _targets;
    private int _begin;
    private int _gas;
    private int _height;
    private int _need;
    private int _growth;

    private StreamDecoder(int length)
    {
        _targets = new int[length];
        Array.Fill(_targets, -1);
        _fusion = new RecordFusion(_list);
        _list.Add(StreamOp.BadJump);
    }

    /// <summary>Decodes code in which missing opcodes are INVALID already and STOPs follow the end.</summary>
    /// <param name="padded">The code and its padding.</param>
    /// <param name="length">Length without the padding.</param>
    internal static CodeStream Decode(ReadOnlySpan<byte> padded, int length)
    {
        StreamDecoder decoder = new(length);
        decoder.DecodeBlocks(padded, length);
        decoder.ResolveJumps();
        return new CodeStream(decoder._list.Records, decoder._list.Constants, decoder._targets);
    }

    private void DecodeBlocks(ReadOnlySpan<byte> code, int length)
    {
        StartBlock(0);
        int pc = 0;
        while (pc < length)
        {
            byte opcode = code[pc];
            if (opcode == Op.Jumpdest)
            {
                pc = DecodeJumpTargets(code, pc, length);
                continue;
            }

            Account(opcode);
            int next = pc + 1;
            if (opcode is >= Op.Push1 and <= Op.Push32)
            {
                next += opcode - Op.Push1 + 1;
                _fusion.Push(UInt256.FromBigEndian(code[(pc + 1)..next]));
            }
            else if (opcode == Op.Pc)
            {
                _fusion.Push((ulong)pc);
            }
            else if (opcode == Op.Codesize)
            {
                _fusion.Push((ulong)length);
            }
            else
            {
                _fusion.Append(opcode);
            }

            pc = next;
            if (!OpTable.EndsBlock(opcode)) continue;
            EndBlock();
            StartBlock(pc);
        }

        _list.Add(Op.Stop);
        EndBlock();
    }

    /// <summary>A run of JUMPDESTs: each is a record, all but the last pay for the whole run and go to the last.</summary>
    private int DecodeJumpTargets(ReadOnlySpan<byte> code, int pc, int length)
    {
        EndBlock();
        int count = 1;
        while (pc + count < length && code[pc + count] == Op.Jumpdest) count++;
        for (int left = count - 1; left > 0; left--, pc++)
        {
            _targets[pc] = _list.Count;
            _list.Add(new Record { Op = StreamOp.BeginRun, At = (ushort)pc, Arg = left, Imm = (ulong)left });
        }

        _targets[pc] = _list.Count;
        StartBlock(pc);
        Account(Op.Jumpdest);
        return pc + 1;
    }

    private void StartBlock(int pc)
    {
        _begin = _list.Count;
        _list.Add(new Record { Op = StreamOp.Begin, At = (ushort)pc });
        _list.Floor = _list.Count;
        (_gas, _height, _need, _growth) = (0, 0, 0, 0);
    }

    private void Account(byte opcode)
    {
        _gas += OpTable.CostOf(opcode);
        _need = Math.Max(_need, OpTable.TakesOf(opcode) - _height);
        _height += OpTable.LeavesOf(opcode) - OpTable.TakesOf(opcode);
        _growth = Math.Max(_growth, _height);
    }

    private void EndBlock()
    {
        if (_gas == 0 && _list.Count == _begin + 1)
        {
            // Nothing stands between two ends, and no jump leads there.
            _list.RemoveLast(1);
            return;
        }

        RecordPairs.Join(_list, _begin + 1);
        ref Record begin = ref _list[_begin];
        begin.Arg = _gas;
        long need = (long)_need * WordBytes;
        long room = StackBytes - need - ((long)_growth * WordBytes);

        // A block that no height satisfies asks for more than the stack can hold.
        begin.Imm = room < 0 ? uint.MaxValue : (ulong)need | ((ulong)room << 32);
    }

    private void ResolveJumps()
    {
        foreach (ref Record record in _list.Span)
        {
            if (record.Op is < StreamOp.JumpTo or > StreamOp.LastJump) continue;
            int target = record.Arg >= 0 && record.Arg < _targets.Length ? _targets[record.Arg] : -1;
            record.Arg = Math.Max(target, 0);
        }
    }
}
