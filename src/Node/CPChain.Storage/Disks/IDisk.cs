namespace CPChain.Storage.Disks;

/// <summary>How a file is written; it fixes what is on the disk when a write returns (specs/storage S8).</summary>
public enum DiskAccess
{
    /// <summary>Through the cache: writes of any length, durable after <see cref="IDiskFile.Sync"/>. One user at a time.</summary>
    Buffered,

    /// <summary>Whole sectors of 512 bytes, past the cache where the file system can; each write is durable when it returns.</summary>
    DurableSectors,
}

/// <summary>
/// The one way to everything that a chain node must not lose (specs/storage S8): journals, the signer's record, the commit log of a
/// store, evidence. Every failure is a <see cref="StorageFailure"/>. Safe for many threads; each file has one user at a time.
/// </summary>
public interface IDisk
{
    /// <summary>Opens the file, making an empty one (mode 0600) when absent. A new file's name is durable after <see cref="SyncDirectory"/>.</summary>
    IDiskFile Open(string path, DiskAccess access);

    /// <summary>Whether there is a file of this name.</summary>
    bool Exists(string path);

    /// <summary>Files in the directory, without their path, in ordinal order; none when it is absent.</summary>
    IReadOnlyList<string> Files(string directory);

    /// <summary>Gives the file another name, atomically in place of one that has it; durable after <see cref="SyncDirectory"/>.</summary>
    void Rename(string path, string newPath);

    /// <summary>Removes the file, if there is one; durable after <see cref="SyncDirectory"/>.</summary>
    void Delete(string path);

    /// <summary>Makes the directory and its parents, mode 0700 where they are new; durable when it returns.</summary>
    void CreateDirectory(string directory);

    /// <summary>Makes all creations, renames and deletions in the directory survive the end of the machine.</summary>
    void SyncDirectory(string directory);

    /// <summary>Bytes that can still be written below the directory; the largest number where nobody can tell.</summary>
    long FreeBytes(string directory);
}

/// <summary>An open file of an <see cref="IDisk"/>. Every failure is a <see cref="StorageFailure"/>, after which the file must not be used.</summary>
public interface IDiskFile : IDisposable
{
    /// <summary>The name it was opened by.</summary>
    string Path { get; }

    /// <summary>Length in bytes.</summary>
    long LengthBytes { get; }

    /// <summary>Reads from <paramref name="offset"/> until the buffer is full or the file ends; returns the number of bytes.</summary>
    int Read(Span<byte> buffer, long offset);

    /// <summary>
    /// Writes at <paramref name="offset"/>. With <see cref="DiskAccess.DurableSectors"/> offset and length are multiples of
    /// <see cref="Sectors.SectorFile.SectorBytes"/> and the memory is aligned to <see cref="Sectors.SectorFile.AlignmentBytes"/>.
    /// </summary>
    void Write(ReadOnlySpan<byte> bytes, long offset);

    /// <summary>Cuts the file off, or extends it with zeros; durable after <see cref="Sync"/>.</summary>
    void SetLength(long bytes);

    /// <summary>
    /// Makes the bytes and the length survive the end of the machine. When it fails, what was written since the last success counts as
    /// lost, whatever a second call says.
    /// </summary>
    void Sync();
}

/// <summary>What follows from the operations of an <see cref="IDisk"/>.</summary>
public static class DiskExtensions
{
    /// <summary>Puts a finished, synchronised file in the place of another: after a crash either is there, after the return the new one.</summary>
    public static void Publish(this IDisk disk, string finished, string path)
    {
        ArgumentNullException.ThrowIfNull(disk);
        disk.Rename(finished, path);
        disk.SyncDirectory(Path.GetDirectoryName(path)!);
    }
}
