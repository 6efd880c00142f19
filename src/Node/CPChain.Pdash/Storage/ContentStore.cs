using System.IO;
using CPChain.Data.Merkle;
using CPChain.Types;

namespace CPChain.Pdash.Storage;

/// <summary>How a storage node took content.</summary>
public enum PutStatus : byte
{
    /// <summary>It is on the disk.</summary>
    Stored = 0,

    /// <summary>The node's quota is used up; nothing old is dropped for it.</summary>
    QuotaFull = 1,

    /// <summary>The disk has no room.</summary>
    DiskFull = 2,

    /// <summary>The content is empty, too large or not what its kind has to be.</summary>
    Refused = 3,

    /// <summary>A record at this place is as new or newer.</summary>
    Outdated = 4,
}

/// <summary>How a storage node answered a request for content.</summary>
public enum GetStatus : byte
{
    /// <summary>The content follows.</summary>
    Found = 0,

    /// <summary>The node does not have it.</summary>
    Absent = 1,

    /// <summary>The node has it, and its checksum shows that it was damaged.</summary>
    Damaged = 2,

    /// <summary>The file is of a format version that the node does not know.</summary>
    UnknownVersion = 3,
}

/// <summary>Content by its id, one file each, checked when read and never more than the quota (rule D8.1).</summary>
/// <remarks>File: version(1), checksum of the content (first 8 bytes of its SHA-256), content.</remarks>
public sealed class ContentStore
{
    /// <summary>Version that this program writes.</summary>
    public const byte Version = 1;

    private const int ErrorNoSpace = 28;
    private const int HeadBytes = 9;
    private readonly string _directory;
    private readonly long _quotaBytes;
    private readonly Lock _gate = new();
    private long _usedBytes;

    /// <summary>Opens a directory; <paramref name="quotaBytes"/> bounds all files together.</summary>
    public ContentStore(string directory, long quotaBytes)
    {
        _directory = directory;
        _quotaBytes = quotaBytes;
        PrivateFiles.CreateDirectory(directory);
        foreach (FileInfo file in new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            if (file.Extension == ".partial") file.Delete();
            else _usedBytes += file.Length;
        }
    }

    /// <summary>Bytes of all files.</summary>
    public long UsedBytes
    {
        get
        {
            lock (_gate) return _usedBytes;
        }
    }

    /// <summary>Where content lies.</summary>
    public string PathOf(in Hash256 id)
    {
        string hex = id.ToString()[2..];
        return Path.Combine(_directory, hex[..2], hex);
    }

    /// <summary>Keeps content; it is on the disk when this returns <see cref="PutStatus.Stored"/>.</summary>
    public PutStatus Put(ReadOnlySpan<byte> content, out Hash256 id)
    {
        id = SegmentTree.Root(content);
        string path = PathOf(id);
        long bytes = HeadBytes + content.Length;
        lock (_gate)
        {
            long before = File.Exists(path) ? new FileInfo(path).Length : 0;
            // Compared, not trusted: putting content again repairs a file that was damaged.
            if (before > 0 && Get(id, out byte[] kept) == GetStatus.Found && content.SequenceEqual(kept)) return PutStatus.Stored;
            if (_usedBytes - before + bytes > _quotaBytes) return PutStatus.QuotaFull;
            try
            {
                PrivateFiles.CreateDirectory(Path.GetDirectoryName(path)!);
                Span<byte> head = stackalloc byte[HeadBytes];
                WriteHead(content, head);
                PrivateFiles.Write(path, head, content);
            }
            catch (IOException e) when ((e.HResult & 0xffff) == ErrorNoSpace)
            {
                return PutStatus.DiskFull;
            }
            _usedBytes += bytes - before;
            return PutStatus.Stored;
        }
    }

    /// <summary>Reads content and checks it.</summary>
    public GetStatus Get(in Hash256 id, out byte[] content)
    {
        content = [];
        byte[] file;
        try
        {
            file = File.ReadAllBytes(PathOf(id));
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return GetStatus.Absent;
        }
        if (file.Length < HeadBytes) return GetStatus.Damaged;
        if (file[0] != Version) return GetStatus.UnknownVersion;
        Span<byte> head = stackalloc byte[HeadBytes];
        WriteHead(file.AsSpan(HeadBytes), head);
        if (!head.SequenceEqual(file.AsSpan(0, HeadBytes))) return GetStatus.Damaged;
        content = file[HeadBytes..];
        return GetStatus.Found;
    }

    /// <summary>Whether there is a file for the id; it is not read.</summary>
    public bool Has(in Hash256 id) => File.Exists(PathOf(id));

    private static void WriteHead(ReadOnlySpan<byte> content, Span<byte> head)
    {
        head[0] = Version;
        Span<byte> hash = stackalloc byte[32];
        System.Security.Cryptography.SHA256.HashData(content, hash);
        hash[..(HeadBytes - 1)].CopyTo(head[1..]);
    }
}
