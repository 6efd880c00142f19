namespace CPChain.Storage;

/// <summary>What went wrong below a store; the operator's remedy differs for each (specs/storage S3).</summary>
public enum StorageFault
{
    /// <summary>A system library is not installed.</summary>
    MissingLibrary,

    /// <summary>Another process has the directory or file open.</summary>
    Locked,

    /// <summary>The data was written in a format, or for a purpose, that this program does not know.</summary>
    UnknownFormat,

    /// <summary>The data belongs to another chain.</summary>
    WrongChain,

    /// <summary>The data is an archive, and the program was not told to keep one.</summary>
    Archive,

    /// <summary>Stored bytes are damaged.</summary>
    Corrupt,

    /// <summary>The disk or the quota is full.</summary>
    DiskFull,

    /// <summary>Any other failure of the disk or the file system.</summary>
    Io,
}

/// <summary>
/// Failure of a store, journal or file: fatal for that object, which refuses all further use. The message names the path,
/// the reason and the remedy.
/// </summary>
public sealed class StorageFailure : Exception
{
    /// <summary>Describes a failure at <paramref name="path"/>.</summary>
    public StorageFailure(StorageFault fault, string path, string reason, Exception? cause = null)
        : base($"{path}: {reason}", cause)
    {
        Fault = fault;
        Path = path;
        Reason = reason;
    }

    /// <summary>The class of the failure.</summary>
    public StorageFault Fault { get; }

    /// <summary>The directory or file that failed.</summary>
    public string Path { get; }

    /// <summary>What happened and what to do about it.</summary>
    public string Reason { get; }

    internal static StorageFailure FromIo(string path, Exception cause)
    {
        if (cause is StorageFailure known)
        {
            return known;
        }

        // ENOSPC is 28 and EDQUOT 122 on Linux; .NET carries the number in the low bits of HResult.
        int errno = cause.HResult & 0xffff;
        bool full = cause is IOException && (errno is 28 or 122 || IsFullMessage(cause.Message));
        return full
            ? new StorageFailure(StorageFault.DiskFull, path, $"the disk is full ({cause.Message}); free space and start again", cause)
            : new StorageFailure(StorageFault.Io, path, cause.Message, cause);
    }

    internal static bool IsFullMessage(string message) =>
        message.Contains("No space left", StringComparison.Ordinal)
        || message.Contains("quota exceeded", StringComparison.OrdinalIgnoreCase)
        || message.Contains("disk is full", StringComparison.OrdinalIgnoreCase);
}
