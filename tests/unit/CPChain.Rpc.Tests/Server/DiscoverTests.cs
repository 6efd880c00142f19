using System.Text.Json;
using CPChain.Rpc.Tests.Chain;

namespace CPChain.Rpc.Tests.Server;

/// <summary>The OpenRPC document of rpc.discover holds all methods that are answered, and says of them what is so.</summary>
public sealed class DiscoverTests
{
    [Fact]
    public async Task The_document_is_well_formed_and_all_that_it_points_to_is_in_it()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        JsonElement document = await fixture.ResultAsync("rpc.discover");
        Assert.StartsWith("1.", document.GetProperty("openrpc").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(document.GetProperty("info").GetProperty("title").GetString()!);
        Assert.NotEmpty(document.GetProperty("info").GetProperty("version").GetString()!);
        JsonElement[] methods = [.. document.GetProperty("methods").EnumerateArray()];
        Assert.Equal(methods.Length, methods.Select(NameOf).Distinct().Count());
        foreach (JsonElement method in methods)
        {
            Assert.NotEmpty(method.GetProperty("summary").GetString()!);
            bool isOptional = false;
            List<string> names = [];
            foreach (JsonElement parameter in method.GetProperty("params").EnumerateArray())
            {
                names.Add(NameOf(parameter));
                Assert.Equal(JsonValueKind.Object, parameter.GetProperty("schema").ValueKind);
                // A required parameter after an optional one could not be given by position alone.
                Assert.False(isOptional && parameter.GetProperty("required").GetBoolean(), NameOf(method));
                isOptional |= !parameter.GetProperty("required").GetBoolean();
            }
            Assert.Equal(names.Count, names.Distinct().Count());
            Assert.NotEmpty(NameOf(method.GetProperty("result")));
            foreach (JsonElement error in method.GetProperty("errors").EnumerateArray())
            {
                Assert.Equal(JsonValueKind.Number, error.GetProperty("code").ValueKind);
                Assert.NotEmpty(error.GetProperty("message").GetString()!);
            }
        }
        JsonElement schemas = document.GetProperty("components").GetProperty("schemas");
        string[] pointers = [.. PointersIn(document).Distinct()];
        Assert.All(pointers, p => Assert.True(schemas.TryGetProperty(p["#/components/schemas/".Length..], out _), p));
        // A schema that nothing points to is left over from something.
        Assert.Empty(schemas.EnumerateObject().Select(s => "#/components/schemas/" + s.Name).Except(pointers));
    }

    [Fact]
    public async Task Every_method_of_the_document_is_answered_and_asks_for_what_it_says()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        await using SocketClient socket = await SocketClient.ConnectAsync(fixture.Server);
        JsonElement[] methods = [.. (await fixture.ResultAsync("rpc.discover")).GetProperty("methods").EnumerateArray()];
        List<string> wrong = [];
        foreach (JsonElement method in methods)
        {
            string name = NameOf(method);
            JsonElement answer = name.EndsWith("subscribe", StringComparison.Ordinal) ? await socket.AskAsync(name) : await fixture.AskAsync(name);
            int code = answer.TryGetProperty("error", out JsonElement error) ? error.GetProperty("code").GetInt32() : 0;
            Assert.NotEqual(-32601, code);
            Assert.NotEqual(-32603, code);
            bool asksFor = method.GetProperty("params").EnumerateArray().Any(p => p.GetProperty("required").GetBoolean());
            if (asksFor != (code == -32602)) wrong.Add($"{name} without parameters: {code}");
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Every_description_is_of_a_method_that_there_is()
    {
        await using RpcFixture fixture = await RpcFixture.StartAsync();
        string[] answered = [.. (await fixture.ResultAsync("rpc.discover")).GetProperty("methods").EnumerateArray().Select(NameOf)];
        string source = await File.ReadAllTextAsync(Path.Combine(Root(), "src", "Node", "CPChain.Rpc", "Discovery", "methods.txt"));
        string[] described = [.. source.Split('\n').Where(l => l.Contains(") -> ", StringComparison.Ordinal) && !l.StartsWith('#')).Select(l => l[..l.IndexOf('(', StringComparison.Ordinal)])];
        Assert.Equal(described.Order(StringComparer.Ordinal), answered.Order(StringComparer.Ordinal));
    }

    private static string Root()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CPChain.slnx"))) folder = folder.Parent!;
        return folder.FullName;
    }

    private static string NameOf(JsonElement json) => json.GetProperty("name").GetString()!;

    private static IEnumerable<string> PointersIn(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(m =>
            m.NameEquals("$ref") ? [m.Value.GetString()!] : PointersIn(m.Value)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(PointersIn),
        _ => [],
    };
}
