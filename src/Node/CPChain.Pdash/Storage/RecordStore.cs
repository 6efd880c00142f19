using System.IO;
using CPChain.Data.Manifests;
using CPChain.Types;

namespace CPChain.Pdash.Storage;

/// <summary>Key records by place; only the owner of a record replaces it, and only with a newer one (DAT-07, rule
/// D8.4).</summary>
public sealed class RecordStore
{
    private readonly string _directory;
    private readonly int _recordsMax;
    private readonly Lock _gate = new();
    private int _records;

    /// <summary>Opens a directory for at most <paramref name="recordsMax"/> records.</summary>
    public RecordStore(string directory, int recordsMax)
    {
        _directory = directory;
        _recordsMax = recordsMax;
        PrivateFiles.CreateDirectory(directory);
        _records = Directory.EnumerateFiles(directory, "*.record").Count();
    }

    /// <summary>Takes a record that is signed, not expired, and newer than the one of the same owner that it replaces.</summary>
    public PutStatus Put(ReadOnlySpan<byte> encoded, long nowMs)
    {
        if (KeyRecord.TryDecode(encoded, nowMs, out KeyRecord? record) != ManifestFault.None) return PutStatus.Refused;
        lock (_gate)
        {
            KeyRecord? old = Read(record!.Place, nowMs);
            if (old is not null && old.Version >= record.Version)
                return old.Version == record.Version && old.ContentId() == record.ContentId() ? PutStatus.Stored : PutStatus.Outdated;
            bool isNew = !File.Exists(PathOf(record.Place));
            if (isNew && _records >= _recordsMax) return PutStatus.QuotaFull;
            PrivateFiles.Write(PathOf(record.Place), encoded);
            if (isNew) _records++;
            return PutStatus.Stored;
        }
    }

    /// <summary>The record at a place; null when there is none or it expired.</summary>
    public byte[]? Get(in Hash256 place, long nowMs)
    {
        lock (_gate) return Read(place, nowMs)?.Encode();
    }

    private KeyRecord? Read(in Hash256 place, long nowMs)
    {
        string path = PathOf(place);
        if (!File.Exists(path)) return null;
        KeyRecord.TryDecode(File.ReadAllBytes(path), nowMs, out KeyRecord? record);
        return record;
    }

    private string PathOf(in Hash256 place) => Path.Combine(_directory, place.ToString()[2..] + ".record");
}
