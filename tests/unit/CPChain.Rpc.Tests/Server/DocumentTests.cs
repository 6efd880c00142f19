using System.Text.RegularExpressions;
using CPChain.Rpc.Tests.Chain;

namespace CPChain.Rpc.Tests.Server;

/// <summary>docs/rpc.md names the methods that there are.</summary>
public sealed partial class DocumentTests
{
    [Fact]
    public async Task Every_documented_method_is_answered()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CPChain.slnx"))) folder = folder.Parent!;
        string text = await File.ReadAllTextAsync(Path.Combine(folder.FullName, "docs", "rpc.md"));
        string[] names = [.. MethodName().Matches(text).Select(m => m.Groups[1].Value).Distinct()];
        Assert.True(names.Length > 40);
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        await using SocketClient socket = await SocketClient.ConnectAsync(fixture.Server);
        foreach (string name in names)
        {
            bool isBySocket = name.EndsWith("subscribe", StringComparison.Ordinal);
            string answer = (isBySocket ? await socket.AskAsync(name) : await fixture.AskAsync(name)).GetRawText();
            Assert.DoesNotContain("-32601", answer, StringComparison.Ordinal);
            Assert.DoesNotContain("-32603", answer, StringComparison.Ordinal);
        }
    }

    [GeneratedRegex("`((?:eth|net|web3|txpool|debug|cpc|rpc)[_.][a-zA-Z0-9]+)[`(]")]
    private static partial Regex MethodName();
}
