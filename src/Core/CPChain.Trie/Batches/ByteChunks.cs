namespace CPChain.Trie.Batches;

/// <summary>Room for many short pieces of bytes, in few arrays.</summary>
internal sealed class ByteChunks(int chunkBytes)
{
    private byte[] _chunk = [];
    private int _used;

    /// <summary>The next piece, whose bytes are whatever they are.</summary>
    public Memory<byte> Take(int bytes)
    {
        if (bytes > _chunk.Length - _used)
        {
            _chunk = new byte[Math.Max(bytes, chunkBytes)];
            _used = 0;
        }

        Memory<byte> piece = _chunk.AsMemory(_used, bytes);
        _used += bytes;
        return piece;
    }

    /// <summary>Takes back the piece that was given last.</summary>
    public void Return(int bytes) => _used -= bytes;
}
