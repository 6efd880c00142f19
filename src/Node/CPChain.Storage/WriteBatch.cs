using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace CPChain.Storage;

/// <summary>An ordered list of puts and deletions that a store applies atomically; a later operation on a key wins. Not thread-safe.</summary>
public sealed class WriteBatch
{
    private const int OperationHeadBytes = 8;

    private readonly List<Operation> _operations = [];
    private byte[] _bytes = new byte[1024];
    private int _used;

    /// <summary>Number of operations.</summary>
    public int Count => _operations.Count;

    /// <summary>Bytes of all keys and values.</summary>
    public int SizeBytes => _used;

    /// <summary>Sets <paramref name="key"/> to <paramref name="value"/>; both are copied.</summary>
    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        int offset = _used;
        Append(key);
        Append(value);
        _operations.Add(new Operation(offset, key.Length, value.Length));
    }

    /// <summary>Removes <paramref name="key"/>; removing an absent key is no error.</summary>
    public void Delete(ReadOnlySpan<byte> key)
    {
        int offset = _used;
        Append(key);
        _operations.Add(new Operation(offset, key.Length, -1));
    }

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

    /// <summary>Operations in order: key length(4), value length(4, all ones for a deletion), key, value; little-endian.</summary>
    internal byte[] Encode()
    {
        byte[] encoded = new byte[(_operations.Count * OperationHeadBytes) + _used];
        Span<byte> rest = encoded;
        foreach (Operation o in _operations)
        {
            int bytes = o.KeyLength + Math.Max(0, o.ValueLength);
            BinaryPrimitives.WriteInt32LittleEndian(rest, o.KeyLength);
            BinaryPrimitives.WriteInt32LittleEndian(rest[4..], o.ValueLength);
            _bytes.AsSpan(o.Offset, bytes).CopyTo(rest[OperationHeadBytes..]);
            rest = rest[(OperationHeadBytes + bytes)..];
        }

        return encoded;
    }

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

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_used + bytes.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_used + bytes.Length, _bytes.Length * 2));
        }

        bytes.CopyTo(_bytes.AsSpan(_used));
        _used += bytes.Length;
    }

    private readonly record struct Operation(int Offset, int KeyLength, int ValueLength);
}
