using CPChain.Storage.Disks;

namespace CPChain.Simulation.Disks;

/// <summary>An open file of a <see cref="SimulatedDisk"/>; all of it happens under the disk's lock.</summary>
internal sealed class SimulatedFile(SimulatedDisk disk, string path, Inode inode, DiskAccess access, int life) : IDiskFile
{
    private bool _isClosed;

    public string Path => path;

    public long LengthBytes => disk.Ask(this, inode.Length);

    internal Inode Inode => inode;

    internal DiskAccess Access => access;

    /// <summary>Which start of the machine it was opened in.</summary>
    internal int Life => life;

    internal bool IsClosed => _isClosed;

    public int Read(Span<byte> buffer, long offset)
    {
        disk.AskRead(this);
        return inode.Read(buffer, offset);
    }

    public void Write(ReadOnlySpan<byte> bytes, long offset) => disk.Write(this, bytes, offset);

    public void SetLength(long bytes) => disk.Cut(this, bytes);

    public void Sync() => disk.Sync(this);

    public void Dispose()
    {
        _isClosed = true;
        disk.Close(this);
    }
}
