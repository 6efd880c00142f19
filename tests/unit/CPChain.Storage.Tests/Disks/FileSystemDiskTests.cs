using CPChain.Storage.Disks;

namespace CPChain.Storage.Tests.Disks;

public sealed class FileSystemDiskTests : DiskSuite
{
    private readonly TestDirectory _directory = new();

    protected override IDisk Disk => FileSystemDisk.Instance;

    protected override string Root
    {
        get
        {
            string root = _directory.File("disk");
            Directory.CreateDirectory(root);
            return root;
        }
    }

    [Theory]
    [InlineData(DiskAccess.Buffered)]
    [InlineData(DiskAccess.DurableSectors)]
    public void S8_files_and_directories_belong_to_their_owner_alone(DiskAccess access)
    {
        string directory = Path.Combine(Root, "made");
        Disk.CreateDirectory(directory);
        string path = Path.Combine(directory, "file");
        Disk.Open(path, access).Dispose();
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(directory));
    }

    public override void Dispose() => _directory.Dispose();
}
