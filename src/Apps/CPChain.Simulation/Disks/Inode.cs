namespace CPChain.Simulation.Disks;

/// <summary>
/// The content of a file: as the program sees it, as the disk has it, and the changes between the two in order. A loss of power keeps of
/// every sector its durable content or that after any later change (specs/storage S8.2).
/// </summary>
internal sealed class Inode
{
    private readonly List<Change> _pending = [];
    private SparseBytes _seen = new();
    private SparseBytes _durable = new();

    internal long Length => _seen.Length;

    /// <summary>A user that wants no other one beside it.</summary>
    internal SimulatedFile? Holder { get; set; }

    internal bool HasPending => _pending.Count > 0;

    internal int Read(Span<byte> buffer, long offset) => _seen.Read(buffer, offset);

    internal void Write(ReadOnlySpan<byte> bytes, long offset, bool isDurable)
    {
        _seen.Write(bytes, offset);
        if (isDurable)
            _durable.Write(bytes, offset);
        else
            _pending.Add(new Change(offset, bytes.ToArray(), _seen.Length));
    }

    internal void SetLength(long length)
    {
        _seen.SetLength(length);
        _pending.Add(new Change(0, [], length));
    }

    internal void Sync()
    {
        foreach (Change change in _pending)
            Apply(_durable, change);
        _pending.Clear();
    }

    /// <summary>
    /// A sync that fails: the pages count as clean afterwards, so no later sync writes them, though the program still reads them until the
    /// machine starts again. Some had reached the disk.
    /// </summary>
    internal void FailSync(SeededRandom random) => Keep(random);

    /// <summary>The end of the machine.</summary>
    internal void LosePower(CacheLoss loss, SeededRandom random)
    {
        if (loss == CacheLoss.None)
            Sync();
        else if (loss == CacheLoss.Some)
            Keep(random);
        _pending.Clear();
        _seen = _durable.Clone();
        Holder = null;
    }

    /// <summary>A copy that is durable as the program sees it.</summary>
    internal Inode Settled() => new() { _seen = _seen.Clone(), _durable = _seen.Clone() };

    /// <summary>A copy with the same changes not yet durable.</summary>
    internal Inode Twin()
    {
        Inode twin = new() { _seen = _seen.Clone(), _durable = _durable.Clone() };
        twin._pending.AddRange(_pending);
        return twin;
    }

    private void Keep(SeededRandom random)
    {
        Dictionary<long, int> lastKept = [];
        long length = _durable.Length;
        for (int i = 0; i < _pending.Count; i++)
        {
            Change change = _pending[i];
            for (long sector = change.FirstSector; sector < change.EndSector; sector++)
            {
                if (random.Chance(50))
                    lastKept[sector] = i;
            }
            if (random.Chance(50))
                length = change.LengthAfter;
        }
        for (int i = 0; i < _pending.Count; i++)
        {
            for (long sector = _pending[i].FirstSector; sector < _pending[i].EndSector; sector++)
            {
                if (lastKept.TryGetValue(sector, out int last) && i <= last)
                    ApplySector(_pending[i], sector);
            }
        }
        _durable.SetLength(length);
        _pending.Clear();
    }

    private void ApplySector(Change change, long sector)
    {
        long from = Math.Max(change.Offset, sector * SectorMath.Bytes);
        long end = Math.Min(change.Offset + change.Bytes.Length, (sector + 1) * SectorMath.Bytes);
        _durable.Write(change.Bytes.AsSpan((int)(from - change.Offset), (int)(end - from)), from);
    }

    private static void Apply(SparseBytes target, Change change)
    {
        target.Write(change.Bytes, change.Offset);
        target.SetLength(change.LengthAfter);
    }

    private readonly record struct Change(long Offset, byte[] Bytes, long LengthAfter)
    {
        internal long FirstSector => Offset / SectorMath.Bytes;

        internal long EndSector => Bytes.Length == 0 ? FirstSector : (Offset + Bytes.Length + SectorMath.Bytes - 1) / SectorMath.Bytes;
    }
}
