using System.Net;
using System.Net.Sockets;
using CPChain.Chain;
using CPChain.Crypto;
using CPChain.Sdk;

namespace CPChain.EndToEnd;

/// <summary>Whatever is wrong with the input: one clear message with the fix, exit code not 0, nothing running, nothing half-written.</summary>
public sealed class BadInputTests
{
    private const string Readings = "time,speed\n1,10.5\n2,11.5\n3,12.5\n";

    [Theory]
    [InlineData("does not exist", null)]
    [InlineData("is empty", "")]
    [InlineData("is binary", "\0\u0001\u0002\u0003rubbish\0\0\0")]
    [InlineData("No column", "name,colour\nanna,red\nberta,blue\n")]
    [InlineData("no row", "time,speed\n")]
    public async Task A_file_that_is_no_time_series_is_refused(string words, string? content)
    {
        using TempFolder temp = new();
        string file = temp["input.csv"];
        if (content is not null) File.WriteAllText(file, content);
        await AssertRefusedAsync(temp, words, [], "demo", "--data", file, "--keep", temp["kept"]);
    }

    [Fact]
    public async Task A_folder_or_an_unreadable_file_is_refused()
    {
        using TempFolder temp = new();
        await AssertRefusedAsync(temp, "is a folder", [], "demo", "--data", Directory.CreateDirectory(temp["folder.csv"]).FullName);
        // Even the administrator of the machine cannot read this one: its content ends in an error of the device.
        await AssertRefusedAsync(temp, "cannot be read", [], "demo", "--data", "/proc/self/mem");
    }

    [Theory]
    [InlineData("no column", "speed_of_light", Readings)]
    [InlineData("time", "colour", "time,colour,speed\n1,red,2\n2,green,3\n3,blue,4\n")]
    public async Task A_time_column_that_is_not_there_or_no_time_is_refused(string words, string column, string content)
    {
        using TempFolder temp = new();
        File.WriteAllText(temp["input.csv"], content);
        await AssertRefusedAsync(temp, words, [], "demo", "--data", temp["input.csv"], "--time", column, "--keep", temp["kept"]);
    }

    [Theory]
    [InlineData("--sekonds", "demo", "--sekonds", "3")]
    [InlineData("3x", "demo", "--seconds", "3x")]
    [InlineData("out of range", "demo", "--seconds", "1")]
    [InlineData("99999", "devnet", "--rpc-port", "99999")]
    [InlineData("out of range", "devnet", "--period", "5")]
    [InlineData("denmo", "denmo")]
    [InlineData("ommand", "")]
    [InlineData("--dir", "node")]
    [InlineData("node.json", "node", "--dir", "/")]
    public async Task A_wrong_option_or_value_is_refused(string words, params string[] arguments)
    {
        using TempFolder temp = new();
        string[] given = arguments is ["devnet", ..] ? [.. arguments, "--dir", temp["devnet"]] : arguments;
        await AssertRefusedAsync(temp, words, [], [.. given.Where(argument => argument.Length > 0)]);
    }

    [Fact]
    public async Task A_folder_with_something_else_in_it_stays_as_it_is()
    {
        using TempFolder temp = new();
        string taken = Directory.CreateDirectory(temp["taken"]).FullName;
        File.WriteAllText(Path.Combine(taken, "diary.txt"), "mine");
        await AssertRefusedAsync(temp, "not empty", ["taken"], "demo", "--keep", taken);
        await AssertRefusedAsync(temp, "something else", ["taken"], "devnet", "--dir", taken);
        Assert.Equal("diary.txt", Path.GetFileName(Assert.Single(Directory.EnumerateFileSystemEntries(taken))));
    }

    [Theory]
    [InlineData("diary.txt", "devnet", "--dir", "diary.txt")]
    [InlineData("diary.txt", "devnet", "--dir", "diary.txt/below")]
    [InlineData("/proc/cpchain", "devnet", "--dir", "/proc/cpchain")]
    [InlineData("diary.txt", "demo", "--keep", "diary.txt")]
    [InlineData("diary.txt", "demo", "--keep", "diary.txt/below")]
    [InlineData("/proc/1/cpchain", "demo", "--keep", "/proc/1/cpchain")]
    [InlineData("keeps no campaign", "sim", "twins", "--resume", "diary.txt")]
    [InlineData("cannot be written", "sim", "twins", "--resume", "nowhere/kept")]
    [InlineData("cannot be written", "model", "lbft", "--trace", "nowhere/trace")]
    [InlineData("cannot be written", "model", "lbft", "--svg", "nowhere/picture")]
    [InlineData("5..1", "sim", "--seeds", "5..1")]
    public async Task A_path_that_cannot_be_used_is_named_before_anything_is_done(string words, params string[] arguments)
    {
        using TempFolder temp = new();
        File.WriteAllText(temp["diary.txt"], "mine");
        string[] given = [.. arguments.Select(argument => argument.StartsWith("diary", StringComparison.Ordinal)
            || argument.StartsWith("nowhere", StringComparison.Ordinal) ? temp[argument] : argument)];
        await AssertRefusedAsync(temp, words, ["diary.txt"], given);
        Assert.Equal("mine", File.ReadAllText(temp["diary.txt"]));
    }

    [Fact]
    public async Task A_missing_folder_for_temporary_files_is_named()
    {
        using TempFolder temp = new();
        Dictionary<string, string> environment = new() { ["TMPDIR"] = temp["nowhere"] };
        (int code, string output, string errors) = await CpchainProcess.RunAsync(TimeSpan.FromMinutes(1), environment, "demo", "--seconds", "3");
        AssertOneMessage(code, output, errors, "nowhere");
    }

    [Fact]
    public async Task A_port_in_use_is_named_and_nothing_is_made()
    {
        using TempFolder temp = new();
        int port = RunningDevnet.FreeRpcPorts();
        using TcpListener holder = new(IPAddress.Loopback, port + 3);
        holder.Start();
        await AssertRefusedAsync(temp, $"port {port + 3} is in use", [], "devnet", "--rpc-port", $"{port}", "--dir", temp["devnet"]);
    }

    [Theory]
    [InlineData("librocksdb.so.7.8", "librocksdb7.8")]
    [InlineData("libsecp256k1.so.1", "libsecp256k1-1")]
    [InlineData("libsodium.so.23", "libsodium23")]
    public async Task A_missing_system_library_is_named_with_its_package(string library, string package)
    {
        using TempFolder temp = new();
        // An empty file comes before the real one on the loader's path, and no library loads from it.
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(temp["lib"]).FullName, library), "");
        Dictionary<string, string> environment = new() { ["LD_LIBRARY_PATH"] = temp["lib"] };
        foreach (string[] command in (string[][])[["demo", "--keep", temp["kept"]], ["devnet", "--dir", temp["devnet"]]])
        {
            string message = await AssertRefusedAsync(temp, library, ["lib"], environment, command);
            Assert.Contains($"apt-get install {package}", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_file_larger_than_the_room_on_the_disk_is_refused_before_anything_is_written()
    {
        using TempFolder temp = new();
        string input = temp["large.csv"];
        File.WriteAllText(input, Readings + string.Concat(Enumerable.Repeat("4,13.5\n", 4 << 20)));
        SmallDisk disk = new(temp, megabytes: 320);
        SmallDiskRun run = await disk.RunAsync(fillAfterReady: null, load: null, "demo", "--data", input, "--keep", disk.Folder("kept"));
        AssertOneMessage(run.ExitCode, run.Output, run.Errors, "MiB left");
        Assert.Equal("", run.LeftBehind);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_disk_that_becomes_full_ends_a_demo_with_one_message(bool processes)
    {
        using TempFolder temp = new();
        SmallDisk disk = new(temp, megabytes: 400);
        SmallDiskRun run = await disk.RunAsync(
            fillAfterReady: "make blocks", load: null,
            ["demo", "--seconds", "30", "--keep", disk.Folder("kept"), .. processes ? (string[])["--processes"] : []]);
        AssertOneMessage(run.ExitCode, "", run.Errors, "disk is full");
        Assert.Equal("", run.LeftBehind);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_disk_that_becomes_full_ends_a_devnet_with_one_message(bool processes)
    {
        using TempFolder temp = new();
        SmallDisk disk = new(temp, megabytes: 200);
        int port = RunningDevnet.FreeRpcPorts();
        SmallDiskRun run = await disk.RunAsync(
            fillAfterReady: "running: block", load: stopping => SendMuchDataAsync(new Uri($"http://127.0.0.1:{port}"), stopping),
            ["devnet", "--dir", disk.Folder("devnet"), "--rpc-port", $"{port}", .. processes ? (string[])["--processes"] : []]);
        AssertOneMessage(run.ExitCode, "", run.Errors, "disk is full");
    }

    // An idle chain lives for hours on what it has reserved.
    private static async Task SendMuchDataAsync(Uri node, CancellationToken stopping)
    {
        const int dataBytes = 100_000;
        const ulong gas = 21_000 + (40 * dataBytes);
        using ChainClient client = new(node);
        using PrivateKey rich = DevnetAccounts.Key(0);
        using AccountSender sender = new(client, rich);
        byte[] data = new byte[dataBytes];
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                Random.Shared.NextBytes(data);
                await sender.SendAsync(DevnetAccounts.At(1), data, gasLimit: gas, cancel: stopping);
            }
            catch (Exception failure) when (failure is ChainClientException or OperationCanceledException)
            {
                // The pool is full for a moment, or the disk.
            }
        }
    }

    private static Task<string> AssertRefusedAsync(TempFolder temp, string words, string[] known, params string[] arguments) =>
        AssertRefusedAsync(temp, words, known, new Dictionary<string, string>(), arguments);

    private static async Task<string> AssertRefusedAsync(
        TempFolder temp, string words, string[] known, IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        string work = DemoOutcome.WorkFolder(temp);
        Dictionary<string, string> all = new(environment.Concat(DemoOutcome.Environment(work)));
        (int code, string output, string errors) = await CpchainProcess.RunAsync(TimeSpan.FromMinutes(2), all, arguments);
        AssertOneMessage(code, output, errors, words);
        Assert.Empty(Directory.EnumerateFileSystemEntries(work));
        string[] entries = [.. Directory.EnumerateFileSystemEntries(temp.Path).Select(path => Path.GetFileName(path)!)];
        Assert.Empty(entries.Except([.. known, "tmp", "input.csv", "folder.csv"]));
        return errors;
    }

    private static void AssertOneMessage(int code, string output, string errors, string words)
    {
        string[] lines = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(lines.Length == 2, $"not one message and its fix, exit code {code}:\n{output}\n{errors}");
        Assert.StartsWith("cpchain: ", lines[0], StringComparison.Ordinal);
        Assert.Contains(words, lines[0], StringComparison.Ordinal);
        Assert.StartsWith("  Fix: ", lines[1], StringComparison.Ordinal);
        Assert.True(lines[1].Length > "  Fix: ".Length + 5, lines[1]);
        Assert.Equal("", output);
        Assert.InRange(code, 1, 3);
    }
}
