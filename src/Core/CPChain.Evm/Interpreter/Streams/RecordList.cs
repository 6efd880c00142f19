using CPChain.Types;

namespace CPChain.Evm.Interpreter.Streams;

/// <summary>Records and constants as they grow.</summary>
internal sealed class RecordList
{
    private Record[] _records = new Record[256];
    private ulong[] _constants = new ulong[64];
    private int _constantLimbs;

    internal int Count { get; private set; }

    /// <summary>First record that may still change: those of the running block.</summary>
    internal int Floor { get; set; }

    internal ReadOnlySpan<Record> Records => _records.AsSpan(0, Count);

    internal Span<Record> Span => _records.AsSpan(0, Count);

    internal ReadOnlySpan<ulong> Constants => _constants.AsSpan(0, _constantLimbs);

    internal ref Record this[int index] => ref _records[index];

    internal void Add(ushort op, int arg = 0, ulong imm = 0) => Add(new Record { Op = op, Arg = arg, Imm = imm });

    internal void Add(in Record record)
    {
        if (Count == _records.Length) Array.Resize(ref _records, _records.Length * 2);
        _records[Count++] = record;
    }

    /// <summary>Whether the block has a record <paramref name="back"/> places from its end, and which.</summary>
    internal bool TryLast(int back, out Record record)
    {
        int index = Count - 1 - back;
        record = index >= Floor ? _records[index] : default;
        return index >= Floor;
    }

    internal void RemoveLast(int count) => Count -= count;

    /// <summary>Number of a new constant.</summary>
    internal ulong AddConstant(in UInt256 value)
    {
        if (_constantLimbs + 4 > _constants.Length) Array.Resize(ref _constants, _constants.Length * 2);
        _constants[_constantLimbs] = value.U0;
        _constants[_constantLimbs + 1] = value.U1;
        _constants[_constantLimbs + 2] = value.U2;
        _constants[_constantLimbs + 3] = value.U3;
        _constantLimbs += 4;
        return (ulong)(_constantLimbs / 4) - 1;
    }

    internal UInt256 Constant(ulong number)
    {
        int at = (int)number * 4;
        return new UInt256(_constants[at], _constants[at + 1], _constants[at + 2], _constants[at + 3]);
    }
}
