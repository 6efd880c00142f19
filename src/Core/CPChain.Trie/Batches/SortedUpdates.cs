using System.Buffers;
using System.Buffers.Binary;
using CPChain.Types;

namespace CPChain.Trie.Batches;

/// <summary>
/// Updates in the order of their keys, which have 32 bytes each; every key occurs once, and every value has bytes. The keys lie in one
/// piece of borrowed memory, so that looking at a nibble costs no more than that.
/// </summary>
internal sealed class SortedUpdates : IDisposable
{
    public const int KeyBytes = Hash256.Length;

    /// <summary>Nibbles of a key.</summary>
    public const int Depth = 2 * KeyBytes;

    private readonly TrieUpdate[] _updates;
    private readonly int[] _order;
    private readonly byte[] _keys;
    private readonly FormerValue? _former;

    private SortedUpdates(TrieUpdate[] updates, FormerValue? former, int[] order, int count)
    {
        _updates = updates;
        _former = former;
        _order = order;
        Count = count;
        _keys = ArrayPool<byte>.Shared.Rent(count * KeyBytes);
        for (int i = 0; i < count; i++)
        {
            updates[order[i]].Key.Span.CopyTo(_keys.AsSpan(i * KeyBytes));
        }
    }

    public int Count { get; }

    /// <summary>False where a key has another length or an update removes.</summary>
    public static bool TryMake(TrieUpdate[] updates, FormerValue? former, out SortedUpdates? sorted)
    {
        sorted = null;
        int[] order = ArrayPool<int>.Shared.Rent(updates.Length);
        ulong[] heads = ArrayPool<ulong>.Shared.Rent(updates.Length);
        bool fits = TrySort(updates, heads, order, out int count);
        ArrayPool<ulong>.Shared.Return(heads);
        if (fits)
        {
            sorted = new SortedUpdates(updates, former, order, count);
        }
        else
        {
            ArrayPool<int>.Shared.Return(order);
        }

        return fits;
    }

    public ReadOnlySpan<byte> Key(int index) => _keys.AsSpan(index * KeyBytes, KeyBytes);

    public ReadOnlySpan<byte> Value(int index) => _updates[_order[index]].Value!.Value.Span;

    /// <summary>What the key had before, as far as somebody says so; no bytes otherwise.</summary>
    public ReadOnlySpan<byte> Former(int index, Span<byte> room) => _former is null ? default : room[.._former(_order[index], room)];

    public int Nibble(int index, int depth) => NibbleOf(Key(index), depth);

    public static int NibbleOf(ReadOnlySpan<byte> key, int depth) => (depth & 1) == 0 ? key[depth >> 1] >> 4 : key[depth >> 1] & 15;

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_keys);
        ArrayPool<int>.Shared.Return(_order);
    }

    private static bool TrySort(TrieUpdate[] updates, ulong[] heads, int[] order, out int count)
    {
        count = 0;
        for (int i = 0; i < updates.Length; i++)
        {
            if (updates[i].Key.Length != KeyBytes || updates[i].Value is null or { IsEmpty: true })
            {
                return false;
            }

            heads[i] = BinaryPrimitives.ReadUInt64BigEndian(updates[i].Key.Span);
            order[i] = i;
        }

        Array.Sort(heads, order, 0, updates.Length);
        for (int from = 0, to; from < updates.Length; from = to)
        {
            for (to = from + 1; to < updates.Length && heads[to] == heads[from]; to++)
            {
            }

            Span<int> alike = order.AsSpan(from, to - from);
            if (alike.Length > 1)
            {
                // Of equal keys the last counts.
                alike.Sort((a, b) => KeyOf(updates, a).SequenceCompareTo(KeyOf(updates, b)) is var byKey and not 0 ? byKey : a.CompareTo(b));
            }

            for (int i = 0; i < alike.Length; i++)
            {
                bool isLast = i + 1 == alike.Length || !KeyOf(updates, alike[i]).SequenceEqual(KeyOf(updates, alike[i + 1]));
                if (isLast)
                {
                    order[count++] = alike[i];
                }
            }
        }

        return true;
    }

    private static ReadOnlySpan<byte> KeyOf(TrieUpdate[] updates, int index) => updates[index].Key.Span;
}
