using CPChain.Storage;
using CPChain.Storage.Disks;

namespace CPChain.Simulation.Disks;

/// <summary>
/// A disk in memory that counts what is asked of it, fails and loses power where it is told to, and then forgets what specs/storage S8
/// lets it forget. Everything left to chance comes from one seed. Paths are absolute. Safe for many threads; equal runs need one thread.
/// </summary>
public sealed partial class SimulatedDisk(ulong seed) : IDisk
{
    private const int Eio = 5;
    private const int Enospc = 28;

    private readonly Lock _lock = new();
    private readonly SeededRandom _random = new(seed);
    private readonly DirectoryTree _tree = new();
    private readonly Dictionary<string, SimulatedTables> _tables = new(StringComparer.Ordinal);
    private int _life;

    /// <summary>Says what becomes of a request; null lets all proceed. Called under the disk's lock.</summary>
    public Func<DiskOperation, DiskVerdict>? Judge { get; set; }

    /// <summary>True for a file whose next read the device refuses with EIO.</summary>
    public Func<string, bool>? FailRead { get; set; }

    /// <summary>Called once when the power goes, before the request that met it throws; whoever hears it says nothing more.</summary>
    public Action? PowerLost { get; set; }

    /// <summary>Bytes of all files together beyond which the disk is full.</summary>
    public long CapacityBytes { get; set; } = long.MaxValue;

    /// <summary>Requests so far that a loss of power can meet.</summary>
    public long Operations { get; private set; }

    /// <summary>Bytes written so far.</summary>
    public long BytesWritten { get; private set; }

    /// <summary>Syncs, of files and directories, and durable writes so far.</summary>
    public long Barriers { get; private set; }

    /// <summary>Whether the power is gone and <see cref="Start"/> was not called yet.</summary>
    public bool IsDown { get; private set; }

    /// <inheritdoc/>
    public IDiskFile Open(string path, DiskAccess access)
    {
        using Lock.Scope scope = _lock.EnterScope();
        Require();
        Inode? inode = _tree.Find(path);
        if (inode is null)
        {
            string parent = DirectoryTree.Parent(path);
            if (!_tree.HasDirectory(parent))
                throw new StorageFailure(StorageFault.Io, path, "no such directory");
            Perform(DiskOperationKind.Create, path, 0, 0, _ => _tree.Add(path, new Inode()));
            inode = _tree.Find(path)!;
        }
        if (access == DiskAccess.Buffered && inode.Holder is not null)
            throw new StorageFailure(StorageFault.Locked, path, "the file is open already; stop the other cpchain that uses it");
        SimulatedFile file = new(this, path, inode, access, _life);
        if (access == DiskAccess.Buffered)
            inode.Holder = file;
        return file;
    }

    /// <inheritdoc/>
    public bool Exists(string path)
    {
        using Lock.Scope scope = _lock.EnterScope();
        Require();
        return _tree.Find(path) is not null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Files(string directory)
    {
        using Lock.Scope scope = _lock.EnterScope();
        Require();
        return [.. _tree.Files(Path.TrimEndingDirectorySeparator(directory)).Select(path => Path.GetFileName(path)!)];
    }

    /// <inheritdoc/>
    public void Rename(string path, string newPath)
    {
        using Lock.Scope scope = _lock.EnterScope();
        Require();
        if (_tree.Find(path) is null)
            throw new StorageFailure(StorageFault.Io, path, "no such file");
        Perform(DiskOperationKind.Rename, newPath, 0, 0, _ => _tree.Rename(path, newPath));
    }

    /// <inheritdoc/>
    public void Delete(string path)
    {
        using Lock.Scope scope = _lock.EnterScope();
        Require();
        if (_tree.Find(path) is not null)
            Perform(DiskOperationKind.Delete, path, 0, 0, _ => _tree.Delete(path));
    }

    /// <inheritdoc/>
    public void CreateDirectory(string directory)
    {
        using Lock.Scope scope = _lock.EnterScope();
        Require();
        string path = Path.TrimEndingDirectorySeparator(directory);
        if (!_tree.HasDirectory(path))
            Perform(DiskOperationKind.CreateDirectory, path, 0, 0, _ => _tree.AddDirectory(path));
    }

    /// <inheritdoc/>
    public void SyncDirectory(string directory)
    {
        using Lock.Scope scope = _lock.EnterScope();
        Require();
        string path = Path.TrimEndingDirectorySeparator(directory);
        if (!_tree.HasDirectory(path))
            throw new StorageFailure(StorageFault.Io, path, "no such directory");
        Barriers++;
        Perform(DiskOperationKind.SyncDirectory, path, 0, 0, _ => _tree.Sync(path));
    }

    /// <inheritdoc/>
    public long FreeBytes(string directory)
    {
        using Lock.Scope scope = _lock.EnterScope();
        Require();
        return CapacityBytes == long.MaxValue ? long.MaxValue : CapacityBytes - _tree.Inodes.Sum(static inode => inode.Length);
    }

    internal T Ask<T>(SimulatedFile file, T value)
    {
        using Lock.Scope scope = _lock.EnterScope();
        Require(file);
        return value;
    }

    internal void AskRead(SimulatedFile file)
    {
        using Lock.Scope scope = _lock.EnterScope();
        Require(file);
        if (FailRead?.Invoke(file.Path) == true)
            throw Refused(file.Path, Eio, "Input/output error");
    }

    internal void Write(SimulatedFile file, ReadOnlySpan<byte> bytes, long offset)
    {
        using Lock.Scope scope = _lock.EnterScope();
        Require(file);
        bool isDurable = file.Access == DiskAccess.DurableSectors;
        if (isDurable && (offset % SectorMath.Bytes != 0 || bytes.Length % SectorMath.Bytes != 0))
            throw Refused(file.Path, 22, "Invalid argument");
        long grown = Math.Max(0, offset + bytes.Length - file.Inode.Length);
        if (grown > 0 && CapacityBytes != long.MaxValue && grown > CapacityBytes - _tree.Inodes.Sum(static inode => inode.Length))
            throw Refused(file.Path, Enospc, "No space left on device");
        BytesWritten += bytes.Length;
        Barriers += isDurable ? 1 : 0;
        byte[] content = bytes.ToArray();
        Perform(
            DiskOperationKind.Write, file.Path, offset, bytes.Length,
            sectors => Transfer(file.Inode, content.AsSpan(0, BytesOf(sectors, offset, content.Length)), offset, isDurable),
            () => TransferSome(file.Inode, content, offset, isDurable),
            () => file.Inode.Write(content, ElsewhereIn(file.Inode, content.Length), isDurable));
    }

    internal void Cut(SimulatedFile file, long bytes)
    {
        using Lock.Scope scope = _lock.EnterScope();
        Require(file);
        Perform(DiskOperationKind.Cut, file.Path, 0, 0, _ => file.Inode.SetLength(bytes));
    }

    internal void Sync(SimulatedFile file)
    {
        using Lock.Scope scope = _lock.EnterScope();
        Require(file);
        Barriers++;
        Perform(DiskOperationKind.Sync, file.Path, 0, 0, _ => file.Inode.Sync(), () => file.Inode.FailSync(_random));
    }

    internal void Close(SimulatedFile file)
    {
        using Lock.Scope scope = _lock.EnterScope();
        if (file.Inode.Holder == file)
            file.Inode.Holder = null;
    }

    internal SimulatedTables Tables(string directory)
    {
        using Lock.Scope scope = _lock.EnterScope();
        Require();
        if (!_tables.TryGetValue(directory, out SimulatedTables? tables))
            tables = _tables[directory] = new SimulatedTables();
        return tables;
    }

    internal void Flush(string directory, SimulatedTables tables)
    {
        using Lock.Scope scope = _lock.EnterScope();
        Require();
        Perform(DiskOperationKind.FlushTables, directory, 0, 0, _ => tables.Keep());
    }

    private void Perform(
        DiskOperationKind kind, string path, long offset, int bytes, Action<int> apply, Action? applySome = null,
        Action? applyAstray = null)
    {
        Operations++;
        DiskOperation operation = new(Operations, kind, path, offset, bytes);
        DiskVerdict verdict = Judge?.Invoke(operation) ?? DiskVerdict.Proceed;
        switch (verdict.Kind)
        {
            case DiskVerdictKind.LosePowerWithin:
                if (kind == DiskOperationKind.Write)
                    apply(verdict.Sectors);
                GoDown();
                throw Down(operation);
            case DiskVerdictKind.LosePowerTorn:
                applySome?.Invoke();
                GoDown();
                throw Down(operation);
            case DiskVerdictKind.Fail:
                applySome?.Invoke();
                throw Refused(path, Eio, "Input/output error");
            case DiskVerdictKind.Astray when applyAstray is not null:
                applyAstray();
                break;
            default:
                apply(operation.Sectors);
                break;
        }
        if (verdict.Kind == DiskVerdictKind.LosePowerAfter)
        {
            GoDown();
            throw Down(operation);
        }
    }

    private long ElsewhereIn(Inode inode, int bytes) =>
        SectorMath.Bytes * (long)_random.Below((int)Math.Max(1, (inode.Length - bytes) / SectorMath.Bytes));

    private static int BytesOf(int sectors, long offset, int bytes) =>
        (int)Math.Clamp((((offset / SectorMath.Bytes) + sectors) * SectorMath.Bytes) - offset, 0, bytes);

    private static void Transfer(Inode inode, ReadOnlySpan<byte> bytes, long offset, bool isDurable)
    {
        if (!bytes.IsEmpty)
            inode.Write(bytes, offset, isDurable);
    }

    private void TransferSome(Inode inode, ReadOnlySpan<byte> bytes, long offset, bool isDurable)
    {
        for (int done = 0; done < bytes.Length;)
        {
            int part = (int)Math.Min(SectorMath.Bytes - ((offset + done) % SectorMath.Bytes), bytes.Length - done);
            if (_random.Chance(50))
                inode.Write(bytes.Slice(done, part), offset + done, isDurable);
            done += part;
        }
    }

    private void Require()
    {
        if (IsDown)
            throw new PowerLossException("the power is gone");
    }

    private void Require(SimulatedFile file)
    {
        Require();
        if (file.Life != _life)
            throw new PowerLossException($"{file.Path} was opened by a process that is no more");
        ObjectDisposedException.ThrowIf(file.IsClosed, file);
    }

    private static PowerLossException Down(in DiskOperation operation) => new($"the power went at {operation}");

    private static StorageFailure Refused(string path, int errno, string text) =>
        StorageFailure.FromIo(path, new IOException(text, errno));
}
