using System.Text.RegularExpressions;
using CPChain.Crypto;
using CPChain.Rpc.Tests.Chain;
using CPChain.Samples;
using CPChain.Sdk;

namespace CPChain.Rpc.Tests.Client;

/// <summary>docs/sdk.md quotes code that runs.</summary>
public sealed partial class TourTests
{
    [Fact]
    public async Task The_tour_runs()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        byte[] key = new byte[PrivateKey.Length];
        InstantChain.Rich[0].CopyTo(key);
        using LocalAccount funded = LocalAccount.Import(key);
        using StringWriter output = new();
        await Tour.RunAsync(fixture.Server.Url, funded, output);
        string text = output.ToString();
        Assert.Contains("alice has 1.5 CPC", text, StringComparison.Ordinal);
        Assert.Contains("alice has 25 SMP", text, StringComparison.Ordinal);
        Assert.Contains("refused, nothing sent", text, StringComparison.Ordinal);
        Assert.Contains("4 validators vouch for 2.5 CPC", text, StringComparison.Ordinal);
        Assert.Contains("is proven: True", text, StringComparison.Ordinal);
        Assert.Contains("signed by alice: True", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_quoted_piece_is_the_samples_and_every_piece_is_quoted()
    {
        string[] pieces = [.. Piece().Matches(RepositoryFile.Read("samples/CPChain.Samples/Tour.cs")).Select(m => Shifted(m.Groups[1].Value))];
        string[] quoted = [.. Quote().Matches(RepositoryFile.Read("docs/sdk.md")).Select(m => m.Groups[1].Value)];
        Assert.Equal(pieces, quoted);
    }

    private static string Shifted(string code)
    {
        string[] lines = code.Split('\n');
        int indent = lines.Where(l => l.Length > 0).Min(l => l.Length - l.TrimStart().Length);
        return string.Join('\n', lines.Select(l => l.Length > 0 ? l[indent..] : l));
    }

    [GeneratedRegex(@"// doc: \w+\n(.*?)^ *// end", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Piece();

    [GeneratedRegex(@"^```csharp\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Quote();
}
