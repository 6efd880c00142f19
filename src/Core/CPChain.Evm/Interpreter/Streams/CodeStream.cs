using System.Runtime.CompilerServices;

namespace CPChain.Evm.Interpreter.Streams;

/// <summary>Decoded code: records in pinned memory, the constants they point to, and where each JUMPDEST went.</summary>
internal sealed unsafe class CodeStream
{
    private readonly Record[] _records;
    private readonly ulong[] _constants;
    private readonly int[] _targets;

    /// <param name="records">The records; the constants' numbers in them become addresses here.</param>
    /// <param name="constants">256-bit constants, four limbs each.</param>
    /// <param name="targets">For each code offset the record of the JUMPDEST there, or -1.</param>
    internal CodeStream(ReadOnlySpan<Record> records, ReadOnlySpan<ulong> constants, ReadOnlySpan<int> targets)
    {
        _records = GC.AllocateUninitializedArray<Record>(records.Length, pinned: true);
        _constants = GC.AllocateUninitializedArray<ulong>(Math.Max(1, constants.Length), pinned: true);
        _targets = GC.AllocateUninitializedArray<int>(Math.Max(1, targets.Length), pinned: true);
        records.CopyTo(_records);
        constants.CopyTo(_constants);
        targets.CopyTo(_targets);
        First = (Record*)Unsafe.AsPointer(ref _records[0]);
        Targets = (int*)Unsafe.AsPointer(ref _targets[0]);
        var pool = (ulong*)Unsafe.AsPointer(ref _constants[0]);
        foreach (ref Record record in _records.AsSpan())
        {
            if (record.Op is >= StreamOp.PushWide and <= StreamOp.LastWide) record.Imm = (ulong)(pool + (4 * record.Imm));
        }
    }

    /// <summary>Record of a bad jump; the first block follows it. SAFETY: valid while this stream is referenced, its
    /// arrays are pinned.</summary>
    internal Record* First { get; }

    /// <summary>Record of the JUMPDEST at each code offset, or -1. SAFETY: as for <see cref="First"/>.</summary>
    internal int* Targets { get; }

    /// <summary>Bytes that this stream occupies.</summary>
    internal int Footprint => (_records.Length * sizeof(Record)) + (_constants.Length * 8) + (_targets.Length * 4) + 128;

    /// <summary>Records, for tests of the decoder.</summary>
    internal ReadOnlySpan<Record> Records => _records;
}
