using System.Diagnostics;
using System.Text.RegularExpressions;
using CPChain.Samples;
using CPChain.Sdk;

namespace CPChain.EndToEnd;

/// <summary>What a document tells a reader to type is typed here.</summary>
public sealed partial class DocumentTests
{
    // What other tests type: the demo with its checks, and the command that runs this very test.
    private static readonly string[] TypedElsewhere = ["./cpchain demo", "./test"];

    // A story with a beginning and an end: ProposerTests types it in its order.
    private const string Story = "become-a-proposer.md";

    private static readonly string[] Prose = ["", "text"];

    [Fact]
    public async Task Shell_commands_in_documents_work()
    {
        string[] commands = [.. Blocks("sh", Documents(isStoryToo: false)).SelectMany(block => block.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Select(line => line.Trim()).Where(line => !TypedElsewhere.Contains(line))];
        Assert.NotEmpty(commands);
        foreach (string command in commands)
        {
            Assert.StartsWith("./cpchain ", command, StringComparison.Ordinal);
            (int code, string output, string errors) = await CpchainProcess.RunInRootAsync(
                TimeSpan.FromMinutes(2), command["./cpchain ".Length..].Split(' '));
            Assert.True(code == 0, $"{command}\n{output}\n{errors}");
        }
    }

    [Fact]
    public async Task Scripts_in_documents_work_against_a_devnet()
    {
        string folder = Npm.FolderOf("tests/e2e/ethers");
        await Npm.InstallAsync(folder);
        using TempFolder temp = new();
        int port = RunningDevnet.FreeRpcPorts();
        await using RunningDevnet devnet = await RunningDevnet.StartAsync(temp["devnet"], processes: false, port);
        // What is quoted in C# is compared with this sample by the SDK's tests.
        using StringWriter tour = new();
        using (LocalAccount funded = LocalAccount.Devnet(0)) await Tour.RunAsync(new Uri($"http://127.0.0.1:{port}"), funded, tour);
        Assert.Contains("is proven: True", tour.ToString(), StringComparison.Ordinal);
        string[] scripts = [.. Blocks("js", Documents())];
        Assert.NotEmpty(scripts);
        foreach (string script in scripts)
        {
            Assert.Contains("127.0.0.1:8545", script, StringComparison.Ordinal);
            // Inside node_modules, so that the packages are found and git sees nothing.
            string path = Path.Combine(folder, "node_modules", $"document-{port}.mjs");
            await File.WriteAllTextAsync(path, script.Replace("8545", $"{port}", StringComparison.Ordinal) + "\nprocess.exit(0);\n");
            (int code, string output) = await NodeAsync(path);
            File.Delete(path);
            Assert.True(code == 0, output);
            Assert.Matches(@"^\d+\s*$", output);
        }
    }

    [Fact]
    public void Every_block_in_a_document_is_a_picture_or_is_run()
    {
        Assert.All(Documents().SelectMany(document => Fence().Matches(document)), fence =>
            Assert.Contains(fence.Groups[1].Value, (string[])[.. Prose, "sh", "js", "csharp"]));
    }

    /// <summary>Commands of the document that tells how to become a proposer, in its order.</summary>
    internal static IReadOnlyList<string> StoryCommands() =>
        [.. Blocks("sh", [File.ReadAllText(Path.Combine(Npm.FolderOf("docs"), Story))])
            .SelectMany(block => block.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];

    private static IEnumerable<string> Blocks(string language, IEnumerable<string> documents) =>
        documents.SelectMany(document => Fence().Matches(document))
            .Where(fence => fence.Groups[1].Value == language).Select(fence => fence.Groups[2].Value);

    private static IEnumerable<string> Documents(bool isStoryToo = true)
    {
        string root = Npm.FolderOf(".");
        return ((string[])[Path.Combine(root, "README.md"), .. Directory.EnumerateFiles(Path.Combine(root, "docs"), "*.md", SearchOption.AllDirectories)])
            .Where(path => isStoryToo || Path.GetFileName(path) != Story)
            .Select(File.ReadAllText);
    }

    private static async Task<(int Code, string Output)> NodeAsync(string script)
    {
        ProcessStartInfo start = new("node", [script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process node = Process.Start(start)!;
        Task<string> output = node.StandardOutput.ReadToEndAsync(), errors = node.StandardError.ReadToEndAsync();
        await node.WaitForExitAsync();
        return (node.ExitCode, await output + await errors);
    }

    [GeneratedRegex(@"^```(\w*)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
