namespace CPChain.Storage.RocksDb;

/// <summary>Memory and file bounds of one store; the defaults suit 8 to 20 stores on one machine.</summary>
/// <param name="WriteBufferBytes">Size at which recent rows move from memory to a table file.</param>
/// <param name="OpenFilesMax">Table files held open.</param>
/// <param name="InfoLogBytesMax">Size of RocksDB's own LOG file before it is replaced; one old one is kept.</param>
public sealed record RocksDbOptions(
    int WriteBufferBytes = 4 << 20,
    int OpenFilesMax = 64,
    int InfoLogBytesMax = 256 << 10)
{
    /// <summary>Bytes of the block cache, which all stores of the process share.</summary>
    public const int SharedCacheBytes = 8 << 20;
}
