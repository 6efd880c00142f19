using CPChain.Types;

namespace CPChain.Ledger.States;

/// <summary>
/// A part of a <see cref="NodeTable"/>: open addressing over slots that name a piece of a chunk. A slot is written whole before its
/// chunk's number, and a table that grew is another one, so readers take no lock.
/// </summary>
internal sealed class NodeTablePart
{
    private const int SlotsAtFirst = 16;
    private const int ChunkBytesAtFirst = 1 << 10;

    // Below what the runtime gives a heap of its own, which it collects seldom.
    private const int ChunkBytesMax = 64 << 10;

    private readonly Lock _adding = new();
    private volatile Slot[] _slots = new Slot[SlotsAtFirst];
    private volatile byte[][] _chunks = [[]];
    private int _used;
    private int _count;

    public bool TryGet(in UInt256 hash, out ReadOnlyMemory<byte> node)
    {
        Slot[] slots = _slots;
        ref Slot slot = ref Find(slots, hash, out int chunk);
        node = chunk == 0 ? default : _chunks[chunk].AsMemory(slot.Offset, slot.Length);
        return chunk != 0;
    }

    public bool TryAdd(in UInt256 hash, ReadOnlySpan<byte> node)
    {
        lock (_adding)
        {
            // At most three of four are taken, so that a search ends soon.
            if (4 * (_count + 1) > 3 * _slots.Length)
            {
                Grow();
            }

            ref Slot slot = ref Find(_slots, hash, out int chunk);
            if (chunk != 0)
            {
                return false;
            }

            Reserve(node.Length);
            node.CopyTo(_chunks[^1].AsSpan(_used));
            slot.Hash = hash;
            slot.Offset = _used;
            slot.Length = node.Length;
            Volatile.Write(ref slot.Chunk, _chunks.Length - 1);
            _used += node.Length;
            _count++;
            return true;
        }
    }

    public void CopyTo(Action<Hash256, ReadOnlyMemory<byte>> add)
    {
        byte[][] chunks = _chunks;
        foreach (ref readonly Slot slot in _slots.AsSpan())
        {
            int chunk = Volatile.Read(in slot.Chunk);
            if (chunk != 0 && chunk < chunks.Length)
            {
                add(Hash256.FromUInt256(slot.Hash), chunks[chunk].AsMemory(slot.Offset, slot.Length));
            }
        }
    }

    /// <summary>The slot of a hash, or the free one where it would be; the number of its chunk is 0 then.</summary>
    private static ref Slot Find(Slot[] slots, in UInt256 hash, out int chunk)
    {
        int mask = slots.Length - 1;
        for (int at = (int)(hash.U0 & (ulong)mask); ; at = (at + 1) & mask)
        {
            ref Slot slot = ref slots[at];
            chunk = Volatile.Read(in slot.Chunk);
            if (chunk == 0 || slot.Hash == hash)
            {
                return ref slot;
            }
        }
    }

    private void Grow()
    {
        Slot[] larger = new Slot[2 * _slots.Length];
        foreach (ref readonly Slot slot in _slots.AsSpan())
        {
            if (slot.Chunk != 0)
            {
                Find(larger, slot.Hash, out _) = slot;
            }
        }

        _slots = larger;
    }

    // The first chunk stays empty: its number says that a slot is free.
    private void Reserve(int bytes)
    {
        if (_chunks.Length == 1 || bytes > _chunks[^1].Length - _used)
        {
            int size = Math.Clamp(2 * _chunks[^1].Length, ChunkBytesAtFirst, ChunkBytesMax);
            _chunks = [.. _chunks, new byte[Math.Max(size, bytes)]];
            _used = 0;
        }
    }

    private struct Slot
    {
        public UInt256 Hash;
        public int Offset;
        public int Length;

        /// <summary>Number of the chunk; 0 while the slot is free.</summary>
        public int Chunk;
    }
}
