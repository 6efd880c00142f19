using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Threading.Channels;

namespace CPChain.EndToEnd;

/// <summary>The shipped program as a process: what it prints, how it ends.</summary>
internal sealed class CpchainProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly Channel<string> lines = Channel.CreateUnbounded<string>();
    private readonly ConcurrentQueue<string> seen = [];
    private readonly StringBuilder complaints = new();

    private CpchainProcess(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment, string folder = "")
    {
        // A job in the background is started with Ctrl-C ignored, and so would be what it starts; here it counts again.
        ProcessStartInfo start = new("env", ["--default-signal=INT", "dotnet", Program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = folder,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        Marker = ProcessTable.NewMarker();
        start.Environment[ProcessTable.MarkerName] = Marker;
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => OnLine(line.Data);
        process.ErrorDataReceived += (_, line) =>
        {
            lock (complaints) complaints.AppendLine(line.Data);
        };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The program as ./cpchain builds it.</summary>
    public static string Program { get; } = Find();

    public int Id => process.Id;

    /// <summary>What the process and all that it starts carry in their environment, so that they can be found.</summary>
    public string Marker { get; }

    public string Output => string.Join('\n', seen);

    public string Errors
    {
        get
        {
            lock (complaints) return complaints.ToString();
        }
    }

    public static CpchainProcess Start(params string[] arguments) => new(arguments, null);

    public static CpchainProcess Start(IReadOnlyDictionary<string, string> environment, params string[] arguments) => new(arguments, environment);

    /// <summary>Starts the program in a folder.</summary>
    public static CpchainProcess StartIn(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        new(arguments, environment, folder);

    /// <summary>Runs the program to its end in the root of the repository, where a reader stands.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunInRootAsync(TimeSpan within, params string[] arguments)
    {
        await using CpchainProcess run = new(arguments, null, Npm.FolderOf("."));
        int code = await run.ExitAsync(within);
        return (code, run.Output, run.Errors);
    }

    /// <summary>Runs the program to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        TimeSpan within, IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        await using CpchainProcess run = new(arguments, environment);
        int code = await run.ExitAsync(within);
        Assert.Empty(ProcessTable.With(run.Marker));
        return (code, run.Output, run.Errors);
    }

    /// <summary>The first line from now on that the predicate accepts.</summary>
    public async Task<string> LineAsync(Func<string, bool> wanted, TimeSpan within)
    {
        using CancellationTokenSource limit = new(within);
        try
        {
            await foreach (string line in lines.Reader.ReadAllAsync(limit.Token))
            {
                if (wanted(line)) return line;
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"The awaited line did not come within {within.TotalSeconds} s.\n{Output}\n{Errors}");
        }

        Assert.Fail($"The program ended before the awaited line.\n{Output}\n{Errors}");
        return "";
    }

    public async Task<int> ExitAsync(TimeSpan within)
    {
        using CancellationTokenSource limit = new(within);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
            Assert.Fail($"The program did not end within {within.TotalSeconds} s.\n{Output}\n{Errors}");
        }

        return process.ExitCode;
    }

    /// <summary>Ends it as Ctrl-C does.</summary>
    public async Task<int> InterruptAsync()
    {
        using Process signal = Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await signal.WaitForExitAsync();
        return await ExitAsync(TimeSpan.FromSeconds(60));
    }

    /// <summary>SIGKILL for the process and all that it started, within less time than any of them needs to notice.</summary>
    public async Task KillAsync()
    {
        await ProcessTable.KillAllAsync(Marker);
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) await KillAsync();
        process.Dispose();
    }

    private void OnLine(string? line)
    {
        if (line is null)
        {
            lines.Writer.TryComplete();
            return;
        }

        seen.Enqueue(line);
        lines.Writer.TryWrite(line);
    }

    private static string Find()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CPChain.slnx"))) folder = folder.Parent;
        string program = Path.Combine(folder!.FullName, "artifacts", "cpchain", "cpchain.dll");
        return File.Exists(program) ? program : throw new InvalidOperationException($"{program} is not built: run ./test or ./cpchain.");
    }
}
