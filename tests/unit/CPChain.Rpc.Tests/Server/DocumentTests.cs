using System.Text.RegularExpressions;
using CPChain.Rpc.Tests.Chain;

namespace CPChain.Rpc.Tests.Server;

/// <summary>The table of docs/rpc.md names the methods that there are, each once, and no other.</summary>
public sealed partial class DocumentTests
{
    [Fact]
    public async Task Every_documented_method_is_answered()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CPChain.slnx"))) folder = folder.Parent!;
        string text = await File.ReadAllTextAsync(Path.Combine(folder.FullName, "docs", "rpc.md"));
        string[] names = [.. text.Split('\n').Where(l => l.StartsWith('|')).SelectMany(l => MethodName().Matches(l)).Select(m => m.Groups[1].Value)];
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        IEnumerable<string> answered = (await fixture.ResultAsync("rpc.discover")).GetProperty("methods").EnumerateArray()
            .Select(m => m.GetProperty("name").GetString()!);
        Assert.Equal(answered, names.Order(StringComparer.Ordinal));
        await using SocketClient socket = await SocketClient.ConnectAsync(fixture.Server);
        foreach (string name in names)
        {
            bool isBySocket = name.EndsWith("subscribe", StringComparison.Ordinal);
            string answer = (isBySocket ? await socket.AskAsync(name) : await fixture.AskAsync(name)).GetRawText();
            Assert.DoesNotContain("-32601", answer, StringComparison.Ordinal);
            Assert.DoesNotContain("-32603", answer, StringComparison.Ordinal);
        }
    }

    [GeneratedRegex("`((?:eth|net|web3|txpool|debug|cpc|dpor|admission|rpc)[_.][a-zA-Z0-9]+)[`(]")]
    private static partial Regex MethodName();
}
