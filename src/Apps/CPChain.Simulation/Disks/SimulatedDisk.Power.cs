namespace CPChain.Simulation.Disks;

/// <summary>The ends of the process and of the machine, and copies of what the disk holds.</summary>
public sealed partial class SimulatedDisk
{
    /// <summary>Takes the power away between two requests.</summary>
    public void LosePower()
    {
        using Lock.Scope scope = _lock.EnterScope();
        if (!IsDown)
            GoDown();
    }

    /// <summary>Starts the machine after a loss of power: what remains is what the disk had, and of the cache what <paramref name="loss"/> leaves.</summary>
    public void Start(CacheLoss loss)
    {
        using Lock.Scope scope = _lock.EnterScope();
        foreach (Inode inode in _tree.Inodes.ToArray())
            inode.LosePower(loss, _random);
        _tree.LosePower(loss, _random);
        EndProcess();
        IsDown = false;
    }

    /// <summary>Ends the process alone: all that it wrote is still there, nothing of it is open any more.</summary>
    public void Kill()
    {
        using Lock.Scope scope = _lock.EnterScope();
        Require();
        EndProcess();
    }

    /// <summary>What lies below a directory, as a backup takes it while nothing runs.</summary>
    public DiskBackup BackUp(string directory)
    {
        using Lock.Scope scope = _lock.EnterScope();
        Require();
        string path = Path.TrimEndingDirectorySeparator(directory);
        return new DiskBackup(
            path, _tree.Copy(path),
            _tables.Where(entry => (entry.Key + "/").StartsWith(path + "/", StringComparison.Ordinal))
                .ToDictionary(entry => entry.Key, entry => entry.Value.Copy(), StringComparer.Ordinal));
    }

    /// <summary>Puts a backup back in place of what is there; it can be used again.</summary>
    public void Restore(DiskBackup backup)
    {
        ArgumentNullException.ThrowIfNull(backup);
        using Lock.Scope scope = _lock.EnterScope();
        Require();
        _tree.Restore(backup.Directory, backup.Files.ToDictionary(entry => entry.Key, entry => entry.Value.Settled(), StringComparer.Ordinal));
        foreach (string path in _tables.Keys.Where(path => (path + "/").StartsWith(backup.Directory + "/", StringComparison.Ordinal)).ToArray())
            _tables.Remove(path);
        foreach ((string path, SimulatedTables tables) in backup.Tables)
            _tables[path] = tables.Copy();
        EndProcess();
    }

    /// <summary>A second disk with the same content, synchronised and not; nothing is open on it.</summary>
    public SimulatedDisk Copy(ulong seed)
    {
        using Lock.Scope scope = _lock.EnterScope();
        SimulatedDisk copy = new(seed);
        _tree.CopyTo(copy._tree);
        foreach ((string path, SimulatedTables tables) in _tables)
            copy._tables[path] = tables.Copy();
        return copy;
    }

    private void GoDown()
    {
        IsDown = true;
        PowerLost?.Invoke();
    }

    private void EndProcess()
    {
        _life++;
        foreach (Inode inode in _tree.Inodes)
            inode.Holder = null;
        foreach (SimulatedTables tables in _tables.Values)
            tables.LoseMemory(_random);
    }
}

/// <summary>A copy of a directory; see <see cref="SimulatedDisk.BackUp"/>.</summary>
public sealed class DiskBackup
{
    internal DiskBackup(string directory, Dictionary<string, Inode> files, Dictionary<string, SimulatedTables> tables)
    {
        Directory = directory;
        Files = files;
        Tables = tables;
    }

    internal string Directory { get; }
    internal Dictionary<string, Inode> Files { get; }
    internal Dictionary<string, SimulatedTables> Tables { get; }
}
