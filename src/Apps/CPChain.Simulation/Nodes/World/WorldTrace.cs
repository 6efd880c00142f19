using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using CPChain.Types;

namespace CPChain.Simulation.Nodes.World;

/// <summary>
/// What happened, in order: always as a hash, by which two runs are compared, and line by line for whoever asks. Columns: microseconds, node,
/// what, details.
/// </summary>
internal sealed class WorldTrace(Action<string>? line)
{
    private ulong hash = 0xcbf29ce484222325;

    /// <summary>Hash of everything told so far.</summary>
    internal ulong Hash => hash;

    internal bool IsPrinted => line is not null;

    internal void Delivered(long time, int from, int to, string kind, ushort type, ReadOnlySpan<byte> payload)
    {
        Mix((ulong)time);
        Mix(((ulong)Index(from) << 40) | ((ulong)Index(to) << 20) | type);
        ulong content = HashOf(payload);
        Mix(content);
        line?.Invoke(string.Create(
            CultureInfo.InvariantCulture, $"{time,12} n{to,-2} {kind,-8} from n{from} type {type} {payload.Length} B {content:x16}"));
    }

    internal void Finalized(long time, int node, ulong number, in Hash256 block, bool isImpeach, int round)
    {
        Mix((ulong)time);
        Mix(((ulong)Index(node) << 32) | Index(round));
        Mix(number);
        Mix(HashOf(block.ToArray()));
        line?.Invoke(string.Create(
            CultureInfo.InvariantCulture, $"{time,12} n{node,-2} final    {number} {block} round {round}{(isImpeach ? " impeach" : "")}"));
    }

    internal void Happened(long time, int node, string what)
    {
        Mix((ulong)time);
        Mix(Index(node));
        foreach (char letter in what)
        {
            Mix(letter);
        }
        line?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{time,12} {(node < 0 ? "-  " : $"n{node,-2}")} {what}"));
    }

    /// <summary>A line of a node's own log: printed, not hashed.</summary>
    internal void Note(long time, int node, string what) =>
        line?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{time,12} n{node,-2} log      {what}"));

    private static ulong HashOf(ReadOnlySpan<byte> bytes)
    {
        ulong content = (ulong)bytes.Length;
        while (bytes.Length >= sizeof(ulong))
        {
            content = Step(content, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }
        foreach (byte value in bytes)
        {
            content = Step(content, value);
        }
        return content;
    }

    private static ulong Step(ulong before, ulong value) =>
        BitOperations.RotateLeft(unchecked((before ^ value) * 0x9E3779B97F4A7C15), 29);

    // -1 is nobody.
    private static uint Index(int node) => unchecked((uint)node);

    private void Mix(ulong value) => hash = Step(hash, value);
}
