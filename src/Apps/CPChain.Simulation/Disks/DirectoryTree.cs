namespace CPChain.Simulation.Disks;

/// <summary>
/// The names of files: as the program sees them, as the disk has them, and the changes between the two. A loss of power keeps each change
/// or loses it on its own (specs/storage S8.3). Directories are durable when they are made.
/// </summary>
internal sealed class DirectoryTree
{
    private readonly HashSet<string> _directories = new(StringComparer.Ordinal) { "/" };
    private readonly Dictionary<string, Inode> _durable = new(StringComparer.Ordinal);
    private readonly List<Change> _pending = [];
    private Dictionary<string, Inode> _seen = new(StringComparer.Ordinal);

    internal IEnumerable<Inode> Inodes => _seen.Values.Concat(_durable.Values).Distinct();

    internal Inode? Find(string path) => _seen.GetValueOrDefault(path);

    internal bool HasDirectory(string path) => _directories.Contains(path);

    internal IEnumerable<string> Files(string directory) =>
        _seen.Keys.Where(path => Parent(path) == directory).Order(StringComparer.Ordinal);

    internal void AddDirectory(string path)
    {
        for (string? at = path; at is not null && _directories.Add(at);)
            at = Path.GetDirectoryName(at);
    }

    internal void Add(string path, Inode inode) => Record(new Change(Parent(path), null, path, inode));

    internal void Rename(string path, string newPath) =>
        Record(new Change(Parent(newPath), path, newPath, _seen[path]));

    internal void Delete(string path) => Record(new Change(Parent(path), path, null, _seen[path]));

    internal void Sync(string directory)
    {
        foreach (Change change in _pending.Where(change => change.Directory == directory))
            Apply(_durable, change);
        _pending.RemoveAll(change => change.Directory == directory);
    }

    internal void LosePower(CacheLoss loss, SeededRandom random)
    {
        foreach (Change change in _pending)
        {
            if (loss == CacheLoss.None || (loss == CacheLoss.Some && random.Chance(50)))
                Apply(_durable, change);
        }
        _pending.Clear();
        _seen = new Dictionary<string, Inode>(_durable, StringComparer.Ordinal);
    }

    internal void CopyTo(DirectoryTree other)
    {
        Dictionary<Inode, Inode> twins = [];
        Inode Twin(Inode inode) => twins.TryGetValue(inode, out Inode? twin) ? twin : twins[inode] = inode.Twin();
        other._directories.UnionWith(_directories);
        foreach ((string path, Inode inode) in _seen)
            other._seen[path] = Twin(inode);
        foreach ((string path, Inode inode) in _durable)
            other._durable[path] = Twin(inode);
        other._pending.AddRange(_pending.Select(change => change with { File = Twin(change.File) }));
    }

    /// <summary>All that the program sees below a directory, as a copy would have it.</summary>
    internal Dictionary<string, Inode> Copy(string directory) => _seen
        .Where(entry => entry.Key.StartsWith(directory + "/", StringComparison.Ordinal))
        .ToDictionary(entry => entry.Key, entry => entry.Value.Settled(), StringComparer.Ordinal);

    /// <summary>Puts a copy back, durably, in place of what is there.</summary>
    internal void Restore(string directory, Dictionary<string, Inode> copy)
    {
        foreach (Dictionary<string, Inode> names in (Dictionary<string, Inode>[])[_seen, _durable])
        {
            foreach (string path in names.Keys.Where(path => path.StartsWith(directory + "/", StringComparison.Ordinal)).ToArray())
                names.Remove(path);
            foreach ((string path, Inode inode) in copy)
                names[path] = inode;
        }
        _pending.RemoveAll(change => change.Directory.StartsWith(directory, StringComparison.Ordinal));
    }

    internal static string Parent(string path) => Path.GetDirectoryName(path)!;

    private void Record(Change change)
    {
        Apply(_seen, change);
        _pending.Add(change);
    }

    private static void Apply(Dictionary<string, Inode> names, Change change)
    {
        // A name that has meanwhile been given to another file is not this change's to remove.
        if (change.Removed is { } removed && names.TryGetValue(removed, out Inode? there) && there == change.File)
            names.Remove(removed);
        if (change.Added is { } added)
            names[added] = change.File;
    }

    private sealed record Change(string Directory, string? Removed, string? Added, Inode File);
}
