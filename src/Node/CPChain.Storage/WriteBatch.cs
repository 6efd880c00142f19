using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace CPChain.Storage;

/// <summary>An ordered list of puts and deletions that a store applies atomically; a later operation on a key wins. Not thread-safe.</summary>
/// <remarks>
/// It is held as a commit log has it: for each operation key length(4), value length(4, all ones for a deletion), key, value;
/// little-endian.
/// </remarks>
public sealed class WriteBatch
{
    private const int OperationHeadBytes = 8;

    private readonly List<Operation> _operations = [];
    private byte[] _bytes = new byte[1024];
    private int _used;

    /// <summary>Number of operations.</summary>
    public int Count => _operations.Count;

    /// <summary>Bytes of all keys and values.</summary>
    public int SizeBytes => _used - (_operations.Count * OperationHeadBytes);

    /// <summary>The operations in order; valid until the next one.</summary>
    internal ReadOnlySpan<byte> Encoded => _bytes.AsSpan(0, _used);

    /// <summary>Sets <paramref name="key"/> to <paramref name="value"/>; both are copied.</summary>
    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        Span<byte> room = Begin(key, value.Length, value.Length);
        value.CopyTo(room);
    }

    /// <summary>Removes <paramref name="key"/>; removing an absent key is no error.</summary>
    public void Delete(ReadOnlySpan<byte> key) => Begin(key, -1, 0);

    /// <summary>Forgets all operations.</summary>
    public void Clear()
    {
        _operations.Clear();
        _used = 0;
    }

    internal bool IsDelete(int index) => _operations[index].ValueLength < 0;

    internal ReadOnlySpan<byte> Key(int index)
    {
        Operation o = _operations[index];
        return _bytes.AsSpan(o.Offset, o.KeyLength);
    }

    internal ReadOnlySpan<byte> Value(int index)
    {
        Operation o = _operations[index];
        return _bytes.AsSpan(o.Offset + o.KeyLength, Math.Max(0, o.ValueLength));
    }

    /// <summary>Reads <see cref="Encoded"/>.</summary>
    internal static bool TryDecode(ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out WriteBatch? batch)
    {
        batch = null;
        WriteBatch read = new();
        while (!encoded.IsEmpty)
        {
            if (encoded.Length < OperationHeadBytes)
            {
                return false;
            }

            int keyLength = BinaryPrimitives.ReadInt32LittleEndian(encoded);
            int valueLength = BinaryPrimitives.ReadInt32LittleEndian(encoded[4..]);
            encoded = encoded[OperationHeadBytes..];
            if (keyLength < 0 || valueLength < -1 || (long)keyLength + Math.Max(0, valueLength) > encoded.Length)
            {
                return false;
            }

            ReadOnlySpan<byte> key = encoded[..keyLength];
            encoded = encoded[keyLength..];
            if (valueLength < 0)
            {
                read.Delete(key);
            }
            else
            {
                read.Put(key, encoded[..valueLength]);
                encoded = encoded[valueLength..];
            }
        }

        batch = read;
        return true;
    }

    /// <summary>Writes the head and the key of an operation; what it returns is room for its value.</summary>
    private Span<byte> Begin(ReadOnlySpan<byte> key, int valueLength, int valueBytes)
    {
        int needed = _used + OperationHeadBytes + key.Length + valueBytes;
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(needed, _bytes.Length * 2));
        }

        Span<byte> room = _bytes.AsSpan(_used, needed - _used);
        BinaryPrimitives.WriteInt32LittleEndian(room, key.Length);
        BinaryPrimitives.WriteInt32LittleEndian(room[4..], valueLength);
        key.CopyTo(room[OperationHeadBytes..]);
        _operations.Add(new Operation(_used + OperationHeadBytes, key.Length, valueLength));
        _used = needed;
        return room[(OperationHeadBytes + key.Length)..];
    }

    private readonly record struct Operation(int Offset, int KeyLength, int ValueLength);
}
