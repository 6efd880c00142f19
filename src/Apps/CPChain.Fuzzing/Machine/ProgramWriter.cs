using System.Buffers.Binary;
using CPChain.Types;

namespace CPChain.Fuzzing.Machine;

/// <summary>Writes code byte by byte and knows how many words lie on the stack; bytes to copy lie behind the code.</summary>
internal sealed class ProgramWriter
{
    private const byte Pop = 0x50, Jumpdest = 0x5b, Push0 = 0x5f, Push1 = 0x60, Push2 = 0x61, CodeCopy = 0x39;

    private readonly List<byte> _code = [];
    private readonly List<(int At, byte[] Data)> _tails = [];

    /// <summary>Words on the stack, where no fault was written on purpose.</summary>
    internal int Depth { get; set; }

    internal int Length => _code.Count;

    /// <summary>An opcode that takes and gives this many words.</summary>
    internal void Op(byte opcode, int takes, int gives)
    {
        _code.Add(opcode);
        Depth += gives - takes;
    }

    /// <summary>A byte whose effect on the stack is not counted.</summary>
    internal void Raw(byte opcode) => _code.Add(opcode);

    internal void Push(ReadOnlySpan<byte> bytes)
    {
        _code.Add((byte)(Push0 + bytes.Length));
        foreach (byte one in bytes) _code.Add(one);
        Depth++;
    }

    internal void Push(ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        Push(bytes.TrimStart((byte)0));
    }

    internal void Push(in UInt256 value) => Push(value.ToBigEndian().AsSpan(UInt256.Length - value.ByteLength));

    internal void Push(in Address address) => Push(address.ToArray());

    /// <summary>Pushes a destination that is not known yet; <see cref="Land"/> names it.</summary>
    internal int PushLabel(int less = 0)
    {
        int at = _code.Count + 1;
        Push([(byte)(less >> 8), (byte)(less & 0xff)]);
        return at;
    }

    /// <summary>Puts a JUMPDEST here, where the labels lead.</summary>
    internal void Land(params ReadOnlySpan<int> labels)
    {
        foreach (int label in labels) Patch(label, _code.Count - Read(label));
        _code.Add(Jumpdest);
    }

    /// <summary>Drops words until this many are left.</summary>
    internal void TrimTo(int depth)
    {
        while (Depth > depth) Op(Pop, 1, 0);
    }

    /// <summary>Copies bytes that will lie behind the code into memory.</summary>
    internal void CopyToMemory(byte[] data, ulong offset)
    {
        Push((ulong)data.Length);
        PushTail(data);
        Push(offset);
        Op(CodeCopy, 3, 0);
    }

    /// <summary>Pushes where in the code these bytes will lie.</summary>
    internal void PushTail(byte[] data)
    {
        _tails.Add((_code.Count + 1, data));
        Push([0, 0]);
    }

    internal byte[] ToArray()
    {
        foreach ((int at, byte[] data) in _tails)
        {
            Patch(at, _code.Count);
            _code.AddRange(data);
        }

        _tails.Clear();
        return [.. _code];
    }

    private int Read(int at) => (_code[at] << 8) | _code[at + 1];

    private void Patch(int at, int value)
    {
        _code[at] = (byte)(value >> 8);
        _code[at + 1] = (byte)(value & 0xff);
    }
}
