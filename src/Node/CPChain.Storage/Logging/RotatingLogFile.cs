using System.Text;

namespace CPChain.Storage.Logging;

/// <summary>
/// A diagnostic log in files NAME.log (newest), NAME.1.log, NAME.2.log ... that together never exceed a size. Losing lines
/// is better than stopping a node: a line that cannot be written is counted and dropped. Safe for many threads.
/// </summary>
public sealed class RotatingLogFile : IDisposable
{
    /// <summary>Bytes of all files of one node by default.</summary>
    public const long TotalBytesMaxDefault = 20_000_000;

    private const int Files = 4;
    private const int LineBytesMax = 16 << 10;

    private readonly Lock _lock = new();
    private readonly string _directory;
    private readonly string _name;
    private readonly long _fileBytesMax;
    private FileStream? _stream;
    private bool _disposed;

    /// <summary>Opens NAME.log in <paramref name="directory"/> for appending, making both when absent.</summary>
    public RotatingLogFile(string directory, string name, long totalBytesMax = TotalBytesMaxDefault)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(totalBytesMax, Files * LineBytesMax);
        _directory = directory;
        _name = name;
        _fileBytesMax = totalBytesMax / Files;
        PrivateDirectory.Create(directory);
        _stream = Open();
    }

    /// <summary>Lines that could not be written.</summary>
    public long DroppedLines { get; private set; }

    /// <summary>Appends one line; over-long ones are cut.</summary>
    public void WriteLine(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        byte[] bytes = Encoding.UTF8.GetBytes(line.Length > LineBytesMax / 4 ? line[..(LineBytesMax / 4)] + "...\n" : line + "\n");
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            try
            {
                _stream ??= Open();
                if (_stream.Length + bytes.Length > _fileBytesMax)
                {
                    Rotate();
                }

                _stream.Write(bytes);
                _stream.Flush();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                DroppedLines++;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _stream?.Dispose();
        }
    }

    private void Rotate()
    {
        _stream!.Dispose();
        _stream = null;
        for (int i = Files - 1; i >= 1; i--)
        {
            string newer = PathOf(i - 1);
            if (File.Exists(newer))
            {
                File.Move(newer, PathOf(i), overwrite: true);
            }
        }

        _stream = Open();
    }

    private string PathOf(int age) => Path.Combine(_directory, age == 0 ? $"{_name}.log" : $"{_name}.{age}.log");

    private FileStream Open() => new(PathOf(0), FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 1);
}
