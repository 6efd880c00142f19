namespace CPChain.Evm.Interpreter;

/// <summary>Bytes that grow and are reused: the return data of the last call.</summary>
internal sealed class ByteBuffer
{
    /// <summary>A larger buffer is given back when cleared.</summary>
    private const int KeptBytesMax = 1 << 16;

    private byte[] _bytes = [];

    internal int Length { get; private set; }

    internal ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Room for exactly <paramref name="length"/> bytes, of which every one must be written.</summary>
    internal Span<byte> Prepare(int length)
    {
        if (_bytes.Length < length)
        {
            _bytes = new byte[Math.Max(length, Math.Min(_bytes.Length * 2, KeptBytesMax))];
        }

        Length = length;
        return _bytes.AsSpan(0, length);
    }

    internal void Set(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Prepare(bytes.Length));

    internal void Clear()
    {
        Length = 0;
        if (_bytes.Length > KeptBytesMax)
        {
            _bytes = [];
        }
    }
}
