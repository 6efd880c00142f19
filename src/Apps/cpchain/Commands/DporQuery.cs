using System.CommandLine;
using System.Text.Json;
using CPChain.Sdk;
using CPChain.Types;

namespace CPChain.App.Commands;

/// <summary>What the commands that ask a node about elections have in common: which node, at which block, and what its refusals mean.</summary>
internal static class DporQuery
{
    private const string NodeByDefault = "http://127.0.0.1:8545";

    // docs/rpc.md: no elections; a term that the state does not tell of.
    private const int NoElectionsCode = -32020;
    private const int TermNotKnownCode = -32021;

    public static Option<string> Rpc() => new("--rpc")
    {
        Description = "JSON-RPC of the node to ask.",
        HelpName = "URL",
        DefaultValueFactory = _ => NodeByDefault,
    };

    public static Option<ulong?> Block() => new("--block")
    {
        Description = "Block whose state answers; the newest by default. Older than 256 blocks only on nodes with --archive.",
        HelpName = "N",
    };

    public static Option<bool> Json() => new("--json") { Description = "Print the answer as one JSON object." };

    public static BlockTag TagOf(ulong? block) => block is { } number ? number : BlockTag.Latest;

    public static string? QuantityOf(ulong? number) => number is { } there ? new UInt256(there).ToHexQuantity() : null;

    public static void PrintJson(JsonElement answer)
    {
        using MemoryStream text = new();
        using (Utf8JsonWriter writer = new(text, new JsonWriterOptions { Indented = true })) answer.WriteTo(writer);
        Console.WriteLine(System.Text.Encoding.UTF8.GetString(text.ToArray()));
    }

    /// <summary>Asks a node; what goes wrong comes with what to do about it.</summary>
    public static async Task<int> AskAsync(string rpc, Func<ChainClient, Task<int>> ask)
    {
        if (!Uri.TryCreate(rpc, UriKind.Absolute, out Uri? node) || node.Scheme is not ("http" or "https"))
            throw new CommandFault($"--rpc {rpc} is no URL of a node.", $"write it as http://HOST:PORT, such as --rpc {NodeByDefault}.");
        using ChainClient client = new(node);
        try
        {
            return await ask(client);
        }
        catch (NodeUnreachableException away)
        {
            throw new CommandFault(
                away.Message, "start a node ('cpchain devnet'), or name the one to ask with --rpc URL.", CommandFault.EnvironmentExitCode);
        }
        catch (RpcException refusal)
        {
            throw new CommandFault($"{node} refuses: {refusal.NodeMessage}.", FixOf(refusal));
        }
    }

    private static string FixOf(RpcException refusal) => refusal.Code switch
    {
        NoElectionsCode => "name a node of a chain with elections with --rpc URL.",
        TermNotKnownCode => "name a term that it tells of, or with --block N a block near the term that you want.",
        _ when refusal.NodeMessage.Contains("missing trie node", StringComparison.Ordinal) =>
            "name a newer block with --block N, or with --rpc URL a node that runs with --archive.",
        _ when refusal.NodeMessage.Contains("header not found", StringComparison.Ordinal) => "name a block that there is with --block N.",
        _ => "see docs/rpc.md for what the method takes.",
    };
}
